import type { Limits } from '../../../shared/limits.ts';
import type { ProxiedFacts, ProxyClient } from '../../../shared/proxy.ts';
import type { RequestOptions, RequestSpec } from '../../../shared/request.ts';
import { Carriage } from '../../capture/carriage.ts';
import { CarriedExchange } from '../../capture/carried/carriedExchange.ts';
import type { CarriedEnd } from '../../capture/carried/carriedRequest.ts';
import type { Connection } from '../../capture/dial.ts';
import { endingFrom, type EndingFacts } from '../../capture/endings.ts';
import { startExchangeClock } from '../../capture/exchangeClock.ts';
import type { StopReason } from '../../capture/sink.ts';
import type { ClientExchange } from '../../servers/proxy/clientConnection.ts';
import { errorAnswer } from '../../servers/proxy/errorAnswer.ts';
import { valuesOf } from '../../servers/proxy/requestHead.ts';
import type { RoutedTarget } from '../../servers/proxy/routes.ts';
import { AnswerRelay } from './answerRelay.ts';
import { carriedBody, carriedRequest, KeptRequestBody, recordedRequest, textOf } from './proxiedRequest.ts';
import { upstreamError } from './proxyErrors.ts';
import { RecordingFeed, type RecordingFeedOptions } from './recordingFeed.ts';

/** How upstreams are connected to. */
export type UpstreamTransport = Pick<RequestOptions, 'caPem' | 'httpVersion'> & { readonly insecureTls?: boolean };

/** What of an exchange is shown in the list of the newest ones. */
export interface ExchangeProgress {
  client: ProxyClient;
  status: number | null;
  bytes: number;
  state: 'active' | 'complete' | 'failed' | 'client-left' | 'refused';
}

export interface ProxiedExchangeOptions {
  readonly incoming: ClientExchange;
  /** Null: nobody is asked, for the reason given. */
  readonly routed: RoutedTarget | null;
  readonly refusal: EndingFacts | null;
  /** What it asks for, as a recording names it. */
  readonly url: string;
  readonly limits: Limits;
  readonly transport: UpstreamTransport;
  /** Whether this is a server that must not be asked. */
  readonly isOwn: (connection: Connection) => boolean;
  readonly feed: Pick<RecordingFeedOptions, 'begin' | 'onOpened' | 'onProblem'>;
  readonly clientProcess: (client: ClientExchange['client']) => Promise<ProxyClient['process']>;
  readonly onChanged: () => void;
  /** It is over for the client, the upstream and the recording. */
  readonly onDone: () => void;
}

/** One exchange through the proxy: the client's request, the upstream's answer, and the recording of both. */
export class ProxiedExchange {
  readonly progress: ExchangeProgress;
  readonly done: Promise<void>;
  readonly #options: ProxiedExchangeOptions;
  readonly #clock = startExchangeClock();
  readonly #feed: RecordingFeed;
  readonly #kept = new KeptRequestBody();
  #carried: CarriedExchange | null = null;
  #left = false;
  #saved = (): void => undefined;

