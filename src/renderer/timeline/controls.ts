import type { Micros } from '../../shared/words.ts';
import { openRecordingNow } from '../state/recording.ts';
import { registerCommands } from '../state/commands.ts';
import { useView, viewActions } from '../state/view.ts';
import type { TimelineController } from './timelineController.ts';
import type { TimeWindow } from '../ui/time/timeScale.ts';
import { panned, showable, zoomed } from './timeWindow.ts';

const zoomStep = 2;
const panStep = 0.2;
/** Zooming this close to the right edge of a live window means its end: it is followed further. */
const liveEdgeShare = 0.85;

let mounted: TimelineController | null = null;

/** Makes a timeline the one that commands act on; the returned function takes it away. */
export function mountTimeline(controller: TimelineController): () => void {
  mounted = controller;
  return () => {
    if (mounted === controller) mounted = null;
  };
}

/** Shows a window that the user chose; null: everything. The live end is no longer followed, but for the whole. */
export function showWindow(window: TimeWindow | null): void {
  if (window !== null && useView.getState().follow) viewActions.setFollow(false);
  viewActions.setVisible(window === null ? null : { fromMicros: window.fromMicros, toMicros: window.toMicros });
}

/** Zooms around a time. A live recording's end is followed on when the time lies close to it. */
export function zoomAround(controller: TimelineController, atMicros: Micros, factor: number): void {
  const scale = controller.scale();
  if (scale === null) return;
  const { endMicros, live } = controller.extent();
  const share = (atMicros - scale.fromMicros) / (scale.toMicros - scale.fromMicros);
  const { follow } = useView.getState();
  const wanted = zoomed(scale, atMicros, factor, endMicros);
  if (live && follow && share >= liveEdgeShare && wanted !== null) {
    viewActions.setVisible({ fromMicros: wanted.fromMicros, toMicros: wanted.toMicros });
  } else {
    showWindow(wanted);
  }
}

/** Moves by a share of the window: positive towards the end. */
export function panBy(controller: TimelineController, shareOfWindow: number): void {
  const scale = controller.scale();
  if (scale === null || useView.getState().visible === null) return;
  const width = scale.toMicros - scale.fromMicros;
  showWindow(panned(scale, shareOfWindow * width, controller.extent().endMicros));
}

export function zoomToSpan(): void {
  const { span } = useView.getState();
  if (span === null || mounted === null) return;
  showWindow(showable(span, mounted.extent().endMicros));
  viewActions.setSpan(null);
}

function zoomAtCentre(factor: number): void {
  const scale = mounted?.scale() ?? null;
  if (mounted === null || scale === null) return;
  const { live } = mounted.extent();
  const following = live && useView.getState().follow;
  zoomAround(mounted, following ? scale.toMicros : (scale.fromMicros + scale.toMicros) / 2, factor);
}

function isDrawn(): boolean {
  return mounted !== null && openRecordingNow().detail?.exchange.timesKnown === true;
}

function isLive(): boolean {
  const { advanced, detail } = openRecordingNow();
  return advanced?.live ?? detail?.summary.state === 'live';
}

registerCommands([
  {
    id: 'timeline.zoomIn',
    title: 'Zoom in',
    group: 'Timeline',
    keys: ['+', '='],
    when: isDrawn,
    run: () => zoomAtCentre(zoomStep),
  },
  {
    id: 'timeline.zoomOut',
    title: 'Zoom out',
    group: 'Timeline',
    keys: ['-'],
    when: isDrawn,
    run: () => zoomAtCentre(1 / zoomStep),
  },
  {
    id: 'timeline.fit',
    title: 'Fit the whole recording',
    group: 'Timeline',
    keys: ['0'],
    when: isDrawn,
    run: () => showWindow(null),
  },
  {
    id: 'timeline.panLeft',
    title: 'Move the timeline back',
    group: 'Timeline',
    keys: ['Shift+ArrowLeft'],
    when: isDrawn,
    run: () => mounted && panBy(mounted, -panStep),
  },
  {
    id: 'timeline.panRight',
    title: 'Move the timeline on',
    group: 'Timeline',
    keys: ['Shift+ArrowRight'],
    when: isDrawn,
    run: () => mounted && panBy(mounted, panStep),
  },
  {
    id: 'timeline.follow',
    title: 'Follow the live end',
    group: 'Timeline',
    keys: ['f'],
    when: isLive,
    run: () => viewActions.setFollow(true),
  },
  {
    id: 'timeline.zoomToSpan',
    title: 'Zoom to the selected span',
    group: 'Timeline',
    when: () => isDrawn() && useView.getState().span !== null,
    run: zoomToSpan,
  },
  {
    id: 'timeline.clearSpan',
    title: 'Give up the selected span',
    group: 'Timeline',
    keys: ['Escape'],
    when: () => mounted !== null && useView.getState().span !== null,
    run: () => viewActions.setSpan(null),
  },
]);
