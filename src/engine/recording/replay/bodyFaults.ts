import type { ReplayFault } from '../../../shared/replay.ts';
import type { ByteOffset, Micros } from '../../../shared/words.ts';
import type { CutTail, ReplayPiece } from './piece.ts';

/** Where a frame lies on the wire, and where what follows it begins. */
export interface FramePlace {
  readonly from: ByteOffset;
  /** The next frame, or the end of this one when it is the last: framing whitespace belongs to the frame before it. */
  readonly to: ByteOffset;
}

/** Faults in terms of wire bytes of the recording. */
export type ByteFault =
  | { readonly kind: 'cut' | 'reset'; readonly at: ByteOffset }
  | { readonly kind: 'stall'; readonly at: ByteOffset; readonly micros: Micros }
  | { readonly kind: 'drop' | 'duplicate'; readonly from: ByteOffset; readonly to: ByteOffset }
  | { readonly kind: 'corrupt'; readonly at: ByteOffset }
  | Extract<ReplayFault, { kind: 'split' | 'coalesce' | 'slow' }>;

/**
 * Leaves out, repeats, delays and cuts bytes of one body. Pieces keep their order; an HTTP chunk that loses its
 * beginning begins with what is left of it. What a cut leaves of the HTTP chunk it happens in is counted into `tail`.
 */
export function* withByteFaults(
  pieces: Iterable<ReplayPiece>,
  faults: readonly ByteFault[],
  tail: CutTail,
): Generator<ReplayPiece, void> {
  const borders = bordersOf(faults);
  const cutAt = Math.min(...faults.map((fault) => (isCut(fault) ? fault.at : Infinity)));
  let isBegun = false;
  let isOver = false;
  for (const piece of pieces) {
    if (isOver) {
      if (!piece.continues) return;
      tail.missingBytes += piece.length;
      continue;
    }
    if (!piece.continues) isBegun = false;
    for (const part of splitAt(piece, borders)) {
      if (part.from >= cutAt) {
        if (isBegun) tail.missingBytes += part.length;
        isOver = true;
        continue;
      }
      const atMicros = part.atMicros + stalledMicros(faults, part.from);
      if (!faults.some((fault) => fault.kind === 'drop' && part.from >= fault.from && part.from < fault.to)) {
        yield { ...part, atMicros, continues: isBegun };
        isBegun = true;
      }
      const end = part.from + part.length;
      for (const fault of faults) {
        if (fault.kind !== 'duplicate' || fault.to !== end || fault.to === fault.from) continue;
        yield { atMicros, from: fault.from, length: fault.to - fault.from, continues: isBegun };
        isBegun = true;
      }
    }
    if (isOver && !isBegun) return;
  }
}

/** How much later everything from a byte on comes: stalls that lie before it. */
export function stalledMicros(faults: readonly ByteFault[], from: ByteOffset): Micros {
  let micros = 0;
  for (const fault of faults) if (fault.kind === 'stall' && from >= fault.at) micros += fault.micros;
  return micros;
}

export function isCut(fault: ByteFault): fault is Extract<ByteFault, { kind: 'cut' | 'reset' }> {
  return fault.kind === 'cut' || fault.kind === 'reset';
}

function bordersOf(faults: readonly ByteFault[]): readonly ByteOffset[] {
  const borders = new Set<ByteOffset>();
  for (const fault of faults) {
    if (fault.kind === 'drop' || fault.kind === 'duplicate') borders.add(fault.from).add(fault.to);
    else if (isCut(fault) || fault.kind === 'stall') borders.add(fault.at);
  }
  return [...borders].sort((a, b) => a - b);
}

function* splitAt(piece: ReplayPiece, borders: readonly ByteOffset[]): Generator<ReplayPiece, void> {
  const end = piece.from + piece.length;
  let { from } = piece;
  for (const border of borders) {
    if (border <= from || border >= end) continue;
    yield { ...piece, from, length: border - from };
    from = border;
  }
  yield { ...piece, from, length: end - from };
}
