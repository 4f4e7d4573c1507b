import { Buffer } from 'node:buffer';
import type { Limits } from '../../../shared/limits.ts';
import type { ProxiedFacts, ProxyClient } from '../../../shared/proxy.ts';
import type { RequestOptions, RequestSpec } from '../../../shared/request.ts';
import { Carriage } from '../../capture/carriage.ts';
import { CarriedExchange } from '../../capture/carried/carriedExchange.ts';
import type { AnswerTap, CarriedEnd, CarriedRequest } from '../../capture/carried/carriedRequest.ts';
import type { KeptConnection } from '../../capture/carried/keptConnection.ts';
import type { Connection } from '../../capture/dial.ts';
import { byteCount, endingFrom, type EndingFacts } from '../../capture/endings.ts';
import { startExchangeClock } from '../../capture/exchangeClock.ts';
import type { CaptureSink, StopReason } from '../../capture/sink.ts';
import type { AnswerWriter } from '../../servers/proxy/answerWriter.ts';
import type { ClientExchange } from '../../servers/proxy/clientConnection.ts';
import { errorAnswer, type ProxyError } from '../../servers/proxy/errorAnswer.ts';
import { valuesOf } from '../../servers/proxy/requestHead.ts';
import type { RoutedTarget } from '../../servers/proxy/routes.ts';
import { AnswerRelay, type RelayOwner } from './answerRelay.ts';
import type { InterventionPlan } from './interventionPlan.ts';
import { ShapedRelay } from './shapedRelay.ts';
import { FirstTry } from './firstTry.ts';
import type { OfflineAnswers } from './offlineAnswers.ts';
import {
  carriedBody,
  carriedRequest,
  keptBodyBytes,
  KeptRequestBody,
  recordedRequest,
  textOf,
} from './proxiedRequest.ts';
import { upstreamError } from './proxyErrors.ts';
import { RecordingFeed, type RecordingFeedOptions } from './recordingFeed.ts';

