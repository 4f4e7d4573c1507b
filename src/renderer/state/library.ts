import { create } from 'zustand';
import type { EngineClient } from '../../shared/calls.ts';
import type { Events } from '../../shared/events.ts';
import type { Failure } from '../../shared/failure.ts';
import type { RecordingSummary } from '../../shared/recording.ts';
import type { RecordingId } from '../../shared/words.ts';
import { pullCall } from './pull.ts';

interface LibraryState {
  /** Newest first. */
  readonly recordings: readonly RecordingSummary[];
  readonly loaded: boolean;
  readonly failure: Failure | null;
}

const useLibraryStore = create<LibraryState>()(() => ({ recordings: [], loaded: false, failure: null }));

export function useLibrary(): LibraryState {
  return useLibraryStore();
}

export function libraryNow(): LibraryState {
  return useLibraryStore.getState();
}

export function useSummary(id: RecordingId | null): RecordingSummary | undefined {
  return useLibraryStore((state) => state.recordings.find((recording) => recording.id === id));
}

/** Where a recording stands in a list that is newest first; recordings of one moment are ordered by id. */
function isBefore(a: RecordingSummary, b: RecordingSummary): boolean {
  return a.startedAt > b.startedAt || (a.startedAt === b.startedAt && a.id > b.id);
}

/** The list with one line changed, added or (`summary` null) taken out; still newest first. */
export function withChange(
  recordings: readonly RecordingSummary[],
  id: RecordingId,
  summary: RecordingSummary | null,
): readonly RecordingSummary[] {
  const at = recordings.findIndex((recording) => recording.id === id);
  if (summary === null) return at < 0 ? recordings : recordings.toSpliced(at, 1);
  if (at >= 0) return recordings.with(at, summary);
  const before = recordings.findIndex((recording) => isBefore(summary, recording));
  return recordings.toSpliced(before < 0 ? recordings.length : before, 0, summary);
}

/** A window in the background paints no frames, and is to know its library all the same. */
function onNextFrame(act: () => void): void {
  if (typeof requestAnimationFrame === 'undefined' || document.hidden) setTimeout(act, 0);
  else requestAnimationFrame(act);
}

let listAgain: (() => void) | null = null;

/** Lists the library once more, for a button that tries again. */
export function refreshLibrary(): void {
  listAgain?.();
}

/** Keeps the store at what the engine's library holds. Returns the function that ends it. */
export function followLibrary(engine: EngineClient): () => void {
  // Changes that came while the list was on its way may be newer than it.
  let changesMeanwhile: { readonly id: RecordingId; readonly summary: RecordingSummary | null }[] = [];

  const pull = pullCall(
    engine,
    'library.list',
    () => ({}),
    ({ recordings }) => {
      let list: readonly RecordingSummary[] = recordings.toSorted((a, b) => (isBefore(a, b) ? -1 : 1));
      for (const { id, summary } of changesMeanwhile) list = withChange(list, id, summary);
      useLibraryStore.setState({ recordings: list, loaded: true, failure: null });
    },
    (failure) => {
      useLibraryStore.setState({ loaded: true, failure });
    },
  );
  const ask = (): void => {
    changesMeanwhile = [];
    pull.ask();
  };
  // Where many streams are live, their changes come in flocks: the list is drawn once for all of a frame.
  let unseen: Events['library.changed'][] = [];
  let ended = false;
  const show = (): void => {
    const changes = unseen;
    unseen = [];
    if (ended) return;
    let { recordings } = useLibraryStore.getState();
    for (const { id, summary } of changes) recordings = withChange(recordings, id, summary);
    useLibraryStore.setState({ recordings });
  };
  const end = engine.subscribe('library.changed', (change) => {
    if (pull.running) changesMeanwhile.push(change);
    if (unseen.push(change) === 1) onNextFrame(show);
  });
  listAgain = ask;
  ask();

  return () => {
    ended = true;
    end();
    pull.end();
    listAgain = null;
  };
}
