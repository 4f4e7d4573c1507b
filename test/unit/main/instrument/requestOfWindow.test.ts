import { expect, it } from 'vitest';
import { requestOfWindow } from '../../../../src/main/instrument/requestOfWindow.ts';
import { FailureError } from '../../../../src/shared/failure.ts';
import { defaultRequestOptions, type RequestBody, type RequestSpec } from '../../../../src/shared/request.ts';

const withBody = (body: RequestBody): RequestSpec => ({
  method: 'POST',
  url: 'http://a.test/',
  headers: [],
  body,
  auth: { kind: 'none' },
  options: defaultRequestOptions,
});

it.each<[string, RequestBody]>([
  ['as the body', { kind: 'file', path: '/etc/passwd' }],
  ['as a part', { kind: 'multipart', parts: [{ name: 'a', content: { kind: 'file', path: '/etc/passwd' } }] }],
])('a window may not name a file %s', (_name, body) => {
  try {
    requestOfWindow(withBody(body));
    expect.unreachable('the request was let through');
  } catch (error) {
    expect(error).toBeInstanceOf(FailureError);
    expect(error).toMatchObject({ failure: { code: 'request/file-not-allowed' } });
  }
});

it.each<RequestBody>([
  { kind: 'none' },
  { kind: 'bytes', bytes: Uint8Array.of(1) },
  { kind: 'multipart', parts: [{ name: 'a', content: { kind: 'bytes', bytes: Uint8Array.of(1) } }] },
])('a window sends what it has itself', (body) => {
  const request = withBody(body);
  expect(requestOfWindow(request)).toBe(request);
});
