import { describe, expect, it } from 'vitest';
import { checkedRoute, checkedUpstream, RouteTable } from '../../../../../src/main/servers/proxy/routes.ts';

const proxyUrl = 'http://127.0.0.2:4040';
const found = (table: RouteTable, target: string): string | null => {
  const routed = table.find(target);
  return routed === null ? null : `${routed.route} ${routed.upstream.origin} ${routed.target}`;
};

describe('routes', () => {
  it('lead by the first piece of a path, and leave the rest as it came', () => {
    const table = new RouteTable([{ name: 'local', upstream: 'http://127.0.0.1:8080/base' }]);
    expect(found(table, '/openai/v1/chat?x=%2F')).toBe('openai https://api.openai.com /v1/chat?x=%2F');
    expect(found(table, '/openai')).toBe('openai https://api.openai.com /');
    expect(found(table, '/openai?x=1')).toBe('openai https://api.openai.com /?x=1');
    expect(found(table, '/local//a/../b')).toBe('local http://127.0.0.1:8080 /base//a/../b');
    expect(found(table, '/local')).toBe('local http://127.0.0.1:8080 /base');
    for (const nowhere of ['/', '/opena/v1', '/OPENAI/v1', '*', 'http://example.com/', '/azure/x', '//openai']) {
      expect(found(table, nowhere)).toBeNull();
    }
  });

  it('of the user take the place of those that ship; one for everything leaves only his own', () => {
    const own = new RouteTable([{ name: 'openai', upstream: 'http://127.0.0.1:9' }]);
    expect(found(own, '/openai/v1')).toBe('openai http://127.0.0.1:9 /v1');
    const everything = new RouteTable([{ name: 'own', upstream: 'http://127.0.0.1:9' }], 'https://api.example.com/v2');
    expect(found(everything, '/openai/v1?q')).toBe('to https://api.example.com /v2/openai/v1?q');
    expect(found(everything, '/own/x')).toBe('own http://127.0.0.1:9 /x');
    expect(everything.baseUrl('to', proxyUrl)).toBe(proxyUrl);
  });

  it('say what clients read', () => {
    const table = new RouteTable([]);
    expect(table.baseUrl('openai', proxyUrl)).toBe('http://127.0.0.2:4040/openai/v1');
    expect(table.environment('openai', proxyUrl)).toEqual([
      { name: 'OPENAI_BASE_URL', value: 'http://127.0.0.2:4040/openai/v1' },
    ]);
    expect(table.environment('anthropic', proxyUrl)).toEqual([
      { name: 'ANTHROPIC_BASE_URL', value: 'http://127.0.0.2:4040/anthropic' },
    ]);
  });

  it.each(['ftp://x', 'api.example.com', 'https://user:pw@x', 'https://x/?q', 'https://x/#f', ''])(
    'to %j are refused with a sentence',
    (upstream) => {
      expect(checkedUpstream(upstream)).toMatchObject({ ok: false, failure: { code: 'proxy/invalid-route' } });
      expect(checkedRoute({ name: 'x', upstream })).toMatchObject({ ok: false });
    },
  );
});
