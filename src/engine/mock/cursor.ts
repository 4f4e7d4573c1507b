import { seededRandom } from './random.ts';

/** An opaque word for the place behind `position` records of the list that a seed names. */
export function cursorAt(seed: number, position: number): string {
  return `cur_${position.toString(36)}_${checkOf(seed, position)}`;
}

/** The place that a cursor names; null where it is none of this list. */
export function positionOf(seed: number, cursor: string): number | null {
  const [, digits] = /^cur_([0-9a-z]{1,8})_[0-9a-z]+$/.exec(cursor) ?? [];
  if (digits === undefined) return null;
  const position = Number.parseInt(digits, 36);
  return cursor === cursorAt(seed, position) ? position : null;
}

function checkOf(seed: number, position: number): string {
  return seededRandom(seed ^ 0x5eed, position)
    .below(36 ** 4)
    .toString(36);
}