  constructor(options: ProxiedExchangeOptions) {
    this.#options = options;
    const { incoming, routed } = options;
    const userAgent = valuesOf(incoming.head.headers, 'user-agent')[0];
    const client: ProxyClient = {
      ...incoming.client,
      userAgent: userAgent === undefined ? null : textOf(userAgent),
      process: null,
    };
    this.progress = { client, status: null, bytes: 0, state: 'active' };
    const proxied: ProxiedFacts = { route: routed?.route ?? null, client, interventions: [] };
    const saved = new Promise<void>((resolve) => {
      this.#saved = resolve;
    });
    const request: RequestSpec = { ...recordedRequest(incoming.head, options.url), options: this.#requestOptions() };
    this.#feed = new RecordingFeed(
      { request, clock: this.#clock, ...options.feed, onSaved: () => this.#saved() },
      proxied,
    );
    void this.#findProcess();
    this.done = this.#run().then(async () => {
      await saved;
      options.onDone();
    });
  }

  /** Ends it, for the client as for the upstream. */
  stop(reason: StopReason): void {
    this.#carried?.stop(reason);
  }

  async #run(): Promise<void> {
    const { routed, refusal, incoming, limits } = this.#options;
    incoming.answer.listen({
      drained: () => this.#carried?.release('client'),
      left: () => this.#clientLeft(),
    });
    if (routed === null || refusal !== null) {
      // Whoever made this exchange has to know it before it is over.
      await Promise.resolve();
      this.#refuse(refusal ?? { code: 'end/internal', message: 'There is no reason to refuse it.', offset: null });
      return;
    }
    const { head, body, answer } = incoming;
    const carried = new CarriedExchange({
      request: carriedRequest(
        head,
        routed,
        carriedBody(head, body, (piece) => this.#kept.push(piece)),
      ),
      carriage: new Carriage({
        options: this.#requestOptions(),
        origin: routed.upstream.origin,
        environment: process.env,
      }),
      tap: new AnswerRelay(answer, {
        clientIsSlow: () => this.#carried?.hold('client'),
        headPassed: (status) => this.#headPassed(status),
        bytesPassed: (bytes) => this.#bytesPassed(bytes),
        over: (end) => this.#passed(end),
      }),
      sink: this.#feed,
      limits,
      clock: this.#clock,
      refuse: (connection) => this.#loop(connection),
    });
    this.#carried = carried;
    this.#feed.attach(carried);
    if (this.#left) carried.stop({ by: 'client' });
    await carried.done;
  }

  #requestOptions(): RequestSpec['options'] {
    const { incoming, url, transport } = this.#options;
    return { ...recordedRequest(incoming.head, url).options, ...transport };
  }

  async #findProcess(): Promise<void> {
    const process = await this.#options.clientProcess(this.#options.incoming.client);
    if (process === null) return;
    this.progress.client = { ...this.progress.client, process };
    this.#feed.noteProxied({ client: this.progress.client });
    this.#options.onChanged();
  }

  #loop({ tcp }: Connection): EndingFacts | null {
    if (!this.#options.isOwn({ tcp } as Connection)) return null;
    const message = `${this.#options.routed?.upstream.origin ?? 'The upstream'} is Streamscope itself: the proxy would ask itself for ever. Give the route the address of the server that is meant.`;
    return { code: 'end/proxy-loop', message, offset: null };
  }

  #headPassed(status: number): void {
    this.progress.status = status;
    this.#noteRequestBody();
    // The file is laid out once what came with the head is on its way to the client.
    setImmediate(() => this.#feed.open());
    this.#options.onChanged();
  }

  #bytesPassed(bytes: number): void {
    this.progress.bytes += bytes;
    this.#options.onChanged();
  }

  #passed(end: CarriedEnd): void {
    this.#noteRequestBody();
    if (this.progress.state !== 'active') return;
    if (this.progress.status !== null) {
      this.progress.state = end.how === 'complete' ? 'complete' : 'failed';
    } else {
      this.progress.state = 'failed';
      if (end.how !== 'complete') this.#answerError(end.facts);
    }
    this.#options.onChanged();
  }

  /** Nobody is asked: the client is told why, and so is the recording. */
  #refuse(facts: EndingFacts): void {
    this.#answerError(facts);
    this.progress.state = 'refused';
    this.#endRecording(facts);
    this.#options.onChanged();
  }

  #endRecording(facts: EndingFacts): void {
    const atMicros = this.#clock.now();
    this.#feed.mark({ name: 'end', atMicros });
    this.#feed.ended(endingFrom(facts, atMicros));
  }

  #answerError(facts: EndingFacts): void {
    const { answer } = this.#options.incoming;
    if (answer.isOver) return;
    if (facts.code === 'end/stopped' || facts.code === 'end/intervened') {
      answer.end('reset');
      return;
    }
    const { routed } = this.#options;
    const error = upstreamError(facts, routed?.route ?? null, routed?.upstream.origin ?? null);
    const { status, statusText, headers, body } = errorAnswer(error);
    this.progress.status = status;
    this.#feed.transportDiagnostic('proxy/answered-here', { status });
    answer.respond(status, statusText, headers, body);
    this.progress.bytes = body.byteLength;
  }

  #clientLeft(): void {
    this.#left = true;
    if (this.progress.state === 'active') this.progress.state = 'client-left';
    this.#carried?.stop({ by: 'client' });
    this.#options.onChanged();
  }

  #noted = false;

  /** What of the request's body came so far is what was answered. */
  #noteRequestBody(): void {
    const { body } = this.#options.incoming;
    if (body === null || (this.#noted && !body.ended)) return;
    this.#noted = body.ended;
    this.#feed.noteRequestBody(this.#kept.body());
    const { bytes, keptBytes } = this.#kept;
    if (!body.ended || bytes === keptBytes || this.#feed.proxied.requestShortened !== undefined) return;
    this.#feed.noteProxied({ requestShortened: { keptBytes, bytes } });
    this.#feed.transportDiagnostic('proxy/request-shortened', { bytes, kept: keptBytes });
  }
}
