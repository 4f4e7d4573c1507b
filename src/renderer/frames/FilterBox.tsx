import { useEffect, useSyncExternalStore, type KeyboardEvent, type Ref } from 'react';
import { ListFilter, X } from 'lucide-react';
import { useEngine } from '../state/EngineContext.tsx';
import { useRecordingPart } from '../state/recording.ts';
import { useView, viewActions } from '../state/view.ts';
import { formatCount, formatQuantity } from '../ui/format.ts';
import { IconButton } from '../ui/IconButton.tsx';
import { filterOf, type FilterState } from './filterSession.ts';

/** The filter of the open recording: how far it has come and what it found. */
export function useFilter(): FilterState {
  const engine = useEngine();
  const session = filterOf(engine);
  const id = useView((view) => view.recordingId);
  const text = useView((view) => view.filterText);
  useEffect(() => session.wish(id, text), [session, id, text]);
  return useSyncExternalStore(session.subscribe, session.state);
}

/** Where the filter is typed; says what is wrong with it, and while a long recording is searched, how far that is. */
export function FilterBox({
  filter,
  inputRef,
}: {
  readonly filter: FilterState;
  readonly inputRef: Ref<HTMLInputElement>;
}) {
  const text = useView((view) => view.filterText);
  const { problem } = filter;
  const onKeyDown = (event: KeyboardEvent<HTMLInputElement>): void => {
    if (event.key !== 'Escape') return;
    event.stopPropagation();
    if (text === '') event.currentTarget.blur();
    else viewActions.setFilterText('');
  };
  return (
    <div className="ss-filter" data-wrong={problem !== null}>
      <ListFilter aria-hidden size={13} />
      <input
        ref={inputRef}
        type="search"
        className="ss-filter-input"
        aria-label="Filter frames"
        aria-invalid={problem !== null}
        aria-describedby={problem === null ? undefined : 'ss-filter-problem'}
        placeholder="text, /regex/, type:, gap>200ms"
        title={
          'Words, "quoted words", /regex/i, type:, size>1k, gap>200ms, chunk:12, has:error, has:warning, has:info, has:diagnostic, has:stall, has:id; - turns one round'
        }
        spellCheck={false}
        autoComplete="off"
        value={text}
        onChange={(event) => viewActions.setFilterText(event.currentTarget.value)}
        onKeyDown={onKeyDown}
      />
      {text !== '' && (
        <>
          <span className="ss-filter-count" role="status">
            {problem === null && filter.text !== '' ? formatQuantity(filter.matches, 'match', 'matches') : ''}
            {problem === null && filter.partlySearched > 0 && (
              <span title="Of a frame that is longer than the limit for JSON only the beginning, up to that limit, is searched for text">
                {`, ${formatQuantity(filter.partlySearched, 'long frame', 'long frames')} searched in part`}
              </span>
            )}
          </span>
          <IconButton label="Clear the filter" icon={X} size={13} onClick={() => viewActions.setFilterText('')} />
        </>
      )}
      {problem !== null && <Problem text={filter.text} message={problem.message} at={problem.at} />}
      {problem === null && filter.filterId !== null && !filter.done && <Progress scanned={filter.scannedFrames} />}
    </div>
  );
}

function Problem({
  text,
  message,
  at,
}: {
  readonly text: string;
  readonly message: string;
  readonly at: number | null;
}) {
  return (
    <div id="ss-filter-problem" className="ss-filter-problem" role="alert">
      <p>{message}</p>
      {at !== null && (
        <p className="ss-filter-where" aria-label={`At character ${String(at + 1)}`}>
          {text.slice(0, at)}
          <mark>{text.slice(at) || ' '}</mark>
        </p>
      )}
    </div>
  );
}

function Progress({ scanned }: { readonly scanned: number }) {
  const frames = useRecordingPart(
    ({ advanced, detail }) => advanced?.counts.frames ?? detail?.summary.counts.frames ?? 0,
  );
  return (
    <progress
      className="ss-filter-progress"
      aria-label={`${formatCount(scanned)} of ${formatCount(frames)} frames searched`}
      value={scanned}
      max={Math.max(1, frames)}
    />
  );
}
