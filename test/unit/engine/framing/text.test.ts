import { describe, expect, it } from 'vitest';
import { collect, collectText } from './collect.ts';

describe('text', () => {
  it('makes each line a frame with its LF, so that no byte is outside', () => {
    expect(collectText('text', 'a\r\n\nb').frames.map(({ text }) => text)).toEqual(['a\r\n', '\n', 'b']);
  });

  it('cuts a long line between characters', () => {
    const { frames } = collectText('text', '漢'.repeat(30_000));
    expect(frames.map(({ length }) => length)).toEqual([65_535, 24_465]);
    expect(frames.map(({ text }) => text).join('')).toBe('漢'.repeat(30_000));
  });

  it('cuts as soon as the limit is passed, and keeps a line of exactly the limit whole', () => {
    const { frames } = collect('text', [Buffer.alloc(65_536, 0x61), Buffer.from('\n'), Buffer.alloc(65_537, 0x62)]);
    expect(frames.map(({ length, push }) => [length, push])).toEqual([
      [65_537, 1],
      [65_536, 2],
      [1, 3],
    ]);
  });

  it('cuts bytes that are no characters at the limit', () => {
    const { frames } = collect('text', [Buffer.alloc(100_000, 0x80)]);
    expect(frames.map(({ length }) => length)).toEqual([65_536, 34_464]);
  });
});
