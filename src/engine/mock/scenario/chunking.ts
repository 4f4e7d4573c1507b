import type { SeededRandom } from '../random.ts';
import { bordersAgainst, type Grain } from './againstTheGrain.ts';
import type { Amount } from './amount.ts';

/** How the bytes of one send are cut into chunks. */
export type Cut =
  | { readonly kind: 'whole' }
  | { readonly kind: 'bytes' | 'characters' | 'words' | 'lines' | 'records'; readonly size: number }
  | { readonly kind: 'against'; readonly grains: readonly Grain[] };

export interface Chunking {
  readonly cut: Cut;
  /** Time between the pieces of one send; null: each is paced. */
  readonly gap: Amount | null;
}

/** Cuts what is sent into chunks; joined they are the same bytes. Nothing is copied. */
export function* chunksOf(bytes: Uint8Array, cut: Cut, random: SeededRandom): Generator<Uint8Array, void, undefined> {
  let from = 0;
  for (const border of borders(bytes, cut, random)) {
    if (border <= from || border >= bytes.length) continue;
    yield bytes.subarray(from, border);
    from = border;
  }
  if (from < bytes.length) yield bytes.subarray(from);
}

/** Offsets at which a chunk ends, rising. */
function* borders(bytes: Uint8Array, cut: Cut, random: SeededRandom): Generator<number, void, undefined> {
  switch (cut.kind) {
    case 'whole':
      return;
    case 'bytes':
      for (let at = cut.size; at < bytes.length; at += cut.size) yield at;
      return;
    case 'characters':
      yield* everyNth(characterStarts(bytes), cut.size);
      return;
    case 'words':
      yield* everyNth(wordStarts(bytes), cut.size);
      return;
    case 'lines':
      yield* everyNth(lineStarts(bytes), cut.size);
      return;
    case 'records': {
      const blocks = [...blockStarts(bytes)];
      yield* everyNth(blocks.length > 0 ? blocks : lineStarts(bytes), cut.size);
      return;
    }
    case 'against':
      yield* bordersAgainst(bytes, cut.grains, random);
  }
}

function* everyNth(offsets: Iterable<number>, n: number): Generator<number, void, undefined> {
  let passed = 0;
  for (const offset of offsets) if (++passed % n === 0) yield offset;
}

function* characterStarts(bytes: Uint8Array): Generator<number, void, undefined> {
  for (let i = 1; i < bytes.length; i++) if (((bytes[i] ?? 0) & 0xc0) !== 0x80) yield i;
}

const isSpace = (value: number | undefined): boolean =>
  value === 0x20 || value === 0x09 || value === 0x0a || value === 0x0d;

/** A word takes the space before it along, as tokens do. */
function* wordStarts(bytes: Uint8Array): Generator<number, void, undefined> {
  for (let i = 1; i < bytes.length; i++) if (isSpace(bytes[i]) && !isSpace(bytes[i - 1])) yield i;
}

/** Behind LF, CR LF, and CR alone. */
function* lineStarts(bytes: Uint8Array): Generator<number, void, undefined> {
  for (let i = 1; i < bytes.length; i++) {
    const before = bytes[i - 1];
    if (before === 0x0a || (before === 0x0d && bytes[i] !== 0x0a)) yield i;
  }
}

/** Behind each blank line: where an event of an event stream is over. */
function* blockStarts(bytes: Uint8Array): Generator<number, void, undefined> {
  let lineFrom = 0;
  for (const start of [...lineStarts(bytes), bytes.length]) {
    const isBlank =
      start > lineFrom && bytes.subarray(lineFrom, start).every((value) => value === 0x0a || value === 0x0d);
    if (isBlank && lineFrom > 0) yield start;
    lineFrom = start;
  }
}
