import type { EpochMillis, Micros } from '../../shared/words.ts';
import type { ExchangeClock } from './sink.ts';

/** Starts a clock: t0 is the moment of this call (`metrics.md`). */
export function startExchangeClock(): ExchangeClock {
  const startedAt: EpochMillis = Date.now();
  const zeroMillis = performance.now();
  return {
    startedAt,
    now: (): Micros => Math.round((performance.now() - zeroMillis) * 1000),
  };
}
