import { describe, expect, it } from 'vitest';
import { bypassesProxy, proxyFor, type Environment } from '../../../../src/main/capture/proxy.ts';

function named(url: string, environment: Environment): string | null {
  const proxy = proxyFor(new URL(url), { kind: 'environment' }, environment);
  if (!proxy.ok) throw new Error(proxy.failure.message);
  return proxy.value?.name ?? null;
}

describe('the environment names the proxy', () => {
  it.each<[string, string, Environment, string | null]>([
    ['nothing set', 'http://a.test/', {}, null],
    ['by the scheme', 'https://a.test/', { http_proxy: 'http://h:1', https_proxy: 'http://s:2' }, 'http://s:2'],
    ['for all schemes', 'https://a.test/', { all_proxy: 'http://h:1' }, 'http://h:1'],
    [
      'its own before that for all',
      'http://a.test/',
      { all_proxy: 'http://a:1', http_proxy: 'http://h:1' },
      'http://h:1',
    ],
    [
      'lower case before upper',
      'https://a.test/',
      { https_proxy: 'http://l:1', HTTPS_PROXY: 'http://u:1' },
      'http://l:1',
    ],
    ['upper case too', 'http://a.test/', { HTTP_PROXY: 'http://u:1' }, 'http://u:1'],
    ['but not a header of a CGI request', 'http://a.test/', { HTTP_PROXY: 'http://u:1', REQUEST_METHOD: 'GET' }, null],
    ['an empty one means none', 'http://a.test/', { http_proxy: '', all_proxy: 'http://a:1' }, null],
    ['without a scheme', 'http://a.test/', { http_proxy: 'h:8080' }, 'http://h:8080'],
    [
      'no_proxy before NO_PROXY',
      'http://a.test/',
      { http_proxy: 'h:1', no_proxy: 'b.test', NO_PROXY: '*' },
      'http://h:1',
    ],
  ])('%s', (_name, url, environment, expected) => {
    expect(named(url, environment)).toBe(expected);
  });
});

it.each<[string, string, boolean]>([
  ['http://a.test/', '*', true],
  ['http://a.test/', 'b.test, a.test', true],
  ['http://A.TEST./', 'a.test', true],
  ['http://sub.a.test/', 'a.test', true],
  ['http://sub.a.test/', '.a.test', true],
  ['http://a.test/', '*.a.test', true],
  ['http://nota.test/', 'a.test', false],
  ['http://a.test:8080/', 'a.test:8080', true],
  ['http://a.test/', 'a.test:8080', false],
  ['https://a.test/', 'a.test:443', true],
  ['http://10.1.2.3/', '10.0.0.0/8', true],
  ['http://11.1.2.3/', '10.0.0.0/8', false],
  ['http://10.1.2.3/', '10.1.2.3', true],
  ['http://10.1.2.3/', '2.3', false],
  ['http://10.1.2.3/', '10.0.0.0/99', false],
  ['http://[fd00::1]/', 'fd00::/8', true],
  ['http://[::1]/', '::1', true],
  ['http://[::1]:81/', '[::1]:81', true],
  ['http://[::1]:81/', '[::1]:82', false],
  ['http://a.test/', '', false],
])('%s with no_proxy “%s” is asked directly: %s', (url, list, expected) => {
  expect(bypassesProxy(new URL(url), list)).toBe(expected);
});

it('hosts that a request names are asked directly', () => {
  const choice = { kind: 'url', url: 'http://h:1', noProxy: 'a.test' } as const;
  expect(proxyFor(new URL('http://a.test/'), choice, {})).toEqual({ ok: true, value: null });
  expect(proxyFor(new URL('http://b.test/'), choice, {})).toMatchObject({ value: { name: 'http://h:1' } });
});

it.each([
  ['socks5://127.0.0.1:1080', /SOCKS/],
  ['ftp://h/', /http:\/\/ or https:\/\//],
  ['http://', /cannot be read/],
  ['http://a%3Ab:c@h:1', /colon/],
])('%s is refused with a way out', (url, message) => {
  const proxy = proxyFor(new URL('http://a.test/'), { kind: 'url', url }, {});
  expect(proxy).toMatchObject({ ok: false, failure: { code: 'request/invalid-proxy' } });
  expect(proxy.ok ? '' : proxy.failure.message).toMatch(message);
});
