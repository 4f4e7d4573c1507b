import { seededRandom } from '../random.ts';

const between = 12;

/**
 * A curve in [−1, 1] that wanders: smooth between seeded values that are 12 positions apart, with a small tremble.
 * Each point is found without the points before it. Of sums and products alone, so that it is the same everywhere.
 */
export function smoothNoise(seed: number, position: number): number {
  const cell = Math.floor(position / between);
  const share = position / between - cell;
  const eased = share * share * (3 - 2 * share);
  const from = latticeValue(seed, cell);
  const to = latticeValue(seed, cell + 1);
  const tremble = seededRandom(seed + 1, position).fraction() - 0.5;
  return (from + (to - from) * eased) * 0.9 + tremble * 0.2;
}

function latticeValue(seed: number, cell: number): number {
  return seededRandom(seed, cell).fraction() * 2 - 1;
}
