import type { EngineClient } from '../../shared/calls.ts';
import type { RecordingId } from '../../shared/words.ts';
import { failureOf, isCancelled } from '../state/failureOf.ts';
import { latestWins } from '../state/pull.ts';
import { viewActions } from '../state/view.ts';

export interface FilterProblem {
  readonly message: string;
  /** Position in the filter's text; null where there is none. */
  readonly at: number | null;
}

/** How far the open filter has come. */
export interface FilterState {
  readonly id: RecordingId | null;
  readonly text: string;
  /** Null while the text is empty, being opened or wrong. */
  readonly filterId: string | null;
  readonly matches: number;
  readonly scannedFrames: number;
  /** Frames so long that only their beginning was searched for text. */
  readonly partlySearched: number;
  readonly done: boolean;
  readonly problem: FilterProblem | null;
}

const none: FilterState = {
  id: null,
  text: '',
  filterId: null,
  matches: 0,
  scannedFrames: 0,
  partlySearched: 0,
  done: true,
  problem: null,
};

/** Typing is over when no key came for this long. */
const typingMillis = 180;

/**
 * The one filter of a window. It outlives the table that shows its rows, so that going to another tab and back does not
 * search a large recording again; it is closed when its text or the recording changes.
 */
class FilterSession {
  readonly #engine: EngineClient;
  readonly #listeners = new Set<() => void>();
  readonly #opening = latestWins((signal) => this.#open(signal));
  #wished: { readonly id: RecordingId | null; readonly text: string } = none;
  #state = none;
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(engine: EngineClient) {
    this.#engine = engine;
    engine.subscribe('filter.advanced', ({ filterId, matches, scannedFrames, partlySearched, done }) => {
      const news = { matches, scannedFrames, partlySearched, done };
      if (filterId === this.#state.filterId) this.#set({ ...this.#state, ...news });
      else this.#early.set(filterId, news);
    });
  }

  /** News of a filter may come before the answer that names it. */
  readonly #early = new Map<string, Pick<FilterState, 'matches' | 'scannedFrames' | 'partlySearched' | 'done'>>();

  readonly subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };

  readonly state = (): FilterState => this.#state;

  /** What the filter should be; opened when it has stood for a moment. */
  wish(id: RecordingId | null, text: string): void {
    const trimmed = text.trim();
    if (id === this.#wished.id && trimmed === this.#wished.text) return;
    const otherRecording = id !== this.#wished.id;
    this.#wished = { id, text: trimmed };
    clearTimeout(this.#timer);
    if (otherRecording || trimmed === '') this.#opening.ask();
    else this.#timer = setTimeout(() => this.#opening.ask(), typingMillis);
  }

  async #open(signal: AbortSignal): Promise<void> {
    const { id, text } = this.#wished;
    const before = this.#state;
    if (before.id === id && before.text === text) return;
    this.#early.clear();
    try {
      const filterId =
        id === null || text === ''
          ? null
          : (await this.#engine.call('filter.open', { id, expression: text }, signal)).filterId;
      const early = filterId === null ? undefined : this.#early.get(filterId);
      this.#set({ ...none, id, text, filterId, done: filterId === null, ...early });
    } catch (error) {
      if (isCancelled(error)) return;
      const { message, data } = failureOf(error);
      const at = data?.['at'];
      this.#set({ ...none, id, text, problem: { message, at: typeof at === 'number' ? at : null } });
    }
    if (before.filterId !== null) await this.#close(before.filterId, signal);
  }

  async #close(filterId: string, signal: AbortSignal): Promise<void> {
    try {
      await this.#engine.call('filter.close', { filterId }, signal);
    } catch (error) {
      // The session that owned the filter is gone, and the filter with it.
      failureOf(error);
    }
  }

  #set(state: FilterState): void {
    const changed = state.filterId !== this.#state.filterId || state.problem !== this.#state.problem;
    this.#state = state;
    if (changed) viewActions.setFilter(state.filterId, state.problem?.message ?? null);
    for (const listener of this.#listeners) listener();
  }
}

export type { FilterSession };
const sessions = new WeakMap<EngineClient, FilterSession>();

/** The filter of the window that this engine serves. */
export function filterOf(engine: EngineClient): FilterSession {
  let session = sessions.get(engine);
  if (session === undefined) {
    session = new FilterSession(engine);
    sessions.set(engine, session);
  }
  return session;
}
