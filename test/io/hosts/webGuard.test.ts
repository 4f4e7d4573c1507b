import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startWebHost, type WebHost } from '../../../src/main/hosts/web/startWebHost.ts';
import { createContractService, type ContractService } from '../../contract/contractService.ts';
import { head, rawRequest } from './rawRequest.ts';
import { indexHtml, secret, windowFolder, type WindowFolder } from './windowFolder.ts';

type Headers = (readonly [string, string])[];

let folder: WindowFolder;
let service: ContractService;
let host: WebHost;
let port: number;

beforeAll(async () => {
  folder = await windowFolder();
  service = createContractService();
  host = await startWebHost({ service, rendererFolder: folder.path });
  port = Number(host.authority.split(':')[1]);
});
afterAll(async () => {
  await host.close();
  await folder.remove();
});

const good = (): Headers => [
  ['Host', host.authority],
  ['Origin', `http://${host.authority}`],
  ['Sec-Fetch-Site', 'same-origin'],
  ['Streamscope-Token', host.token],
];
const without = (name: string): Headers => good().filter(([given]) => given !== name);
const replaced = (name: string, value: string): Headers => [...without(name), [name, value]];
const doubled = (name: string, value: string): Headers => [...good(), [name, value]];

const stop = '/rpc/calls/recording.stop';
/** What a call with every header right is answered with here: past the guard, but without a session. */
const pastTheGuard = 410;

async function status(method: string, target: string, headers: Headers): Promise<number> {
  return (await rawRequest(port, head(method, target, headers))).status;
}

