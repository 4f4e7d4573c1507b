import { mkdtemp, rm } from 'node:fs/promises';
import { createServer, request as httpRequest } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { createInstrument } from '../../src/main/instrument/createInstrument.ts';

/** One proxy in a process of its own: `ours`, which records, or `pipe`, which only carries. Its URL is the first message. */
const [kind = 'ours', origin = ''] = process.argv.slice(2);

async function ours(): Promise<void> {
  const folder = await mkdtemp(path.join(tmpdir(), 'streamscope-bench-proxy-'));
  const instrument = await createInstrument({
    host: 'cli',
    version: '0',
    folder,
    samplesFolder: null,
    startMock: false,
  });
  const { url } = await instrument.proxy.start({ port: 0, everything: origin });
  process.send?.(url);
  process.once('disconnect', () => {
    void instrument
      .close()
      .then(() => rm(folder, { recursive: true, force: true }))
      .then(() => process.exit(0));
  });
}

/** What a proxy in Node costs that does nothing else. */
function pipe(): void {
  const { hostname, port } = new URL(origin);
  const server = createServer({ noDelay: true }, (incoming, outgoing) => {
    const upstream = httpRequest(
      { hostname, port, method: incoming.method, path: incoming.url, headers: incoming.headers },
      (answer) => {
        outgoing.writeHead(answer.statusCode ?? 502, answer.headers);
        answer.pipe(outgoing);
      },
    );
    incoming.pipe(upstream);
  });
  server.listen(0, '127.0.0.1', () =>
    process.send?.(`http://127.0.0.1:${String((server.address() as AddressInfo).port)}`),
  );
  process.once('disconnect', () => process.exit(0));
}

process.on('message', () => process.send?.({ peakRssBytes: process.resourceUsage().maxRSS * 1_024 }));
if (kind === 'ours') await ours();
else pipe();
