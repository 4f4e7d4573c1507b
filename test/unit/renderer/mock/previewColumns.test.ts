import { describe, expect, it } from 'vitest';
import { nearestChunk, previewColumns, previewSpan } from '../../../../src/renderer/mock/previewColumns.ts';
import { previewSentence } from '../../../../src/renderer/mock/previewSentence.ts';
import type { ScenarioPreview } from '../../../../src/shared/mock.ts';

function preview(chunks: readonly (readonly [at: number, bytes: number, mark?: 1])[]): ScenarioPreview {
  return {
    atMicros: Float64Array.from(chunks, ([at]) => at),
    bytes: Uint32Array.from(chunks, ([, bytes]) => bytes),
    marks: Uint8Array.from(chunks, ([, , mark]) => mark ?? 0),
    isShortened: false,
    head: '',
    beginning: '',
    totalBytes: chunks.reduce((sum, [, bytes]) => sum + bytes, 0),
    durationMicros: 2_000_000,
  };
}

describe('the preview of a scenario', () => {
  it('adds chunks up to columns and keeps the largest and the faults', () => {
    const { count, largest, faults } = previewColumns(
      preview([
        [0, 10],
        [100, 30],
        [999, 20],
        [1_000, 5, 1],
      ]),
      1_000,
      10,
    );
    expect([...count]).toEqual([1, 1, 0, 0, 0, 0, 0, 0, 0, 2]);
    expect([...largest]).toEqual([10, 30, 0, 0, 0, 0, 0, 0, 0, 20]);
    expect([...faults]).toEqual([0, 0, 0, 0, 0, 0, 0, 0, 0, 1]);
  });

  it('is as long as the stream, or a little longer than what is known of it', () => {
    expect(previewSpan(preview([[5, 1]]))).toBe(2_000_000);
    expect(previewSpan({ ...preview([[1e6, 1]]), durationMicros: null })).toBe(1_040_000);
    expect(previewSpan({ ...preview([]), durationMicros: 0 })).toBeGreaterThan(0);
  });

  it('finds the chunk that is nearest to a time', () => {
    const given = preview([
      [0, 1],
      [100, 1],
      [1_000, 1],
    ]);
    expect([-5, 40, 60, 540, 560, 9_999].map((micros) => nearestChunk(given, micros))).toEqual([0, 0, 1, 1, 2, 2]);
    expect(nearestChunk(preview([]), 5)).toBeNull();
  });

  it('says in a sentence what is sent', () => {
    expect(
      previewSentence(
        preview([
          [0, 600],
          [5, 600, 1],
        ]),
      ),
    ).toBe('2 chunks, 1.20 kB in 2.00 s, 1 fault');
    const endless = { ...preview([[0, 600]]), totalBytes: null, durationMicros: null };
    expect(previewSentence(endless)).toBe('1 chunk, 600 B, without end');
    expect(previewSentence({ ...endless, isShortened: true })).toBe('1 chunk, 600 B, and on');
  });
});
