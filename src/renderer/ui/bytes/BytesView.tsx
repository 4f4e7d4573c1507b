import {
  useCallback,
  useEffect,
  useRef,
  useState,
  useSyncExternalStore,
  type KeyboardEvent,
  type MouseEvent,
} from 'react';
import type { RecordingId } from '../../../shared/words.ts';
import { useEngine } from '../../state/EngineContext.tsx';
import { FailureBox } from '../FailureBox.tsx';
import { formatCount, formatMicros, formatOrdinal } from '../format.ts';
import { asciiText, byteRuns, hexText, offsetText, utf8Text, type ByteRun } from './byteRows.ts';
import { BytesModel, type ByteRow, type BytesSnapshot } from './bytesModel.ts';
import './bytes.css';

interface BytesViewProps {
  readonly id: RecordingId;
  readonly space: 'wire' | 'body';
  readonly base: number;
  readonly length: number;
  readonly mode: 'hex' | 'text';
  /** Chunk borders are drawn; only where offsets are those of the wire. */
  readonly borders: boolean;
  /** Absolute offsets. */
  readonly highlight: { readonly from: number; readonly to: number } | null;
  /** Brought into view whenever this object changes. */
  readonly reveal: { readonly offset: number } | null;
  readonly onPick?: (offset: number) => void;
  readonly label: string;
}

/** Characters of a row beside its bytes: gutter, padding, scrollbar. */
const aroundChars = 14;
const narrowestText = 32;
const widestText = 256;

/** As many bytes as fit: 8 or 16 in hexadecimal, a multiple of 32 as text, where most bytes are one character wide. */
function bytesThatFit(chars: number, mode: 'hex' | 'text'): number {
  if (mode === 'hex') return chars >= aroundChars + 4 * 16 ? 16 : 8;
  return Math.min(widestText, Math.max(narrowestText, Math.floor((chars - aroundChars) / 32) * 32));
}

/** Bytes of a recording as text or hexadecimal, virtual by offset, so that any length opens at once. Fills its parent. */
export function BytesView(props: BytesViewProps) {
  const { id, space, base, length, mode, borders, highlight, reveal, onPick, label } = props;
  const engine = useEngine();
  const [model, setModel] = useState<BytesModel | null>(null);
  const [chars, setChars] = useState(80);
  const tenCharacters = useRef<HTMLSpanElement>(null);
  const bytesPerRow = bytesThatFit(chars, mode);

  const mount = useCallback(
    (scroller: HTMLDivElement) => {
      const spacer = scroller.firstElementChild;
      if (!(spacer instanceof HTMLElement)) throw new Error('the bytes have nothing to scroll');
      const created = new BytesModel(
        async (offset, count, signal) =>
          (await engine.call('recording.bytes', { id, space, offset, length: count }, signal)).bytes,
        borders
          ? (offset, count, signal) => engine.call('recording.chunks', { id, offset, length: count }, signal)
          : null,
      );
      const detach = created.scroll.attach(scroller, spacer, () => undefined);
      const observer = new ResizeObserver(() => {
        const tenChars = tenCharacters.current?.getBoundingClientRect().width ?? 0;
        if (tenChars > 0) setChars(Math.floor((10 * scroller.clientWidth) / tenChars));
      });
      observer.observe(scroller);
      setModel(created);
      return () => {
        observer.disconnect();
        detach();
        created.dispose();
        setModel(null);
      };
    },
    [engine, id, space, borders],
  );

  useEffect(() => model?.setRange({ base, length, bytesPerRow }), [model, base, length, bytesPerRow]);
  useEffect(() => {
    if (reveal !== null) model?.reveal(reveal.offset);
  }, [model, reveal, bytesPerRow]);

  const onKeyDown = (event: KeyboardEvent): void => {
    if (model === null) return;
    const { first } = model.scroll.window();
    const to = keyTarget(event.key, first, model.scroll.rowsPerPage);
    if (to === null) return;
    if (to === Infinity) model.scroll.scrollToEnd();
    else model.scroll.showAtTop(Math.max(0, to));
    event.preventDefault();
    event.stopPropagation();
  };
  const onClick = (event: MouseEvent): void => {
    const offset = offsetOf(event);
    if (offset !== null && (window.getSelection()?.isCollapsed ?? true)) onPick?.(offset);
  };

  return (
    <div
      ref={mount}
      className="ss-bytes"
      role="region"
      aria-label={`${label}, ${formatCount(length)} bytes`}
      tabIndex={0}
      onKeyDown={onKeyDown}
      onClick={onClick}
    >
      <div className="ss-bytes-spacer">
        <span ref={tenCharacters} className="ss-bytes-measure" aria-hidden>
          0000000000
        </span>
        {model !== null && <Rows model={model} mode={mode} highlight={highlight} bytesPerRow={bytesPerRow} />}
      </div>
    </div>
  );
}

