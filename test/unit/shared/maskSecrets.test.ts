import { describe, expect, it } from 'vitest';
import {
  isSecretHeader,
  maskBodyText,
  maskHeaderValue,
  maskRequest,
  maskSecret,
  maskUrl,
  withoutSecretParameters,
} from '../../../src/shared/maskSecrets.ts';
import { defaultRequestOptions, type RequestSpec } from '../../../src/shared/request.ts';

const key = 'sk-ant-api03-abcdefghijklmnopqrstuvwxyz';

describe('names of secrets', () => {
  it.each(['Authorization', 'COOKIE', 'x-api-key', 'Acme-Session-Id', 'x_auth', 'My-Secret', 'X-Amz-Credential'])(
    'knows the header %s',
    (name) => {
      expect(isSecretHeader(name)).toBe(true);
    },
  );

  it.each(['Content-Type', 'Cache-Control', 'X-Monkey', 'Author', 'Keyboard', 'X-Tokens-Used', 'WWW-Authenticate'])(
    'leaves the header %s alone',
    (name) => {
      expect(isSecretHeader(name)).toBe(false);
    },
  );
});

describe('masked secrets', () => {
  it('keep what names their kind, and tell their length', () => {
    expect(maskSecret(key)).toBe(`sk-ant-…•••• (${String(key.length)} characters)`);
    expect(maskSecret(`Bearer ${key}`)).toBe(`Bearer sk-ant-…•••• (${String(key.length)} characters)`);
    expect(maskSecret('Basic dXNlcjpwYXNz')).toBe('Basic •••• (12 characters)');
    expect(maskSecret('')).toBe('');
  });

  it('show no part of a short secret', () => {
    expect(maskSecret('sk-1')).toBe('•••• (4 characters)');
    expect(maskSecret('x')).toBe('•••• (1 character)');
  });

  it('keep the names and attributes of cookies', () => {
    expect(maskHeaderValue('Cookie', 'a=12; theme=dark')).toBe('a=•••• (2 characters); theme=•••• (4 characters)');
    expect(maskHeaderValue('Set-Cookie', 'sid=abc; Path=/; HttpOnly')).toBe(
      'sid=•••• (3 characters); Path=/; HttpOnly',
    );
  });
});

describe('masked addresses', () => {
  it('hide the password and the values of secret parameters, and nothing else', () => {
    expect(maskUrl('https://u:pw@h/p?key=abc&q=token#access_token')).toBe(
      'https://u:•••• (2 characters)@h/p?key=•••• (3 characters)&q=token#access_token',
    );
    expect(maskUrl('http://127.0.0.1:4010/a?n=1')).toBe('http://127.0.0.1:4010/a?n=1');
  });

  it('see through percent escapes in a name, whole or broken', () => {
    expect(maskUrl('http://h/?%61pi_key=abc')).toBe('http://h/?%61pi_key=•••• (3 characters)');
    expect(maskUrl('http://h/?%zz=abc&token=x')).toBe('http://h/?%zz=abc&token=•••• (1 character)');
  });

  it('can be kept without their secrets', () => {
    expect(withoutSecretParameters('https://u:pw@h/?token=abc&n=1')).toBe('https://u:@h/?token=&n=1');
  });
});

describe('masked bodies', () => {
  it('hide values of secret names in JSON, at any depth and with any spacing', () => {
    const text = '{"model":"m","auth":{"api_key" : "abc"},"note":"the \\"token\\": \\"shown\\"","token":""}';
    expect(maskBodyText(text)).toBe(
      '{"model":"m","auth":{"api_key" : "•••• (3 characters)"},"note":"the \\"token\\": \\"shown\\"","token":""}',
    );
  });

  it('hide values of secret names in forms', () => {
    expect(maskBodyText('grant=x&client_secret=abc')).toBe('grant=x&client_secret=•••• (3 characters)');
    expect(maskBodyText('just a text with token=abc')).toBe('just a text with token=abc');
  });

  it('hide a secret of which only the beginning is there', () => {
    expect(maskBodyText('[{"token":"abc')).toBe('[{"token":"•••• (3 characters)');
  });

  it.each([
    ['closed strings', '"\\\\"'],
    ['a string that never ends', '\\"'],
    ['names without values', '"a":'],
    ['secret names', '"token":"'],
  ])('take time in proportion to hostile text: %s', (_what, piece) => {
    const hostile = `{"${piece.repeat(500_000)}`;
    // Work that grows with the square of the length would outlast the runner's patience by far.
    expect(maskBodyText(hostile).startsWith('{"')).toBe(true);
  });
});

describe('a masked request', () => {
  it('holds none of its secrets', () => {
    const request: RequestSpec = {
      method: 'POST',
      url: 'https://h/?api_key=SECRET-1',
      headers: [
        ['X-Api-Key', 'SECRET-2'],
        ['Accept', 'text/event-stream'],
      ],
      body: { kind: 'text', text: '{"password":"SECRET-3"}' },
      auth: { kind: 'basic', username: 'me', password: 'SECRET-4' },
      options: defaultRequestOptions,
    };
    const masked = maskRequest(request);
    expect(JSON.stringify(masked)).not.toContain('SECRET');
    expect(masked).toMatchObject({
      method: 'POST',
      auth: { username: 'me' },
      headers: [{}, ['Accept', 'text/event-stream']],
    });
    expect(JSON.stringify(maskRequest({ ...request, auth: { kind: 'bearer', token: 'SECRET-5' } }))).not.toContain(
      'SECRET',
    );
  });
});

it('what carries a request is masked with it: proxy, key, cookies, fields of a form', () => {
  const request: RequestSpec = {
    method: 'POST',
    url: 'https://a.test/',
    headers: [],
    body: {
      kind: 'multipart',
      parts: [
        { name: 'password', content: { kind: 'text', text: 'SECRET-1' } },
        { name: 'note', content: { kind: 'text', text: 'shown' } },
      ],
    },
    auth: { kind: 'none' },
    options: {
      ...defaultRequestOptions,
      proxy: { kind: 'url', url: 'ann:SECRET-2@proxy.test:3128' },
      clientCertificate: { certificatePem: 'public', keyPem: 'SECRET-3', passphrase: 'SECRET-4' },
      cookieFileText: 'a.test\tFALSE\t/\tFALSE\t0\ta\tSECRET-5',
    },
  };
  const masked = JSON.stringify(maskRequest(request));
  expect(masked).not.toContain('SECRET');
  expect(masked).toContain('shown');
  expect(masked).toContain('proxy.test:3128');
});
