import type { SeededRandom } from './random.ts';

const jitter = 0.4;
const twoAtOnce = 0.05;

/**
 * A time between two tokens as models have them: log-normal around the median, never more than four times of it, now
 * and then none at all because two tokens come at once.
 */
export function naturalDelay(medianMillis: number, random: SeededRandom): number {
  const normal = Math.sqrt(-2 * Math.log(1 - random.fraction())) * Math.cos(2 * Math.PI * random.fraction()); // Box–Muller
  if (random.fraction() < twoAtOnce) return 0;
  return medianMillis * Math.min(4, Math.exp(jitter * normal));
}

/** The wait before the first token, in delays between tokens: reading the prompt takes longer than a token. */
export const firstTokenDelays = 10;
