import type { Limits } from '../../../shared/limits.ts';
import type { Mark, ResponseHead } from '../../../shared/recording.ts';
import type { HeaderList } from '../../../shared/request.ts';
import type { Micros } from '../../../shared/words.ts';
import { BodyDelivery } from '../bodyDelivery.ts';
import type { Carriage } from '../carriage.ts';
import { endsOf } from '../connectTcp.ts';
import type { Connection, Dialled } from '../dial.ts';
import { endingFrom, endingKindOf, type EndingFacts } from '../endings.ts';
import { headerValue } from '../../../shared/headerValue.ts';
import { headerWireText } from '../headerBytes.ts';
import type { Hop } from '../hop.ts';
import { Http2Hop } from '../http2/http2Hop.ts';
import type { Capture, CaptureSink, ExchangeClock, StopReason } from '../sink.ts';
import { stopFacts } from '../stopFacts.ts';
import { CarriedHop, type CarriedHopListener } from './carriedHop.ts';
import type { KeptConnection } from './keptConnection.ts';
import type { AnswerTap, CarriedEnd, CarriedHead, CarriedRequest } from './carriedRequest.ts';

/** Who wants the upstream's socket not to be read. */
export type Holder = 'client' | 'owner' | 'decoder' | 'intervention';

const reasonOf: Readonly<Record<Holder, string>> = {
  client: 'the client reads slowly',
  owner: 'writing is behind',
  decoder: 'decoding is behind',
  intervention: 'throttled by the proxy',
};

export interface CarriedExchangeOptions {
  readonly request: CarriedRequest;
  readonly carriage: Carriage;
  /** Where the connection comes from and goes to when it outlasts the exchange; null: one of its own. */
  readonly kept: KeptConnection | null;
  /** Who gets the answer as it passes. */
  readonly tap: AnswerTap;
  /** Who records it. */
  readonly sink: CaptureSink;
  readonly limits: Limits;
  readonly clock: ExchangeClock;
  /** Looks at what was connected to, before anything is sent there: why it must not be asked, or null. */
  readonly refuse: (connection: Connection) => EndingFacts | null;
}

/**
 * A request of a client of the proxy, from the first lookup to the ending: handed on as it came, its answer handed back
 * as it comes (`AnswerTap`), and told to a sink like any other exchange. No redirect is followed, no header is added,
 * no limit of a recording touches it.
 */
export class CarriedExchange implements Capture {
  readonly done: Promise<void>;

  readonly #options: CarriedExchangeOptions;
  readonly #body: BodyDelivery;
  readonly #abort = new AbortController();
  readonly #holders = new Set<Holder>();
  #hop: Hop | null = null;
  #wireHead: Pick<CarriedHead, 'wireHeaders' | 'delimiter'> | null = null;
  #passed = false;
  #finish: { readonly facts: EndingFacts; readonly atMicros: Micros } | null = null;
  #wake: (() => void) | null = null;
  #wireBytes = 0;
  #serverWaitsMillis: number | null = null;

