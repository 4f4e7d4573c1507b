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
/** and over so much time that this many columns with content lie in it, where they lie as they do on the whole. */
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
  if (tokens?.tokensPerUnit == null) return null;
  const { contentUnits, tokensPerUnit } = tokens;
  let first = -1;
  let last = -1;
  let filled = 0;
  contentUnits.forEach((units, column) => {
    if (units === 0) return;
    if (first < 0) first = column;
    last = column;
    filled++;
  });
  if (first < 0) return null;
  const width = (toMicros - fromMicros) / columns;
  const spacing = (last - first + 1) / filled;
  const half = Math.max(1, Math.round(Math.max((leastPixels * microsPerPixel) / width, contentColumns * spacing) / 2));
  const from = Math.max(0, first - 1);
  const to = Math.min(columns - 1, last + 1);
  const rates = new Float64Array(to - from + 1);
  let sum = 0;
  for (let column = Math.max(first, from - half); column < from + half; column++) sum += contentUnits[column] ?? 0;
  let highest = 0;
  for (let column = from; column <= to; column++) {
    sum += contentUnits[column + half] ?? 0;
    // At either end the content came in the part of the window that lies between first and last.
    const reach = Math.min(last, column + half) - Math.max(first, column - half) + 1;
    const seconds = (Math.max(reach, Math.min(half, last - first + 1)) * width) / 1e6;
    const rate = column < first || column > last ? 0 : Math.max(0, (sum * tokensPerUnit.ratio) / seconds);
    rates[column - from] = rate;
    if (rate > highest) highest = rate;
    sum -= contentUnits[column - half] ?? 0;
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
