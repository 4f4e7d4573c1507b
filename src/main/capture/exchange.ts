import type { Limits } from '../../shared/limits.ts';
import { redirectHeaders, type Mark, type ResponseHead } from '../../shared/recording.ts';
import type { RequestOptions } from '../../shared/request.ts';
import type { Micros } from '../../shared/words.ts';
import { BodyDelivery } from './bodyDelivery.ts';
import type { Carriage } from './carriage.ts';
import { secondsText } from './connectFault.ts';
import { endingFrom, type EndingFacts } from './endings.ts';
import type { Hop } from './hop.ts';
import { Http1Hop } from './http1Hop.ts';
import { Http2Hop } from './http2/http2Hop.ts';
import { redirectedRequest } from './redirect.ts';
import type { RequestPlan } from './requestPlan.ts';
import type { Capture, CaptureSink, ExchangeClock, StopReason } from './sink.ts';
import { stopFacts } from './stopFacts.ts';

const writerIsBehind = 'writing is behind';

interface Finish {
  readonly facts: EndingFacts;
  readonly atMicros: Micros;
}

/**
 * A request with its redirects, from the first lookup to the ending. Nothing here is shared between exchanges: each
 * makes its own connection, so that every recording shows one.
 */
export class Exchange implements Capture {
  readonly done: Promise<void>;

  readonly #options: RequestOptions;
  readonly #sink: CaptureSink;
  readonly #limits: Limits;
  readonly #clock: ExchangeClock;
  readonly #body: BodyDelivery;
  readonly #abort = new AbortController();
  /** Who wants the socket not to be read. */
  readonly #holders = new Set<'owner' | 'decoder'>();
  readonly #carriage: Carriage;
  #hop: Hop | null = null;
  #finish: Finish | null = null;
  #wake: (() => void) | null = null;
  #next: RequestPlan | null = null;
  #redirects = 0;
  readonly #earlierWireBytes: number;
  #wireBytes = 0;

