import {
  useCallback,
  useEffect,
  useMemo,
  useRef,
  useState,
  useSyncExternalStore,
  type CSSProperties,
  type MouseEvent,
  type ReactNode,
} from 'react';
import { ArrowDownToLine } from 'lucide-react';
import type { Failure } from '../../shared/failure.ts';
import type { RecordingCounts } from '../../shared/recording.ts';
import type { RecordingId } from '../../shared/words.ts';
import { useEngine } from '../state/EngineContext.tsx';
import { refreshRecording, useRecording } from '../state/recording.ts';
import { useSettings } from '../state/settings.ts';
import { useView, viewActions } from '../state/view.ts';
import { Button } from '../ui/Button.tsx';
import { FailureBox } from '../ui/FailureBox.tsx';
import { formatQuantity } from '../ui/format.ts';
import { PaneLoading, PaneMessage } from '../ui/PaneMessage.tsx';
import { gridTracks, shownColumns, type Column } from './columns.ts';
import { mountTable } from './commands.ts';
import { FilterBox, useFilter } from './FilterBox.tsx';
import { FrameHeader, headerId } from './FrameHeader.tsx';
import { FrameRow } from './FrameRow.tsx';
import { FrameTable } from './frameTable.ts';
import { cellText, type TimeStyle } from './rowCells.ts';
import { TableCursor } from './tableCursor.ts';
import { TypeChips } from './TypeChips.tsx';
import './frames.css';

/** Counts of types come with the recording's facts, which are not told of every frame. */
const typesEveryMillis = 1_000;

/** The frames of the open recording as a table; fills its parent. */
export function FramesView() {
  const id = useView((view) => view.recordingId);
  return id === null ? null : <FramesOf key={id} id={id} />;
}

function FramesOf({ id }: { readonly id: RecordingId }) {
  const { detail, advanced, failure } = useRecording();
  const filter = useFilter();
  const filterInput = useRef<HTMLInputElement>(null);
  const focusFilter = useCallback(() => filterInput.current?.select(), []);
  const fold = useView((view) => view.foldHeartbeats);
  const filterId = useView((view) => view.filterId);
  const counts = advanced?.counts ?? detail?.summary.counts ?? null;
  const live = advanced?.live ?? detail?.summary.state === 'live';

  useEffect(() => {
    if (!live) return undefined;
    const timer = setInterval(refreshRecording, typesEveryMillis);
    return () => clearInterval(timer);
  }, [live]);

  if (detail === null) {
    if (failure === null) return <PaneLoading label="Opening the recording" />;
    return <FailureBox failure={failure} onRetry={refreshRecording} />;
  }
  const frames = counts?.frames ?? 0;
  const total = filterId !== null ? filter.matches : fold ? frames - (counts?.heartbeats ?? 0) : frames;
  return (
    <div className="ss-frames">
      <div className="ss-frames-bar">
        <TypeChips types={detail.types} />
        {counts !== null && <FoldToggle counts={counts} fold={fold} filtered={filterId !== null} />}
        <FilterBox filter={filter} inputRef={filterInput} />
      </div>
      <FrameGrid
        id={id}
        total={total}
        live={live}
        framedAs={`${detail.framing?.framing ?? ''} ${detail.framing?.shape ?? ''} ${detail.summary.state}`}
        startedAt={detail.exchange.startedAt}
        focusFilter={focusFilter}
        empty={<Nothing live={live} filtered={filterId !== null} searching={!filter.done} frames={frames} />}
      />
    </div>
  );
}

function FoldToggle({
  counts,
  fold,
  filtered,
}: {
  readonly counts: RecordingCounts;
  readonly fold: boolean;
  readonly filtered: boolean;
}) {
  if (counts.heartbeats === 0) return null;
  const many = formatQuantity(counts.heartbeats, 'heartbeat');
  return (
    <button
      type="button"
      className="ss-chip ss-frames-fold"
      aria-pressed={fold}
      disabled={filtered}
      title={filtered ? 'A filter decides itself what is shown' : 'Comments and blank keep-alive lines'}
      onClick={() => viewActions.setFoldHeartbeats(!fold)}
    >
      {fold ? `${many} folded` : `Fold ${many}`}
    </button>
  );
}

interface NothingProps {
  readonly live: boolean;
  readonly filtered: boolean;
  readonly searching: boolean;
  readonly frames: number;
}

/** Why the table has no rows. */
function Nothing({ live, filtered, searching, frames }: NothingProps) {
  if (filtered && searching) return <PaneLoading label="Searching the frames" />;
  if (filtered) {
    return (
      <PaneMessage title="No frame matches the filter">
        <span>{formatQuantity(frames, 'frame')} were looked at.</span>
        <Button onClick={() => viewActions.setFilterText('')}>Clear the filter</Button>
      </PaneMessage>
    );
  }
  if (frames > 0) {
    return (
      <PaneMessage title="All frames are heartbeats">
        <Button onClick={() => viewActions.setFoldHeartbeats(false)}>Show them</Button>
      </PaneMessage>
    );
  }
  return live ? (
    <PaneMessage title="No frame yet">Frames appear here as soon as their last byte arrives.</PaneMessage>
  ) : (
    <PaneMessage title="No frames">The body of this answer is empty.</PaneMessage>
  );
}

interface FrameGridProps {
  readonly id: RecordingId;
  readonly total: number;
  readonly live: boolean;
  /** Changes when what was pulled before is no longer true. */
  readonly framedAs: string;
  readonly startedAt: number;
  readonly focusFilter: () => void;
  readonly empty: ReactNode;
}

