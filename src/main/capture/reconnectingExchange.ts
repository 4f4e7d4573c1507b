import type { ReconnectPlan, RequestOptions } from '../../shared/request.ts';
import type { Outcome } from '../../shared/failure.ts';
import type { Limits } from '../../shared/limits.ts';
import type { Ending } from '../../shared/recording.ts';
import type { ResumePosition } from '../../engine/reconnect/keyReader.ts';
import { decideReconnect } from '../../engine/reconnect/reconnectPolicy.ts';
import type { Carriage } from './carriage.ts';
import { ConnectionSink } from './connectionSink.ts';
import { endingFrom } from './endings.ts';
import { Exchange } from './exchange.ts';
import type { RequestPlan } from './requestPlan.ts';
import type { Capture, CaptureSink, ExchangeClock, StopReason } from './sink.ts';
import { stopFacts } from './stopFacts.ts';

/** Calls `act` once after `millis`; what it returns takes that back. */
export type WaitTimer = (millis: number, act: () => void) => () => void;

export const systemWait: WaitTimer = (millis, act) => {
  const timer = setTimeout(act, millis);
  return () => {
    clearTimeout(timer);
  };
};

export interface ReconnectingOptions {
  readonly plan: ReconnectPlan;
  readonly options: RequestOptions;
  readonly carriage: Carriage;
  readonly limits: Limits;
  readonly clock: ExchangeClock;
  readonly wait: WaitTimer;
  /** The request of a later connection, asked to go on from `position`; a failure where it cannot be sent so. */
  planAt(position: string | null): Outcome<RequestPlan>;
}

const noPosition: ResumePosition = { value: null, retryMillis: null };

/**
 * Successive exchanges as one recording, on one clock and into one sink, until the plan for reconnecting says that it is
 * over. Each connection starts at the request's own address: redirects are followed anew, so that what may not go to
 * another origin is looked at each time.
 */
export class ReconnectingExchange implements Capture {
  readonly done: Promise<void>;

  readonly #sink: CaptureSink;
  readonly #options: ReconnectingOptions;
  readonly #closing: Promise<void>[] = [];
  #connection: ConnectionSink | null = null;
  #exchange: Exchange | null = null;
  #cancelWait: (() => void) | null = null;
  #held = false;
  #used = 0;
  #unanswered = 0;
  #wasLabCut = false;
  /** A stop that came between two connections, before the wait. */
  #stopped: StopReason | null = null;
  readonly #maxTimer: NodeJS.Timeout | undefined;
  #allEnded: () => void = () => undefined;

  constructor(first: RequestPlan, sink: CaptureSink, options: ReconnectingOptions) {
    this.#sink = sink;
    this.#options = options;
    const { maxTimeMillis } = options.options;
    if (maxTimeMillis !== undefined) {
      this.#maxTimer = setTimeout(() => this.stop({ by: 'max-time', millis: maxTimeMillis }), maxTimeMillis);
    }
    this.done = new Promise<void>((resolve) => {
      this.#allEnded = resolve;
    }).then(async () => {
      await Promise.all(this.#closing);
    });
    this.#connect(first);
  }

  pause(): void {
    this.#held = true;
    this.#exchange?.pause();
  }

  resume(): void {
    this.#held = false;
    this.#exchange?.resume();
  }

  stop(reason: StopReason): void {
    if (this.#exchange !== null) {
      this.#exchange.stop(reason);
      return;
    }
    this.#stopped ??= reason;
    if (this.#cancelWait === null) return;
    this.#cancelWait();
    this.#cancelWait = null;
    this.#endStopped(reason);
  }

  #endStopped(reason: StopReason): void {
    this.#end(endingFrom(stopFacts(reason, this.#connection?.wireBytes ?? 0), this.#options.clock.now()));
  }

  #connect(plan: RequestPlan): void {
    const { maxTimeMillis: _ofTheWhole, ...options } = this.#options.options;
    const connection: ConnectionSink = new ConnectionSink(this.#sink, this.#connection, (ending) => {
      this.#connectionEnded(connection, ending);
    });
    this.#connection = connection;
    const { carriage, limits, clock } = this.#options;
    const exchange = new Exchange(plan, options, carriage, connection, limits, clock, connection.wireOffset);
    this.#exchange = exchange;
    this.#closing.push(exchange.done);
    if (this.#held) exchange.pause();
  }

  #connectionEnded(connection: ConnectionSink, ending: Ending): void {
    const { responseHead: head } = connection;
    this.#exchange = null;
    this.#unanswered = head === null ? this.#unanswered + 1 : 0;
    const position = this.#sink.position?.() ?? noPosition;
    const decision = decideReconnect(
      this.#options.plan,
      { ending, head },
      { used: this.#used, unanswered: this.#unanswered, retryMillis: position.retryMillis, wasLabCut: this.#wasLabCut },
    );
    this.#wasLabCut ||= ending.code === 'end/lab-cut';
    if (decision.kind === 'over') {
      if (decision.refused !== null) this.#sink.transportDiagnostic('reconnect/refused', decision.refused);
      this.#end(ending);
      return;
    }
    const next = this.#options.planAt(position.value);
    if (!next.ok) {
      const details = { position: position.value ?? '', reason: next.failure.message };
      this.#sink.transportDiagnostic('reconnect/unsendable-position', details);
      this.#end(ending);
      return;
    }
    this.#used++;
    this.#sink.reconnecting?.({
      after: ending,
      waitMicros: Math.round(decision.waitMillis * 1_000),
      atMicros: null,
      resumedFrom: position.value,
      firstChunk: connection.chunks,
      wireOffset: connection.wireBytes,
      head: null,
    });
    if (this.#stopped !== null) {
      this.#endStopped(this.#stopped);
      return;
    }
    this.#cancelWait = this.#options.wait(decision.waitMillis, () => {
      this.#cancelWait = null;
      this.#sink.mark({ name: 'reconnect', atMicros: this.#options.clock.now() });
      this.#connect(next.value);
    });
  }

  #end(ending: Ending): void {
    clearTimeout(this.#maxTimer);
    this.#sink.mark({ name: 'end', atMicros: ending.atMicros });
    this.#sink.ended(ending);
    this.#allEnded();
  }
}
