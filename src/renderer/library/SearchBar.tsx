import { ArrowDownUp, Check, ListFilter, Search, X } from 'lucide-react';
import { DropdownMenu } from 'radix-ui';
import { librarySorts, type LibrarySort } from '../../shared/library.ts';
import type { RecordingSummary } from '../../shared/recording.ts';
import { formatCount } from '../ui/format.ts';
import { IconButton } from '../ui/IconButton.tsx';
import { filterChoices } from './filterChoices.ts';
import { sortTitles } from './libraryRows.ts';
import { hasTerm, withTerm } from './searchTerms.ts';

interface SearchBarProps {
  readonly recordings: readonly RecordingSummary[];
  readonly expression: string;
  readonly sort: LibrarySort;
  /** What is wrong with the search, for a person; null: nothing. */
  readonly problem: string | null;
  readonly onSearch: (expression: string) => void;
  readonly onSort: (sort: LibrarySort) => void;
}

const quick: readonly (readonly [term: string, title: string])[] = [
  ['is:starred', 'Starred'],
  ['has:error', 'Errors'],
];
const help =
  'Words are found in names, addresses, tags, notes and in the text of recordings. "Several words" in quotes, ' +
  '- leaves out, host: tag: model: dialect: status:5xx is:starred has:error ending:cut before:2026-11-21 after:7d size>1MB';

/** The search over the library, its filters and its order. */
export function SearchBar({ recordings, expression, sort, problem, onSearch, onSort }: SearchBarProps) {
  return (
    <>
      <div className="ss-library-search">
        <Search size={13} aria-hidden />
        <input
          className="ss-field"
          type="text"
          role="searchbox"
          aria-label="Search recordings"
          aria-invalid={problem !== null}
          aria-describedby={problem === null ? undefined : 'library-search-problem'}
          title={help}
          placeholder={`Search ${formatCount(recordings.length)} recordings`}
          spellCheck={false}
          value={expression}
          onChange={(event) => onSearch(event.target.value)}
          onKeyDown={(event) => {
            if (event.key !== 'Escape' || expression === '') return;
            event.preventDefault();
            onSearch('');
          }}
        />
        {expression !== '' && <IconButton label="Clear search" icon={X} size={13} onClick={() => onSearch('')} />}
      </div>
      {problem !== null && (
        <p id="library-search-problem" className="ss-library-problem" role="alert">
          {problem}
        </p>
      )}
      <div className="ss-library-tools" role="group" aria-label="Filter and sort">
        {quick.map(([term, title]) => {
          const on = hasTerm(expression, term);
          return (
            <button
              key={term}
              type="button"
              className="ss-chip"
              aria-pressed={on}
              onClick={() => onSearch(withTerm(expression, term, !on))}
            >
              {title}
            </button>
          );
        })}
        <FilterMenu recordings={recordings} expression={expression} onSearch={onSearch} />
        <SortMenu sort={sort} onSort={onSort} />
      </div>
    </>
  );
}

function FilterMenu({
  recordings,
  expression,
  onSearch,
}: Pick<SearchBarProps, 'recordings' | 'expression' | 'onSearch'>) {
  return (
    <DropdownMenu.Root>
      <DropdownMenu.Trigger asChild>
        <IconButton label="Filter" icon={ListFilter} size={14} />
      </DropdownMenu.Trigger>
      <DropdownMenu.Portal>
        <DropdownMenu.Content className="ss-menu" align="start" sideOffset={4} aria-label="Filter">
          {filterChoices(recordings).map(({ title, choices }) => (
            <DropdownMenu.Group key={title} aria-label={title}>
              <DropdownMenu.Label className="ss-menu-note">{title}</DropdownMenu.Label>
              {choices.map(({ term, name, count }) => (
                <DropdownMenu.CheckboxItem
                  key={term}
                  className="ss-menu-item"
                  checked={hasTerm(expression, term)}
                  onSelect={(event) => event.preventDefault()}
                  onCheckedChange={(on) => onSearch(withTerm(expression, term, on))}
                >
                  <CheckMark />
                  <span className="ss-menu-title ss-library-choice">{name}</span>
                  <span className="ss-quiet ss-data">{formatCount(count)}</span>
                </DropdownMenu.CheckboxItem>
              ))}
            </DropdownMenu.Group>
          ))}
        </DropdownMenu.Content>
      </DropdownMenu.Portal>
    </DropdownMenu.Root>
  );
}

function SortMenu({ sort, onSort }: Pick<SearchBarProps, 'sort' | 'onSort'>) {
  return (
    <DropdownMenu.Root>
      <DropdownMenu.Trigger asChild>
        <IconButton label={`Sort: ${sortTitles[sort]}`} icon={ArrowDownUp} size={14} />
      </DropdownMenu.Trigger>
      <DropdownMenu.Portal>
        <DropdownMenu.Content className="ss-menu" align="start" sideOffset={4} aria-label="Sort">
          <DropdownMenu.RadioGroup
            value={sort}
            onValueChange={(value) => onSort(librarySorts.find((known) => known === value) ?? 'newest')}
          >
            {librarySorts.map((known) => (
              <DropdownMenu.RadioItem key={known} className="ss-menu-item" value={known}>
                <CheckMark />
                {sortTitles[known]}
              </DropdownMenu.RadioItem>
            ))}
          </DropdownMenu.RadioGroup>
        </DropdownMenu.Content>
      </DropdownMenu.Portal>
    </DropdownMenu.Root>
  );
}

function CheckMark() {
  return (
    <span className="ss-menu-check">
      <DropdownMenu.ItemIndicator>
        <Check size={14} aria-hidden />
      </DropdownMenu.ItemIndicator>
    </span>
  );
}
