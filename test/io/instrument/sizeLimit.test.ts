import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { gzipSync } from 'node:zlib';
import { expect, it } from 'vitest';
import { createInstrument } from '../../../src/main/instrument/createInstrument.ts';
import { defaultLimits } from '../../../src/shared/limits.ts';
import { defaultRequestOptions } from '../../../src/shared/request.ts';
import { withServer } from '../capture/capturing.ts';

const recordingBytes = 300_000;
const context = { signal: new AbortController().signal, session: 'test' };

it('a recording ends at its size limit by what it takes on the disk, the decoded body included', async () => {
  const folder = await mkdtemp(path.join(tmpdir(), 'streamscope-size-'));
  const limits = { ...defaultLimits, recordingBytes };
  const host = { host: 'memory', version: '0.0.0', samplesFolder: null, startMock: false } as const;
  const instrument = await createInstrument({ ...host, folder, limits });
  try {
    const bomb = gzipSync(Buffer.alloc(4_000_000));
    const head = `HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: ${String(bomb.length + 1)}\r\n\r\n`;
    await withServer(
      'http',
      async (peer) => {
        // The last byte never comes: only the limit ends it.
        await peer.write(Buffer.concat([Buffer.from(head), bomb]));
      },
      async ({ url }) => {
        const request = {
          method: 'GET',
          url,
          headers: [],
          body: { kind: 'none' },
          auth: { kind: 'none' },
          options: defaultRequestOptions,
        } as const;
        const { id } = await instrument.handlers['recording.open']({ request, framing: null }, context);
        await instrument.recordings.settled(id);
        const { exchange, summary } = await instrument.handlers['recording.read']({ id }, context);
        expect(exchange.ending).toMatchObject({ kind: 'stopped', code: 'end/byte-limit' });
        expect(summary.counts.wireBytes).toBe(bomb.length);
        expect(summary.counts.bodyBytes).toBeGreaterThan(recordingBytes - bomb.length);
        // The piece that crosses the limit is kept whole.
        expect(summary.counts.bodyBytes).toBeLessThan(recordingBytes + 200_000);
      },
    );
  } finally {
    await instrument.close();
    await rm(folder, { recursive: true, force: true });
  }
});
