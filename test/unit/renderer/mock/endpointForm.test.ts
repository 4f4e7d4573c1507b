import { describe, expect, it } from 'vitest';
import { mockEndpoints } from '../../../../src/engine/mock/endpoints.ts';
import {
  choicesOf,
  exampleForm,
  exampleRequest,
  formProblem,
  otherFields,
  requestOf,
  targetOf,
} from '../../../../src/renderer/mock/endpointForm.ts';
import { choiceOf, faultText, noFault } from '../../../../src/renderer/mock/faultChoice.ts';
import type { MockEndpoint, MockFaultDescription } from '../../../../src/shared/mock.ts';

const place = { url: 'http://127.0.0.2:4010', secureUrl: 'https://127.0.0.2:4010', authorityPem: 'PEM' };

const file: MockEndpoint = {
  method: 'POST',
  path: '/stream/file/{name}:{kind}',
  title: '',
  group: '',
  example: '/stream/file/a%20b.csv:raw?n=3&prompt=Hi%20there',
  exampleBody: '{}',
  knobs: [{ name: 'n', allowed: 'a whole number from 0 to 9', fallback: 1, sentence: '' }],
};

function fault(patch: Partial<MockFaultDescription>): MockFaultDescription {
  return {
    name: 'reset',
    sentence: '',
    argument: null,
    places: ['frame:N', 'byte:N', 'end'],
    protocols: ['http/1.1'],
    example: 'reset@frame:7',
    ...patch,
  };
}

describe('the form of an endpoint', () => {
  it('begins as the example asks', () => {
    const form = exampleForm(file);
    expect(form.places).toEqual({ name: 'a b.csv', kind: 'raw' });
    expect(form.query).toEqual({ n: '3', prompt: 'Hi there' });
    expect(otherFields(file, form)).toEqual(['prompt']);
    expect(targetOf(file, form)).toBe('/stream/file/a%20b.csv:raw?n=3&prompt=Hi%20there');
    expect(formProblem(form)).toBeNull();
  });

  it('leaves empty fields to the server, and cannot be sent without a part of the path', () => {
    const form = { ...exampleForm(file), query: { n: '', prompt: '' } };
    expect(targetOf(file, form)).toBe('/stream/file/a%20b.csv:raw');
    expect(formProblem({ ...form, places: { name: '', kind: 'raw' } })).toContain('name');
  });

  it('asks over TLS with the authority of the run, and over HTTP/2 alone when that is wanted', () => {
    const form = exampleForm(file);
    expect(requestOf(place, file, { ...form, over: 'h2' })).toMatchObject({
      url: expect.stringMatching(/^https:/) as string,
      options: { caPem: 'PEM', httpVersion: '2' },
    });
    expect(requestOf(place, file, form)?.options).not.toHaveProperty('caPem');
    expect(requestOf({ ...place, secureUrl: null }, file, { ...form, over: 'tls' })).toBeNull();
  });

  it('takes a few words for a choice and nothing else', () => {
    const knob = { name: 'x', sentence: '', fallback: 'none' };
    expect(choicesOf({ ...knob, allowed: 'none or bearer' })).toEqual(['none', 'bearer']);
    expect(choicesOf({ ...knob, allowed: 'a number or nothing' })).toBeNull();
  });

  it.each(mockEndpoints.map((endpoint) => [`${endpoint.method} ${endpoint.path}`, endpoint] as const))(
    'sends the example of %s as it is written',
    (_name, endpoint) => {
      const request = exampleRequest(place, endpoint);
      const asked = new URL(request?.url ?? '');
      const example = new URL(endpoint.example, place.url);
      expect(decodeURIComponent(asked.pathname)).toBe(decodeURIComponent(example.pathname));
      expect([...asked.searchParams]).toEqual([...example.searchParams].filter(([, value]) => value !== ''));
      expect(formProblem(exampleForm(endpoint))).toBeNull();
    },
  );
});

describe('the choice of a fault', () => {
  it('begins as its example is written', () => {
    expect(choiceOf(fault({}))).toEqual({ name: 'reset', argument: '', place: 'frame:N', number: '7' });
    expect(faultText(choiceOf(fault({})))).toBe('reset@frame:7');
    const stall = choiceOf(fault({ name: 'stall', argument: 'a time', example: 'stall:5s@byte:10' }));
    expect(faultText(stall)).toBe('stall:5s@byte:10');
    expect(faultText(choiceOf(fault({ name: 'slow', places: [], example: 'slow' })))).toBe('slow');
  });

  it('needs its number, and knows places without one', () => {
    const choice = choiceOf(fault({}));
    expect(faultText({ ...choice, number: 'x' })).toBeNull();
    expect(faultText({ ...choice, place: 'end' })).toBe('reset@end');
    expect(faultText(noFault)).toBeNull();
    expect(formProblem({ ...exampleForm(file), fault: { ...choice, number: '' } })).toContain('fault');
  });
});
