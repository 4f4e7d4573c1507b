import fc from 'fast-check';
import { randomFillSync } from 'node:crypto';
import zlib from 'node:zlib';
import { describe, expect, it } from 'vitest';
import type { Coding } from '../../../src/main/capture/coding.ts';
import { ContentDecoder, decodableCodings, type DecodingEnd } from '../../../src/main/capture/contentDecoder.ts';
import { defaultLimits } from '../../../src/shared/limits.ts';

interface Decoded {
  readonly text: string;
  readonly end: DecodingEnd;
}

/** Decodes bytes that come in pieces of these sizes, over and over. */
async function decode(codings: readonly Coding[], bytes: Uint8Array, sizes: readonly number[]): Promise<Decoded> {
  const parts: Uint8Array[] = [];
  const decoder = new ContentDecoder(
    codings,
    defaultLimits,
    (_chunk, part) => parts.push(part),
    () => undefined,
  );
  for (let at = 0, i = 0; at < bytes.length; i++) {
    const size = sizes[i % sizes.length] ?? 1;
    decoder.push(i, bytes.subarray(at, at + size));
    at += size;
  }
  const end = await decoder.finish();
  return { text: Buffer.concat(parts).toString('latin1'), end };
}

const noise = randomFillSync(Buffer.alloc(5_000));
const plain = Buffer.concat([Buffer.from('data: {"delta":"word"}\n\n'.repeat(1_000)), noise]);
const encoders: Readonly<Record<Coding, (bytes: Buffer) => Buffer>> = {
  gzip: zlib.gzipSync,
  deflate: zlib.deflateSync,
  br: zlib.brotliCompressSync,
  zstd: (bytes) => zlib.zstdCompressSync(bytes),
};
const damage = fc.record({
  how: fc.constantFrom('cut', 'changed'),
  at: fc.double({ min: 0, max: 1, noNaN: true }),
  to: fc.integer({ min: 1, max: 255 }),
});
const splitting = fc.array(fc.oneof(fc.integer({ min: 1, max: 9 }), fc.integer({ min: 10, max: 30_000 })), {
  minLength: 1,
  maxLength: 6,
});

describe.each(['gzip', 'deflate', 'br', 'zstd', 'gzip in gzip', 'br in gzip'] as const)('damaged %s', (name) => {
  const codings = (name.includes(' in ') ? name.split(' in ') : [name]) as Coding[];
  const missing = codings.find((coding) => !decodableCodings().includes(coding));

  it('gives the same bytes and the same verdict in any splitting', async (context) => {
    context.skip(missing !== undefined, `this runtime does not decode ${String(missing)}`);
    const coded = codings.reduce<Buffer>((bytes, coding) => encoders[coding](bytes), plain);
    await fc.assert(
      fc.asyncProperty(damage, splitting, async ({ how, at, to }, sizes) => {
        const place = Math.min(coded.length - 1, Math.floor(at * coded.length));
        const bytes = how === 'cut' ? Uint8Array.from(coded.subarray(0, place)) : Uint8Array.from(coded);
        if (how === 'changed') bytes[place] = (bytes[place] ?? 0) ^ to;
        const whole = await decode(codings, bytes, [Math.max(1, bytes.length)]);
        const split = await decode(codings, bytes, sizes);
        expect(split.text.length).toBe(whole.text.length);
        expect(split.text).toBe(whole.text);
        expect(split.end.state).toBe(whole.end.state);
      }),
      { numRuns: 25 },
    );
  });
});

describe('a long input', () => {
  it('that is corrupt at its end loses nothing that came before', async () => {
    const long = randomFillSync(Buffer.alloc(3_000_000));
    const coded = Buffer.from(zlib.deflateSync(long, { level: 1 }));
    // Inside the last block, where the length of a stored block stands or a symbol is damaged.
    const cut = coded.subarray(0, coded.length - 20_000);
    const { text, end } = await decode(['deflate'], cut, [50_000]);
    expect(end.state).toBe('truncated');
    expect(long.subarray(0, text.length).toString('latin1')).toBe(text);
    expect(text.length).toBeGreaterThan(2_900_000);
    const broken = Buffer.concat([cut, Buffer.alloc(40_000, 0xff)]);
    const whole = await decode(['deflate'], broken, [broken.length]);
    const split = await decode(['deflate'], broken, [7_001]);
    expect(split.text.length).toBe(whole.text.length);
    expect(split.end.state).toBe(whole.end.state);
  });
});

describe('text under the name of a coding', () => {
  it.each(['deflate', 'br', 'zstd'] as const)('%s is passed on as it came, in any splitting', async (coding) => {
    for (const text of ['data: 1\n\n', 'abcd', '{"grüße":"é"}\n'.repeat(50), 'p'.repeat(3_000)]) {
      const bytes = Buffer.from(text);
      for (const sizes of [[bytes.length], [1], [3, 40]]) {
        const decoded = await decode([coding], bytes, sizes);
        expect([decoded.end.state, decoded.text]).toEqual(['mismatch', bytes.toString('latin1')]);
      }
    }
  });
});
