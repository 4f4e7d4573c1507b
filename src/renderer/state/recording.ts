import { create } from 'zustand';
import type { EngineClient } from '../../shared/calls.ts';
import type { Events } from '../../shared/events.ts';
import type { Failure } from '../../shared/failure.ts';
import type { RecordingDetail } from '../../shared/recording.ts';
import { failureOf, isCancelled } from './failureOf.ts';
import { latestWins } from './pull.ts';
import { useView } from './view.ts';

/** The open recording as far as the window knows it. All null when none is open. */
export interface RecordingLive {
  readonly detail: RecordingDetail | null;
  /** The newest event of this recording; null until one came. */
  readonly advanced: Events['recording.advanced'] | null;
  /** Why there is no (newer) detail. */
  readonly failure: Failure | null;
}

const nothing: RecordingLive = { detail: null, advanced: null, failure: null };
const useRecordingStore = create<RecordingLive>()(() => nothing);

/** The open recording. Its facts are pulled again whenever they change; one subscription serves all users. */
export function useRecording(): RecordingLive {
  return useRecordingStore();
}

/** The same, read once, for code that runs outside of a component. */
export function openRecordingNow(): RecordingLive {
  return useRecordingStore.getState();
}

/** A part of the open recording: the component is drawn again only when that part changes. */
export function useRecordingPart<T>(select: (live: RecordingLive) => T): T {
  return useRecordingStore(select);
}

let pullAgain: (() => void) | null = null;

/** Pulls the open recording's facts once more, for a button that tries again. */
export function refreshRecording(): void {
  pullAgain?.();
}

/** Keeps the store at the recording that is open in the view. Returns the function that ends it. */
export function followOpenRecording(engine: EngineClient): () => void {
  let id = useView.getState().recordingId;
  let heldRevision = -1;

  const pull = latestWins(async (signal) => {
    const wanted = id;
    if (wanted === null) return;
    const askedRevision = useRecordingStore.getState().advanced?.revision ?? 0;
    try {
      const detail = await engine.call('recording.read', { id: wanted }, signal);
      if (wanted !== id) return;
      heldRevision = askedRevision;
      useRecordingStore.setState({ detail, failure: null });
    } catch (error) {
      if (!isCancelled(error) && wanted === id) useRecordingStore.setState({ failure: failureOf(error) });
    }
  });

  const endEvents = engine.subscribe('recording.advanced', (advanced) => {
    if (advanced.id !== id) return;
    useRecordingStore.setState({ advanced });
    if (advanced.revision !== heldRevision) pull.ask();
  });
  const endView = useView.subscribe((view) => {
    if (view.recordingId === id) return;
    id = view.recordingId;
    heldRevision = -1;
    useRecordingStore.setState(nothing, true);
    pull.ask();
  });
  pullAgain = () => {
    pull.ask();
  };
  pull.ask();

  return () => {
    endEvents();
    endView();
    pull.end();
    pullAgain = null;
    useRecordingStore.setState(nothing, true);
  };
}
