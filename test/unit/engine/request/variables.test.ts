import { describe, expect, it } from 'vitest';
import {
  fillVariables,
  hideSecretValues,
  soundsSecret,
  undefinedVariables,
  type Variable,
} from '../../../../src/engine/request/variables.ts';
import { defaultRequestOptions, type RequestSpec } from '../../../../src/shared/request.ts';

const request = (change: Partial<RequestSpec>): RequestSpec => ({
  method: 'POST',
  url: '{{base}}/stream?key={{ apiKey }}',
  headers: [['Authorization', 'Bearer {{apiKey}}']],
  body: { kind: 'text', text: '{"model":"{{model}}","n":{"x":{}}}' },
  auth: { kind: 'none' },
  options: defaultRequestOptions,
  ...change,
});

const variables = new Map<string, Variable>(
  [
    { name: 'base', value: 'https://example.com', secret: false },
    { name: 'apiKey', value: 'a b+c/"1"', secret: true },
    { name: 'model', value: 'small', secret: false },
    { name: 'user', value: 'me', secret: false },
  ].map((variable) => [variable.name, variable]),
);

describe('variables of a request', () => {
  it('are put in wherever the request names them', () => {
    const filled = fillVariables(request({}), variables, () => true);
    expect(filled.url).toBe('https://example.com/stream?key=a b+c/"1"');
    expect(filled.headers).toEqual([['Authorization', 'Bearer a b+c/"1"']]);
    expect(filled.body).toEqual({ kind: 'text', text: '{"model":"small","n":{"x":{}}}' });
  });

  it('stay as they are written where they may not be put in', () => {
    const kept = fillVariables(request({}), variables, ({ secret }) => !secret);
    expect(kept.url).toBe('https://example.com/stream?key={{ apiKey }}');
    expect(kept.headers).toEqual([['Authorization', 'Bearer {{apiKey}}']]);
  });

  it('reach texts of multipart bodies and credentials, never bytes', () => {
    const bytes = new TextEncoder().encode('{{model}}');
    const filled = fillVariables(
      request({
        auth: { kind: 'basic', username: '{{user}}', password: '{{apiKey}}' },
        body: {
          kind: 'multipart',
          parts: [
            { name: 'a', content: { kind: 'text', text: '{{model}}' } },
            { name: 'b', content: { kind: 'bytes', bytes } },
          ],
        },
      }),
      variables,
      () => true,
    );
    expect(filled.auth).toEqual({ kind: 'basic', username: 'me', password: 'a b+c/"1"' });
    expect(filled.body).toEqual({
      kind: 'multipart',
      parts: [
        { name: 'a', content: { kind: 'text', text: 'small' } },
        { name: 'b', content: { kind: 'bytes', bytes } },
      ],
    });
  });

  it('that nobody defined are named once each', () => {
    const asked = request({ url: '{{base}}/{{one}}/{{two}}/{{one}}' });
    expect(undefinedVariables(asked, variables)).toEqual(['one', 'two']);
  });

  it('a value is not searched for variables again', () => {
    const looping = new Map([['a', { name: 'a', value: '{{a}}{{b}}', secret: false }]]);
    expect(fillVariables(request({ url: 'http://x/{{a}}' }), looping, () => true).url).toBe('http://x/{{a}}{{b}}');
  });
});

describe('secret values', () => {
  it('are hidden in every spelling in which a request carries them', () => {
    const kept = request({ auth: { kind: 'basic', username: '{{user}}', password: '{{apiKey}}' } });
    const hide = hideSecretValues(kept, variables);
    for (const spelling of [
      'a b+c/"1"',
      'a%20b%2Bc%2F%221%22',
      'a+b%2Bc%2F%221%22',
      'a%20b+c/%221%22',
      'a b+c/\\"1\\"',
    ])
      expect(hide(`x${spelling}y`)).toBe('x{{apiKey}}y');
    expect(hide(`Basic ${btoa('me:a b+c/"1"')}`)).toBe('Basic {{user}}:{{apiKey}}');
    expect(hide('small at https://example.com')).toBe('small at https://example.com');
  });

  it('that begin with another secret are hidden whole', () => {
    const nested = new Map([
      ['short', { name: 'short', value: 'abc', secret: true }],
      ['long', { name: 'long', value: 'abcdef', secret: true }],
    ]);
    expect(hideSecretValues(request({}), nested)('abcdef abc')).toBe('{{long}} {{short}}');
  });

  it.each([
    'API_KEY',
    'apiKey',
    'dbPassword',
    'TOKEN',
    'token2',
    'accessTokens',
    'OPENAI_APIKEY',
    'client_secret',
    'JWT',
  ])('%s sounds like a secret', (name) => {
    expect(soundsSecret(name)).toBe(true);
  });

  it.each(['base', 'MODEL', 'keyboard', 'tokenizer', 'author', 'path', 'HOST', 'passenger'])('%s does not', (name) => {
    expect(soundsSecret(name)).toBe(false);
  });
});
