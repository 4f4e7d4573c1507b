import type { RecordingCounts, RecordingSummary } from '../../../../src/shared/recording.ts';

export const noCounts: RecordingCounts = {
  chunks: 0,
  frames: 0,
  wireBytes: 0,
  bodyBytes: 0,
  diagnostics: { error: 0, warning: 0, info: 0 },
  stalls: 0,
  heartbeats: 0,
};

/** A recording's line that ended well, but for what is given. */
export function summary(id: string, rest: Partial<RecordingSummary> = {}): RecordingSummary {
  return {
    id,
    state: 'ended',
    source: 'request',
    startedAt: 0,
    method: 'GET',
    url: `http://127.0.0.1/${id}`,
    name: id,
    status: 200,
    framing: 'sse',
    dialect: null,
    httpVersion: '1.1',
    endingKind: 'complete',
    durationMicros: 1_000,
    counts: noCounts,
    sample: false,
    model: null,
    tags: [],
    starred: false,
    note: null,
    sizeOnDisk: null,
    ...rest,
  };
}
