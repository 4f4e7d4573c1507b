import { useVirtualizer } from '@tanstack/react-virtual';
import { useEffect, useRef, type KeyboardEvent } from 'react';
import type { Run, RunFigure } from '../../shared/runs.ts';
import { formatOrdinal } from '../ui/format.ts';
import { ToneMark, type Tone } from '../ui/ToneMark.tsx';
import { endingWords } from '../ui/words.ts';
import { inUnit, shownFigures } from './figures.ts';

const rowPixels = 24;
const columns = ['headers', 'ttft', 'itl', 'tps', 'tokens', 'e2e'] as const satisfies readonly RunFigure[];

interface RunTableProps {
  /** All runs so far. */
  readonly total: number;
  /** Number of the first of `runs`. */
  readonly from: number;
  readonly runs: readonly Run[];
  /** Runs that come into view. */
  readonly onView: (first: number) => void;
  readonly onOpen: (run: Run) => void;
}

function toneOfRun({ ending, streamErrors }: Run): Tone {
  if (ending === null) return 'live';
  if (ending.kind === 'stopped') return 'neutral';
  if (ending.kind !== 'complete') return 'bad';
  return (streamErrors ?? 0) > 0 ? 'warning' : 'good';
}

function wordsOf({ ending, streamErrors, reconnections }: Run): string {
  if (ending === null) return 'under way';
  const words = [ending.kind === 'complete' ? 'complete' : endingWords[ending.kind]];
  if ((streamErrors ?? 0) > 0) words.push('error in the stream');
  if (reconnections > 0) words.push(`reconnected ${String(reconnections)}×`);
  return words.join(', ');
}

/** One row a run; choosing one opens its recording. */
export function RunTable({ total, from, runs, onView, onOpen }: RunTableProps) {
  const scroller = useRef<HTMLDivElement>(null);
  // The compiler rule warns of its functions, which read the list's own state: nothing here passes them on.
  // eslint-disable-next-line react-hooks/incompatible-library
  const rows = useVirtualizer({
    count: total,
    getScrollElement: () => scroller.current,
    estimateSize: () => rowPixels,
    overscan: 8,
  });
  const items = rows.getVirtualItems();
  const first = items[0]?.index ?? 0;
  useEffect(() => onView(first), [first, onView]);

  function move(event: KeyboardEvent<HTMLDivElement>): void {
    if (event.key !== 'ArrowDown' && event.key !== 'ArrowUp') return;
    if (!(event.target instanceof HTMLElement)) return;
    const at = Number(event.target.dataset['run']);
    const next = at + (event.key === 'ArrowDown' ? 1 : -1);
    if (Number.isNaN(at) || next < 0 || next >= total) return;
    event.preventDefault();
    rows.scrollToIndex(next);
    requestAnimationFrame(() => scroller.current?.querySelector<HTMLElement>(`[data-run="${String(next)}"]`)?.focus());
  }

  return (
    <div className="ss-runs-table" role="table" aria-label="Runs" aria-rowcount={total + 1}>
      <div className="ss-runs-row ss-runs-head" role="row">
        <span role="columnheader">#</span>
        <span role="columnheader">Ending</span>
        <span role="columnheader">Status</span>
        {columns.map((figure) => (
          <span key={figure} role="columnheader" title={shownFigures[figure].means}>
            {shownFigures[figure].title}
          </span>
        ))}
      </div>
      <div ref={scroller} className="ss-runs-rows" role="rowgroup" onKeyDown={move}>
        <div style={{ height: rows.getTotalSize(), position: 'relative' }} role="presentation">
          {items.map(({ index, start }) => {
            const run = runs[index - from];
            return (
              <div
                key={index}
                role="row"
                aria-rowindex={index + 2}
                data-run={index}
                tabIndex={index === first ? 0 : -1}
                className="ss-runs-row ss-data"
                style={{ transform: `translateY(${String(start)}px)` }}
                title={run === undefined ? undefined : (run.ending?.message ?? 'Open the recording')}
                onClick={() => run !== undefined && onOpen(run)}
                onKeyDown={({ key }) => {
                  if (key === 'Enter' && run !== undefined) onOpen(run);
                }}
              >
                <span role="cell">{formatOrdinal(index)}</span>
                <span role="cell" className="ss-runs-ending">
                  {run !== undefined && (
                    <>
                      <ToneMark tone={toneOfRun(run)} /> {wordsOf(run)}
                    </>
                  )}
                </span>
                <span role="cell">{run?.status ?? '—'}</span>
                {columns.map((figure) => (
                  <span key={figure} role="cell">
                    {figure === 'tokens' && run?.tokens?.source === 'estimated' ? '≈ ' : ''}
                    {inUnit(figure, run?.figures[figure] ?? null)}
                  </span>
                ))}
              </div>
            );
          })}
        </div>
      </div>
    </div>
  );
}
