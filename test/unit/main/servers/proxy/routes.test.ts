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
      { name: 'OPENAI_BASE_URL', value: 'http://127.0.0.2:4040/openai/v1', readBy: 'the clients of OpenAI' },
    ]);
    expect(table.environment('anthropic', proxyUrl)).toMatchObject([
      { name: 'ANTHROPIC_BASE_URL', value: 'http://127.0.0.2:4040/anthropic' },
    ]);
    expect(table.inCode('openai', proxyUrl)).toBeNull();
    expect(table.inCode('mistral', proxyUrl)?.line).toBe('new Mistral({ serverURL: "http://127.0.0.2:4040/mistral" })');
  });

  it('that lead nowhere yet say what is missing, and lead there once it is given', () => {
    const shipped = new RouteTable([]);
    expect(shipped.find('/azure/openai/deployments')).toBeNull();
    expect(shipped.unfinished('/azure/openai/deployments')?.missing).toContain('--route azure=https://');
    expect(shipped.unfinished('/openai/v1')).toBeNull();
    expect(shipped.environment('azure', proxyUrl)).toEqual([]);
    const given = new RouteTable([{ name: 'azure', upstream: 'https://mine.openai.azure.com' }]);
    expect(found(given, '/azure/openai/x')).toBe('azure https://mine.openai.azure.com /openai/x');
    expect(given.unfinished('/azure/openai/x')).toBeNull();
    expect(given.environment('azure', proxyUrl)).toMatchObject([{ name: 'AZURE_OPENAI_ENDPOINT' }]);
  });

  it('say whom they trust, each for itself', () => {
    const table = new RouteTable([
      { name: 'inside', upstream: 'https://inside.example', caPem: 'PEM' },
      { name: 'openai', upstream: 'https://api.openai.com', insecureTls: true },
    ]);
    expect(table.find('/inside/x')?.trust).toEqual({ caPem: 'PEM' });
    expect(table.find('/openai/x')?.trust).toEqual({ insecureTls: true });
    expect(table.find('/anthropic/x')?.trust).toEqual({});
    // Kept as one of the user's own, because it differs from the one that ships.
    expect(table.routes.filter(({ isBuiltIn }) => !isBuiltIn).map(({ name }) => name)).toEqual(['inside', 'openai']);
  });

  it.each(['ftp://x', 'api.example.com', 'https://user:pw@x', 'https://x/?q', 'https://x/#f', ''])(
    'to %j are refused with a sentence',
    (upstream) => {
      expect(checkedUpstream(upstream)).toMatchObject({ ok: false, failure: { code: 'proxy/invalid-route' } });
      expect(checkedRoute({ name: 'x', upstream })).toMatchObject({ ok: false });
    },
  );
});
