import type { ChunkSpan } from '../../../shared/columns.ts';
import { visibleText } from '../visibleText.ts';

/** Neighbouring bytes of one row that look alike. */
export interface ByteRun {
  /** Within the row. */
  readonly from: number;
  readonly to: number;
  readonly highlighted: boolean;
  /** Number of the chunk that brought them; null where borders are not known. */
  readonly chunk: number | null;
  /** What begins here: an HTTP chunk or DATA frame, or only another read of it; null: neither. */
  readonly begins: 'division' | 'read' | null;
}

/** Chunk `first + i` begins at `offset[i]`, ascending; `continues[i]` is 1 where that is a border of a read alone. */
export type ChunkBorders = Pick<ChunkSpan, 'first' | 'offset' | 'continues'>;

/** Splits bytes `[start, start + length)` where the chunk or the highlighting changes. */
export function byteRuns(
  start: number,
  length: number,
  highlight: { readonly from: number; readonly to: number } | null,
  borders: ChunkBorders | null,
): readonly ByteRun[] {
  const cuts = new Set([0, length]);
  const cut = (offset: number): void => {
    if (offset > start && offset < start + length) cuts.add(offset - start);
  };
  if (highlight !== null) {
    cut(highlight.from);
    cut(highlight.to);
  }
  let border = borders === null ? 0 : firstAtLeast(borders.offset, start);
  const firstBorder = border;
  for (; borders !== null && border < borders.offset.length; border++) {
    const offset = borders.offset[border] as number;
    if (offset >= start + length) break;
    cut(offset);
  }
  const sorted = [...cuts].sort((a, b) => a - b);
  const runs: ByteRun[] = [];
  let at = firstBorder;
  for (let i = 0; i + 1 < sorted.length; i++) {
    const from = sorted[i] as number;
    let begins: ByteRun['begins'] = null;
    while (borders !== null && at < borders.offset.length && (borders.offset[at] as number) <= start + from) {
      if ((borders.offset[at] as number) === start + from) begins = borders.continues[at] === 1 ? 'read' : 'division';
      at++;
    }
    runs.push({
      from,
      to: sorted[i + 1] as number,
      highlighted: highlight !== null && start + from >= highlight.from && start + from < highlight.to,
      chunk: borders === null || at === 0 ? null : borders.first + at - 1,
      begins,
    });
  }
  return runs;
}

function firstAtLeast(ascending: Float64Array, value: number): number {
  let low = 0;
  let high = ascending.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((ascending[middle] as number) < value) low = middle + 1;
    else high = middle;
  }
  return low;
}

const hexOf = Array.from({ length: 256 }, (_, byte) => byte.toString(16).padStart(2, '0'));

/** `7b 22 6e`, with a space after every byte. */
export function hexText(bytes: Uint8Array): string {
  let text = '';
  for (const byte of bytes) text += `${hexOf[byte] ?? ''} `;
  return text;
}

/** One character a byte: printable ASCII as it is, anything else a dot. */
export function asciiText(bytes: Uint8Array): string {
  let text = '';
  for (const byte of bytes) text += byte >= 0x20 && byte < 0x7f ? String.fromCharCode(byte) : '·';
  return text;
}

/**
 * Bytes of a run as UTF-8 text. A character belongs to the run it begins in.
 *
 * @param bytes the run's, preceded and followed by whatever neighbours are known
 * @param from @param to the run within `bytes`
 */
export function utf8Text(bytes: Uint8Array, from: number, to: number): string {
  let start = from;
  while (start < to && start - from < 3 && isContinuation(bytes[start]) && beginsBefore(bytes, start)) start++;
  if (start >= to) return '';
  let end = to;
  while (end < bytes.length && end - to < 3 && isContinuation(bytes[end])) end++;
  return visibleText(new TextDecoder().decode(bytes.subarray(start, end)));
}

function isContinuation(byte: number | undefined): boolean {
  return byte !== undefined && (byte & 0xc0) === 0x80;
}

/** The continuation byte at `at` belongs to a character that begins among the three bytes before it. */
function beginsBefore(bytes: Uint8Array, at: number): boolean {
  for (let back = 1; back <= 3 && at - back >= 0; back++) {
    const byte = bytes[at - back] as number;
    if (!isContinuation(byte)) return byte >= 0xc2 && byte <= 0xf4 && (byte >= 0xf0 ? 4 : byte >= 0xe0 ? 3 : 2) > back;
  }
  return false;
}

/** An offset as the gutter shows it: hexadecimal, at least eight digits. */
export function offsetText(offset: number): string {
  return offset.toString(16).padStart(8, '0');
}
