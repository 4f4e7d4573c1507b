import { setImmediate as nextTurn } from 'node:timers/promises';
import type { StreamAnswer } from '../../../engine/mock/answer.ts';
import type { MockStep, WireBreak } from '../../../engine/mock/step.ts';
import { ContentCoder } from './contentCoder.ts';
import type { ScheduleClock } from './scheduleClock.ts';
import type { AnswerHead, AnswerWire } from './wire/answerWire.ts';

/** Told while an answer is performed, so that a slow client can be seen. */
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

const nothing = new Uint8Array(0);

/**
 * Performs a stream: the head before the first wait, then each step as a chunk of its own, then its end or its break.
 *
 * The schedule is absolute: the n-th step is due at the sum of the delays up to it, so timer lateness does not add up,
 * and steps that are overdue follow at once. Time spent waiting for the client to read moves the schedule, because a
 * burst of everything that was due meanwhile would not be the pace that was asked for.
 *
 * At most one pack beyond the connection's own buffer is held. Rejects with the wire's signal; the script is then left.
 */
export async function performAnswer(
  answer: StreamAnswer,
  wire: AnswerWire,
  clock: ScheduleClock,
  observer: PerformanceObserver,
): Promise<void> {
  const performance = new Performance(answer, wire, clock, observer);
  if (await performance.head()) await performance.body(answer.steps);
}

class Performance {
  readonly #answer: StreamAnswer;
  readonly #wire: AnswerWire;
  readonly #clock: ScheduleClock;
  readonly #observer: PerformanceObserver;
  readonly #coder: ContentCoder | null;
  #deadlineMillis: number;
  #packed = 0;
  #bytesThisTurn = 0;
  #writesThisTurn = 0;

  constructor(answer: StreamAnswer, wire: AnswerWire, clock: ScheduleClock, observer: PerformanceObserver) {
    this.#answer = answer;
    this.#wire = wire;
    this.#clock = clock;
    this.#observer = observer;
    this.#coder = answer.coding === undefined ? null : new ContentCoder(answer.coding, answer.wire?.coding);
    this.#deadlineMillis = clock.nowMillis();
  }

  /** Whether a body follows. */
  async head(): Promise<boolean> {
    const changes = this.#answer.wire ?? {};
    const head = answerHead(this.#answer);
    if (changes.headDelayMillis !== undefined) await this.#wait(changes.headDelayMillis);
    if (changes.headBreak !== undefined) {
      await this.#wire.breakHead(head, changes.headBreak);
      return false;
    }
    this.#wire.head(head);
    await this.#keepUp(this.#wire.flush());
    if (changes.continuations === undefined) return true;
    await this.#wire.breakOff(nothing, { kind: 'fin', unsentBytes: 0 });
    return false;
  }

  async body(steps: Iterable<MockStep>): Promise<void> {
    try {
      for (const step of steps) {
        this.#wire.signal.throwIfAborted();
        if (step.delayMillis > 0) await this.#wait(step.delayMillis);
        const bytes = this.#coder === null ? step.bytes : await this.#coder.code(step.bytes);
        if (step.isLast !== undefined) {
          await this.#break(bytes, step.isLast);
          return;
        }
        this.#add(bytes);
        if (this.#packed >= packBytes) await this.#flush();
      }
      if (this.#coder !== null) this.#add(await this.#coder.end());
      this.#observer.sent(this.#packed);
      await this.#wire.end();
    } finally {
      this.#coder?.close();
    }
  }

  #add(bytes: Uint8Array): void {
    this.#wire.chunk(bytes);
    this.#packed += bytes.length;
  }

  async #break(bytes: Uint8Array, isLast: NonNullable<MockStep['isLast']>): Promise<void> {
    await this.#flush();
    const how: WireBreak = isLast === 'cut' ? { kind: 'fin', unsentBytes: 0 } : isLast;
    if (how.kind === 'extra' && this.#coder !== null) {
      this.#add(bytes);
      this.#add(await this.#coder.end());
      await this.#flush();
      await this.#wire.breakOff(nothing, how);
      return;
    }
    this.#observer.sent(bytes.length);
    await this.#wire.breakOff(bytes, how);
  }

  async #wait(millis: number): Promise<void> {
    await this.#flush();
    this.#deadlineMillis += millis;
    if (this.#deadlineMillis > this.#clock.nowMillis()) {
      await this.#clock.sleepUntil(this.#deadlineMillis, this.#wire.signal);
    }
  }

  async #flush(): Promise<void> {
    if (this.#packed === 0) return;
    this.#observer.sent(this.#packed);
    this.#bytesThisTurn += this.#packed;
    this.#writesThisTurn++;
    this.#packed = 0;
    const waiting = this.#wire.flush();
    if (waiting !== null) await this.#keepUp(waiting);
    else if (this.#bytesThisTurn >= turnBytes || this.#writesThisTurn >= turnWrites) {
      await nextTurn(undefined, { signal: this.#wire.signal });
    } else return;
    this.#bytesThisTurn = 0;
    this.#writesThisTurn = 0;
  }

  /** Waits for a client that does not read, and moves the schedule by that. */
  async #keepUp(waiting: Promise<void> | null): Promise<void> {
    if (waiting === null) return;
    const since = this.#clock.nowMillis();
    this.#observer.paused();
    try {
      await waiting;
    } finally {
      this.#observer.resumed();
    }
    this.#deadlineMillis += this.#clock.nowMillis() - since;
  }
}

/** The head of a stream as a wire takes it. */
export function answerHead({ status, headers, length, coding, trailers, wire }: StreamAnswer): AnswerHead {
  return {
    status,
    headers: coding === undefined ? headers : [...headers, ['Content-Encoding', coding.name]],
    length: coding === undefined ? (length ?? null) : null,
    trailers: trailers ?? [],
    changes: wire ?? {},
  };
}