  /** @param earlierWireBytes of connections before this one in the same recording: limits count them too */
  constructor(
    plan: RequestPlan,
    options: RequestOptions,
    carriage: Carriage,
    sink: CaptureSink,
    limits: Limits,
    clock: ExchangeClock,
    earlierWireBytes = 0,
  ) {
    this.#earlierWireBytes = earlierWireBytes;
    this.#options = options;
    this.#carriage = carriage;
    this.#sink = sink;
    this.#limits = limits;
    this.#clock = clock;
    this.#body = new BodyDelivery(sink, limits, {
      hold: () => this.#hold('decoder', 'decoding is behind'),
      release: () => this.#release('decoder'),
      sinkIsFull: () => {
        this.#body.pause();
        this.#hold('owner', writerIsBehind);
      },
    });
    this.done = this.#run(plan);
  }

  pause(): void {
    this.#hold('owner');
  }

  resume(): void {
    this.#body.resume();
    this.#release('owner');
  }

  stop(reason: StopReason): void {
    this.#finishWith(stopFacts(reason, this.#wireBytes), this.#clock.now());
  }

  async #run(first: RequestPlan): Promise<void> {
    const { maxTimeMillis } = this.#options;
    const maxTimer =
      maxTimeMillis === undefined
        ? undefined
        : setTimeout(() => this.stop({ by: 'max-time', millis: maxTimeMillis }), maxTimeMillis);
    const closing: Promise<void>[] = [];
    try {
      await this.#carriage.cookies?.load();
      let plan: RequestPlan | null = first;
      while (plan !== null && this.#finish === null) {
        plan = await this.#runHop(plan);
        if (this.#hop !== null) closing.push(this.#hop.close());
        this.#hop = null;
      }
    } catch (error) {
      this.#fail(error);
    }
    clearTimeout(maxTimer);
    try {
      await this.#end();
    } finally {
      await Promise.all(closing);
    }
  }

  /** Runs one request; resolves to the next one of a redirect, or null when there is none or the exchange is over. */
  async #runHop(plan: RequestPlan): Promise<RequestPlan | null> {
    const { headersTimeoutMillis } = this.#options;
    const now = (): Micros => this.#clock.now();
    const dialled = await this.#carriage.dial(plan.url, {
      signal: this.#abort.signal,
      now,
      mark: (mark) => this.#mark(mark),
    });
    if (dialled === 'aborted') return null;
    if ('fault' in dialled) {
      this.#finishWith(dialled.fault, now());
      return null;
    }
    this.#next = null;
    let headersTimer: NodeJS.Timeout | undefined;
    const HopOfProtocol = dialled.connection.protocol === 'h2' ? Http2Hop : Http1Hop;
    const hop = new HopOfProtocol(
      dialled.connection,
      this.#carriage.cookies?.addedTo(plan) ?? plan,
      this.#limits,
      {
        sent: (headers) => this.#sink.sent(headers),
        requestSent: (atMicros) => this.#mark({ name: 'request-sent', atMicros }),
        head: (head) => {
          clearTimeout(headersTimer);
          return this.#guarded(() => this.#head(head, plan)) ?? false;
        },
        data: (atMicros, bytes, continues) => {
          this.#guarded(() => this.#data(atMicros, bytes, continues));
        },
        trailers: (headers) => {
          this.#guarded(() => this.#sink.trailers(headers));
        },
        diagnostic: (code, details) => this.#sink.transportDiagnostic(code, details),
        finished: (facts, atMicros) => this.#finishWith(facts, atMicros),
      },
      now,
    );
    this.#hop = hop;
    if (this.#holders.size > 0) hop.hold();
    if (headersTimeoutMillis !== undefined) {
      headersTimer = setTimeout(() => {
        const message = `The server did not answer within ${secondsText(headersTimeoutMillis)}. The limit can be raised.`;
        this.#finishWith({ code: 'end/headers-timeout', message, offset: null }, now());
      }, headersTimeoutMillis);
    }
    hop.start();
    await new Promise<void>((resolve) => {
      if (this.#finish !== null || this.#next !== null) resolve();
      else this.#wake = resolve;
    });
    clearTimeout(headersTimer);
    return this.#next;
  }

  #head(head: ResponseHead, plan: RequestPlan): boolean {
    if (this.#finish !== null) return false;
    this.#carriage.cookies?.received(plan.url, head.headers);
    const next = this.#options.followRedirects ? redirectedRequest(plan, head) : null;
    if (next !== null && this.#redirects < this.#limits.redirects) {
      this.#redirects += 1;
      const headers = head.headers.slice(0, redirectHeaders);
      const facts = { status: head.status, from: plan.url.href, to: next.url.href, headers };
      this.#mark({ name: 'redirect', atMicros: head.atMicros, facts });
      this.#next = next;
      this.#wake?.();
      return false;
    }
    this.#mark({ name: 'headers', atMicros: head.atMicros });
    this.#sink.head(head);
    if (next !== null) {
      const message = `The answer redirects once more after ${String(this.#limits.redirects)} redirects, which is the limit.`;
      this.#finishWith({ code: 'end/redirect-limit', message, offset: null }, head.atMicros);
      return false;
    }
    const fault = this.#body.begin(head);
    if (fault === null) return true;
    this.#finishWith(fault, head.atMicros);
    return false;
  }

  #data(atMicros: Micros, bytes: Uint8Array, continues: boolean): void {
    if (this.#finish !== null) return;
    const { maxBytes } = this.#options;
    const limit = Math.min(maxBytes ?? Infinity, this.#limits.recordingBytes);
    const room = Math.max(0, limit - this.#earlierWireBytes - this.#wireBytes);
    const kept = bytes.byteLength > room ? bytes.subarray(0, room) : bytes;
    if (this.#wireBytes === 0) this.#mark({ name: 'first-byte', atMicros });
    this.#wireBytes += kept.byteLength;
    if (kept.byteLength > 0 && !this.#body.chunk(atMicros, kept, continues)) this.#hold('owner', writerIsBehind);
    if (kept.byteLength >= room && (kept !== bytes || this.#hop?.messageEnded !== true)) {
      this.stop({ by: 'limit', limit: limit === maxBytes ? 'max-bytes' : 'recording size', value: limit });
    }
  }

  /** Runs what the parser calls. What goes wrong in it is our fault, and must not look like the server's. */
  #guarded<T>(work: () => T): T | undefined {
    try {
      return work();
    } catch (error) {
      this.#fail(error);
      return undefined;
    }
  }

  #fail(error: unknown): void {
    const reason = error instanceof Error ? error.message : String(error);
    const message = `Recording stopped because of a fault in this program: ${reason}.`;
    this.#finishWith({ code: 'end/internal', message, offset: this.#wireBytes }, this.#clock.now());
  }

  #hold(holder: 'owner' | 'decoder', reason?: string): void {
    if (this.#finish !== null || this.#holders.has(holder)) return;
    this.#holders.add(holder);
    if (this.#holders.size > 1) return;
    this.#hop?.hold();
    this.#mark({ name: 'paused', atMicros: this.#clock.now(), ...(reason === undefined ? {} : { facts: { reason } }) });
  }

  #release(holder: 'owner' | 'decoder'): void {
    if (!this.#holders.delete(holder) || this.#holders.size > 0 || this.#finish !== null) return;
    this.#mark({ name: 'resumed', atMicros: this.#clock.now() });
    this.#hop?.release();
  }

  #mark(mark: Mark): void {
    if (this.#finish === null) this.#sink.mark(mark);
  }

  /** The first end counts; what follows it is its consequence. */
  #finishWith(facts: EndingFacts, atMicros: Micros): void {
    if (this.#finish !== null) return;
    // What is no HTTP has no body, but whoever asks why wants to see it: it is kept as the recording's bytes.
    const unanswered = this.#hop?.unansweredBytes;
    if (unanswered !== undefined && unanswered.byteLength > 0 && this.#wireBytes === 0) {
      this.#body.chunk(atMicros, unanswered);
    }
    this.#finish = { facts, atMicros };
    this.#abort.abort();
    this.#wake?.();
  }

  async #end(): Promise<void> {
    const finish = this.#finish ?? {
      facts: { code: 'end/internal', message: 'Recording stopped without a reason.', offset: null },
      atMicros: this.#clock.now(),
    };
    const facts = await this.#body.finish(finish.facts);
    this.#sink.mark({ name: 'end', atMicros: finish.atMicros });
    this.#sink.ended(endingFrom(facts, finish.atMicros));
  }
}
