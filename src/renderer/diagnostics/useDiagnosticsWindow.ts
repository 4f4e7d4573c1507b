import { useCallback, useEffect, useRef, useState } from 'react';
import type { Diagnostic } from '../../shared/diagnostic.ts';
import type { Failure } from '../../shared/failure.ts';
import type { DiagnosticsPage } from '../../shared/recording.ts';
import type { RecordingId } from '../../shared/words.ts';
import { useEngine } from '../state/EngineContext.tsx';
import { pullCall, type Pull } from '../state/pull.ts';

const pageSize = 200;

export interface DiagnosticsWindow {
  /** The newest answer: total and rules hold for the whole list, items for a part of it. */
  readonly page: DiagnosticsPage | null;
  readonly failure: Failure | null;
  /** The diagnostic in a row, undefined while it has not been pulled. */
  at(row: number): Diagnostic | undefined;
  /** Rows that are in view now. */
  readonly show: (first: number, last: number) => void;
  readonly again: () => void;
}

/**
 * Holds the part of a recording's diagnostics that is in view.
 *
 * @param known how many there are as far as events told; a change pulls anew
 */
export function useDiagnosticsWindow(id: RecordingId, known: number): DiagnosticsWindow {
  const engine = useEngine();
  const [answer, setAnswer] = useState<{ readonly from: number; readonly page: DiagnosticsPage } | null>(null);
  const [failure, setFailure] = useState<Failure | null>(null);
  const from = useRef(0);
  const pull = useRef<Pull>(null);

  useEffect(() => {
    const created = pullCall(
      engine,
      'recording.diagnostics',
      () => ({ id, from: from.current, count: pageSize }),
      (page, asked) => {
        setAnswer({ from: asked.from, page });
        setFailure(null);
      },
      setFailure,
    );
    pull.current = created;
    return () => created.end();
  }, [engine, id]);

  useEffect(() => {
    pull.current?.ask();
  }, [engine, id, known]);

  const show = useCallback((first: number, last: number) => {
    if (first >= from.current && last < from.current + pageSize) return;
    from.current = Math.max(0, Math.floor((first + last - pageSize) / 2));
    pull.current?.ask();
  }, []);
  const again = useCallback(() => pull.current?.ask(), []);

  return {
    page: answer?.page ?? null,
    failure,
    at: (row) => (answer === null ? undefined : answer.page.items[row - answer.from]),
    show,
    again,
  };
}