describe('the guard of the web host', () => {
  it('binds the loopback interface only, on a port of the system', () => {
    expect(host.authority).toMatch(/^127\.0\.0\.1:\d+$/);
    expect(port).toBeGreaterThan(1_024);
  });

  it('gives a token of 256 bits in the fragment of the address', () => {
    const url = new URL(host.url);
    expect(url.hash).toBe(`#token=${host.token}`);
    expect(url.search).toBe('');
    expect(Buffer.from(host.token, 'base64url')).toHaveLength(32);
  });

  it.each(['192.168.1.4', '0.0.0.0', 'example.com', '::'])('refuses to bind %s', async (address) => {
    await expect(startWebHost({ service, rendererFolder: folder.path, host: address })).rejects.toThrow(/loopback/);
  });

  it('lets a right call through', async () => {
    expect(await status('POST', stop, good())).toBe(pastTheGuard);
  });

  describe('Host, before everything else', () => {
    it.each(['evil.example', '127.0.0.1', 'localhost', '127.0.0.1:1', '[::1]:80', ''])('refuses %j', async (name) => {
      for (const target of ['/', '/index.html', stop, '/rpc/events']) {
        expect(await status('GET', target, replaced('Host', name)), target).toBe(421);
      }
    });
    it('refuses a name with the right port', async () => {
      expect(await status('GET', '/', [['Host', `localhost:${String(port)}`]])).toBe(421);
      expect(await status('GET', '/', [['Host', `127.0.0.1.evil.example:${String(port)}`]])).toBe(421);
    });
    it('refuses two of them, and none', async () => {
      expect([400, 421]).toContain(await status('GET', '/', doubled('Host', 'evil.example')));
      expect([400, 421]).toContain(await status('GET', '/', without('Host')));
      expect((await rawRequest(port, 'GET / HTTP/1.0\r\n\r\n')).status).toBe(421);
    });
    it('refuses another host in the request target', async () => {
      expect(await status('GET', 'http://evil.example/', good())).toBe(400);
      expect(await status('GET', '//evil.example/', good())).toBe(400);
    });
  });

  describe('the token', () => {
    it('is needed for every call, and for nothing of the window itself', async () => {
      expect(await status('POST', stop, without('Streamscope-Token'))).toBe(401);
      expect(await status('GET', '/rpc/events', without('Streamscope-Token'))).toBe(401);
      expect(await status('PUT', '/rpc/subscriptions', without('Streamscope-Token'))).toBe(401);
      expect(await status('GET', '/', without('Streamscope-Token'))).toBe(200);
    });
    it('has to be the whole token, once', async () => {
      for (const wrong of ['', 'x', host.token.slice(1), `${host.token}x`, host.token.toLowerCase()]) {
        expect(await status('POST', stop, replaced('Streamscope-Token', wrong)), wrong).toBe(401);
      }
      expect(await status('POST', stop, doubled('Streamscope-Token', host.token))).toBe(401);
    });
    it('counts nowhere but in its header', async () => {
      const bare = without('Streamscope-Token');
      expect(await status('POST', `${stop}?token=${host.token}`, bare)).toBe(400);
      expect(await status('POST', stop, [...bare, ['Cookie', `streamscope-token=${host.token}`]])).toBe(401);
      expect(await status('POST', stop, [...bare, ['Authorization', `Bearer ${host.token}`]])).toBe(401);
      expect(await status('POST', `${stop}?a=1`, good())).toBe(400);
    });
    it('is in nothing that is served', async () => {
      const { body, headers } = await rawRequest(port, head('GET', '/', good()));
      expect(body.toString()).not.toContain(host.token);
      expect([...headers.values()].join('\n')).not.toContain(host.token);
      expect(headers.has('set-cookie')).toBe(false);
    });
  });

  describe('other sites', () => {
    it.each(['cross-site', 'same-site', 'weird'])('Sec-Fetch-Site: %s is refused', async (site) => {
      expect(await status('POST', stop, replaced('Sec-Fetch-Site', site))).toBe(403);
      expect(await status('GET', '/', replaced('Sec-Fetch-Site', site))).toBe(403);
    });
    it('Sec-Fetch-Site: none is a person who typed the address', async () => {
      expect(
        await status('GET', '/', [
          ['Host', host.authority],
          ['Sec-Fetch-Site', 'none'],
        ]),
      ).toBe(200);
    });
    it.each(['http://evil.example', 'null', 'https://127.0.0.1', 'http://localhost:1'])(
      'Origin: %s is refused',
      async (origin) => {
        expect(await status('POST', stop, replaced('Origin', origin))).toBe(403);
        expect(await status('GET', '/', replaced('Origin', origin))).toBe(403);
      },
    );
    it('a call has to name its origin', async () => {
      expect(await status('POST', stop, without('Origin'))).toBe(403);
      expect(await status('POST', stop, doubled('Origin', 'http://evil.example'))).toBe(403);
    });
    it('no answer allows another origin anything', async () => {
      const preflight = head('OPTIONS', stop, [
        ['Host', host.authority],
        ['Origin', 'http://evil.example'],
        ['Access-Control-Request-Method', 'POST'],
        ['Access-Control-Request-Headers', 'streamscope-token'],
      ]);
      for (const request of [preflight, head('OPTIONS', stop, good()), head('GET', '/', good())]) {
        const answer = await rawRequest(port, request);
        const names = [...answer.headers.keys()];
        expect(names.filter((name) => name.startsWith('access-control'))).toEqual([]);
      }
    });
  });

  describe('the window', () => {
    it('is served with its types and its policy', async () => {
      for (const [target, type] of [
        ['/', 'text/html; charset=utf-8'],
        ['/index.html', 'text/html; charset=utf-8'],
        ['/assets/main-1.js', 'text/javascript; charset=utf-8'],
        ['/assets/font.woff2', 'font/woff2'],
      ] as const) {
        const { status: given, headers } = await rawRequest(port, head('GET', target, good()));
        expect(given).toBe(200);
        expect(headers.get('content-type')).toBe(type);
      }
      const { body, headers } = await rawRequest(port, head('GET', '/', good()));
      expect(body.toString()).toBe(indexHtml);
      expect(headers.get('content-security-policy')).toBe(
        "default-src 'none'; script-src 'self'; worker-src 'self'; connect-src 'self'; img-src 'self' data: blob:; " +
          "font-src 'self'; style-src 'self' 'unsafe-inline'; base-uri 'none'; form-action 'none'; " +
          "frame-ancestors 'none'; object-src 'none'",
      );
    });

    it('and every refusal carry the same headers', async () => {
      for (const request of [head('GET', '/', good()), head('GET', '/', []), head('POST', stop, good())]) {
        const { headers, status: given } = await rawRequest(port, request);
        if (given === 400) continue;
        expect(headers.get('cache-control')).toBe('no-store');
        expect(headers.get('x-content-type-options')).toBe('nosniff');
        expect(headers.get('cross-origin-opener-policy')).toBe('same-origin');
        expect(headers.get('cross-origin-resource-policy')).toBe('same-origin');
        expect(headers.get('referrer-policy')).toBe('no-referrer');
        expect(headers.get('content-security-policy')).toContain("frame-ancestors 'none'");
      }
    });

    it.each([
      '/../secret.txt',
      '/assets/../../secret.txt',
      '/%2e%2e/secret.txt',
      '/assets/..%2f..%2fsecret.txt',
      '/assets/%2e%2e%2f%2e%2e%2fsecret.txt',
      '/..\\secret.txt',
      '/assets/link.txt',
      '/assets',
      '/assets/',
      '/index.html/',
      '/index.html%00.js',
      '/etc/passwd',
      '/./index.html',
      '/__proto__',
    ])('has no %s', async (target) => {
      const answer = await rawRequest(port, head('GET', target, good()));
      expect(answer.status).toBe(404);
      expect(answer.body.toString()).not.toContain(secret);
    });

    it.each(['POST', 'PUT', 'DELETE', 'PATCH', 'OPTIONS', 'TRACE', 'PROPFIND'])('takes no %s', async (method) => {
      const answer = await rawRequest(port, head(method, '/', good()));
      expect(answer.status).toBe(405);
      expect(answer.headers.get('allow')).toBe('GET, HEAD');
    });

    it('answers HEAD without a body', async () => {
      const answer = await rawRequest(port, head('HEAD', '/', good()));
      expect(answer.status).toBe(200);
      expect(answer.body).toHaveLength(0);
      expect(answer.headers.get('content-length')).toBe(String(indexHtml.length));
    });
  });

  it('answers what is no HTTP, and goes on', async () => {
    expect((await rawRequest(port, 'hello\r\n\r\n')).status).toBe(400);
    expect((await rawRequest(port, Buffer.from([0x16, 3, 1, 0, 200, 1, 0, 0]))).status).toBe(400);
    expect(await status('GET', '/', good())).toBe(200);
  });

  it.each(['GET', 'DELETE', 'PATCH'])('takes no %s for a call', async (method) => {
    expect(await status(method, stop, good())).toBe(404);
  });
});
