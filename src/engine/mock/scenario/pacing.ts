import type { SeededRandom } from '../random.ts';
import type { Amount } from './amount.ts';
import type { TemplateScope } from './templateFunctions.ts';

/** When chunks go: the time before each of them, in milliseconds. */
export type Pace =
  | { readonly kind: 'fixed'; readonly every: Amount }
  | { readonly kind: 'jittered'; readonly every: Amount; readonly jitter: Amount }
  | { readonly kind: 'adaptive'; readonly perCharacter: Amount; readonly least: Amount; readonly most: Amount }
  | { readonly kind: 'burst'; readonly size: number; readonly every: Amount; readonly within: Amount }
  | { readonly kind: 'natural'; readonly median: Amount; readonly spread: number; readonly together: number };

/** No time of a log-normal distribution is longer than so many medians: its tail has no end. */
const longestMedians = 20;

/**
 * The time before a chunk.
 * @param serial how many chunks this pace has had, from 0
 */
export function delayBefore(
  pace: Pace,
  bytes: Uint8Array,
  serial: number,
  scope: TemplateScope,
  random: SeededRandom,
): number {
  switch (pace.kind) {
    case 'fixed':
      return pace.every.of(scope);
    case 'jittered': {
      const jitter = pace.jitter.of(scope);
      return Math.max(0, pace.every.of(scope) + (2 * random.fraction() - 1) * jitter);
    }
    case 'adaptive': {
      const wanted = characters(bytes) * pace.perCharacter.of(scope);
      return Math.min(pace.most.of(scope), Math.max(pace.least.of(scope), wanted));
    }
    case 'burst':
      return serial % pace.size === 0 ? pace.every.of(scope) : pace.within.of(scope);
    case 'natural': {
      const normal = standardNormal(random);
      if (random.fraction() < pace.together) return 0;
      return pace.median.of(scope) * Math.min(longestMedians, Math.exp(pace.spread * normal));
    }
  }
}

/** Bytes that begin a character: all but the later ones of UTF-8. */
function characters(bytes: Uint8Array): number {
  let count = 0;
  for (const value of bytes) if ((value & 0xc0) !== 0x80) count++;
  return count;
}

/** Box–Muller. */
function standardNormal(random: SeededRandom): number {
  return Math.sqrt(-2 * Math.log(1 - random.fraction())) * Math.cos(2 * Math.PI * random.fraction());
}
