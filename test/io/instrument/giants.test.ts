import { execFile } from 'node:child_process';
import path from 'node:path';
import { promisify } from 'node:util';
import zlib from 'node:zlib';
import { beforeAll, describe, expect, it } from 'vitest';
import { decodableCodings, type Coding } from '../../../src/main/capture/contentDecoder.ts';
import { defaultLimits } from '../../../src/shared/limits.ts';
import { deep, isDeep } from '../../unit/engine/framing/deepRun.ts';
import { withServer } from '../capture/capturing.ts';
import type { Performance } from '../capture/faultServer.ts';
import type { GiantOutcome } from './giantStream.ts';

const mebi = 1024 * 1024;
const bodyBytes = deep(512, 32) * mebi;
const timeout = isDeep ? 600_000 : 60_000;
/** What a process may need more for a hostile stream than for a harmless one of the same length. */
const roomBytes = 48 * mebi;
const ok = 'HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\n';

async function recorded(perform: Performance, ...words: readonly string[]): Promise<GiantOutcome> {
  let outcome: GiantOutcome | undefined;
  await withServer('http', perform, async (server) => {
    const child = path.join(import.meta.dirname, 'giantStream.ts');
    const { stdout } = await promisify(execFile)(process.execPath, [child, server.url, ...words]);
    outcome = JSON.parse(stdout) as GiantOutcome;
  });
  if (outcome === undefined) throw new Error('nothing was recorded');
  return outcome;
}

let harmless: GiantOutcome;

function expectBounded(outcome: GiantOutcome): void {
  expect(outcome.peakBytes).toBeLessThan(harmless.peakBytes + roomBytes);
}

function expectResponsive(outcome: GiantOutcome): void {
  // Both processes ran on the same machine just now: a hostile stream may cost some turns more, not its whole length.
  expect(outcome.loopDelayP99Micros).toBeLessThan(20 * harmless.loopDelayP99Micros);
}

beforeAll(async () => {
  const piece = Buffer.alloc(mebi, `${'x'.repeat(1_023)}\n`);
  harmless = await recorded(async (peer) => {
    await peer.write(`${ok}Content-Length: ${String(bodyBytes)}\r\n\r\n`);
    for (let sent = 0; sent < bodyBytes; sent += mebi) await peer.write(piece);
  });
  if (harmless.endingCode !== 'end/complete') throw new Error(`the harmless stream ended as ${harmless.endingCode}`);
}, timeout);

function compressed(coding: Coding, bytes: Buffer): Buffer {
  switch (coding) {
    case 'gzip':
      return zlib.gzipSync(bytes, { level: 9 });
    case 'deflate':
      return zlib.deflateSync(bytes, { level: 9 });
    case 'br':
      return zlib.brotliCompressSync(bytes, { params: { [zlib.constants.BROTLI_PARAM_QUALITY]: 9 } });
    case 'zstd':
      return zlib.zstdCompressSync(bytes);
  }
}

describe('a compression bomb', () => {
  const bombs = [
    ['gzip', ['gzip'], false],
    ['deflate', ['deflate'], false],
    ['br', ['br'], true],
    ['zstd', ['zstd'], true],
    ['gzip in gzip', ['gzip', 'gzip'], true],
    ['br in gzip', ['br', 'gzip'], true],
  ] as const;

  it.for(bombs)(
    '%s leaves memory and the engine as they are, and its bytes are kept',
    { timeout },
    async ([, codings, beyondRatio], context) => {
      const missing = codings.find((coding) => !decodableCodings().includes(coding));
      context.skip(missing !== undefined, `this runtime does not decode ${String(missing)}`);
      const bomb = codings.reduce<Buffer>((bytes, coding) => compressed(coding, bytes), Buffer.alloc(bodyBytes));
      const outcome = await recorded((peer) =>
        peer.write(
          Buffer.concat([
            Buffer.from(
              `${ok}Content-Encoding: ${codings.join(', ')}\r\nContent-Length: ${String(bomb.length)}\r\n\r\n`,
            ),
            bomb,
          ]),
        ),
      );
      expect(outcome.endingCode).toBe('end/complete');
      expect(outcome.wireBytes).toBe(bomb.length);
      if (beyondRatio) {
        expect(outcome.codes).toContain('end/decoding-limit');
        const { decodingFreeBytes, decodingRatio } = defaultLimits;
        expect(outcome.bodyBytes).toBeLessThanOrEqual(Math.max(decodingFreeBytes, decodingRatio * bomb.length));
      }
      expectBounded(outcome);
      expectResponsive(outcome);
    },
  );

  it(
    'inside a file that is no longer coded is a file',
    async () => {
      const inner = compressed('gzip', Buffer.alloc(bodyBytes));
      const outer = compressed('gzip', inner);
      const outcome = await recorded((peer) =>
        peer.write(
          Buffer.concat([
            Buffer.from(`${ok}Content-Encoding: gzip\r\nContent-Length: ${String(outer.length)}\r\n\r\n`),
            outer,
          ]),
        ),
      );
      expect(outcome).toMatchObject({ endingCode: 'end/complete', bodyBytes: inner.length });
      expectBounded(outcome);
      expectResponsive(outcome);
    },
    timeout,
  );
});

