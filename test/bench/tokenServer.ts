import { setImmediate as nextTurn, setTimeout as delay } from 'node:timers/promises';
import { createMockServer } from '../../src/main/servers/mock/mockServer.ts';

/** One wait of the mock server, in microseconds of the machine's monotonic clock. */
export interface KeptDeadline {
  readonly dueMicros: number;
  readonly keptMicros: number;
}

export type FromTokenServer =
  | { readonly type: 'listening'; readonly url: string }
  /** The waits since the last question, one list a stream. */
  | { readonly type: 'log'; readonly streams: readonly (readonly KeptDeadline[])[] };

const originMicros = Number(process.hrtime.bigint() / 1_000n) - performance.now() * 1_000;
const toMicros = (millis: number): number => originMicros + millis * 1_000;
/** A timer may be late by this much: the rest is waited for turn by turn. */
const turnsMillis = 2;

const logs = new Map<AbortSignal, KeptDeadline[]>();

const server = createMockServer({
  port: 0,
  clock: {
    nowMillis: () => performance.now(),
    sleepUntil: async (deadlineMillis, signal) => {
      const left = deadlineMillis - performance.now();
      if (left > turnsMillis) await delay(Math.floor(left - turnsMillis), undefined, { signal });
      while (performance.now() < deadlineMillis) await nextTurn(undefined, { signal });
      const log = logs.get(signal) ?? [];
      logs.set(signal, log);
      log.push({ dueMicros: toMicros(deadlineMillis), keptMicros: toMicros(performance.now()) });
    },
  },
});

function tell(message: FromTokenServer): void {
  process.send?.(message);
}

process.on('message', () => {
  const streams = [...logs.values()];
  logs.clear();
  tell({ type: 'log', streams });
});
process.on('disconnect', () => process.exit());
tell({ type: 'listening', url: (await server.start()).url });
