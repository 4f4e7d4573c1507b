import { createHash } from 'node:crypto';
import type { Instrument } from '../../../src/main/instrument/createInstrument.ts';
import type { CallName, Input, Results } from '../../../src/shared/calls.ts';
import { defaultReplayOptions, type ReplayDescription, type ReplayOptions } from '../../../src/shared/replay.ts';
import type { ExchangeFacts } from '../../../src/shared/recording.ts';
import type { RecordingId } from '../../../src/shared/words.ts';
import { requestFor } from '../capture/recordingSink.ts';

/** A recording as a test looks at it. */
export interface Kept {
  readonly id: RecordingId;
  readonly facts: ExchangeFacts;
  readonly wire: Uint8Array;
  readonly sha256: string;
  /** HTTP chunks or DATA frames: bytes, and when the first of them came after the head. */
  readonly pieces: readonly { readonly bytes: number; readonly sinceHeadMicros: number }[];
}

export function caller(instrument: () => Instrument) {
  return <Name extends CallName>(name: Name, input: Input<Name>): Promise<Results[Name]> =>
    Promise.resolve(instrument().handlers[name](input, { signal: new AbortController().signal, session: 'test' }));
}

export async function kept(instrument: Instrument, id: RecordingId): Promise<Kept> {
  await instrument.recordings.settled(id);
  const recording = instrument.recordings.get(id);
  const facts = recording.facts();
  const wire = recording.reader.read('wire', 0, recording.chunks.wireBytes);
  const pieces: { bytes: number; sinceHeadMicros: number }[] = [];
  recording.chunks.visit(0, recording.chunks.count, (run, _first, from, to) => {
    for (let i = from; i < to; i++) {
      const bytes = (run.offset[i + 1] as number) - (run.offset[i] as number);
      const last = pieces.at(-1);
      if (run.continues[i] === 1 && last !== undefined) last.bytes += bytes;
      else pieces.push({ bytes, sinceHeadMicros: (run.micros[i] as number) - (facts.head?.atMicros ?? 0) });
    }
  });
  return { id, facts, wire, pieces, sha256: createHash('sha256').update(wire).digest('hex') };
}

/** Sends a request and waits until it is kept. */
export async function recorded(
  instrument: Instrument,
  url: string,
  changes: Parameters<typeof requestFor>[1] = {},
): Promise<Kept> {
  const id = instrument.recordings.open(requestFor(url, changes), { framing: null });
  return kept(instrument, id);
}

/** Serves a recording for the time of `use`. */
export async function withReplay<T>(
  instrument: Instrument,
  id: RecordingId,
  options: Partial<ReplayOptions>,
  use: (replay: ReplayDescription) => Promise<T>,
): Promise<T> {
  const start = { id, options: { ...defaultReplayOptions, ...options }, port: 0 };
  const replay = await instrument.replays.start(start, new AbortController().signal);
  try {
    return await use(replay);
  } finally {
    await instrument.replays.stop(replay.replayId);
  }
}

/** Serves a recording, asks for it and keeps what comes. */
export function replayed(instrument: Instrument, id: RecordingId, options: Partial<ReplayOptions> = {}): Promise<Kept> {
  return withReplay(instrument, id, options, ({ replayId }) => kept(instrument, instrument.replays.open(replayId)));
}
