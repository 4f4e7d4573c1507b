import type { EngineClient } from '../../shared/calls.ts';
import type { Micros, RecordingId } from '../../shared/words.ts';

/** The frame whose arrival is nearest to a time; of frames that came together, the first. Null without frames. */
export async function nearestFrame(
  engine: EngineClient,
  id: RecordingId,
  micros: Micros,
  signal: AbortSignal,
): Promise<number | null> {
  const { frame } = await engine.call('recording.frameAt', { id, micros: Math.round(micros) }, signal);
  if (frame === null || frame === 0) return frame;
  const input = { id, from: frame - 1, count: 2, filterId: null, foldHeartbeats: false };
  const rows = await engine.call('recording.rows', input, signal);
  const before = rows.micros[0];
  const after = rows.micros[1];
  if (before === undefined || after === undefined || micros - before >= after - micros) return frame;
  const first = frame - 1 - ((rows.indexInChunk[0] ?? 1) - 1);
  return Math.max(0, first);
}
