import fc from 'fast-check';
import { describe, expect, it, vi } from 'vitest';
import { createFramer } from '../../../../src/engine/framing/createFramer.ts';
import { describeFrame, previewFrame } from '../../../../src/engine/framing/describe.ts';
import { createDetector } from '../../../../src/engine/framing/detect.ts';
import { diagnose } from '../../../../src/engine/diagnostics/catalogue.ts';
import { defaultLimits } from '../../../../src/shared/limits.ts';
import { framings, type Framing } from '../../../../src/shared/words.ts';
import { awsMessage, prelude } from './awsMessages.ts';
import { collect } from './collect.ts';

/** Messages of an AWS event stream in which single bytes were changed or lost. */
const damagedMessages = fc
  .tuple(
    fc.array(
      fc.tuple(fc.uint8Array({ maxLength: 40 }), fc.uint8Array({ maxLength: 40 })).map((parts) => awsMessage(...parts)),
      { maxLength: 8 },
    ),
    fc.array(fc.tuple(fc.nat(400), fc.nat(255), fc.boolean()), { maxLength: 3 }),
  )
  .map(([messages, damages]) => {
    const bytes = [...Buffer.concat(messages)];
    for (const [at, value, isLost] of damages) bytes.splice(at, 1, ...(isLost ? [] : [value]));
    return Uint8Array.from(bytes);
  });

describe.each(framings)('%s', (framing) => {
  it('survives any bytes: frames, diagnostics, descriptions and previews are made of them', () => {
    const bytes = fc.oneof(
      fc.uint8Array({ maxLength: 3_000 }),
      fc
        .array(fc.constantFrom(...Buffer.from('data:\n\r{}[]",\\:\x1e 019eE-.tfn\xef\xbb\xbf', 'latin1')), {
          maxLength: 600,
        })
        .map((values) => Uint8Array.from(values)),
      damagedMessages,
    );
    fc.assert(
      fc.property(bytes, (body) => {
        const { frames, diagnostics } = collect(framing, [body]);
        for (const { kind, offset, length } of frames) {
          const own = body.subarray(offset, offset + length);
          expect(describeFrame(framing, kind, own).text.length).toBeLessThanOrEqual(defaultLimits.framePreviewBytes);
          expect(previewFrame(framing, kind, own, 80)).not.toMatch(/[\u0000-\u001f\u007f-\u009f\u202a-\u202e]/);
        }
        for (const { code, place, details } of [...frames.flatMap((frame) => frame.diagnostics), ...diagnostics]) {
          expect(diagnose(code, place, details).message).not.toContain('an unknown');
        }
        const detector = createDetector({ contentType: null, url: null });
        expect((detector.push(body) ?? detector.end()).reason).not.toBe('');
      }),
      { numRuns: 600 },
    );
  });

  it('does work in proportion to the bytes of one endless line', () => {
    const small = workOn(framing, 256);
    const large = workOn(framing, 512);
    expect(small).toBeGreaterThan(0);
    expect(large).toBeLessThan(small * 3);
  });
});

const beginnings: Readonly<Record<Framing, Uint8Array>> = {
  sse: Buffer.from('data: '),
  ndjson: Buffer.from('{"a":"'),
  json: Buffer.from('{"a":"'),
  'json-seq': Buffer.from('\x1e{"a":"'),
  'aws-eventstream': prelude(16 * 1024 * 1024, 128 * 1024),
  multipart: Buffer.from('--b\r\n\r\n'),
  text: Buffer.of(),
};

/** Bytes that are searched, copied or checked while one line comes in pieces of 1 KB. */
function workOn(framing: Framing, pieces: number): number {
  let work = 0;
  class CountedBytes extends Uint8Array {
    override indexOf(value: number, from = 0): number {
      const found = super.indexOf(value, from);
      work += (found === -1 ? this.length : found) - from;
      return found;
    }

    override lastIndexOf(value: number, from = this.length - 1): number {
      const found = super.lastIndexOf(value, from);
      work += from - found;
      return found;
    }
  }
  const typedArray = Object.getPrototypeOf(Uint8Array.prototype) as Uint8Array;
  const set = vi.spyOn(typedArray, 'set').mockImplementation(function copy(this: Uint8Array, source, at = 0) {
    work += source.length;
    for (let i = 0; i < source.length; i++) this[at + i] = source[i]!;
  });
  try {
    const framer = createFramer(
      framing,
      { limits: defaultLimits },
      { frame: () => {}, typeId: () => 1, diagnostic: () => {} },
      {
        isUtf8: (bytes) => {
          work += bytes.length;
          return true;
        },
      },
    );
    framer.push(CountedBytes.from(beginnings[framing]));
    const piece = CountedBytes.from(Buffer.alloc(1_024, 0x61));
    for (let n = 0; n < pieces; n++) framer.push(piece);
    framer.end();
  } finally {
    set.mockRestore();
  }
  return work;
}
