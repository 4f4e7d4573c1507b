import { randomBytes } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createInstrument, type Instrument } from '../../../src/main/instrument/createInstrument.ts';
import { defaultRequestOptions } from '../../../src/shared/request.ts';
import type { Diagnostic } from '../../../src/shared/diagnostic.ts';
import type { DiagnosticsPage } from '../../../src/shared/recording.ts';
import { hasNginx, startNginx, whyWithoutNginx, type RunningNginx } from './nginx.ts';

const eventCount = 260;
const everyMillis = 5;
const sse = { 'content-type': 'text/event-stream', 'cache-control': 'no-cache' };

/**
 * An event every 5 ms, each written on its own. Random digits, so that compression does not take most of it away, and
 * more of them where it is to fill its buffers.
 */
function startUpstream(): Promise<Server> {
  const server = createServer((request, response) => {
    const isAsking = request.url === '/unbuffered';
    const digits = request.url === '/large' ? 500 : 45;
    response.writeHead(200, isAsking ? { ...sse, 'x-accel-buffering': 'no' } : sse);
    let sent = 0;
    const timer = setInterval(() => {
      response.write(`data: {"n":${String(sent)},"digits":"${randomBytes(digits).toString('hex')}"}\n\n`);
      if (++sent < eventCount) return;
      clearInterval(timer);
      response.end();
    }, everyMillis);
    response.once('close', () => {
      clearInterval(timer);
    });
  });
  return new Promise((resolve) => {
    server.listen(0, '127.0.0.1', () => {
      resolve(server);
    });
  });
}

describe.skipIf(!hasNginx)(`a stream through nginx (skipped where ${whyWithoutNginx})`, () => {
  let upstream: Server;
  let nginx: RunningNginx;
  let home = '';
  let instrument: Instrument;

  beforeAll(async () => {
    upstream = await startUpstream();
    const to = `proxy_pass http://127.0.0.1:${String((upstream.address() as AddressInfo).port)}`;
    const gzip = 'gzip on; gzip_types text/event-stream; gzip_proxied any; gzip_http_version 1.0';
    nginx = await startNginx(`
      location /buffered { ${to}/events; }
      location /asked { ${to}/unbuffered; }
      location /off { ${to}/events; proxy_buffering off; }
      location /gzip { ${to}/large; ${gzip}; }
      location /gzip-off { ${to}/large; ${gzip}; proxy_buffering off; }`);
    home = await mkdtemp(path.join(tmpdir(), 'streamscope-buffering-'));
    instrument = await createInstrument({
      host: 'memory',
      version: '0.0.0',
      folder: home,
      samplesFolder: null,
      startMock: false,
    });
  });

  afterAll(async () => {
    await instrument.close();
    await nginx.stop();
    upstream.closeAllConnections();
    await new Promise((resolve) => upstream.close(resolve));
    await rm(home, { recursive: true, force: true });
  });

  async function diagnosticsOf(url: string): Promise<readonly Diagnostic[]> {
    const context = { signal: new AbortController().signal, session: 'test' };
    const { id } = await instrument.handlers['recording.open'](
      {
        request: {
          method: 'GET',
          url,
          headers: [],
          body: { kind: 'none' },
          auth: { kind: 'none' },
          options: { ...defaultRequestOptions, compressed: true },
        },
        framing: null,
      },
      context,
    );
    await instrument.recordings.settled(id);
    const page: DiagnosticsPage = await instrument.handlers['recording.diagnostics'](
      { id, from: 0, count: 100 },
      context,
    );
    const { summary } = await instrument.handlers['recording.read']({ id }, context);
    expect(summary).toMatchObject({ endingKind: 'complete', framing: 'sse', counts: { frames: eventCount } });
    return page.items;
  }

  it.each(['/buffered', '/gzip'])('%s comes in bursts, and the window says so', async (place) => {
    const items = await diagnosticsOf(nginx.url + place);
    const buffered = items.filter(({ code }) => code === 'timing/buffered');
    expect(buffered).toHaveLength(1);
    expect(buffered[0]?.message).toMatch(
      /^\d+ frames came in \d+ bursts .+ apart: something between you and the server/,
    );
    expect(buffered[0]?.frame).toBeGreaterThan(0);
    expect(items.map(({ code }) => code)).toContain('head/accel-buffering-missing');
  });

  it.each(['/asked', '/off', '/gzip-off'])('%s passes through at once, and nothing is said', async (place) => {
    const items = await diagnosticsOf(nginx.url + place);
    expect(items.map(({ code }) => code)).not.toContain('timing/buffered');
  });
});
