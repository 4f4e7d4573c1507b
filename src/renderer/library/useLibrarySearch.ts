import { useEffect, useRef, useState } from 'react';
import type { Failure } from '../../shared/failure.ts';
import type { LibrarySearchResult, LibrarySort } from '../../shared/library.ts';
import type { RecordingSummary } from '../../shared/recording.ts';
import { useEngine } from '../state/EngineContext.tsx';
import { pullCall, type Pull } from '../state/pull.ts';

/** How soon a search is made again while texts are still being taken in. */
const indexingMillis = 500;

export interface LibrarySearchState {
  /** The newest answer, of an earlier question while a new one is on its way; null: nothing is searched for. */
  readonly result: LibrarySearchResult | null;
  readonly failure: Failure | null;
  /** What `result` answers. */
  readonly answered: string;
}

const nothing: LibrarySearchState = { result: null, failure: null, answered: '' };

/** Searches the library, again whenever it changes. An empty search in the usual order needs no asking. */
export function useLibrarySearch(
  expression: string,
  sort: LibrarySort,
  recordings: readonly RecordingSummary[],
): LibrarySearchState {
  const engine = useEngine();
  const [state, setState] = useState<LibrarySearchState>(nothing);
  const wanted = expression.trim();
  const asks = wanted !== '' || sort !== 'newest';
  const question = useRef({ expression: wanted, sort });
  const pull = useRef<Pull | null>(null);

  useEffect(() => {
    const pulling = pullCall(
      engine,
      'library.search',
      () => question.current,
      (result, asked) => setState({ result, failure: null, answered: asked.expression }),
      // What was found before stays in sight while a word is being typed.
      (failure) => setState((before) => ({ ...before, failure })),
    );
    pull.current = pulling;
    return () => pulling.end();
  }, [engine]);

  useEffect(() => {
    question.current = { expression: wanted, sort };
    if (asks) pull.current?.ask();
  }, [engine, wanted, sort, asks, recordings]);

  const isIndexing = asks && (state.result?.unindexed ?? 0) > 0;
  useEffect(() => {
    if (!isIndexing) return;
    const timer = setInterval(() => pull.current?.ask(), indexingMillis);
    return () => clearInterval(timer);
  }, [isIndexing]);

  return asks ? state : nothing;
}
