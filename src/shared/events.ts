import type { RecordingCounts, RecordingProgress, RecordingSummary } from './recording.ts';
import type { RunSetId, RunSetLine } from './runs.ts';
import type { ReplayId } from './replay.ts';
import type { Micros, RecordingId } from './words.ts';

/**
 * Events from the engine to the window: small, coalesced (≤30 a second and recording), never the data itself.
 * A subscriber that misses some loses nothing: each says where things stand now.
 */
export interface Events {
  /** A live recording or a running analysis moved on. */
  'recording.advanced': {
    readonly id: RecordingId;
    readonly counts: RecordingCounts;
    /** Arrival of the newest chunk, null before the first. */
    readonly lastChunkMicros: Micros | null;
    /** The recording's clock when this event was made; for a live one it runs on. */
    readonly nowMicros: Micros;
    readonly live: boolean;
    readonly analysisProgress: number | null;
    /** As in the detail; null where the stream says nothing of its length. */
    readonly progress: RecordingProgress | null;
    /** Grows when facts of the detail changed (mark, head, framing, ending …): time to pull `recording.read` again. */
    readonly revision: number;
  };
  /** A recording appeared, changed its line, or went. `summary` is null when it went. */
  'library.changed': { readonly id: RecordingId; readonly summary: RecordingSummary | null };
  /** A running filter found more rows. */
  'filter.advanced': {
    readonly id: RecordingId;
    readonly filterId: string;
    readonly matches: number;
    readonly scannedFrames: number;
    /** Frames so long that only their beginning was searched for text. */
    readonly partlySearched: number;
    readonly done: boolean;
  };
  /** The mock server or its scenarios changed: time to ask `mock.describe` again. */
  'mock.changed': { readonly running: boolean; readonly url: string | null };
  /** The mock server saw a request, or one of them went on or ended: time to ask `mock.requests` again. */
  'mock.requested': { readonly newest: number; readonly activeStreams: number };
  /** The proxy changed, or an exchange through it began or ended: time to ask `proxy.describe` again. */
  'proxy.changed': { readonly running: boolean; readonly url: string | null; readonly exchanges: number };
  /** A replay was started or stopped, or a client of it came, went on or left: time to ask `replay.list` again. */
  'replay.changed': { readonly replayId: ReplayId };
  /** A run set began, moved on, or went: then `line` is null. */
  'run.advanced': { readonly id: RunSetId; readonly line: RunSetLine | null };
}

export type EventName = keyof Events;
export const eventNames = [
  'recording.advanced',
  'library.changed',
  'filter.advanced',
  'mock.changed',
  'mock.requested',
  'proxy.changed',
  'replay.changed',
  'run.advanced',
] as const satisfies readonly EventName[];
