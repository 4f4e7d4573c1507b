import { memo } from 'react';
import { TriangleAlert, Unplug } from 'lucide-react';
import type { FrameRows } from '../../shared/columns.ts';
import type { DeltaKind, FrameKind } from '../../shared/words.ts';
import type { Column } from './columns.ts';
import { cellText, deltaOf, deltaText, faultOf, kindOf, payloadText, type TimeStyle } from './rowCells.ts';

interface FrameRowProps {
  /** Row number in the table. */
  readonly row: number;
  /** Null: not there yet. */
  readonly rows: FrameRows | null;
  /** Place in `rows`. */
  readonly i: number;
  readonly selected: boolean;
  readonly shown: readonly Column[];
  readonly times: TimeStyle;
  /** Number of the connection whose first row this is, from 2; null for every other row. */
  readonly connection: number | null;
}

/** One row of the frame table. */
export const FrameRow = memo(function FrameRow({ row, rows, i, selected, shown, times, connection }: FrameRowProps) {
  if (rows === null) {
    return (
      <div className="ss-frame-row ss-frame-row-missing" role="row" aria-rowindex={row + 2} aria-busy>
        <span role="gridcell" className="ss-frame-cell" aria-colindex={1}>
          …
        </span>
      </div>
    );
  }
  const n = rows.n[i] ?? -1;
  const fault = faultOf(rows, i);
  const stall = rows.stall[i] === 1;
  const kind = kindOf(rows, i);
  const begins = connection === null ? '' : ' ss-frame-row-connection';
  const state = `${begins}${selected ? ' ss-frame-row-selected' : ''}${fault === 'error' ? ' ss-frame-row-error' : ''}`;
  return (
    <div
      id={`ss-frame-${String(n)}`}
      className={`ss-frame-row${state}`}
      role="row"
      aria-rowindex={row + 2}
      aria-selected={selected}
      data-frame={n}
      data-row={row}
    >
      {shown.map((column, at) => {
        const text = cellText(column.id, rows, i, times);
        return (
          <span
            key={column.id}
            role="gridcell"
            aria-colindex={at + 1}
            className={`ss-frame-cell ss-frame-${column.align}${cellState(column.id, stall, kind)}`}
          >
            {column.id === 'type' && <KindMark kind={kind} delta={deltaOf(rows, i)} />}
            {column.id === 'data' && connection !== null && <ConnectionSign connection={connection} />}
            {column.id === 'data' && fault !== null && <FaultSign fault={fault} />}
            {column.id === 'gap' && stall ? (
              <abbr title="A stall: nothing but heartbeats came before this frame">{text}</abbr>
            ) : column.id === 'data' ? (
              <Data rows={rows} i={i} />
            ) : (
              text
            )}
          </span>
        );
      })}
    </div>
  );
});

/** Colour and shape of what a frame says; of the frame's own kind where it says nothing. */
function KindMark({ kind, delta }: { readonly kind: FrameKind; readonly delta: DeltaKind }) {
  return (
    <span
      className={`ss-kind ${delta === 'none' ? `ss-kind-${kind}` : `ss-delta-mark ss-delta-${delta}`}`}
      aria-hidden
    />
  );
}

/** What the frame says, then its payload dimmed. */
function Data({ rows, i }: { readonly rows: FrameRows; readonly i: number }) {
  const words = deltaText(rows, i);
  if (words === '') return payloadText(rows, i);
  return (
    <>
      <span className="ss-frame-words">{words}</span> <span className="ss-frame-payload">{payloadText(rows, i)}</span>
    </>
  );
}

function cellState(id: Column['id'], stall: boolean, kind: string): string {
  if (id === 'gap' && stall) return ' ss-frame-stall';
  return id === 'data' && (kind === 'comment' || kind === 'blank') ? ' ss-frame-quiet' : '';
}

function ConnectionSign({ connection }: { readonly connection: number }) {
  const says = `Connection ${String(connection)} begins here`;
  return (
    <span className="ss-frame-connection" title={says} aria-label={says} role="img">
      <Unplug aria-hidden size={12} /> {connection}
    </span>
  );
}

function FaultSign({ fault }: { readonly fault: 'error' | 'noted' }) {
  const says = fault === 'error' ? 'This frame is faulty' : 'Something is noted about this frame';
  return (
    <span className={`ss-frame-sign ss-frame-sign-${fault}`} role="img" aria-label={says} title={says}>
      <TriangleAlert aria-hidden size={12} />
    </span>
  );
}
