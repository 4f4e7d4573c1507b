import { seededRandom } from '../../mock/random.ts';
import type { Micros } from '../../../shared/words.ts';
import type { ReplayPiece } from './piece.ts';

/** Makes every `count` chunks one, which is due when the last of them was. */
export function* coalesced(pieces: Iterable<ReplayPiece>, count: number): Generator<ReplayPiece, void> {
  let group: ReplayPiece[] = [];
  let chunks = 0;
  for (const piece of pieces) {
    if (!piece.continues) {
      if (chunks === count) {
        yield* asOneChunk(group);
        group = [];
        chunks = 0;
      }
      chunks++;
    }
    const last = group.at(-1);
    if (last !== undefined && last.from + last.length === piece.from) {
      group[group.length - 1] = { ...last, atMicros: piece.atMicros, length: last.length + piece.length };
    } else group.push(piece);
  }
  yield* asOneChunk(group);
}

function* asOneChunk(group: readonly ReplayPiece[]): Generator<ReplayPiece, void> {
  const atMicros = group.at(-1)?.atMicros ?? 0;
  for (const [i, piece] of group.entries()) yield { ...piece, atMicros, continues: i > 0 };
}

/** Makes every chunk chunks of `bytes`, the last one of what is left; all are due when the chunk was. */
export function* splitChunks(pieces: Iterable<ReplayPiece>, bytes: number): Generator<ReplayPiece, void> {
  let inChunk = 0;
  for (const { atMicros, from, length, continues } of pieces) {
    if (!continues) inChunk = 0;
    for (let done = 0; done < length;) {
      const take = Math.min(length - done, bytes - (inChunk % bytes));
      yield { atMicros, from: from + done, length: take, continues: inChunk % bytes !== 0 };
      done += take;
      inChunk += take;
    }
  }
}

/** Delays every chunk by up to `most`, the same for each of its pieces; none overtakes another. */
export function* jittered(pieces: Iterable<ReplayPiece>, most: Micros, seed: number): Generator<ReplayPiece, void> {
  let chunk = 0;
  let extra = 0;
  let last = 0;
  for (const piece of pieces) {
    if (!piece.continues) extra = seededRandom(seed, chunk++).below(most + 1);
    last = Math.max(last, piece.atMicros + extra);
    yield { ...piece, atMicros: last };
  }
}
