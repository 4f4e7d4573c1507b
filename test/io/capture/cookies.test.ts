import { describe, expect, it } from 'vitest';
import type { RequestOptions } from '../../../src/shared/request.ts';
import { openCapture } from '../../../src/main/capture/openCapture.ts';
import { defaultLimits } from '../../../src/shared/limits.ts';
import { capture, withServer } from './capturing.ts';
import { RecordingSink, requestFor } from './recordingSink.ts';

const arrived = 'HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n';

function redirect(to: string, ...cookies: readonly string[]): string {
  const lines = cookies.map((cookie) => `Set-Cookie: ${cookie}\r\n`).join('');
  return `HTTP/1.1 302 Found\r\nLocation: ${to}\r\n${lines}Content-Length: 0\r\n\r\n`;
}

function cookiesSent(request: string | undefined): string | null {
  return /^cookie: *(.*)$/im.exec(request ?? '')?.[1]?.trim() ?? null;
}

/** Cookies of each request in a chain of redirects; `/stream` is the first. */
async function chain(
  answers: Readonly<Record<string, (port: string) => string>>,
  options: Partial<RequestOptions>,
  headers: readonly (readonly [string, string])[] = [],
): Promise<(string | null)[]> {
  const sent: (string | null)[] = [];
  await withServer(
    'http',
    (peer) => {
      const path = peer.request.split(' ')[1] ?? '';
      const port = /^host: [^\r]*:(\d+)/im.exec(peer.request)?.[1] ?? '';
      return peer.write(answers[path]?.(port) ?? arrived);
    },
    async (server) => {
      const sink = await capture(requestFor(server.url, { options, headers }));
      expect(sink.ending?.code).toBe('end/complete');
      sent.push(...server.requests.map(cookiesSent));
    },
  );
  return sent;
}

const file = (...lines: readonly string[]): string => `# Netscape HTTP Cookie File\n\n${lines.join('\n')}\n`;

describe('cookies that answers set', () => {
  it('go with later requests of the exchange where they belong', async () => {
    const sent = await chain(
      {
        '/stream': () => redirect('/a/one', 'session=1; Path=/; HttpOnly', 'scoped=2; Path=/a'),
        '/a/one': () => redirect('/b', 'session=new; Path=/'),
      },
      { keepCookies: true },
    );
    expect(sent[0]).toBeNull();
    expect(sent[1]?.split('; ').sort()).toEqual(['scoped=2', 'session=1']);
    expect(sent[2]).toBe('session=new');
  });

  it('are let go of unless they are to be kept', async () => {
    expect(await chain({ '/stream': () => redirect('/b', 'session=1') }, {})).toEqual([null, null]);
  });

  it('do not go to another host, and none can be set for one', async () => {
    const sent = await chain(
      { '/stream': (port) => redirect(`http://localhost:${port}/b`, 'mine=1', 'theirs=2; Domain=localhost') },
      { keepCookies: true },
    );
    expect(sent).toEqual([null, null]);
  });

  it('that are deleted are not sent any more', async () => {
    const sent = await chain(
      {
        '/stream': () => redirect('/b', 'session=1; Path=/'),
        '/b': () => redirect('/c', 'session=; Path=/; Max-Age=0'),
      },
      { keepCookies: true },
    );
    expect(sent).toEqual([null, 'session=1', null]);
  });

  it('come beside those the user wrote, and replace one of the same name', async () => {
    const sent = await chain({ '/stream': () => redirect('/b', 'session=theirs; Path=/') }, { keepCookies: true }, [
      ['Cookie', 'session=mine; theme=dark'],
    ]);
    expect(sent).toEqual(['session=mine; theme=dark', 'theme=dark; session=theirs']);
  });
});

describe('cookies from a file', () => {
  it('go only where their domain and path allow', async () => {
    const cookieFileText = file(
      '127.0.0.1\tFALSE\t/\tFALSE\t0\troot\t1',
      '#HttpOnly_127.0.0.1\tFALSE\t/stream\tFALSE\t4102444800\thidden\t2',
      '127.0.0.1\tFALSE\t/\tFALSE\t1\texpired\t4',
      'elsewhere.test\tTRUE\t/\tFALSE\t0\tother\t5',
    );
    const sent = await chain({ '/stream': (port) => redirect(`http://localhost:${port}/b`) }, { cookieFileText });
    expect(sent[0]?.split('; ').sort()).toEqual(['hidden=2', 'root=1']);
    expect(sent[1]).toBeNull();
  });

  it('that is none is a failure before anything is opened', () => {
    const request = requestFor('http://127.0.0.1:9/', { options: { cookieFileText: '{"cookies": []}' } });
    const opened = openCapture(request, new RecordingSink(), { limits: defaultLimits, environment: {} });
    expect(opened).toMatchObject({ ok: false, failure: { code: 'request/invalid-cookie-file' } });
    expect(opened.ok ? '' : opened.failure.message).toMatch(/line 1/);
  });
});