  constructor(options: CarriedExchangeOptions) {
    this.#options = options;
    this.#body = new BodyDelivery(options.sink, options.limits, {
      hold: () => this.hold('decoder'),
      release: () => this.release('decoder'),
      sinkIsFull: () => {
        this.#body.pause();
        this.hold('owner');
      },
    });
    this.done = this.#run();
  }

  pause(): void {
    this.hold('owner');
  }

  resume(): void {
    this.#body.resume();
    this.release('owner');
  }

  /** Stops reading the upstream until everybody who held it has released it. */
  hold(holder: Holder): void {
    if (this.#finish !== null || this.#holders.has(holder)) return;
    this.#holders.add(holder);
    if (this.#holders.size > 1) return;
    this.#hop?.hold();
    this.#mark({ name: 'paused', atMicros: this.#now(), facts: { reason: reasonOf[holder] } });
  }

  release(holder: Holder): void {
    if (!this.#holders.delete(holder) || this.#holders.size > 0 || this.#finish !== null) return;
    this.#mark({ name: 'resumed', atMicros: this.#now() });
    this.#hop?.release();
  }

  stop(reason: StopReason): void {
    this.#finishWith(stopFacts(reason, this.#wireBytes), this.#now());
  }

  readonly #now = (): Micros => this.#options.clock.now();

  async #run(): Promise<void> {
    let closing: Promise<void> | undefined;
    try {
      await this.#runHop();
      closing = this.#letGo();
    } catch (error) {
      this.#fail(error);
      closing = this.#hop?.close();
    }
    try {
      await this.#end();
    } finally {
      await closing;
    }
  }

  async #runHop(): Promise<void> {
    const { request, kept } = this.#options;
    const now = this.#now;
    const standing = kept?.take(request.url.origin) ?? null;
    if (standing !== null) {
      this.#mark({ name: 'reuse', atMicros: now(), facts: endsOf(standing.tcp) });
      if (await this.#ask(standing, isRepeatable(request))) return;
    }
    const dialled = await this.#dial();
    if (dialled === 'aborted') return;
    if ('fault' in dialled) {
      this.#finishWith(dialled.fault, now());
      return;
    }
    const { connection } = dialled;
    const refused = this.#options.refuse(connection);
    if (refused !== null) {
      connection.tcp.destroy();
      this.#finishWith(refused, now());
      return;
    }
    await this.#ask(connection, false);
  }

  /**
   * The client speaks HTTP/1.1 and gets its answer chunk for chunk: so is it asked for, over a connection that can be
   * used again. HTTP/2 is for servers that speak nothing else.
   */
  async #dial(): Promise<Dialled> {
    const { request, carriage, kept } = this.#options;
    const told = { signal: this.#abort.signal, now: this.#now, mark: (mark: Mark): void => this.#mark(mark) };
    const { origin } = request.url;
    if (!carriage.isProtocolOpen || kept?.onlyHttp2.has(origin) === true) return carriage.dial(request.url, told);
    const dialled = await carriage.dial(request.url, told, '1.1');
    if (dialled === 'aborted' || !('fault' in dialled) || dialled.isProtocolRefused !== true) return dialled;
    kept?.onlyHttp2.add(origin);
    return carriage.dial(request.url, told, '2');
  }

  /**
   * One request and its answer on a connection. Resolves to false when the connection turned out to be over before
   * anything came, and the request may be sent on another one.
   */
  async #ask(connection: Connection, isRepeatable: boolean): Promise<boolean> {
    const { request, limits } = this.#options;
    const listener = this.#listener();
    let isLost = false;
    const patient: CarriedHopListener = {
      ...listener,
      passed: (end) => {
        isLost = end.how !== 'complete' && hop.unansweredBytes.byteLength === 0 && this.#wireHead === null;
        if (!isLost) listener.passed(end);
      },
      finished: (facts, atMicros) => {
        if (isLost) this.#wake?.();
        else listener.finished(facts, atMicros);
      },
    };
    const hop =
      connection.protocol === 'h2'
        ? new Http2Hop(connection, http2Request(request), limits, this.#http2Listener(listener), this.#now)
        : new CarriedHop(connection, request, limits, isRepeatable ? patient : listener, this.#now);
    this.#hop = hop;
    if (this.#holders.size > 0) hop.hold();
    hop.start();
    if (this.#isFinished()) return true;
    await new Promise<void>((resolve) => {
      this.#wake = resolve;
    });
    if (this.#isFinished()) return true;
    await hop.close();
    return false;
  }

  /** Keeps the connection for the client's next request, where one may follow on it, or closes it. */
  #letGo(): Promise<void> | undefined {
    const { kept, request } = this.#options;
    const isComplete = this.#finish?.facts.code === 'end/complete';
    const connection = kept !== null && isComplete && this.#hop instanceof CarriedHop ? this.#hop.giveBack() : null;
    if (connection === null) return this.#hop?.close();
    kept?.keep(request.url.origin, connection, this.#serverWaitsMillis);
    return undefined;
  }

  #isFinished(): boolean {
    return this.#finish !== null;
  }

  #listener(): CarriedHopListener {
    const { tap, sink } = this.#options;
    return {
      sent: (headers) => sink.sent(headers),
      requestSent: (atMicros) => this.#mark({ name: 'request-sent', atMicros }),
      informational: (raw) => tap.informational(raw),
      wireHead: (wireHeaders, body) => {
        this.#wireHead = { wireHeaders, delimiter: body.by };
      },
      head: (head) => {
        this.#head(head);
        return true;
      },
      wire: (bytes) => {
        if (!this.#passed) tap.wire(bytes);
      },
      passing: (bytes, continues) => {
        if (!this.#passed) tap.data(bytes, continues);
      },
      passingTrailers: (headers) => tap.trailers(headers),
      flush: () => tap.flush(),
      passed: (end) => this.#tellOver(end),
      data: (atMicros, bytes, continues) => this.#guarded(() => this.#data(atMicros, bytes, continues)),
      trailers: (headers) => sink.trailers(headers),
      diagnostic: (code, details) => sink.transportDiagnostic(code, details),
      finished: (facts, atMicros) => this.#finishWith(facts, atMicros),
    };
  }

  /** HTTP/2 tells a body only once: to whom it is handed on first, then to the sink. */
  #http2Listener(listener: CarriedHopListener): CarriedHopListener {
    return {
      ...listener,
      data: (atMicros, bytes, continues) => {
        listener.passing(bytes, continues);
        listener.flush();
        listener.data(atMicros, bytes, continues);
      },
      trailers: (headers) => {
        listener.passingTrailers(headers);
        listener.trailers(headers);
      },
      finished: (facts, atMicros) => {
        listener.passed(http2End(facts));
        listener.finished(facts, atMicros);
      },
    };
  }

  #head(head: ResponseHead): void {
    if (this.#finish !== null) return;
    const { tap, sink } = this.#options;
    const wire = this.#wireHead ?? {
      wireHeaders: head.headers.map(([name, value]): HeaderList[number] => [name, headerWireText(value)]),
      delimiter: 'frames',
    };
    tap.head({ ...head, ...wire });
    const seconds = /(?:^|[,\s])timeout\s*=\s*"?(\d{1,9})/i.exec(headerValue(head.headers, 'keep-alive') ?? '')?.[1];
    this.#serverWaitsMillis = seconds === undefined ? null : Number(seconds) * 1_000;
    this.#guarded(() => {
      this.#mark({ name: 'headers', atMicros: head.atMicros });
      sink.head(head);
      const fault = this.#body.begin(head);
      // What is compressed too many times over is kept as it came; that it is not decoded ends no traffic.
      if (fault !== null) sink.transportDiagnostic('head/unknown-coding', { coding: 'too many codings' });
    });
  }

  #data(atMicros: Micros, bytes: Uint8Array, continues: boolean): void {
    if (this.#finish !== null) return;
    if (this.#wireBytes === 0) this.#mark({ name: 'first-byte', atMicros });
    this.#wireBytes += bytes.byteLength;
    if (!this.#body.chunk(atMicros, bytes, continues)) this.hold('owner');
  }

  /** Runs what records. What goes wrong in it is our fault, and must not look like the server's. */
  #guarded(work: () => void): void {
    try {
      work();
    } catch (error) {
      this.#fail(error);
    }
  }

  #fail(error: unknown): void {
    const reason = error instanceof Error ? error.message : String(error);
    const message = `The exchange was ended by a fault in this program: ${reason}.`;
    this.#finishWith({ code: 'end/internal', message, offset: this.#wireBytes }, this.#now());
  }

  #mark(mark: Mark): void {
    if (this.#finish === null) this.#options.sink.mark(mark);
  }

  #tellOver(end: CarriedEnd): void {
    if (this.#passed) return;
    this.#passed = true;
    this.#options.tap.over(end);
  }

  /** The first end counts; what follows it is its consequence. */
  #finishWith(facts: EndingFacts, atMicros: Micros): void {
    if (this.#finish !== null) return;
    const unanswered = this.#hop?.unansweredBytes;
    if (unanswered !== undefined && unanswered.byteLength > 0 && this.#wireBytes === 0) {
      this.#body.chunk(atMicros, unanswered);
    }
    this.#finish = { facts, atMicros };
    this.#abort.abort();
    this.#tellOver({ how: 'reset', facts });
    this.#wake?.();
  }

  async #end(): Promise<void> {
    const finish = this.#finish ?? {
      facts: { code: 'end/internal', message: 'The exchange ended without a reason.', offset: null },
      atMicros: this.#now(),
    };
    const facts = await this.#body.finish(finish.facts);
    this.#options.sink.mark({ name: 'end', atMicros: finish.atMicros });
    this.#options.sink.ended(endingFrom(facts, finish.atMicros));
  }
}

/** Whether it may be sent a second time without knowing what became of the first (RFC 9110 §9.2.2). */
function isRepeatable({ method, body }: CarriedRequest): boolean {
  return body === null && (method === 'GET' || method === 'HEAD' || method === 'OPTIONS');
}

/** HTTP/2 announces a body's length by itself. */
function http2Request(request: CarriedRequest): CarriedRequest {
  return { ...request, headers: request.headers.filter(([name]) => name.toLowerCase() !== 'content-length') };
}

/** A stream that was reset is handed on as a reset connection, one that lost its connection as a closed one. */
function http2End(facts: EndingFacts): CarriedEnd {
  if (endingKindOf[facts.code] === 'complete') return { how: 'complete' };
  const isClose =
    facts.code === 'end/h2-no-end-stream' || facts.code === 'end/h2-goaway' || facts.code === 'end/h2-frame-cut';
  return { how: isClose ? 'close' : 'reset', facts };
}