describe('a giant', () => {
  it.each([
    ['a header of 1e6 bytes', `X-Long: ${'h'.repeat(1_000_000)}\r\n`],
    ['a million headers', 'a: b\r\n'.repeat(1_000_000)],
  ])(
    'of %s ends at the header limit',
    async (_name, headers) => {
      const outcome = await recorded(async (peer) => {
        await peer.write(ok + headers + '\r\n');
        await peer.gone;
      });
      expect(outcome.endingCode).toBe('end/header-limit');
      expectBounded(outcome);
    },
    timeout,
  );

  it(
    'of 1xx answers without end is read through, and told',
    async () => {
      const hints = 'HTTP/1.1 103 Early Hints\r\n\r\n'.repeat(1_000);
      const outcome = await recorded(async (peer) => {
        for (let sent = 0; sent < deep(1_000, 100); sent += 1) await peer.write(hints);
        await peer.write(`${ok}Content-Length: 2\r\n\r\nok`);
      });
      expect(outcome).toMatchObject({ endingCode: 'end/complete', bodyBytes: 2 });
      expect(outcome.codes).toContain('end/many-informational');
      expectBounded(outcome);
    },
    timeout,
  );

  it(
    'of a chunk extension of 1e6 bytes is no harm, and told',
    async () => {
      const outcome = await recorded(async (peer) => {
        await peer.write(`${ok}Transfer-Encoding: chunked\r\n\r\n2;${'e'.repeat(1_000_000)}\r\nok\r\n0\r\n\r\n`);
      });
      expect(outcome).toMatchObject({ endingCode: 'end/complete', bodyBytes: 2 });
      expect(outcome.codes).toEqual(expect.arrayContaining(['http/chunk-extension', 'end/long-chunk-extension']));
      expectBounded(outcome);
      expectResponsive(outcome);
    },
    timeout,
  );

  it(
    'of heartbeats without end is kept in bounded memory',
    async () => {
      const beats = Buffer.from(': keep-alive\n\n'.repeat(5_000));
      const total = deep(256, 16) * mebi;
      const outcome = await recorded(async (peer) => {
        await peer.write('HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\n\r\n');
        for (let sent = 0; sent < total + mebi; sent += beats.length) await peer.write(beats).catch(() => undefined);
      }, String(total));
      expect(outcome).toMatchObject({ endingCode: 'end/byte-limit', wireBytes: total });
      expectBounded(outcome);
    },
    timeout,
  );

  it(
    'of chunks of one byte keeps each with its own time',
    async () => {
      const count = deep(1_000_000, 50_000);
      const batch = '1\r\nx\r\n'.repeat(1_000);
      const outcome = await recorded(async (peer) => {
        await peer.write(`${ok}Transfer-Encoding: chunked\r\n\r\n`);
        for (let sent = 0; sent < count; sent += 1_000) await peer.write(batch);
        await peer.write('0\r\n\r\n');
      });
      expect(outcome).toMatchObject({ endingCode: 'end/complete', chunks: count, wireBytes: count });
      expectBounded(outcome);
    },
    timeout,
  );
});
