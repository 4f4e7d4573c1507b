import { useVirtualizer } from '@tanstack/react-virtual';
import { useEffect, useRef, useState, type KeyboardEvent } from 'react';
import type { RecordingSummary } from '../../shared/recording.ts';
import type { RecordingId } from '../../shared/words.ts';
import { useEngine } from '../state/EngineContext.tsx';
import { useView, viewActions } from '../state/view.ts';
import { DescribeDialog } from './DescribeDialog.tsx';
import { nextRecordingRow, type LibraryRow } from './libraryRows.ts';
import { changeRecording, removeRecording } from './recordingActions.ts';
import { RecordingMenu, type MenuPlace } from './RecordingMenu.tsx';
import { RecordingRow } from './RecordingRow.tsx';
import { RenameRow } from './RenameRow.tsx';

const headingHeight = 32;
const rowHeight = 47;
const excerptHeight = 34;

interface RecordingListProps {
  readonly rows: readonly LibraryRow[];
  /** What was searched for, in small letters. */
  readonly words: readonly string[];
}

/** The recordings under their headings; only the rows in view are drawn. */
export function RecordingList({ rows, words }: RecordingListProps) {
  const engine = useEngine();
  const scroller = useRef<HTMLDivElement>(null);
  const openId = useView((view) => view.recordingId);
  const [menu, setMenu] = useState<MenuPlace | null>(null);
  const [renaming, setRenaming] = useState<RecordingId | null>(null);
  const [described, setDescribed] = useState<RecordingSummary | null>(null);
  const active = rows.findIndex((row) => row.kind === 'recording' && row.summary.id === openId);
  const activeRow = rows[active];
  const activeSummary = activeRow?.kind === 'recording' ? activeRow.summary : undefined;
  // The compiler rule warns of its functions, which read the list's own state: nothing here passes them on.
  // eslint-disable-next-line react-hooks/incompatible-library
  const virtualizer = useVirtualizer({
    count: rows.length,
    getScrollElement: () => scroller.current,
    estimateSize: (i) => heightOf(rows[i]),
    getItemKey: (i) => keyOf(rows[i], i),
    overscan: 8,
  });

  useEffect(() => virtualizer.measure(), [rows, virtualizer]);

  useEffect(() => {
    if (active >= 0) virtualizer.scrollToIndex(active, { align: 'auto' });
    // Only opening another recording moves the list, not its growing.
    // eslint-disable-next-line react-hooks/exhaustive-deps
  }, [openId]);

  function open(row: number): void {
    const found = rows[row];
    if (found?.kind !== 'recording') return;
    viewActions.openRecording(found.summary.id);
    virtualizer.scrollToIndex(row, { align: 'auto' });
  }

  const page = Math.max(1, Math.floor((scroller.current?.clientHeight ?? 400) / rowHeight) - 1);
  const steps: Readonly<Record<string, number>> = {
    ArrowDown: 1,
    ArrowUp: -1,
    PageDown: page,
    PageUp: -page,
    Home: -rows.length,
    End: rows.length,
  };
  function keyDown(event: KeyboardEvent): void {
    if (event.ctrlKey || event.metaKey || event.altKey || event.target !== event.currentTarget) return;
    const step = steps[event.key];
    if (step !== undefined) {
      event.preventDefault();
      open(nextRecordingRow(rows, active, step));
    } else if (activeSummary !== undefined && actOn(activeSummary, event)) event.preventDefault();
  }

  /** A key's action on the open recording; false where the key has none. */
  function actOn(summary: RecordingSummary, event: KeyboardEvent): boolean {
    switch (event.key) {
      case 'F2':
        setRenaming(summary.id);
        return true;
      case '*':
        void changeRecording(engine, summary, { starred: !summary.starred });
        return true;
      case 'Delete':
        if (summary.state !== 'live') void removeRecording(engine, summary);
        return true;
      case 'ContextMenu':
        openMenuAtRow(summary);
        return true;
      case 'F10':
        if (event.shiftKey) openMenuAtRow(summary);
        return event.shiftKey;
      default:
        return false;
    }
  }

  function openMenuAtRow(summary: RecordingSummary): void {
    const row = document.getElementById(`recording-${summary.id}`)?.getBoundingClientRect();
    setMenu({ summary, x: (row?.left ?? 0) + 24, y: row?.bottom ?? 0 });
  }

  function focusList(): void {
    if (renaming === null) scroller.current?.focus();
  }

  return (
    <>
      <div
        ref={scroller}
        className="ss-library-list"
        role="listbox"
        aria-label="Recordings"
        tabIndex={0}
        aria-activedescendant={active < 0 || renaming === openId ? undefined : `recording-${openId ?? ''}`}
        onKeyDown={keyDown}
      >
        <div role="presentation" style={{ height: virtualizer.getTotalSize() }}>
          {virtualizer.getVirtualItems().map((item) => {
            const row = rows[item.index];
            if (row === undefined) return null;
            const place = { transform: `translateY(${item.start}px)`, height: item.size };
            if (row.kind === 'heading') {
              return (
                <div key={item.key} role="presentation" className="ss-library-heading" style={place}>
                  {row.title}
                </div>
              );
            }
            if (row.summary.id === renaming) {
              return (
                <RenameRow
                  key={item.key}
                  summary={row.summary}
                  place={place}
                  onDone={() => {
                    setRenaming(null);
                    scroller.current?.focus();
                  }}
                />
              );
            }
            return (
              <RecordingRow
                key={item.key}
                summary={row.summary}
                excerpt={row.excerpt}
                words={words}
                selected={row.summary.id === openId}
                place={place}
                onOpen={open}
                onMenu={setMenu}
                row={item.index}
              />
            );
          })}
        </div>
      </div>
      {menu !== null && (
        <RecordingMenu
          place={menu}
          onRename={({ id }) => setRenaming(id)}
          onDescribe={setDescribed}
          onClose={() => setMenu(null)}
          onFocusBack={focusList}
        />
      )}
      {described !== null && <DescribeDialog summary={described} onClose={() => setDescribed(null)} />}
    </>
  );
}

function heightOf(row: LibraryRow | undefined): number {
  if (row?.kind === 'heading') return headingHeight;
  return row?.excerpt === undefined ? rowHeight : rowHeight + excerptHeight;
}

function keyOf(row: LibraryRow | undefined, i: number): RecordingId | number {
  if (row === undefined) return i;
  return row.kind === 'heading' ? `group ${row.title}` : row.summary.id;
}
