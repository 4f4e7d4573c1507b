import type { EngineClient } from '../../shared/calls.ts';
import type { RecordingId } from '../../shared/words.ts';

/**
 * The frame whose bytes hold a body offset, or the nearest before it; null without frames. Frames ascend with their
 * offsets, so it takes as many rows as the number of frames has binary digits.
 */
export async function frameAtOffset(
  engine: EngineClient,
  id: RecordingId,
  offset: number,
  frames: number,
  signal: AbortSignal,
): Promise<number | null> {
  let low = 0;
  let high = frames;
  while (low < high) {
    const middle = Math.floor((low + high) / 2);
    const input = { id, from: middle, count: 1, filterId: null, foldHeartbeats: false };
    const rows = await engine.call('recording.rows', input, signal);
    const begins = rows.offset[0];
    if (begins !== undefined && begins <= offset) low = middle + 1;
    else high = middle;
  }
  return low === 0 ? (frames > 0 ? 0 : null) : low - 1;
}

/** An offset as a person types it: `15402`, `15,402` or `0x3c2a`; null for anything else. */
export function parseOffset(text: string): number | null {
  const plain = text.trim().replace(/[,_\s]/g, '');
  const offset = /^0x[0-9a-f]+$/i.test(plain) ? parseInt(plain, 16) : /^\d+$/.test(plain) ? Number(plain) : NaN;
  return Number.isSafeInteger(offset) ? offset : null;
}
