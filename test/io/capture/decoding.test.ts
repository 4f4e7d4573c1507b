import zlib from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { decodableCodings } from '../../../src/main/capture/contentDecoder.ts';
import { begin, capture, signal, withServer } from './capturing.ts';
import { RecordingSink, requestFor } from './recordingSink.ts';

const text = Array.from({ length: 2_000 }, (_, n) => `data: ${String((n * 7919) % 10_007)}\n\n`).join('');
const encode = {
  gzip: (bytes: Buffer) => zlib.gzipSync(bytes),
  deflate: (bytes: Buffer) => zlib.deflateSync(bytes),
  br: (bytes: Buffer) => zlib.brotliCompressSync(bytes),
  zstd: (bytes: Buffer) => zlib.zstdCompressSync(bytes),
} as const;
const available = decodableCodings();

function answer(coding: string, body: Buffer, framing = `Content-Length: ${String(body.byteLength)}`): Buffer {
  return Buffer.concat([Buffer.from(`HTTP/1.1 200 OK\r\nContent-Encoding: ${coding}\r\n${framing}\r\n\r\n`), body]);
}

/** The body in HTTP chunks of `size` bytes, without the last one. */
function inChunks(body: Buffer, size: number): Buffer {
  const parts: Buffer[] = [];
  for (let at = 0; at < body.byteLength; at += size) {
    const part = body.subarray(at, at + size);
    parts.push(Buffer.from(`${part.byteLength.toString(16)}\r\n`), part, Buffer.from('\r\n'));
  }
  return Buffer.concat(parts);
}

async function captured(reply: Buffer | string, limits = {}): Promise<RecordingSink> {
  let sink = new RecordingSink();
  await withServer(
    'http',
    (peer) => peer.write(reply),
    async (server) => {
      sink = await capture(requestFor(server.url), limits);
    },
  );
  return sink;
}

describe.each(['gzip', 'deflate', 'br', 'zstd'] as const)('%s', (coding) => {
  const isHere = available.includes(coding);

  it.skipIf(!isHere)('is removed, wire bytes kept, in any splitting', async () => {
    const coded = encode[coding](Buffer.from(text));
    for (const size of [1, 7, 1_000, coded.byteLength]) {
      const reply = answer(
        coding,
        Buffer.concat([inChunks(coded, size), Buffer.from('0\r\n\r\n')]),
        'Transfer-Encoding: chunked',
      );
      const sink = await captured(reply);
      expect(sink.ending?.code).toBe('end/complete');
      expect(sink.wireBytes.equals(coded)).toBe(true);
      expect(sink.bodyBytes.toString()).toBe(text);
      expect(sink.diagnostics).toEqual([]);
    }
  });

  it.skipIf(!isHere)('cut anywhere inside is never complete, and what could be decoded is kept', async () => {
    const coded = encode[coding](Buffer.from(text));
    for (const kept of [1, 5, Math.floor(coded.byteLength / 2), coded.byteLength - 1]) {
      const sink = await captured(answer(coding, coded.subarray(0, kept)));
      expect([kept, sink.ending?.kind, sink.ending?.code]).toEqual([kept, 'cut', 'end/coding-truncated']);
      expect(text.startsWith(sink.bodyBytes.toString())).toBe(true);
    }
  });

  it.skipIf(!isHere)('that is plain text is invalid and shown as it came', async () => {
    const plain = Buffer.from('data: this was never compressed, whatever the header says\n\n'.repeat(50));
    const sink = await captured(answer(coding, plain));
    expect(sink.ending).toMatchObject({ kind: 'invalid', code: 'end/coding-mismatch' });
    expect(sink.bodyBytes.toString()).toBe(plain.toString());
  });

  it.skipIf(!isHere)('followed by something else is complete with a warning', async () => {
    const coded = Buffer.concat([encode[coding](Buffer.from(text)), Buffer.from('<!-- cached -->')]);
    const sink = await captured(answer(coding, coded));
    expect(sink.ending?.code).toBe('end/complete');
    expect(sink.bodyBytes.toString()).toBe(text);
    expect(sink.diagnostics.map(({ code }) => code)).toEqual(['end/coding-trailing']);
  });
});

