import { describe, expect, it } from 'vitest';
import { HeldBytes } from '../../../../src/engine/bytes/heldBytes.ts';

const text = (held: HeldBytes) => Buffer.from(held.buffer.subarray(0, held.kept)).toString();

describe('HeldBytes', () => {
  it('keeps what was appended, over growth and reuse', () => {
    const held = new HeldBytes(10_000);
    let expected = '';
    for (let n = 0; n < 200; n++) {
      const piece = Buffer.from(`<${'x'.repeat(n % 50)}${String(n)}>`);
      held.append(piece, 1, piece.length);
      expected += piece.toString('utf8', 1);
    }
    expect(text(held)).toBe(expected);
    expect([held.length, held.isWhole]).toEqual([expected.length, true]);
    held.clear();
    held.append(Buffer.from('again'), 0, 5);
    expect(text(held)).toBe('again');
  });

  it('counts what it does not keep', () => {
    const held = new HeldBytes(4);
    held.append(Buffer.from('abc'), 0, 3);
    held.append(Buffer.from('defg'), 0, 4);
    held.append(Buffer.from('hi'), 0, 2);
    expect([text(held), held.length, held.kept, held.isWhole]).toEqual(['abcd', 9, 4, false]);
  });
});
