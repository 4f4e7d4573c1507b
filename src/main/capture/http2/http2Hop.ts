import { Buffer } from 'node:buffer';
import { setImmediate as nextTurn } from 'node:timers/promises';
import type { Limits } from '../../../shared/limits.ts';
import type { Micros } from '../../../shared/words.ts';
import { ConnectionReader, type ConnectionEnd } from '../connectionReader.ts';
import type { Connection } from '../dial.ts';
import type { EndingFacts } from '../endings.ts';
import { extraBytesDetails } from '../extraBytes.ts';
import { headerText } from '../headerBytes.ts';
import type { Hop, HopListener } from '../hop.ts';
import { BodySourceError } from '../plannedBody.ts';
import { connectionHeaders, type AnswerHead } from './answerHead.ts';
import {
  connectionPreface,
  errorCode,
  goawayFrame,
  headersFrames,
  rstStreamFrame,
  setting,
  settingsFrame,
} from '../../../engine/http2/frame.ts';
import { requestStreamId } from './frameRules.ts';
import { encodeHeaderBlock } from '../../../engine/http2/hpack.ts';
import type { HeaderField } from '../../../engine/http2/hpackTable.ts';
import { judgeSession } from './judgeSession.ts';
import { receiveWindowBytes } from './receiveWindow.ts';
import { RequestUpload } from './requestUpload.ts';
import { Http2Session } from './session.ts';

/** Answers of ours that the server does not take; beyond this it only makes us pile them up. */
const mostUntakenBytes = 1024 * 1024;

/** A request as it goes into frames; see `RequestPlan`. */
export interface Http2Request {
  readonly method: string;
  readonly url: URL;
  /** Path and query as they are to go out; absent: as the URL has them. */
  readonly target?: string;
  readonly headers: readonly (readonly [name: string, value: string])[];
  /** `length` null: not known before. */
  readonly body: { readonly length: number | null; open(): AsyncIterable<Uint8Array> } | null;
}

/**
 * One request and its answer on one HTTP/2 connection of its own. The session reads the frames; this carries bytes
 * between it and the connection, with their times.
 */
export class Http2Hop implements Hop {
  readonly #connection: Connection;
  readonly #plan: Http2Request;
  readonly #limits: Limits;
  readonly #listener: HopListener;
  readonly #now: () => Micros;
  readonly #session: Http2Session;
  readonly #reader: ConnectionReader;
  readonly #upload: RequestUpload;
  #connectionEnd: ConnectionEnd | null = null;
  /** Arrival of the read that is worked on, or was last. */
  #readingMicros: Micros = 0;
  #informationalTold = false;
  #settling = false;
  #over = false;

  constructor(connection: Connection, plan: Http2Request, limits: Limits, listener: HopListener, now: () => Micros) {
    this.#connection = connection;
    this.#plan = plan;
    this.#limits = limits;
    this.#listener = listener;
    this.#now = now;
    this.#session = new Http2Session(plan.method, limits, {
      reply: (frames) => this.#reply(frames),
      head: (head) => this.#answered(head),
      data: (bytes, continues) => {
        if (!this.#over) this.#listener.data(this.#readingMicros, bytes, continues);
      },
      trailers: (headers) => {
        if (!this.#over) this.#listener.trailers(headers);
      },
      sendWindowOpened: () => this.#upload.windowOpened(),
    });
    this.#upload = new RequestUpload(this.#session.sendWindow, { send: (frame) => this.#sendBody(frame) });
    this.#reader = new ConnectionReader(
      connection,
      {
        received: (atMicros, bytes) => this.#received(atMicros, bytes),
        ended: (end) => {
          this.#connectionEnd = end;
          this.#upload.stop();
          if (!this.#settling) this.#settle();
        },
      },
      now,
    );
  }

  get unansweredBytes(): Uint8Array {
    return this.#session.unansweredBytes;
  }

  get messageEnded(): boolean {
    return this.#session.ended;
  }

  start(): void {
    const { body } = this.#plan;
    const fields = requestFields(this.#plan);
    this.#listener.sent(fields.map(([name, value]) => [name, headerText(Buffer.from(value, 'latin1'))]));
    const opening = Buffer.concat([
      connectionPreface,
      settingsFrame([
        [setting.enablePush, 0],
        [setting.initialWindowSize, receiveWindowBytes],
        [setting.maxHeaderListSize, this.#limits.headerBytes],
      ]),
      this.#session.receiveWindow.opening(),
      headersFrames(requestStreamId, encodeHeaderBlock(fields), body === null),
    ]);
    this.#connection.carrier.write(opening, (error) => {
      // A failed write is seen as the connection's own end.
      if (!error && body === null) this.#requestSent();
    });
    if (body !== null) void this.#uploadBody(body.open());
  }

