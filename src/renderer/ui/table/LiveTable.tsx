import { useVirtualizer } from '@tanstack/react-virtual';
import { useId, useLayoutEffect, useRef, useState, type KeyboardEvent, type ReactNode } from 'react';
import './table.css';

const tableRowPixels = 24;

export interface TableColumn<Row> {
  readonly id: string;
  readonly title: string;
  /** What it shows, for a tooltip. */
  readonly means?: string;
  /** A track of CSS grid: fixed, or shared, but never by contents, so that running numbers move nothing. */
  readonly width: string;
  readonly align?: 'end';
  readonly cell: (row: Row) => ReactNode;
}

interface LiveTableProps<Row> {
  /** Name for assistive technology. */
  readonly label: string;
  readonly columns: readonly TableColumn<Row>[];
  /** Narrower than this it scrolls sideways. */
  readonly leastPixels: number;
  /** Newest first; each with a number of its own. */
  readonly rows: readonly (Row & { readonly n: number })[];
  /** What the row says in one line, for a tooltip. */
  readonly titleOf?: (row: Row) => string;
  /** Enter, or a click on a row. */
  readonly onOpen?: (row: Row) => void;
}

/** Steps of the keys that move in a table, in rows or to an end. */
const steps: Readonly<Record<string, number>> = {
  ArrowDown: 1,
  ArrowUp: -1,
  PageDown: 10,
  PageUp: -10,
  Home: -Infinity,
  End: Infinity,
};

/**
 * A table that grows at its top, of any number of rows of one height. Who has scrolled down goes on seeing the same
 * rows while others come; the chosen row stays chosen.
 */
export function LiveTable<Row>({ label, columns, leastPixels, rows, titleOf, onOpen }: LiveTableProps<Row>) {
  const scroller = useRef<HTMLDivElement>(null);
  const tableId = useId();
  const [chosen, setChosen] = useState<number | null>(null);
  const firstSeen = useRef<number | null>(null);
  // The compiler rule warns of its functions, which read the list's own state: nothing here passes them on.
  // eslint-disable-next-line react-hooks/incompatible-library
  const virtual = useVirtualizer({
    count: rows.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => tableRowPixels,
    overscan: 8,
  });
  const items = virtual.getVirtualItems();
  const chosenAt = rows.findIndex(({ n }) => n === chosen);
  const template = { gridTemplateColumns: columns.map(({ width }) => width).join(' '), minWidth: leastPixels };

  useLayoutEffect(() => {
    const box = scroller.current;
    const came = firstSeen.current === null ? 0 : rows.findIndex(({ n }) => n === firstSeen.current);
    firstSeen.current = rows[0]?.n ?? null;
    if (box !== null && came > 0 && box.scrollTop > 0) box.scrollTop += came * tableRowPixels;
  }, [rows]);

  function press(event: KeyboardEvent<HTMLDivElement>): void {
    if (event.key === 'Enter') {
      const row = rows[chosenAt];
      if (row !== undefined) onOpen?.(row);
      return;
    }
    const step = steps[event.key];
    if (step === undefined || rows.length === 0) return;
    event.preventDefault();
    const from = chosenAt < 0 ? (step > 0 ? -1 : 0) : chosenAt;
    const next = Math.min(rows.length - 1, Math.max(0, from + step));
    setChosen(rows[next]?.n ?? null);
    virtual.scrollToIndex(next);
  }

  return (
    <div
      ref={scroller}
      className="ss-table"
      role="grid"
      aria-label={label}
      aria-rowcount={rows.length + 1}
      aria-activedescendant={chosenAt < 0 ? undefined : `${tableId}-${String(chosen)}`}
      tabIndex={0}
      onKeyDown={press}
    >
      <div className="ss-table-head" role="row" aria-rowindex={1} style={template}>
        {columns.map(({ id, title, means, align }) => (
          <span key={id} role="columnheader" title={means} data-align={align}>
            {title}
          </span>
        ))}
      </div>
      <div role="rowgroup" style={{ height: virtual.getTotalSize(), position: 'relative' }}>
        {items.map(({ index, start }) => {
          const row = rows[index];
          if (row === undefined) return null;
          return (
            <div
              key={row.n}
              id={`${tableId}-${String(row.n)}`}
              role="row"
              aria-rowindex={index + 2}
              aria-selected={index === chosenAt}
              className="ss-table-row"
              style={{ ...template, transform: `translateY(${String(start)}px)` }}
              title={titleOf?.(row)}
              onClick={() => {
                setChosen(row.n);
                onOpen?.(row);
              }}
            >
              {columns.map(({ id, align, cell }) => (
                <span key={id} role="gridcell" data-align={align}>
                  {cell(row)}
                </span>
              ))}
            </div>
          );
        })}
      </div>
    </div>
  );
}
