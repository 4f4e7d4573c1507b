import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ChunkBorders } from '../../../src/main/capture/chunkBorders.ts';
import { ChunkedCoding } from '../../../src/main/capture/chunkedCoding.ts';
import { MessageFraming } from '../../../src/main/capture/messageFraming.ts';
import { defaultLimits } from '../../../src/shared/limits.ts';
import { begin, capture, signal, withServer } from './capturing.ts';
import { RecordingSink, requestFor } from './recordingSink.ts';
import { trustedCertificate } from './testCertificates.ts';

const trusted = { caPem: trustedCertificate.cert };
const chunked = 'HTTP/1.1 200 OK\r\ncontent-type: text/plain\r\ntransfer-encoding: chunked\r\n\r\n';

/** Text and border of each chunk; `+` before what goes on with the HTTP chunk before. */
function bordersOf(sink: RecordingSink): string[] {
  return sink.chunks.map(({ bytes, continues }) => `${continues ? '+' : ''}${bytes.toString()}`);
}

describe('the borders of chunks', () => {
  it.each(['http', 'https'] as const)('tell HTTP chunks from reads over %s', async (scheme) => {
    const proceed = [signal(), signal(), signal()];
    await withServer(
      scheme,
      async (peer) => {
        await peer.write(`${chunked}9\r\nabc`);
        await proceed[0]!.given;
        await peer.write('def');
        await proceed[1]!.given;
        await peer.write('ghi\r\n2\r\njk\r\n1\r\n');
        await proceed[2]!.given;
        await peer.write('l\r\n0\r\n\r\n');
      },
      async (server) => {
        const sink = new RecordingSink();
        sink.onChunk = () => {
          if (sink.chunks.length === 1) proceed[0]!.give();
          if (sink.chunks.length === 2) proceed[1]!.give();
          if (sink.chunks.length === 4) proceed[2]!.give();
        };
        await begin(requestFor(server.url, { options: trusted }), sink).done;
        expect(sink.ending?.code).toBe('end/complete');
        expect(bordersOf(sink)).toEqual(['abc', '+def', '+ghi', 'jk', 'l']);
      },
    );
  });

  it('are those of reads alone in a body that is not divided', async () => {
    const proceed = signal();
    await withServer(
      'http',
      async (peer) => {
        await peer.write('HTTP/1.1 200 OK\r\ncontent-length: 6\r\n\r\nabc');
        await proceed.given;
        await peer.write('def');
      },
      async (server) => {
        const sink = new RecordingSink();
        sink.onChunk = proceed.give;
        await begin(requestFor(server.url), sink).done;
        expect(bordersOf(sink)).toEqual(['abc', 'def']);
      },
    );
  });

  it('are where the sender put them, however the bytes are split', () => {
    const sizes = fc.array(fc.integer({ min: 1, max: 40 }), { minLength: 1, maxLength: 30 });
    fc.assert(
      fc.property(sizes, fc.array(fc.integer({ min: 1, max: 25 }), { minLength: 1 }), (chunkSizes, reads) => {
        const body = chunkSizes.map((size) => `${size.toString(16)}\r\n${'x'.repeat(size)}\r\n`).join('');
        const bytes = Buffer.from(`${body}0\r\n\r\n`);
        const seen: number[] = [];
        const borders = new ChunkBorders();
        const pieces: number[] = [];
        const coding = new ChunkedCoding(1_000, {
          begins: (offset) => borders.begins(offset),
          data: (data, continues) => {
            pieces.push(data.byteLength);
            if (continues) seen[seen.length - 1]! += data.byteLength;
            else seen.push(data.byteLength);
          },
        });
        for (let at = 0, i = 0; at < bytes.length; i++) {
          const read = reads[i % reads.length]!;
          coding.push(bytes.subarray(at, at + read));
          at += read;
        }
        expect(seen).toEqual(chunkSizes);
        // The parser gives the same pieces later, and they have the same borders.
        const later: number[] = [];
        for (const length of pieces) {
          if (borders.continues(length)) later[later.length - 1]! += length;
          else later.push(length);
        }
        expect(later).toEqual(chunkSizes);
      }),
    );
  });
});

describe('chunk extensions', () => {
  it('are kept and told with their place', async () => {
    await withServer(
      'http',
      (peer) => peer.write(`${chunked}3;sig="ab"\r\nabc\r\n2\r\nde\r\n0;last\r\n\r\n`),
      async (server) => {
        const sink = await capture(requestFor(server.url));
        expect(sink.ending?.code).toBe('end/complete');
        expect(bordersOf(sink)).toEqual(['abc', 'de']);
        expect(sink.diagnostics).toEqual([
          { code: 'http/chunk-extension', details: { extension: 'sig="ab"', bytes: 8, wireOffset: 0 } },
          { code: 'http/chunk-extension', details: { extension: 'last', bytes: 4, wireOffset: 5 } },
        ]);
      },
    );
  });

  it('are told a hundred times, 1 KB of each, and counted beyond', async () => {
    const long = `1;${'e'.repeat(5_000)}\r\nx\r\n`;
    await withServer(
      'http',
      (peer) => peer.write(`${chunked}${long.repeat(150)}0\r\n\r\n`),
      async (server) => {
        const sink = await capture(requestFor(server.url));
        expect(sink.ending?.code).toBe('end/complete');
        expect(sink.chunks).toHaveLength(150);
        const told = sink.diagnostics.filter(({ code }) => code === 'http/chunk-extension');
        expect(told).toHaveLength(100);
        expect(told[99]?.details).toEqual({ extension: 'e'.repeat(1_024), bytes: 5_000, wireOffset: 99 });
        expect(sink.diagnostics.at(-1)).toEqual({
          code: 'http/more-chunk-extensions',
          details: { count: 150, shown: 100 },
        });
      },
    );
  });

  it('of a million bytes cost no more than what is kept of them', () => {
    const framing = new MessageFraming('GET', defaultLimits);
    framing.push(Buffer.from(`${chunked}1;`), () => undefined);
    for (let sent = 0; sent < 1_000_000; sent += 10_000) framing.push(Buffer.alloc(10_000, 'e'), () => undefined);
    framing.push(Buffer.from('\r\nx\r\n0\r\n\r\n'), () => undefined);
    expect(framing.ended).toBe(true);
    expect(framing.longestExtension).toBe(1_000_001);
    expect(framing.extensions.map(({ bytes, length }) => [bytes.byteLength, length])).toEqual([[1_024, 1_000_000]]);
  });
});
