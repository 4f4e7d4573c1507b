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
import type { Micros, RecordingId } from '../../shared/words.ts';
import { useEngine } from '../state/EngineContext.tsx';
import { useSettings } from '../state/settings.ts';
import { useView, viewActions } from '../state/view.ts';
import { Button } from '../ui/Button.tsx';
import { FailureBox } from '../ui/FailureBox.tsx';
import { formatCount, formatMicros } from '../ui/format.ts';
import { gridTracks, shownColumns, type Column, type LongestTexts } from './columns.ts';
import { mountTable } from './commands.ts';
import { FrameHeader, headerId } from './FrameHeader.tsx';
import { connectionBegunAt } from './connectionStarts.ts';
import { FrameRow } from './FrameRow.tsx';
import { FrameTable } from './frameTable.ts';
import { cellText, type TimeStyle } from './rowCells.ts';
import { TableCursor } from './tableCursor.ts';

interface FrameGridProps {
  readonly id: RecordingId;
  readonly total: number;
  readonly live: boolean;
  /** Changes when what was pulled before is no longer true. */
  readonly framedAs: string;
  readonly startedAt: number;
  readonly counts: RecordingCounts | null;
  /** First frame of each connection after the first. */
  readonly connectionStarts: readonly number[];
  readonly lastMicros: Micros | null;
  readonly focusFilter: () => void;
  readonly empty: ReactNode;
}

/** The rows of the table, their scrolling, selection and keys. */
export function FrameGrid(props: FrameGridProps) {
  const { id, total, live, framedAs, startedAt, counts, lastMicros, focusFilter, empty, connectionStarts } = props;
  const engine = useEngine();
  const settings = useSettings();
  const shown = useMemo(() => shownColumns(settings), [settings]);
  const times = useMemo<TimeStyle>(() => ({ mode: settings.timeMode, startedAt }), [settings.timeMode, startedAt]);
  const { follow, filterId, foldHeartbeats, selectedFrame } = useView();
  const [parts, setParts] = useState<{ readonly table: FrameTable; readonly cursor: TableCursor } | null>(null);
  const [failure, setFailure] = useState<Failure | null>(null);
  const wasLive = useRef(live);
  const longest = longestTexts(counts, lastMicros, times);

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
  useEffect(() => {
    // The last frames come with the news of the end: who followed sees them too.
    parts?.table.setTotal(total, follow && (live || wasLive.current));
    wasLive.current = live;
  }, [parts, total, live, follow]);
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
    <div
      className="ss-frame-grid"
      style={{ '--ss-frame-tracks': gridTracks(shown, settings.panes, longest) } as CSSProperties}
    >
      <FrameHeader shown={shown} timeTitle={settings.timeMode === 'absolute' ? 'Time' : 'Time ms'} longest={longest} />
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
          {parts !== null && (
            <Rows
              table={parts.table}
              shown={shown}
              times={times}
              selectedFrame={selectedFrame}
              connectionStarts={connectionStarts}
            />
          )}
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
  readonly connectionStarts: readonly number[];
}

function Rows({ table, shown, times, selectedFrame, connectionStarts }: RowsProps) {
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
            connection={at === null ? null : connectionBegunAt(connectionStarts, at.page, at.i)}
          />
        ))}
      </div>
      {failure !== null && <FailureBox failure={failure} onRetry={() => table.reload()} />}
    </div>
  );
}

/** How long the numbers of this recording get, so that a column need not be widened by hand to be read. */
function longestTexts(counts: RecordingCounts | null, lastMicros: Micros | null, times: TimeStyle): LongestTexts {
  const chunks = formatCount(counts?.chunks ?? 0).length;
  return {
    n: formatCount(counts?.frames ?? 0).length,
    offset: formatCount(counts?.bodyBytes ?? 0).length,
    chunk: chunks + ' · 1 of 1'.length,
    time: times.mode === 'absolute' ? '00:00:00.000000'.length : formatMicros(lastMicros).length,
  };
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
