import { registerCommands, type CommandContext } from '../state/commands.ts';
import { failureOf, isCancelled } from '../state/failureOf.ts';
import { openRecordingNow } from '../state/recording.ts';
import { showsRecording, useView, viewActions } from '../state/view.ts';
import type { Failure } from '../../shared/failure.ts';

/** What the commands act on: the table that is mounted. */
export interface MountedTable {
  moveBy(rows: number): void;
  moveToFirst(): void;
  moveToLast(): void;
  /** Rows that a page key goes by. */
  readonly pageRows: number;
  focusFilter(): void;
  /** The selected row as tab-separated text; null without one. */
  copyText(): string | null;
  showFailure(failure: Failure): void;
}

let mounted: MountedTable | null = null;

/** Makes a table the one that commands act on; the returned function takes it away. */
export function mountTable(table: MountedTable): () => void {
  mounted = table;
  return () => {
    if (mounted === table) mounted = null;
  };
}

const group = 'Frames';
const isMounted = (): boolean => mounted !== null;
const hasFrames = (): boolean => {
  const { detail, advanced } = openRecordingNow();
  return (advanced?.counts.frames ?? detail?.summary.counts.frames ?? 0) > 0;
};
const canMove = (): boolean => isMounted() && hasFrames();

async function seek(
  { engine }: CommandContext,
  to: 'diagnostic' | 'stall',
  direction: 'next' | 'previous',
): Promise<void> {
  const { recordingId, selectedFrame } = useView.getState();
  if (recordingId === null) return;
  const from = selectedFrame ?? (direction === 'next' ? -1 : Number.MAX_SAFE_INTEGER);
  try {
    const { frame } = await engine.call('recording.seek', { id: recordingId, from, to, direction });
    if (frame !== null && useView.getState().recordingId === recordingId) viewActions.selectFrame(frame, 'keys');
  } catch (error) {
    if (!isCancelled(error)) mounted?.showFailure(failureOf(error));
  }
}

/** Without a table in sight the filter belongs to the tab that has it. */
function showFilter(): void {
  viewActions.setTab('frames');
  requestAnimationFrame(() => mounted?.focusFilter());
}

async function copyRow(): Promise<void> {
  const text = mounted?.copyText() ?? null;
  if (text !== null) await navigator.clipboard.writeText(text);
}

/** Text that is marked anywhere is what Mod+C means. */
function nothingMarked(): boolean {
  return window.getSelection()?.isCollapsed ?? true;
}

registerCommands([
  {
    id: 'frames.next',
    title: 'Next frame',
    group,
    keys: ['j', 'ArrowDown'],
    when: canMove,
    run: () => mounted?.moveBy(1),
  },
  {
    id: 'frames.previous',
    title: 'Previous frame',
    group,
    keys: ['k', 'ArrowUp'],
    when: canMove,
    run: () => mounted?.moveBy(-1),
  },
  {
    id: 'frames.pageDown',
    title: 'A page of frames on',
    group,
    keys: ['PageDown'],
    when: canMove,
    run: () => mounted?.moveBy(mounted.pageRows),
  },
  {
    id: 'frames.pageUp',
    title: 'A page of frames back',
    group,
    keys: ['PageUp'],
    when: canMove,
    run: () => mounted?.moveBy(-mounted.pageRows),
  },
  {
    id: 'frames.first',
    title: 'First frame',
    group,
    keys: ['g', 'Home'],
    when: canMove,
    run: () => mounted?.moveToFirst(),
  },
  {
    id: 'frames.last',
    title: 'Last frame',
    group,
    keys: ['G', 'End'],
    when: canMove,
    run: () => mounted?.moveToLast(),
  },
  {
    id: 'frames.nextDiagnostic',
    title: 'Next diagnostic',
    group,
    keys: ['n'],
    when: hasFrames,
    run: (context) => void seek(context, 'diagnostic', 'next'),
  },
  {
    id: 'frames.previousDiagnostic',
    title: 'Previous diagnostic',
    group,
    keys: ['N'],
    when: hasFrames,
    run: (context) => void seek(context, 'diagnostic', 'previous'),
  },
  {
    id: 'frames.nextStall',
    title: 'Next stall',
    group,
    keys: ['s'],
    when: hasFrames,
    run: (context) => void seek(context, 'stall', 'next'),
  },
  {
    id: 'frames.previousStall',
    title: 'Previous stall',
    group,
    keys: ['S'],
    when: hasFrames,
    run: (context) => void seek(context, 'stall', 'previous'),
  },
  {
    id: 'frames.filter',
    title: 'Filter frames',
    group,
    keys: ['Mod+F', '/'],
    when: () => showsRecording(useView.getState()),
    run: showFilter,
  },
  {
    id: 'frames.fold',
    title: 'Fold heartbeats',
    group,
    when: hasFrames,
    run: () => viewActions.setFoldHeartbeats(!useView.getState().foldHeartbeats),
  },
  {
    id: 'frames.copyRow',
    title: 'Copy the selected row',
    group,
    keys: ['Mod+C'],
    when: () => isMounted() && useView.getState().selectedFrame !== null && nothingMarked(),
    run: () => void copyRow(),
  },
]);
