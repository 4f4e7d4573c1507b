import { create, type StoreApi, type UseBoundStore } from 'zustand';
import type { RecordingId } from '../../shared/words.ts';

export const tabs = ['frames', 'message', 'diagnostics', 'timing', 'raw', 'exchange', 'compare'] as const;
export type Tab = (typeof tabs)[number];
/** A panel of something that runs beside the recordings; it takes the place of the open one while it is shown. */
export type Panel = 'mock' | 'proxy';
export type InspectorView = 'json' | 'text' | 'hex' | 'delta';

/** Where a selection came from, so that its own view does not scroll away under the pointer. */
export type SelectionOrigin = 'table' | 'timeline' | 'diagnostics' | 'keys' | 'raw' | 'message';

export interface Span {
  readonly fromMicros: number;
  readonly toMicros: number;
}

/** What the user is looking at in the open recording. Nothing here is data of the recording itself. */
export interface ViewState {
  readonly recordingId: RecordingId | null;
  /** Shown in place of the open recording, which stays open behind it; null: the recording itself, or the start. */
  readonly panel: Panel | null;
  /** One selection rules all views. */
  readonly selectedFrame: number | null;
  readonly selectionOrigin: SelectionOrigin | null;
  /** Follow the live end. */
  readonly follow: boolean;
  /** The timeline's window; null fits all. */
  readonly visible: Span | null;
  /** Shift-drag selection on the timeline. */
  readonly span: Span | null;
  readonly filterText: string;
  /** The engine's running filter for `filterText`, null while there is none. */
  readonly filterId: string | null;
  readonly filterProblem: string | null;
  readonly foldHeartbeats: boolean;
  readonly tab: Tab;
  readonly inspectorView: InspectorView;
}

const closed = {
  recordingId: null,
  selectedFrame: null,
  selectionOrigin: null,
  follow: true,
  visible: null,
  span: null,
  filterText: '',
  filterId: null,
  filterProblem: null,
} as const satisfies Partial<ViewState>;

export const useView: UseBoundStore<StoreApi<ViewState>> = create<ViewState>()(() => ({
  ...closed,
  panel: null,
  foldHeartbeats: false,
  tab: 'frames',
  inspectorView: 'json',
}));

/** Every change of the view. Opening the recording that is open already changes nothing but that it is shown again. */
export const viewActions = {
  openRecording(id: RecordingId | null): void {
    if (useView.getState().recordingId !== id) useView.setState({ ...closed, recordingId: id, panel: null });
    else viewActions.showPanel(null);
  },
  showPanel(panel: Panel | null): void {
    if (useView.getState().panel !== panel) useView.setState({ panel });
  },
  /** Selecting a frame anywhere but at the live end stops following: the user has moved. */
  selectFrame(frame: number | null, origin: SelectionOrigin): void {
    useView.setState(
      frame === null
        ? { selectedFrame: null, selectionOrigin: origin }
        : { selectedFrame: frame, selectionOrigin: origin, follow: false },
    );
  },
  /** Following shows the newest, so it also gives up a timeline window that was zoomed into the past. */
  setFollow(follow: boolean): void {
    useView.setState(follow ? { follow, visible: null } : { follow });
  },
  setVisible(visible: Span | null): void {
    useView.setState({ visible });
  },
  setSpan(span: Span | null): void {
    useView.setState({ span });
  },
  setFilterText(filterText: string): void {
    useView.setState({ filterText });
  },
  /** What became of the filter text: the engine's filter, or why it is none. */
  setFilter(filterId: string | null, filterProblem: string | null): void {
    useView.setState({ filterId, filterProblem });
  },
  setFoldHeartbeats(foldHeartbeats: boolean): void {
    useView.setState({ foldHeartbeats });
  },
  setTab(tab: Tab): void {
    useView.setState({ tab, panel: null });
  },
  setInspectorView(inspectorView: InspectorView): void {
    useView.setState({ inspectorView });
  },
} as const;

/** A recording is open and nothing lies over it. */
export function showsRecording({ recordingId, panel }: ViewState): boolean {
  return recordingId !== null && panel === null;
}
