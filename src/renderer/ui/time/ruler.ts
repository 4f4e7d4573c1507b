import type { Micros } from '../../../shared/words.ts';
import type { TimeScale } from './timeScale.ts';

export interface Tick {
  readonly micros: Micros;
  readonly label: string;
}

const steps = [1, 2, 5] as const;

/** The smallest of 1, 2, 5 × 10ⁿ µs (n ≥ 0), or of whole seconds, minutes and hours, that is at least `leastMicros`. */
export function tickStep(leastMicros: number): Micros {
  for (let power = 1; power <= 10_000_000; power *= 10) {
    for (const step of steps) if (step * power >= leastMicros) return step * power;
  }
  const seconds = [60, 120, 300, 600, 1_800, 3_600, 7_200, 21_600, 43_200, 86_400];
  for (const step of seconds) if (step * 1e6 >= leastMicros) return step * 1e6;
  return Math.ceil(leastMicros / 86_400e6) * 86_400e6;
}

/** Ticks at least `leastPixels` apart that lie on the scale. */
export function ticks(scale: TimeScale, leastPixels: number): readonly Tick[] {
  const step = tickStep(scale.microsPerPixel * leastPixels);
  const found: Tick[] = [];
  const last = Math.floor(scale.toMicros / step);
  for (let k = Math.ceil(scale.fromMicros / step); k <= last; k++) {
    found.push({ micros: k * step, label: tickLabel(k * step, step) });
  }
  return found;
}

/** A time as the ruler shows it: seconds with as many decimals as the step needs, minutes and hours above. */
export function tickLabel(micros: Micros, stepMicros: Micros): string {
  if (stepMicros >= 60e6) return clock(micros / 1e6, 0);
  const decimals = stepMicros >= 1e6 ? 0 : Math.min(6, Math.ceil(-Math.log10(stepMicros / 1e6) - 1e-9));
  if (micros >= 3_600e6) return clock(micros / 1e6, decimals);
  return `${(micros / 1e6).toFixed(Math.max(1, decimals))} s`;
}

function clock(seconds: number, decimals: number): string {
  const whole = Math.floor(seconds);
  const rest = (seconds % 60).toFixed(decimals).padStart(decimals === 0 ? 2 : 3 + decimals, '0');
  const minutes = Math.floor(whole / 60) % 60;
  const hours = Math.floor(whole / 3_600);
  return hours > 0 ? `${String(hours)}:${String(minutes).padStart(2, '0')}:${rest}` : `${String(minutes)}:${rest}`;
}
