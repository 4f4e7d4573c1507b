import { create } from 'zustand';
import { usuallyIgnoredKeys, type Alignment, type FrameCriterion } from '../../shared/compare.ts';
import type { RecordingId } from '../../shared/words.ts';
import { viewActions } from './view.ts';

/** What the user compares, and how. */
interface ComparingState {
  /** What each recording is compared with; both know of each other. */
  readonly others: ReadonlyMap<RecordingId, RecordingId>;
  readonly align: Alignment;
  readonly criterion: FrameCriterion;
  readonly ignore: readonly string[];
}

export const useComparing = create<ComparingState>()(() => ({
  others: new Map(),
  align: 'start',
  criterion: 'json',
  ignore: usuallyIgnoredKeys,
}));

export const comparingActions = {
  /** Compares the one with the other, from either of them. */
  choose(id: RecordingId, other: RecordingId): void {
    const { others } = useComparing.getState();
    useComparing.setState({ others: new Map([...others, [other, id], [id, other]]) });
  },
  setAlign(align: Alignment): void {
    useComparing.setState({ align });
  },
  setCriterion(criterion: FrameCriterion): void {
    useComparing.setState({ criterion });
  },
  setIgnore(ignore: readonly string[]): void {
    useComparing.setState({ ignore });
  },
} as const;

/** Opens a recording of a comparison at one of its frames. */
export function showComparedFrame(id: RecordingId, frame: number): void {
  viewActions.openRecording(id);
  viewActions.selectFrame(frame, 'keys');
  viewActions.setTab('frames');
}
