import { isUtf8 as nativeIsUtf8 } from 'node:buffer';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isUtf8, Utf8Checker } from '../../../../src/engine/bytes/utf8.ts';
import { byteByByte, split } from '../framing/collect.ts';

interface Findings {
  readonly bad: readonly (readonly [number, number])[];
  readonly cutOff: number;
}

function check(pieces: readonly Uint8Array[], native = true): Findings {
  const bad: (readonly [number, number])[] = [];
  const checker = new Utf8Checker((offset, length) => bad.push([offset, length]), native ? nativeIsUtf8 : isUtf8);
  let offset = 0;
  for (const piece of pieces) {
    checker.push(piece, offset);
    offset += piece.length;
  }
  return { bad, cutOff: checker.end() };
}

/** A decoder writes one U+FFFD for each bad sequence: the count that ours must agree with. */
function replacements(bytes: Uint8Array): number {
  return new TextDecoder('utf-8', { ignoreBOM: true }).decode(bytes).split('\ufffd').length - 1;
}

const nearlyUtf8 = fc
  .array(
    fc.oneof(
      fc
        .constantFrom(
          'a',
          'é',
          '漢',
          '🙂',
          '\u{10ffff}',
          '\ud7ff',
          '\ue000',
          'plain ascii text that is longer than a loop',
        )
        .map((text) => Buffer.from(text)),
      fc
        .constantFrom(
          [0x80],
          [0xc0, 0x80],
          [0xe0, 0x80, 0x80],
          [0xed, 0xa0, 0x80],
          [0xf0, 0x80, 0x80, 0x80],
          [0xf4, 0x90, 0x80, 0x80],
          [0xf5],
          [0xff],
          [0xe6, 0xbc],
          [0xf0, 0x9f, 0x99],
          [0xc3],
        )
        .map((bytes) => Buffer.from(bytes)),
    ),
    { maxLength: 25 },
  )
  .map((parts) => new Uint8Array(Buffer.concat(parts)));

describe('Utf8Checker', () => {
  it.each<[string, readonly number[], readonly (readonly [number, number])[]]>([
    ['a lone continuation byte', [0x61, 0x80, 0x62], [[1, 1]]],
    [
      'an overlong form',
      [0xc0, 0xaf],
      [
        [0, 1],
        [1, 1],
      ],
    ],
    [
      'a surrogate',
      [0xed, 0xa0, 0x80],
      [
        [0, 1],
        [1, 1],
        [2, 1],
      ],
    ],
    [
      'a code point above U+10FFFF',
      [0xf4, 0x90, 0x80, 0x80],
      [
        [0, 1],
        [1, 1],
        [2, 1],
        [3, 1],
      ],
    ],
    ['a character cut off by another', [0xe6, 0xbc, 0x61], [[0, 2]]],
    ['a character cut off by a lead byte', [0xf0, 0x9f, 0xc3, 0xa9], [[0, 2]]],
  ])('finds %s', (_title, bytes, expected) => {
    expect(check([Uint8Array.from(bytes)]).bad).toEqual(expected);
  });

  it('tells what the end cut off', () => {
    expect(check([Uint8Array.of(0x61, 0xf0, 0x9f, 0x99)])).toEqual({ bad: [], cutOff: 3 });
  });

  it('agrees with the decoder, native or not, however the bytes were split', () => {
    fc.assert(
      fc.property(nearlyUtf8, fc.array(fc.nat(1_000_000), { maxLength: 10 }), (body, cuts) => {
        const whole = check([body]);
        expect(whole.bad.length + (whole.cutOff > 0 ? 1 : 0)).toBe(replacements(body));
        expect(
          check(
            split(
              body,
              cuts.map((cut) => cut % (body.length + 1)),
            ),
          ),
        ).toEqual(whole);
        expect(check(byteByByte(body))).toEqual(whole);
        expect(check([body], false)).toEqual(whole);
        expect(isUtf8(body)).toBe(nativeIsUtf8(body));
      }),
      { numRuns: 2_000 },
    );
  });
});
