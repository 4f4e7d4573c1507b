import { FolderOpen } from 'lucide-react';
import { useDeferredValue, useEffect, useMemo, useState } from 'react';
import type { LibrarySort } from '../../shared/library.ts';
import { useConnection } from '../state/HostContext.tsx';
import { refreshLibrary, useLibrary } from '../state/library.ts';
import { FailureBox } from '../ui/FailureBox.tsx';
import { formatQuantity } from '../ui/format.ts';
import { PaneLoading, PaneMessage } from '../ui/PaneMessage.tsx';
import { libraryRows } from './libraryRows.ts';
import { RecordingList } from './RecordingList.tsx';
import { SearchBar } from './SearchBar.tsx';
import { searchedWords } from './searchTerms.ts';
import { UsageLine } from './UsageLine.tsx';
import { useLibrarySearch } from './useLibrarySearch.ts';
import './library.css';

/** All recordings, in groups, with search, filters and order. */
export function Library() {
  const { recordings, loaded, failure } = useLibrary();
  // While the engine is lost, the window says so in one place.
  const connected = useConnection().state === 'connected';
  const [expression, setExpression] = useState('');
  const [sort, setSort] = useState<LibrarySort>('newest');
  const wanted = useDeferredValue(expression);
  const search = useLibrarySearch(wanted, sort, recordings);
  const today = useToday();
  const isSearching = wanted.trim() !== '';
  // The first answer of a search is not there yet: nothing was found is not said before it is.
  const found = search.result;
  const isWaiting = (isSearching || sort !== 'newest') && found === null && search.failure === null;
  const rows = useMemo(
    () => libraryRows(recordings, found, found === null ? 'newest' : sort, today),
    [recordings, found, sort, today],
  );
  const words = useMemo(() => searchedWords(search.answered), [search.answered]);

  return (
    <nav className="ss-library" aria-label="Library">
      <SearchBar
        recordings={recordings}
        expression={expression}
        sort={sort}
        problem={search.failure?.message ?? found?.problem ?? null}
        onSearch={setExpression}
        onSort={setSort}
      />
      {failure !== null && connected && (
        <div className="ss-library-failure">
          <FailureBox failure={failure} onRetry={refreshLibrary} />
        </div>
      )}
      {!loaded && <PaneLoading label="Reading the library" />}
      {isSearching && found !== null && (
        <p className="ss-library-found ss-quiet" role="status">
          {formatQuantity(found.ids.length, 'recording')} found
          {found.unindexed > 0 && `; the text of ${formatQuantity(found.unindexed, 'more')} is being read`}
        </p>
      )}
      {loaded && rows.length === 0 && failure === null && !isWaiting && (
        <PaneMessage icon={FolderOpen} title={isSearching ? 'Nothing found' : 'No recordings yet'}>
          <p>
            {isSearching
              ? 'No recording fits in name, address, tags, note or text.'
              : 'Everything you send or open is recorded and found here again.'}
          </p>
        </PaneMessage>
      )}
      {/* Another search begins at the top. */}
      {rows.length > 0 && <RecordingList key={`${sort} ${search.answered}`} rows={rows} words={words} />}
      {loaded && <UsageLine recordings={recordings} />}
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