/** Answers from recordings: without asking the upstream, or where it cannot be reached. */
export interface OfflineMode {
  readonly mode: 'always' | 'when-down';
  readonly answers: OfflineAnswers;
}

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
  /** The upstream's connection of the client's connection. */
  readonly kept: KeptConnection;
  /** What is done to it; null: nothing. */
  readonly plan: InterventionPlan | null;
  readonly offline: OfflineMode | null;
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
  #shaped: ShapedRelay | null = null;
  #left = false;
  #relayed = (): void => undefined;
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
    const awaited = this.#findProcess();
    this.#feed = new RecordingFeed(
      { request, clock: this.#clock, ...options.feed, awaited, onSaved: () => this.#saved() },
      proxied,
    );
    this.done = this.#run().then(async () => {
      await saved;
      options.onDone();
    });
  }

  get intervened(): boolean {
    return this.#feed.proxied.interventions.length > 0;
  }

  /** Ends it, for the client as for the upstream. */
  stop(reason: StopReason): void {
    this.#carried?.stop(reason);
    if (this.#options.incoming.answer.isOver) return;
    this.#options.incoming.answer.end('reset');
    this.#shaped?.abort();
  }

  async #run(): Promise<void> {
    const { routed, refusal, incoming } = this.#options;
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
    const { plan } = this.#options;
    if (plan?.answer !== undefined && plan.answer !== null) {
      await Promise.resolve();
      for (const sentence of plan.sentences) this.#noteIntervention(sentence);
      const { status, message } = plan.answer;
      this.#respond({ status, code: 'asked-for', message });
      this.progress.state = 'refused';
      const said = `The client was answered ${String(status)} without asking the upstream, because that was asked for.`;
      this.#endRecording({ code: 'end/intervened', message: said, offset: null });
      return;
    }
    const request = carriedRequest(
      head,
      routed,
      carriedBody(head, body, (piece) => this.#kept.push(piece)),
    );
    const tap = this.#relay(answer);
    if (this.#options.offline === null) await this.#carry(request, tap, this.#feed);
    else await this.#carryOrAnswer(request, tap, this.#options.offline);
    // What is slowed down on its way to the client may outlast the upstream.
    if (!answer.isOver) await new Promise<void>((resolve) => (this.#relayed = resolve));
  }

  async #carry(request: CarriedRequest, tap: AnswerTap, sink: CaptureSink): Promise<void> {
    const carried = new CarriedExchange({
      request,
      carriage: new Carriage({ options: this.#requestOptions(), origin: request.url.origin, environment: process.env }),
      kept: this.#options.kept,
      tap,
      sink,
      limits: this.#options.limits,
      clock: this.#clock,
      refuse: (connection) => this.#loop(connection),
    });
    this.#carried = carried;
    this.#feed.attach(carried);
    if (this.#left) carried.stop({ by: 'client' });
    await carried.done;
  }

  /** Offline mode: the request is taken in whole, because it may have to be compared and asked again. */
  async #carryOrAnswer(request: CarriedRequest, tap: AnswerTap, { mode, answers }: OfflineMode): Promise<void> {
    const again = await this.#taken(request);
    if (again === null) return;
    let why = '';
    if (mode === 'when-down') {
      const first = new FirstTry(tap, this.#feed);
      await this.#carry(again, first.tap, first);
      if (first.failure === null) return;
      why = ` The upstream could not be reached: ${first.failure.message}`;
    }
    const asked = { method: request.method, url: this.#options.url, body: this.#kept.all() };
    const found = this.#left ? null : await answers.serve(asked, new AbortController().signal);
    if (found === null) {
      const message = `There is no recording of the same method, address and body to answer with.${why}`;
      tap.over({ how: 'close', facts: { code: 'end/offline-unknown', message, offset: null } });
      this.#endRecording({ code: this.#left ? 'end/stopped-by-client' : 'end/offline-unknown', message, offset: null });
      return;
    }
    this.#noteIntervention(`Answered from the recording ${found.recordingId}, with its timing.${why}`);
    try {
      await this.#carry({ ...again, url: found.url }, tap, this.#feed);
    } finally {
      await found.stop();
    }
  }

  /** The request with all of its body; null: the client left, or sent more than is looked at. */
  async #taken(request: CarriedRequest): Promise<CarriedRequest | null> {
    const { body } = request;
    if (body === null) return request;
    // Nobody else is asked yet who could tell the client to go on.
    if (valuesOf(request.headers, 'expect').some((value) => /^100-continue$/i.test(value))) {
      this.#options.incoming.answer.informational(Buffer.from('HTTP/1.1 100 Continue\r\n\r\n', 'latin1'));
    }
    try {
      for await (const piece of body.open())
        if (this.#kept.bytes > keptBodyBytes) throw new Error(`${String(piece.byteLength)} bytes too many`);
    } catch {
      const message = this.#left
        ? 'Stopped by the client.'
        : `The request’s body is longer than ${byteCount(keptBodyBytes)}, which is all that offline mode compares.`;
      const facts = {
        code: this.#left ? 'end/stopped-by-client' : 'end/offline-unknown',
        message,
        offset: null,
      } as const;
      this.#answerError(facts);
      this.#endRecording(facts);
      return null;
    }
    const bytes = this.#kept.all();
    // eslint-disable-next-line @typescript-eslint/require-await -- one piece, as if it came in
    async function* open(): AsyncGenerator<Uint8Array, void> {
      if (bytes.byteLength > 0) yield bytes;
    }
    return { ...request, body: { length: body.length, open } };
  }

  #relay(answer: AnswerWriter): AnswerTap {
    const { plan } = this.#options;
    const owner: RelayOwner = {
      clientIsSlow: () => this.#carried?.hold('client'),
      headPassed: (status) => this.#headPassed(status),
      bytesPassed: (bytes) => this.#bytesPassed(bytes),
      over: (end) => {
        this.#passed(end);
        this.#relayed();
      },
    };
    if (plan === null) return new AnswerRelay(answer, owner);
    for (const sentence of plan.sentences) this.#noteIntervention(sentence);
    this.#shaped = new ShapedRelay(answer, plan, this.#options.limits, {
      ...owner,
      hold: () => this.#carried?.hold('intervention'),
      release: () => this.#carried?.release('intervention'),
      contentsUntouched: () =>
        this.#noteIntervention('The body is compressed: what the fault writes into its contents was not done.'),
      cut: () => {
        this.progress.state = 'failed';
        const message = 'The connection to the client was lost here, because that was asked for.';
        this.stop({ by: 'intervention', message });
      },
    });
    return this.#shaped;
  }

  #noteIntervention(sentence: string): void {
    this.#feed.noteProxied({ interventions: [...this.#feed.proxied.interventions, sentence] });
    this.#feed.transportDiagnostic('proxy/intervened', { what: sentence });
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
    this.#respond(upstreamError(facts, routed?.route ?? null, routed?.upstream.origin ?? null));
  }

  #respond(error: ProxyError): void {
    const { answer } = this.#options.incoming;
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
    this.#shaped?.abort();
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
