import { describe, expect, it } from 'vitest';
import {
  formatBytes,
  formatClock,
  formatCount,
  formatDuration,
  formatMicros,
  formatQuantity,
  formatRate,
  formatWallClock,
} from '../../../../src/renderer/ui/format.ts';

describe('numbers as the window writes them', () => {
  it('groups digits', () => {
    expect(formatCount(1_204)).toBe('1,204');
    expect(formatQuantity(1, 'frame')).toBe('1 frame');
    expect(formatQuantity(40_118, 'frame')).toBe('40,118 frames');
  });

  it('gives times in milliseconds with the digits of their column', () => {
    expect(formatMicros(1_352_118)).toBe('1,352.118');
    expect(formatMicros(24_000, { mode: 'gap' })).toBe('24.0');
    expect(formatMicros(0)).toBe('0.000');
  });

  it('says unknown for what is unknown, never 0', () => {
    for (const format of [formatCount, formatMicros, formatDuration, formatBytes, formatRate, formatClock]) {
      expect(format(null)).toBe('—');
      expect(format(Number.NaN)).toBe('—');
    }
    expect(formatWallClock(0, null)).toBe('—');
  });

  it.each([
    [840, '840 µs'],
    [41_200, '41.2 ms'],
    [412_000, '412 ms'],
    [99_949, '99.9 ms'],
    [99_951, '100 ms'],
    [999_499, '999 ms'],
    [999_500, '1.00 s'],
    [1_312_004, '1.31 s'],
    [9_995_000, '10.0 s'],
    [12_400_000, '12.4 s'],
    [59_960_000, '1:00'],
    [252_000_000, '4:12'],
    [3_723_000_000, '1:02:03'],
    [-1_500_000, '−1.50 s'],
  ])('writes a duration of %d µs as %s', (micros, text) => {
    expect(formatDuration(micros)).toBe(text);
  });

  it.each([
    [214, '214 B'],
    [999, '999 B'],
    [1_000, '1.00 kB'],
    [31_200, '31.2 kB'],
    [812_000, '812 kB'],
    [999_600, '1.00 MB'],
    [10_000_000_000, '10.0 GB'],
    [5e15, '5000 TB'],
  ])('writes %d bytes as %s', (bytes, text) => {
    expect(formatBytes(bytes)).toBe(text);
  });

  it('runs a clock of constant width', () => {
    expect(formatClock(0)).toBe('00:00.0');
    expect(formatClock(12_490_000)).toBe('00:12.4');
    expect(formatClock(3_723_400_000)).toBe('01:02:03.4');
  });

  it('adds microseconds to the wall clock without losing any', () => {
    const startedAt = new Date(2026, 10, 21, 14, 3, 12, 999).getTime();
    expect(formatWallClock(startedAt, 1_456)).toBe('14:03:13.000456');
  });
});