describe('live', () => {
  it.each([
    ['gzip', () => zlib.createGzip({ flush: zlib.constants.Z_SYNC_FLUSH })],
    ['br', () => zlib.createBrotliCompress({ flush: zlib.constants.BROTLI_OPERATION_FLUSH })],
  ] as const)(
    '%s that is flushed event by event is decoded event by event, each in its own chunk',
    async (coding, create) => {
      const events = ['data: one\n\n', 'data: two\n\n', 'data: three\n\n'];
      const seen = events.map(() => signal());
      const coder = create();
      await withServer(
        'http',
        async (peer) => {
          await peer.write(`HTTP/1.1 200 OK\r\nContent-Encoding: ${coding}\r\nTransfer-Encoding: chunked\r\n\r\n`);
          for (const [n, event] of events.entries()) {
            const coded = await new Promise<Buffer>((resolve) => {
              const parts: Buffer[] = [];
              const collect = (part: Buffer): number => parts.push(part);
              coder.on('data', collect);
              coder.write(event, () =>
                setImmediate(() => {
                  coder.off('data', collect);
                  coder.pause();
                  resolve(Buffer.concat(parts));
                }),
              );
              coder.resume();
            });
            await peer.write(inChunks(coded, coded.byteLength));
            // Does not go on before the client has understood this one: nothing may wait for more bytes.
            await seen[n]!.given;
          }
          peer.close();
        },
        async (server) => {
          const sink = new RecordingSink();
          const original = sink.body.bind(sink);
          sink.body = (chunk, bytes) => {
            const room = original(chunk, bytes);
            for (const [n, expected] of events.entries()) {
              if (sink.bodyBytes.toString().includes(expected)) seen[n]!.give();
            }
            return room;
          };
          await begin(requestFor(server.url), sink).done;
          expect(sink.bodies.map(({ chunk, bytes }) => [chunk, bytes.toString()])).toEqual(
            events.map((event, n) => [n, event]),
          );
          // The coder was never ended and the connection closed between chunks: both are true, the transport is said.
          expect(sink.ending?.code).toBe('end/no-last-chunk');
        },
      );
    },
  );
});

describe('codings', () => {
  it('stacked are removed in turn', async () => {
    const coded = zlib.gzipSync(zlib.brotliCompressSync(zlib.deflateSync(Buffer.from(text))));
    const sink = await captured(answer('deflate, br, gzip', coded));
    expect(sink.ending?.code).toBe('end/complete');
    expect(sink.bodyBytes.toString()).toBe(text);
  });

  it('of stacked ones the inner is broken', async () => {
    const inner = zlib.deflateSync(Buffer.from(text));
    const sink = await captured(answer('deflate, gzip', zlib.gzipSync(inner.subarray(0, 500))));
    expect(sink.ending).toMatchObject({ kind: 'cut', code: 'end/coding-truncated' });
    expect(sink.ending?.message).toContain('deflate');
  });

  it('deflate without zlib header is understood too', async () => {
    const sink = await captured(answer('deflate', zlib.deflateRawSync(Buffer.from(text))));
    expect(sink.ending?.code).toBe('end/complete');
    expect(sink.bodyBytes.toString()).toBe(text);
  });

  it('gzip of several members is one body', async () => {
    const coded = Buffer.concat([zlib.gzipSync('first '), zlib.gzipSync('second '), zlib.gzipSync('third')]);
    const sink = await captured(answer('x-gzip', coded));
    expect(sink.ending?.code).toBe('end/complete');
    expect(sink.bodyBytes.toString()).toBe('first second third');
  });

  it('a wrong checksum is corrupt', async () => {
    const coded = zlib.gzipSync(text);
    coded[coded.byteLength - 6]! ^= 0xff;
    const sink = await captured(answer('gzip', coded));
    expect(sink.ending).toMatchObject({ kind: 'invalid', code: 'end/coding-corrupt' });
    expect(sink.bodyBytes.toString()).toBe(text);
  });

  it('an empty body is complete', async () => {
    const sink = await captured(answer('gzip', Buffer.alloc(0)));
    expect(sink.ending?.code).toBe('end/complete');
  });

  it('that expand beyond the limit stop being decoded; the recording goes on', async () => {
    const coded = zlib.gzipSync(Buffer.alloc(30_000_000));
    const sink = await captured(answer('gzip', coded), { decodingFreeBytes: 1_000_000, decodingRatio: 100 });
    expect(sink.ending?.code).toBe('end/complete');
    expect(sink.diagnostics.map(({ code }) => code)).toEqual(['end/decoding-limit']);
    expect(sink.wireBytes.equals(coded)).toBe(true);
    expect(sink.bodyBytes.byteLength).toBeLessThanOrEqual(Math.max(1_000_000, coded.byteLength * 100));
  });
});
