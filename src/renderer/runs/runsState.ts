import { create } from 'zustand';
import type { RunSetId } from '../../shared/runs.ts';
import { showOverlay } from '../state/overlay.ts';

interface RunsState {
  /** The set that is shown; null: a new one is being made. */
  readonly shown: RunSetId | null;
  /** The set it is compared with; null: none. */
  readonly against: RunSetId | null;
}

export const useRuns = create<RunsState>()(() => ({ shown: null, against: null }));

/** @param id null: the form for a new set */
export function showRunSet(id: RunSetId | null): void {
  useRuns.setState({ shown: id, against: null });
}

/** Compares the shown set with an earlier one; null: with none. */
export function compareWith(id: RunSetId | null): void {
  useRuns.setState({ against: id });
}

export function openRuns(): void {
  showOverlay('runs');
}
