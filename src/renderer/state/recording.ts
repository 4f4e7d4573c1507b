import { create } from 'zustand';
import type { EngineClient } from '../../shared/calls.ts';
import type { Events } from '../../shared/events.ts';
import type { Failure } from '../../shared/failure.ts';
import type { DialectDecision } from '../../shared/message.ts';
import type { RecordingDetail } from '../../shared/recording.ts';
import { pullCall } from './pull.ts';
import { useView } from './view.ts';

/** The open recording as far as the window knows it. All null when none is open. */
export interface RecordingLive {
  readonly detail: RecordingDetail | null;
  /** The newest event of this recording; null until one came. */
  readonly advanced: Events['recording.advanced'] | null;
  /** Why there is no (newer) detail. */
  readonly failure: Failure | null;
  /** The dialect whose message the engine has read, so that it tells what frames say; null for none. */
  readonly messageRead: string | null;
}

const nothing: RecordingLive = { detail: null, advanced: null, failure: null, messageRead: null };
const useRecordingStore = create<RecordingLive>()(() => nothing);

/** The open recording. Its facts are pulled again whenever they change; one subscription serves all users. */
export function useRecording(): RecordingLive {
  return useRecordingStore();
}

/** A part of the open recording: the component is drawn again only when that part changes. */
export function useRecordingPart<T>(select: (live: RecordingLive) => T): T {
  return useRecordingStore(select);
}

/** The same, read once, for code that runs outside of a component. */
export function openRecordingNow(): RecordingLive {
  return useRecordingStore.getState();
}

let pullAgain: (() => void) | null = null;

/** Pulls the open recording's facts once more, for a button that tries again. */
export function refreshRecording(): void {
  pullAgain?.();
}

function messageName({ dialect, variant }: DialectDecision): string {
  return `${dialect} ${variant ?? ''}`;
}

/** Keeps the store at the recording that is open in the view. Returns the function that ends it. */
export function followOpenRecording(engine: EngineClient): () => void {
  let id = useView.getState().recordingId;
  let askedRevision = -1;
  // An engine that is asked anew may have been restarted: what the former one said last no longer holds.
  useRecordingStore.setState({ advanced: null });

  const pull = pullCall(
    engine,
    'recording.read',
    () => {
      askedRevision = useRecordingStore.getState().advanced?.revision ?? -1;
      return id === null ? null : { id };
    },
    (detail, input) => {
      if (input.id !== id) return;
      useRecordingStore.setState({ detail, failure: null });
      if (detail.dialect === null) useRecordingStore.setState({ messageRead: null });
      else if (messageName(detail.dialect) !== useRecordingStore.getState().messageRead) messages.ask();
    },
    (failure, input) => {
      if (input.id === id) useRecordingStore.setState({ failure });
    },
  );

  const messages = pullCall(
    engine,
    'recording.messageRead',
    () => (id === null ? null : { id }),
    ({ decision }, input) => {
      if (input.id === id) useRecordingStore.setState({ messageRead: decision && messageName(decision) });
    },
    (failure, input) => {
      if (input.id === id) useRecordingStore.setState({ failure });
    },
  );

  const endEvents = engine.subscribe('recording.advanced', (advanced) => {
    if (advanced.id !== id) return;
    useRecordingStore.setState({ advanced });
    if (advanced.revision !== askedRevision) pull.ask();
  });
  const endView = useView.subscribe((view) => {
    if (view.recordingId === id) return;
    id = view.recordingId;
    useRecordingStore.setState(nothing, true);
    pull.ask();
  });
  pullAgain = () => pull.ask();
  pull.ask();

  return () => {
    endEvents();
    endView();
    pull.end();
    messages.end();
    pullAgain = null;
  };
}
