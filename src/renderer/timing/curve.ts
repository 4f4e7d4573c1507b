/** Rounds up to 1, 2 or 5 times a power of ten: the top of an axis. */
export function axisTop(largest: number): number {
  if (!(largest > 0)) return 1;
  const power = 10 ** Math.floor(Math.log10(largest));
  for (const step of [1, 2, 5, 10]) if (step * power >= largest) return step * power;
  return 10 * power;
}

/**
 * An SVG path of ascending points as steps: a total stays as it is until the next arrival.
 *
 * @param micros @param values equally long
 * @param width @param height of the drawing; the origin is its lower left corner
 */
export function stepPath(
  micros: Float64Array,
  values: Float64Array,
  mostMicros: number,
  mostValue: number,
  width: number,
  height: number,
): string {
  let path = `M0 ${String(height)}`;
  let drawnY = height;
  for (let i = 0; i < micros.length; i++) {
    const x = ((micros[i] as number) / mostMicros) * width;
    const y = height - ((values[i] as number) / mostValue) * height;
    // A point that moves the line by less than a tenth of a unit changes nothing that can be seen.
    if (Math.abs(y - drawnY) < 0.1 && i < micros.length - 1) continue;
    path += `H${x.toFixed(1)}V${y.toFixed(1)}`;
    drawnY = y;
  }
  return path;
}

/** Bins from the first to the last that hold anything. */
export function filledBins(counts: readonly number[]): { readonly first: number; readonly end: number } {
  const first = counts.findIndex((count) => count > 0);
  return first < 0 ? { first: 0, end: 0 } : { first, end: counts.findLastIndex((count) => count > 0) + 1 };
}
