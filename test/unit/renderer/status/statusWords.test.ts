import { describe, expect, it } from 'vitest';
import {
  countingSeconds,
  remainingWords,
  silentMicros,
  versionWords,
} from '../../../../src/renderer/status/statusWords.ts';

describe('the status strip', () => {
  it('tells a silence from one second on', () => {
    expect(silentMicros(5_000_000, 4_100_000, 0)).toBeNull();
    expect(silentMicros(5_000_000, 900_000, 0)).toBe(4_100_000);
  });

  it('counts a silence before the first chunk from the response head, else from the start', () => {
    expect(silentMicros(5_000_000, null, 3_000_000)).toBe(2_000_000);
    expect(silentMicros(5_000_000, null, null)).toBe(5_000_000);
    expect(silentMicros(null, 1, 1)).toBeNull();
  });

  it.each([
    [4_190_000, '4.1 s'],
    [59_990_000, '59.9 s'],
    [64_000_000, '1:04'],
    [3_723_000_000, '1:02:03'],
  ])('writes %d µs of silence as %s', (micros, text) => {
    expect(countingSeconds(micros)).toBe(text);
  });

  it.each([
    [0, '1 s left'],
    [11_400_000, '12 s left'],
    [61_000_000, '2 min left'],
    [3_700_000_000, '1 h 2 min left'],
  ])('writes %d µs that remain as %s', (micros, text) => {
    expect(remainingWords(micros)).toBe(text);
  });

  it('names the HTTP version as people do', () => {
    expect([versionWords('1.1'), versionWords('2')]).toEqual(['HTTP/1.1', 'h2']);
  });
});