function keyTarget(key: string, first: number, page: number): number | null {
  switch (key) {
    case 'ArrowDown':
      return first + 1;
    case 'ArrowUp':
      return first - 1;
    case 'PageDown':
      return first + page;
    case 'PageUp':
      return first - page;
    case 'Home':
      return 0;
    case 'End':
      return Infinity;
    default:
      return null;
  }
}

interface RowsProps {
  readonly model: BytesModel;
  readonly mode: 'hex' | 'text';
  readonly highlight: { readonly from: number; readonly to: number } | null;
  readonly bytesPerRow: number;
}

function Rows({ model, mode, highlight, bytesPerRow }: RowsProps) {
  const { rows, shiftPixels, chunks, failure } = useSyncExternalStore(model.subscribe, model.snapshot);
  return (
    <div className="ss-bytes-view">
      <div className="ss-bytes-rows" style={{ translate: `0 ${String(-shiftPixels)}px` }}>
        {rows.map((row, place) => (
          <Row key={place} row={row} mode={mode} highlight={highlight} chunks={chunks} bytesPerRow={bytesPerRow} />
        ))}
      </div>
      {failure !== null && <FailureBox failure={failure} onRetry={() => model.retry()} />}
    </div>
  );
}

interface RowProps extends Omit<RowsProps, 'model'> {
  readonly row: ByteRow;
  readonly chunks: BytesSnapshot['chunks'];
}

function Row({ row, mode, highlight, chunks, bytesPerRow }: RowProps) {
  const { offset, length, bytes, start } = row;
  const gutter = (
    <span className="ss-bytes-offset" title={`${formatCount(offset)} bytes from the start`}>
      {offsetText(offset)}
    </span>
  );
  if (bytes === null) {
    return (
      <div className="ss-bytes-row" aria-busy>
        {gutter}
        <span className="ss-bytes-missing">…</span>
      </div>
    );
  }
  const runs = byteRuns(offset, length, highlight, chunks);
  const piece = (run: ByteRun): Uint8Array => bytes.subarray(start + run.from, start + run.to);
  const spans = (textOf: (run: ByteRun) => string) =>
    runs.map((run) => (
      <span key={run.from} className={runClass(run)} title={runTitle(run, chunks)} data-offset={offset + run.from}>
        {textOf(run)}
      </span>
    ));
  if (mode === 'text') {
    return (
      <div className="ss-bytes-row">
        {gutter}
        <span className="ss-bytes-text">{spans((run) => utf8Text(bytes, start + run.from, start + run.to))}</span>
      </div>
    );
  }
  return (
    <div className="ss-bytes-row">
      {gutter}
      <span className="ss-bytes-hex" style={{ width: `${String(3 * bytesPerRow + 1)}ch` }} data-per-byte={3}>
        {spans((run) => hexText(piece(run)))}
      </span>
      <span className="ss-bytes-ascii" data-per-byte={1} aria-hidden>
        {spans((run) => asciiText(piece(run)))}
      </span>
    </div>
  );
}

function runClass(run: ByteRun): string {
  let name = run.chunk !== null && run.chunk % 2 === 1 ? 'ss-bytes-odd' : 'ss-bytes-even';
  if (run.begins !== null) name += run.begins === 'read' ? ' ss-bytes-read' : ' ss-bytes-border';
  if (run.highlighted) name += ' ss-bytes-highlighted';
  return name;
}

function runTitle(run: ByteRun, chunks: BytesSnapshot['chunks']): string | undefined {
  if (run.chunk === null || chunks === null) return undefined;
  const micros = chunks.micros[run.chunk - chunks.first];
  const when = micros === undefined || Number.isNaN(micros) ? '' : `, arrived at ${formatMicros(micros)} ms`;
  const goesOn = chunks.continues[run.chunk - chunks.first] === 1 ? ', goes on with the chunk before' : '';
  return `chunk ${formatOrdinal(run.chunk)}${goesOn}${when}`;
}

/** The byte under the pointer; in text, where characters have many widths, the run's first. */
function offsetOf(event: MouseEvent): number | null {
  const run = event.target instanceof HTMLElement ? event.target.closest<HTMLElement>('[data-offset]') : null;
  if (run === null) return null;
  const from = Number(run.dataset['offset']);
  const perByte = Number(run.parentElement?.dataset['perByte'] ?? 0);
  if (perByte === 0) return from + charsBefore(event, run);
  const box = run.getBoundingClientRect();
  const characters = run.textContent.length;
  return from + Math.floor(Math.floor(((event.clientX - box.left) / box.width) * characters) / perByte);
}

/** Characters of a run left of the pointer, as bytes of UTF-8. */
function charsBefore(event: MouseEvent, run: HTMLElement): number {
  const text = run.textContent;
  const box = run.getBoundingClientRect();
  const share = box.width === 0 ? 0 : (event.clientX - box.left) / box.width;
  return new TextEncoder().encode(text.slice(0, Math.floor(share * text.length))).length;
}
