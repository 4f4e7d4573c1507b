import { describe, expect, it } from 'vitest';
import { LeadingBom } from '../../../../src/engine/bytes/leadingBom.ts';
import { byteByByte } from '../framing/collect.ts';

function through(pieces: readonly Uint8Array[]): { readonly bytes: readonly number[]; readonly first: number } {
  const bom = new LeadingBom();
  const bytes: number[] = [];
  let first = -1;
  let offset = 0;
  const pass = (passed: Uint8Array, at: number) => {
    if (first < 0) first = at;
    expect(at).toBe(first + bytes.length);
    bytes.push(...passed);
  };
  for (const piece of pieces) {
    if (bom.isSettled) pass(piece, offset);
    else bom.push(piece, pass);
    offset += piece.length;
  }
  bom.end(pass);
  return { bytes, first };
}

describe('LeadingBom', () => {
  it.each<[string, readonly number[], readonly number[], number]>([
    ['a mark', [0xef, 0xbb, 0xbf, 0x61], [0x61], 3],
    ['one of two marks', [0xef, 0xbb, 0xbf, 0xef, 0xbb, 0xbf], [0xef, 0xbb, 0xbf], 3],
    ['nothing of what only begins like one', [0xef, 0xbb, 0x61, 0xef], [0xef, 0xbb, 0x61, 0xef], 0],
    ['nothing of a mark that is cut off', [0xef, 0xbb], [0xef, 0xbb], 0],
    ['nothing of a body without one', [0x61, 0x62], [0x61, 0x62], 0],
  ])('takes off %s', (_title, body, expected, first) => {
    const bytes = Uint8Array.from(body);
    for (const pieces of [[bytes], byteByByte(bytes), [bytes.subarray(0, 2), bytes.subarray(2)]]) {
      expect(through(pieces)).toEqual({ bytes: expected, first });
    }
  });
});
