import type { EngineClient } from '../../shared/calls.ts';
import type { Events } from '../../shared/events.ts';
import type { Micros, RecordingId } from '../../shared/words.ts';

interface Heard {
  readonly advanced: Events['recording.advanced'];
  readonly atMillis: number;
}

// Outside of any store: a clock is read when it is painted, and must not make the window draw for every event.
const heard = new Map<RecordingId, Heard>();

/** The newest event of a live recording. */
export function lastHeardOf(id: RecordingId): Events['recording.advanced'] | undefined {
  return heard.get(id)?.advanced;
}

/** A live recording's clock now: what the engine last told, run on by this window's monotonic clock. */
export function liveNowMicros(id: RecordingId): Micros | null {
  const last = heard.get(id);
  if (last === undefined) return null;
  const { advanced, atMillis } = last;
  return advanced.live ? advanced.nowMicros + (performance.now() - atMillis) * 1_000 : advanced.nowMicros;
}

/** Keeps the clocks of all live recordings. Returns the function that ends it. */
export function followLiveClocks(engine: EngineClient): () => void {
  return engine.subscribe('recording.advanced', (advanced) => {
    if (advanced.live) heard.set(advanced.id, { advanced, atMillis: performance.now() });
    else heard.delete(advanced.id);
  });
}
