import { once } from 'node:events';
import type { ServerResponse } from 'node:http';
import { setImmediate as nextTurn } from 'node:timers/promises';
import type { MockStep } from '../../../engine/mock/step.ts';
import type { ScheduleClock } from './scheduleClock.ts';

/** Told while a script is performed, so that a slow client can be seen. */
export interface PerformanceObserver {
  /** Body bytes handed to the connection. */
  sent(bytes: number): void;
  /** The client does not keep up: nothing is produced until it does. */
  paused(): void;
  resumed(): void;
}

/** Steps without a delay between them travel together, up to this size: one write an order would halve the rate. */
const packBytes = 16 * 1024;

/** How much may be written before other streams get their turn, when this client takes everything at once. */
const turnBytes = 64 * 1024;
const turnWrites = 256;

/**
 * Performs a script on a response whose head has been written, and ends the response.
 *
 * The schedule is absolute: the n-th step is due at the sum of the delays up to it, so timer lateness does not add up,
 * and steps that are overdue follow at once. Time spent waiting for the client to read moves the schedule, because a
 * burst of everything that was due meanwhile would not be the pace that was asked for.
 *
 * At most one pack beyond the connection's own buffer is held. Rejects when the signal aborts. A step that cuts loses the
 * connection as soon as everything before is sent.
 */
export async function performScript(
  steps: Iterable<MockStep>,
  response: ServerResponse,
  clock: ScheduleClock,
  observer: PerformanceObserver,
  signal: AbortSignal,
): Promise<void> {
  let deadlineMillis = clock.nowMillis();
  let pack: Uint8Array[] = [];
  let packed = 0;
  let bytesThisTurn = 0;
  let writesThisTurn = 0;

  const flush = async (): Promise<void> => {
    if (packed === 0) return;
    const [only] = pack;
    const bytes = pack.length === 1 && only !== undefined ? only : Buffer.concat(pack, packed);
    pack = [];
    packed = 0;
    observer.sent(bytes.length);
    bytesThisTurn += bytes.length;
    writesThisTurn++;
    if (!response.write(bytes)) {
      const waitingSince = clock.nowMillis();
      observer.paused();
      try {
        await once(response, 'drain', { signal });
      } finally {
        observer.resumed();
      }
      deadlineMillis += clock.nowMillis() - waitingSince;
    } else if (bytesThisTurn >= turnBytes || writesThisTurn >= turnWrites) {
      await nextTurn(undefined, { signal });
    } else {
      return;
    }
    bytesThisTurn = 0;
    writesThisTurn = 0;
  };

  for (const step of steps) {
    signal.throwIfAborted();
    if (step.delayMillis > 0) {
      await flush();
      deadlineMillis += step.delayMillis;
      if (deadlineMillis > clock.nowMillis()) await clock.sleepUntil(deadlineMillis, signal);
    }
    pack.push(step.bytes);
    packed += step.bytes.length;
    if (step.isLast === 'cut') {
      await flush();
      response.socket?.destroySoon();
      return;
    }
    if (packed >= packBytes) await flush();
  }
  await flush();
  response.end();
}
