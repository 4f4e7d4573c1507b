import type { ScenarioPreview } from '../../shared/mock.ts';

/** Chunks of a preview added up to columns of equal time; one entry a column. */
export interface PreviewColumns {
  readonly count: Uint32Array;
  /** Bytes of the largest chunk. */
  readonly largest: Uint32Array;
  /** 1 where a fault happens. */
  readonly faults: Uint8Array;
}

type Chunks = Pick<ScenarioPreview, 'atMicros' | 'bytes' | 'marks'>;

/** @param endMicros > 0; chunks behind it count in the last column */
export function previewColumns(preview: Chunks, endMicros: number, columns: number): PreviewColumns {
  const made = {
    count: new Uint32Array(columns),
    largest: new Uint32Array(columns),
    faults: new Uint8Array(columns),
  };
  for (const [i, at] of preview.atMicros.entries()) {
    const column = Math.max(0, Math.min(columns - 1, Math.floor((at / endMicros) * columns)));
    made.count[column] = (made.count[column] ?? 0) + 1;
    made.largest[column] = Math.max(made.largest[column] ?? 0, preview.bytes[i] ?? 0);
    if ((preview.marks[i] ?? 0) === 1) made.faults[column] = 1;
  }
  return made;
}

/** How long a preview's drawing is: to the end of the stream where that is known, else a little behind its last chunk. */
export function previewSpan({ atMicros, durationMicros }: ScenarioPreview): number {
  const last = atMicros.at(-1) ?? 0;
  return Math.max(1_000, durationMicros ?? last * 1.04, last);
}

/** Number of the chunk that is nearest to a time; null where there are none. */
export function nearestChunk({ atMicros }: Chunks, micros: number): number | null {
  if (atMicros.length === 0) return null;
  let low = 0;
  let high = atMicros.length - 1;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((atMicros[middle] ?? 0) < micros) low = middle + 1;
    else high = middle;
  }
  const after = atMicros[low] ?? 0;
  const before = atMicros[low - 1];
  return before !== undefined && micros - before < after - micros ? low - 1 : low;
}