function FrameGrid({ id, total, live, framedAs, startedAt, focusFilter, empty }: FrameGridProps) {
  const engine = useEngine();
  const settings = useSettings();
  const shown = useMemo(() => shownColumns(settings), [settings]);
  const times = useMemo<TimeStyle>(() => ({ mode: settings.timeMode, startedAt }), [settings.timeMode, startedAt]);
  const { follow, filterId, foldHeartbeats, selectedFrame } = useView();
  const [parts, setParts] = useState<{ readonly table: FrameTable; readonly cursor: TableCursor } | null>(null);
  const [failure, setFailure] = useState<Failure | null>(null);
  const stick = live && follow;

  const mountScroller = useCallback(
    (scroller: HTMLDivElement) => {
      const spacer = scroller.firstElementChild;
      if (!(spacer instanceof HTMLElement)) throw new Error('the frame table has nothing to scroll');
      const table = new FrameTable(engine, id);
      const cursor = new TableCursor(engine, id, table, setFailure);
      const detach = table.scroll.attach(scroller, spacer, userScrolled);
      setParts({ table, cursor });
      return () => {
        detach();
        cursor.dispose();
        table.dispose();
        setParts(null);
      };
    },
    [engine, id],
  );

  useEffect(() => parts?.table.setSource({ filterId, foldHeartbeats }), [parts, filterId, foldHeartbeats]);
  useEffect(() => parts?.table.setTotal(total, stick), [parts, total, stick]);
  useEffect(() => parts?.table.reload(), [parts, framedAs]);
  useEffect(() => {
    parts?.cursor.selectionChanged(selectedFrame);
  }, [parts, selectedFrame]);
  useEffect(() => {
    const { selectedFrame: frame } = useView.getState();
    if (frame !== null) parts?.cursor.show(frame);
  }, [parts, filterId, foldHeartbeats]);
  useEffect(() => {
    if (parts === null) return undefined;
    const { table, cursor } = parts;
    return mountTable({
      moveBy: (rows) => cursor.moveBy(rows),
      moveToFirst: () => cursor.moveTo(0),
      moveToLast: () => cursor.moveTo(Infinity),
      get pageRows() {
        return table.scroll.rowsPerPage;
      },
      focusFilter,
      copyText: () => copied(table, cursor.row, shown, times),
      showFailure: setFailure,
    });
  }, [parts, focusFilter, shown, times]);

  const onClick = (event: MouseEvent): void => {
    const row = event.target instanceof Element ? event.target.closest('[data-row]') : null;
    const number = Number(row?.getAttribute('data-row') ?? NaN);
    if (Number.isFinite(number)) parts?.cursor.moveTo(number, 'table');
  };

  return (
    <div className="ss-frame-grid" style={{ '--ss-frame-tracks': gridTracks(shown, settings.panes) } as CSSProperties}>
      <FrameHeader shown={shown} timeTitle={settings.timeMode === 'absolute' ? 'Time' : 'Time ms'} />
      <div
        ref={mountScroller}
        className="ss-frame-scroller"
        role="grid"
        aria-label="Frames"
        aria-owns={headerId}
        aria-rowcount={total + 1}
        aria-colcount={shown.length}
        aria-activedescendant={selectedFrame === null ? undefined : `ss-frame-${String(selectedFrame)}`}
        tabIndex={0}
        onClick={onClick}
      >
        <div className="ss-frame-spacer">
          {parts !== null && <Rows table={parts.table} shown={shown} times={times} selectedFrame={selectedFrame} />}
        </div>
      </div>
      {total === 0 && <div className="ss-frames-empty">{empty}</div>}
      {live && !follow && (
        <Button className="ss-frames-follow" look="primary" onClick={() => viewActions.setFollow(true)}>
          <ArrowDownToLine aria-hidden size={13} /> Follow live
        </Button>
      )}
      {failure !== null && <FailureBox failure={failure} onRetry={() => setFailure(null)} />}
    </div>
  );
}

interface RowsProps {
  readonly table: FrameTable;
  readonly shown: readonly Column[];
  readonly times: TimeStyle;
  readonly selectedFrame: number | null;
}

function Rows({ table, shown, times, selectedFrame }: RowsProps) {
  const { rows, shiftPixels, failure } = useSyncExternalStore(table.subscribe, table.snapshot);
  // An element per place, not per row: scrolling changes texts, and makes no elements.
  const places = rows.length + 1;
  return (
    <div className="ss-frame-view" role="rowgroup">
      <div className="ss-frame-rows" style={{ translate: `0 ${String(-shiftPixels)}px` }}>
        {rows.map(({ row, at }, place) => (
          <FrameRow
            key={place % places}
            row={row}
            rows={at?.page ?? null}
            i={at?.i ?? 0}
            selected={at !== null && selectedFrame !== null && at.page.n[at.i] === selectedFrame}
            shown={shown}
            times={times}
          />
        ))}
      </div>
      {failure !== null && <FailureBox failure={failure} onRetry={() => table.reload()} />}
    </div>
  );
}

/** The user's own scrolling ends following, and starts it again at the end. */
function userScrolled(atEnd: boolean): void {
  const { follow, visible } = useView.getState();
  if (follow && !atEnd) viewActions.setFollow(false);
  else if (!follow && atEnd && visible === null) viewActions.setFollow(true);
}

function copied(table: FrameTable, row: number, shown: readonly Column[], times: TimeStyle): string | null {
  const found = table.snapshot().rows.find((candidate) => candidate.row === row)?.at ?? null;
  if (found === null) return null;
  return shown.map((column) => cellText(column.id, found.page, found.i, times)).join('\t');
}
