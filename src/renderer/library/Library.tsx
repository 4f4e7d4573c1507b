import { useVirtualizer } from '@tanstack/react-virtual';
import { FolderOpen, Search, X } from 'lucide-react';
import { useDeferredValue, useEffect, useMemo, useRef, useState, type KeyboardEvent } from 'react';
import type { RecordingId } from '../../shared/words.ts';
import { useConnection } from '../state/HostContext.tsx';
import { refreshLibrary, useLibrary } from '../state/library.ts';
import { useView, viewActions } from '../state/view.ts';
import { FailureBox } from '../ui/FailureBox.tsx';
import { formatCount } from '../ui/format.ts';
import { IconButton } from '../ui/IconButton.tsx';
import { PaneLoading, PaneMessage } from '../ui/PaneMessage.tsx';
import { libraryRows, nextRecordingRow, type LibraryRow } from './libraryRows.ts';
import { RecordingRow } from './RecordingRow.tsx';
import './library.css';

const headingHeight = 32;
const rowHeight = 47;

/** All recordings, newest first, in groups, with a search. */
export function Library() {
  const { recordings, loaded, failure } = useLibrary();
  // While the engine is lost, the window says so in one place.
  const connected = useConnection().state === 'connected';
  const [search, setSearch] = useState('');
  const wanted = useDeferredValue(search);
  const today = useToday();
  const rows = useMemo(() => libraryRows(recordings, wanted, today), [recordings, wanted, today]);

  return (
    <nav className="ss-library" aria-label="Library">
      <div className="ss-library-search">
        <Search size={13} aria-hidden />
        <input
          className="ss-field"
          type="text"
          role="searchbox"
          aria-label="Search recordings"
          placeholder={`Search ${formatCount(recordings.length)} recordings`}
          spellCheck={false}
          value={search}
          onChange={(event) => setSearch(event.target.value)}
          onKeyDown={(event) => {
            if (event.key !== 'Escape' || search === '') return;
            event.preventDefault();
            setSearch('');
          }}
        />
        {search !== '' && <IconButton label="Clear search" icon={X} size={13} onClick={() => setSearch('')} />}
      </div>
      {failure !== null && connected && (
        <div className="ss-library-failure">
          <FailureBox failure={failure} onRetry={refreshLibrary} />
        </div>
      )}
      {!loaded && <PaneLoading label="Reading the library" />}
      {loaded && rows.length === 0 && failure === null && (
        <PaneMessage icon={FolderOpen} title={search === '' ? 'No recordings yet' : 'Nothing found'}>
          <p>
            {search === ''
              ? 'Everything you send or open is recorded and found here again.'
              : 'No recording has these words in its name or address.'}
          </p>
        </PaneMessage>
      )}
      {/* Another search begins at the top. */}
      {rows.length > 0 && <RecordingList key={wanted} rows={rows} />}
    </nav>
  );
}

/** A moment of the current day; another one after midnight. */
function useToday(): number {
  const [moment, setMoment] = useState(() => Date.now());
  useEffect(() => {
    const midnight = new Date(moment).setHours(24, 0, 0, 0);
    // A timer runs late rather than early, and after a sleep it runs at once.
    const timer = setTimeout(() => setMoment(Date.now()), midnight - moment);
    return () => clearTimeout(timer);
  }, [moment]);
  return moment;
}

function RecordingList({ rows }: { readonly rows: readonly LibraryRow[] }) {
  const scroller = useRef<HTMLDivElement>(null);
  const openId = useView((view) => view.recordingId);
  const active = rows.findIndex((row) => row.kind === 'recording' && row.summary.id === openId);
  // The compiler rule warns of its functions, which read the list's own state: nothing here passes them on.
  // eslint-disable-next-line react-hooks/incompatible-library
  const virtualizer = useVirtualizer({
    count: rows.length,
    getScrollElement: () => scroller.current,
    estimateSize: (i) => (rows[i]?.kind === 'heading' ? headingHeight : rowHeight),
    getItemKey: (i) => keyOf(rows[i], i),
    overscan: 8,
  });

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
    const step = steps[event.key];
    if (step === undefined || event.ctrlKey || event.metaKey || event.altKey) return;
    event.preventDefault();
    open(nextRecordingRow(rows, active, step));
  }

  return (
    <div
      ref={scroller}
      className="ss-library-list"
      role="listbox"
      aria-label="Recordings"
      tabIndex={0}
      aria-activedescendant={active < 0 ? undefined : `recording-${openId ?? ''}`}
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
                {row.group}
              </div>
            );
          }
          return (
            <RecordingRow
              key={item.key}
              summary={row.summary}
              selected={row.summary.id === openId}
              place={place}
              onOpen={open}
              row={item.index}
            />
          );
        })}
      </div>
    </div>
  );
}

function keyOf(row: LibraryRow | undefined, i: number): RecordingId | number {
  if (row === undefined) return i;
  return row.kind === 'heading' ? `group ${row.group}` : row.summary.id;
}