  hold(): void {
    this.#reader.hold('exchange');
    this.#session.holdWindow(true);
  }

  release(): void {
    this.#session.holdWindow(false);
    this.#settleIfDecided();
    this.#reader.release('exchange');
  }

  async close(): Promise<void> {
    this.#over = true;
    this.#session.stop();
    this.#upload.stop();
    if (!this.#reader.over) {
      this.#sayGoodbye();
      // TLS hands its records to the socket a turn later; closing before that would drop them.
      if (this.#connection.tlsTransport !== null) await nextTurn();
    }
    await this.#reader.close();
  }

  /** Tells the server how it stands; nobody waits for it to arrive. */
  #sayGoodbye(): void {
    const { fault, ended, reset } = this.#session;
    const code = fault === null ? errorCode.noError : errorCode.protocolError;
    const frames = [goawayFrame(code)];
    if (fault === null && !ended && reset === null) frames.unshift(rstStreamFrame(requestStreamId, errorCode.cancel));
    this.#connection.carrier.write(Buffer.concat(frames));
  }

  #received(atMicros: Micros, bytes: Uint8Array): void {
    if (this.#over) return;
    this.#readingMicros = atMicros;
    this.#session.push(atMicros, bytes);
    const { informationalResponses } = this.#session;
    if (informationalResponses > this.#limits.informationalResponses && !this.#informationalTold) {
      this.#informationalTold = true;
      this.#listener.diagnostic('end/many-informational', { limit: this.#limits.informationalResponses });
    }
    this.#settleIfDecided();
  }

  #settleIfDecided(): void {
    if (!this.#session.isDecided || this.#settling) return;
    this.#upload.stop();
    this.#settling = true;
    // What the server sent after the end in the same turn still comes and is counted.
    if (this.#session.ended) setImmediate(() => this.#settle());
    else this.#settle();
  }

  #answered({ status, headers }: AnswerHead): boolean {
    if (this.#over) return false;
    const head = { status, statusText: '', httpVersion: '2', headers, atMicros: this.#readingMicros };
    if (!this.#listener.head(head)) this.#over = true;
    return !this.#over;
  }

  #settle(): void {
    if (this.#over) return;
    this.#over = true;
    const { extraBytes, extraPreview } = this.#session;
    if (extraBytes > 0) {
      this.#listener.diagnostic('end/extra-bytes', extraBytesDetails(extraBytes, extraPreview));
    }
    const endMicros = this.#session.isDecided ? this.#readingMicros : this.#connectionEnd?.atMicros;
    this.#listener.finished(judgeSession(this.#session, this.#connectionEnd), endMicros ?? this.#now());
  }

  #reply(frames: Uint8Array): void {
    if (this.#over || this.#connectionEnd !== null) return;
    const { carrier } = this.#connection;
    carrier.write(frames);
    if (carrier.writableLength > mostUntakenBytes) this.#session.refuseUntaken();
  }

  async #uploadBody(body: AsyncIterable<Uint8Array>): Promise<void> {
    try {
      await this.#upload.run(body);
      this.#requestSent();
    } catch (error) {
      if (!this.#over) this.#fail(error);
    }
  }

  #fail(error: unknown): void {
    const reason = error instanceof Error ? error.message : String(error);
    const facts: EndingFacts =
      error instanceof BodySourceError
        ? error.facts
        : { code: 'end/internal', message: `The request’s body could not be sent: ${reason}.`, offset: null };
    this.#over = true;
    this.#listener.finished(facts, this.#now());
  }

  #sendBody(frame: Uint8Array): Promise<void> {
    this.#session.uploaded();
    return new Promise((resolve) => {
      if (this.#over || this.#connectionEnd !== null) resolve();
      else this.#connection.carrier.write(frame, () => resolve());
    });
  }

  #requestSent(): void {
    if (!this.#over && this.#connectionEnd === null) this.#listener.requestSent(this.#now());
  }
}

/** The request's fields as they go out (RFC 9113 §8.3.1): pseudo-headers first, names in lower case. */
function requestFields(plan: Http2Request): readonly HeaderField[] {
  const own = plan.headers.map(([name, value]): HeaderField => [name.toLowerCase(), value]);
  const host = own.find(([name]) => name === 'host');
  const fields: HeaderField[] = [
    [':method', plan.method],
    [':scheme', plan.url.protocol.slice(0, -1)],
    [':authority', host?.[1] ?? plan.url.host],
    [':path', plan.target ?? `${plan.url.pathname}${plan.url.search}`],
    ...own.filter(([name]) => name !== 'host' && !connectionHeaders.has(name)),
  ];
  const length = plan.body?.length ?? null;
  if (length !== null) fields.push(['content-length', String(length)]);
  return fields;
}
