import { useEffect, useState } from 'react';
import { useEngine } from '../state/EngineContext.tsx';
import { failureOf, isCancelled } from '../state/failureOf.ts';
import type { Micros, RecordingId } from '../../shared/words.ts';

/** When a frame arrived, pulled for the cursor; null while it is not known. The last known time stays until the next is. */
export function useSelectedMicros(id: RecordingId, frame: number | null): Micros | null {
  const engine = useEngine();
  const [known, setKnown] = useState<{ readonly frame: number; readonly micros: Micros } | null>(null);
  useEffect(() => {
    if (frame === null) return undefined;
    const controller = new AbortController();
    const input = { id, from: frame, count: 1, filterId: null, foldHeartbeats: false };
    engine.call('recording.rows', input, controller.signal).then(
      (rows) => {
        const micros = rows.micros[0];
        setKnown(micros === undefined || Number.isNaN(micros) ? null : { frame, micros });
      },
      (error: unknown) => {
        // The table shows why rows cannot be read; a cursor has no room to.
        if (!isCancelled(error) && failureOf(error).code !== 'engine/gone') setKnown(null);
      },
    );
    return () => controller.abort();
  }, [engine, id, frame]);
  return frame === null ? null : (known?.micros ?? null);
}
