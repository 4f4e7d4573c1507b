import type { TimelineColumns } from '../../shared/columns.ts';
import type { TimeScale } from '../ui/time/timeScale.ts';

/** Tokens a second over neighbouring columns of a tile. */
export interface RateCurve {
  /** Column of the first rate. */
  readonly first: number;
  readonly rates: Float64Array;
  /** What the lane's full height stands for: a round number that no rate exceeds. */
  readonly scale: number;
  readonly isAssumed: boolean;
}

/** A rate is taken over this many pixels at least, */
const leastPixels = 8;
/** and over so much time that this many columns with content lie in it, at their usual distance. */
const contentColumns = 6;
const roundSteps = [1, 2, 5];
const curves = new WeakMap<TimelineColumns, { readonly key: string; readonly curve: RateCurve | null }>();

/**
 * The rate of tokens in a tile's columns, from the first with content to the last: content that came around a column,
 * over the time it came in, so that single arrivals become a rate and a silence stays one.
 * @returns null where nothing came, and where it is not known how many tokens it was
 */
export function rateCurve(tile: TimelineColumns, scale: TimeScale): RateCurve | null {
  const key = scale.microsPerPixel.toPrecision(6);
  const known = curves.get(tile);
  if (known?.key === key) return known.curve;
  const curve = computed(tile, scale.microsPerPixel);
  curves.set(tile, { key, curve });
  return curve;
}

function computed(
  { tokens, fromMicros, toMicros, columns }: TimelineColumns,
  microsPerPixel: number,
): RateCurve | null {
  if (tokens === null || tokens.tokensPerUnit === null) return null;
  const { contentUnits, tokensPerUnit } = tokens;
  const distances: number[] = [];
  let first = -1;
  let last = -1;
  contentUnits.forEach((units, column) => {
    if (units === 0) return;
    if (first < 0) first = column;
    else distances.push(column - last);
    last = column;
  });
  if (first < 0) return null;
  const width = (toMicros - fromMicros) / columns;
  // The usual distance, not the mean: a stall must not smear the rate around it.
  const spacing = distances.sort((a, b) => a - b)[distances.length >> 1] ?? 1;
  const half = Math.max(1, Math.round(Math.max((leastPixels * microsPerPixel) / width, contentColumns * spacing) / 2));
  const from = Math.max(0, first - 1);
  const to = Math.min(columns - 1, last + 1);
  const rates = new Float64Array(to - from + 1);
  const sums = new Float64Array(columns + 1);
  for (let column = 0; column < columns; column++) {
    sums[column + 1] = (sums[column] as number) + (contentUnits[column] as number);
  }
  const sumBefore = (column: number): number => sums[Math.min(columns, Math.max(0, column))] as number;
  let highest = 0;
  for (let column = Math.max(from, first); column <= Math.min(to, last); column++) {
    // At either end the window stays inside: a shorter one would make a rate of single arrivals.
    const lo = Math.max(first, Math.min(column - half, last + 1 - 2 * half));
    const hi = Math.min(last + 1, lo + 2 * half);
    const reach = hi - lo === 2 * half ? 2 * half : hi - lo - 1 + spacing;
    const rate = ((sumBefore(hi) - sumBefore(lo)) * tokensPerUnit.ratio * 1e6) / (reach * width);
    rates[column - from] = rate;
    if (rate > highest) highest = rate;
  }
  return { first: from, rates, scale: roundAbove(highest), isAssumed: tokensPerUnit.source === 'assumed' };
}

/** 1, 2 or 5 times a power of ten: a height that stays while a stream runs. */
function roundAbove(rate: number): number {
  if (rate <= 1) return 1;
  const power = 10 ** Math.floor(Math.log10(rate));
  for (const step of roundSteps) if (step * power >= rate) return step * power;
  return 10 * power;
}

/** Tokens a second at a time; null outside the content, and where it is not known. */
export function rateAt(tile: TimelineColumns, scale: TimeScale, micros: number): number | null {
  const curve = rateCurve(tile, scale);
  if (curve === null) return null;
  const column = Math.floor(((micros - tile.fromMicros) * tile.columns) / (tile.toMicros - tile.fromMicros));
  return curve.rates[column - curve.first] ?? null;
}
