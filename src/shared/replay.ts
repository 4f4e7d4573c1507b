import { z } from 'zod';
import type { ByteOffset, EpochMillis, Micros, RecordingId } from './words.ts';

/** Names one endpoint that serves a recording; unique within an engine. */
export type ReplayId = string;

const frames = z.number().int().min(0).max(Number.MAX_SAFE_INTEGER);
const bytes = z.number().int().min(1).max(Number.MAX_SAFE_INTEGER);

/**
 * A fault on top of a recording. `afterFrames` counts frames that are delivered whole before it happens; `frame` is the
 * number of a frame, from 0; `offset` is a wire offset.
 *
 * - `cut` closes the connection, `reset` resets it; `stall` is silent for a while and goes on;
 * - `drop` leaves a frame out, `duplicate` sends it twice, each with the framing whitespace behind it;
 * - `corrupt` inverts all bits of one byte;
 * - `split` makes every chunk chunks of at most `bytes`; `coalesce` makes `chunks` chunks one, which comes with its last;
 * - `slow` sends no more than `bytesPerSecond`.
 */
export const replayFaultSchema = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('cut'), afterFrames: frames }),
  z.object({ kind: z.literal('reset'), afterFrames: frames }),
  z.object({
    kind: z.literal('stall'),
    afterFrames: frames,
    micros: z.number().int().min(1).max(86_400_000_000),
  }),
  z.object({ kind: z.literal('drop'), frame: frames }),
  z.object({ kind: z.literal('duplicate'), frame: frames }),
  z.object({ kind: z.literal('corrupt'), offset: frames }),
  z.object({ kind: z.literal('split'), bytes }),
  z.object({ kind: z.literal('coalesce'), chunks: z.number().int().min(2).max(100_000) }),
  z.object({ kind: z.literal('slow'), bytesPerSecond: bytes }),
]);
export type ReplayFault = z.infer<typeof replayFaultSchema>;

export const replayOptionsSchema = z.object({
  /**
   * How much faster than recorded, `max` without any wait, or `step`: the body goes on by one chunk for each
   * `replay.step`.
   */
  speed: z.union([z.number().min(0.01).max(1_000), z.enum(['max', 'step'])]),
  /** Longest extra wait of a chunk; chunks keep their order. 0: none. Not scaled by the speed. */
  jitterMicros: z.number().int().min(0).max(3_600_000_000),
  /** Equal seeds give equal jitter. */
  seed: z.number().int().min(0).max(4_294_967_295),
  /** Extra wait before the response head, not scaled by the speed. */
  delayMicros: z.number().int().min(0).max(86_400_000_000),
  /** How often the body is sent; null: until the client leaves. */
  passes: z.number().int().min(1).max(1_000_000).nullable(),
  /** Happen in every pass, in real time: not scaled by the speed. */
  faults: z.array(replayFaultSchema).max(32).readonly(),
});
export type ReplayOptions = z.infer<typeof replayOptionsSchema>;

export const defaultReplayOptions: ReplayOptions = Object.freeze({
  speed: 1,
  jitterMicros: 0,
  seed: 1,
  delayMicros: 0,
  passes: 1,
  faults: [],
});

/** Something that happened to a client of a replay, newest last. */
export interface ReplayLogLine {
  readonly at: EpochMillis;
  /** Number of the client, from 1. */
  readonly client: number;
  readonly message: string;
}

export interface ReplayDescription {
  readonly replayId: ReplayId;
  readonly recordingId: RecordingId;
  /** The recording's name. */
  readonly name: string;
  /** Where it is served, with the path of the recorded request: `http://127.0.0.2:4020/v1/events`. Every path is answered. */
  readonly url: string;
  /** Method of the recorded request. Every method is answered. */
  readonly method: string;
  readonly options: ReplayOptions;
  /** How what is served differs from what was recorded, one sentence each. */
  readonly notes: readonly string[];
  readonly activeClients: number;
  /** Answers that were sent to their end. */
  readonly served: number;
  /** Clients that left before. */
  readonly left: number;
  readonly sentBytes: ByteOffset;
  /** Clients that wait for the next step. */
  readonly waitingForStep: number;
  /** At most the last 100 lines. */
  readonly log: readonly ReplayLogLine[];
}

/** A span of time as a replay's faults are told to people: `250 ms`, `30 s`. */
export function replaySpan(micros: Micros): string {
  if (micros < 1_000) return `${String(micros)} µs`;
  if (micros < 1_000_000) return `${String(micros / 1_000)} ms`;
  return `${String(micros / 1_000_000)} s`;
}
