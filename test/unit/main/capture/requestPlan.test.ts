import { describe, expect, it } from 'vitest';
import { planRequest } from '../../../../src/main/capture/requestPlan.ts';
import type { Failure } from '../../../../src/shared/failure.ts';
import { defaultRequestOptions, type RequestSpec } from '../../../../src/shared/request.ts';

const spec: RequestSpec = {
  method: 'GET',
  url: 'https://example.com/a',
  headers: [],
  body: { kind: 'none' },
  auth: { kind: 'none' },
  options: defaultRequestOptions,
};

function failure(changes: Partial<RequestSpec>): Failure {
  const plan = planRequest({ ...spec, ...changes }, 'test');
  if (plan.ok) throw new Error('the request was accepted');
  return plan.failure;
}

describe('addresses', () => {
  it.each([
    ['example.com/stream', 'https://example.com/stream'],
    ['localhost:8080/x', 'http://localhost:8080/x'],
    ['127.0.0.1:4010', 'http://127.0.0.1:4010'],
    ['api.internal/v1', 'http://api.internal/v1'],
    ['[::1]:80/', 'http://[::1]:80/'],
    ['//example.com/x', 'https://example.com/x'],
    ['http:/example.com', 'http://example.com'],
    ['mock', 'http://mock'],
  ])('%s probably means %s', (url, meant) => {
    expect(failure({ url })).toMatchObject({ code: 'request/invalid-url' });
    expect(failure({ url }).message).toContain(meant);
  });

  it.each(['', '   ', 'http://', 'https://exa mple.com/', 'http://example.com:99999/', 'not an address at all'])(
    '“%s” is none',
    (url) => {
      expect(failure({ url }).code).toBe('request/invalid-url');
    },
  );

  it.each(['ftp://example.com/', 'ws://example.com/', 'file:///etc/passwd'])(
    '%s has a scheme that is not spoken',
    (url) => {
      expect(failure({ url }).message).toMatch(/http:\/\/ and https:\/\//);
    },
  );

  it('keep neither user information nor fragment', () => {
    const plan = planRequest({ ...spec, url: ' https://a:b@example.com/x?y=1#z ' }, 'test');
    expect(plan.ok && plan.value.url.href).toBe('https://example.com/x?y=1');
  });
});

describe('headers', () => {
  it.each([
    ['X-A', 'a\nb', /line break/],
    ['X-A', 'a\r\nX-B: c', /line break/],
    ['X-A', 'a\0', /0x00/],
    ['X A', 'a', /not a header name/],
    ['', 'a', /no name/],
    ['X-Ä', 'a', /not a header name/],
    ['Transfer-Encoding', 'chunked', /Leave it out/],
    ['Expect', '100-continue', /Leave it out/],
    ['Content-Length', '5', /has 0 bytes/],
  ])('%j: %j is refused', (name, value, message) => {
    const refused = failure({ headers: [[name, value]] });
    expect(refused.code).toBe('request/invalid-header');
    expect(refused.message).toMatch(message);
  });

  it('a Content-Length that is right is the transport’s to write', () => {
    const plan = planRequest(
      { ...spec, method: 'POST', headers: [['content-length', '3']], body: { kind: 'text', text: 'abc' } },
      'test',
    );
    expect(plan.ok && plan.value.headers.map(([name]) => name)).toEqual(['user-agent', 'accept']);
  });
});

it.each(['', 'GET POST', 'GE\nT', 'CONNECT'])('method %j is refused', (method) => {
  expect(failure({ method }).code).toBe('request/invalid-method');
});
