import { Buffer } from 'node:buffer';
import type { Limits } from '../../../shared/limits.ts';
import type { HeaderList } from '../../../shared/request.ts';
import type { Micros } from '../../../shared/words.ts';
import { ConnectionReader, type ConnectionEnd } from '../connectionReader.ts';
import type { Connection } from '../dial.ts';
import type { EndingFacts } from '../endings.ts';
import { headerListOfHead, headerText } from '../headerBytes.ts';
import type { Hop, HopListener } from '../hop.ts';
import { judgeEnd } from '../judgeEnd.ts';
import { MessageFraming } from '../messageFraming.ts';
import { BodySourceError } from '../plannedBody.ts';
import type { BodyLength } from '../responseHead.ts';
import type { CarriedEnd, CarriedRequest } from './carriedRequest.ts';
import { headersSent, Http1Upload } from './requestUpload.ts';
import { tellChunkExtensions, tellFramingFindings } from '../framingFindings.ts';

/** How long a connection that the server is about to close is listened to for bytes after the message. */
const lingerMillis = 100;
/** Pieces of a body that are recorded in one turn of the event loop: about a millisecond's work. */
const piecesATurn = 1_000;
const nothing = new Uint8Array(0);

/** What a hop tells beside what every hop does: the answer as it passes, before it is looked at. */
export interface CarriedHopListener extends Omit<HopListener, 'finished'> {
  informational(raw: Uint8Array): void;
  /** Comes before `head`, with its lines as they came. */
  wireHead(wireHeaders: HeaderList, body: BodyLength): void;
  wire(bytes: Uint8Array): void;
  /** Of the same read as the `wire` before; those for the sink follow one by one as `data`. */
  passing(bytes: Uint8Array, continues: boolean): void;
  passingTrailers(headers: HeaderList): void;
  flush(): void;
  /** The answer is over for whoever it is handed on to; what follows is the recording's alone. */
  passed(end: CarriedEnd): void;
  finished(end: EndingFacts, atMicros: Micros): void;
}

interface Piece {
  readonly atMicros: Micros;
  readonly bytes: Uint8Array;
  readonly continues: boolean;
}

/**
 * One request of a client of the proxy and its answer, over HTTP/1.1. Unlike `Http1Hop` it needs no parser but the
 * framing: what passes goes on as it came, and the framing says at every byte where the message stands.
 */
export class CarriedHop implements Hop {
  readonly #connection: Connection;
  readonly #request: CarriedRequest;
  readonly #limits: Limits;
  readonly #listener: CarriedHopListener;
  readonly #now: () => Micros;
  readonly #framing: MessageFraming;
  readonly #reader: ConnectionReader;
  readonly #upload: Http1Upload;
  #pieces: Piece[] = [];
  #turn: NodeJS.Immediate | null = null;
  #trailerBytes: Uint8Array = nothing;
  #wireEnd: ConnectionEnd | null = null;
  #readMicros: Micros = 0;
  #headTold = false;
  #passed = false;
  #extensionsTold = 0;
  #informationalTold = false;
  #over = false;
  #isSent = false;
  #linger: (() => void) | null = null;

  constructor(
    connection: Connection,
    request: CarriedRequest,
    limits: Limits,
    listener: CarriedHopListener,
    now: () => Micros,
  ) {
    this.#connection = connection;
    this.#request = request;
    this.#limits = limits;
    this.#listener = listener;
    this.#now = now;
    this.#framing = new MessageFraming(request.method, limits, {
      informational: (raw) => listener.informational(raw),
      data: (bytes, continues) => this.#pieces.push({ atMicros: this.#readMicros, bytes, continues }),
      trailers: (bytes) => {
        this.#trailerBytes = Buffer.concat([this.#trailerBytes, bytes]);
      },
    });
    this.#upload = new Http1Upload(connection.carrier);
    this.#reader = new ConnectionReader(
      connection,
      {
        received: (atMicros, bytes) => this.#received(atMicros, bytes),
        ended: (end) => this.#connectionEnded(end),
      },
      now,
    );
  }

  get unansweredBytes(): Uint8Array {
    return this.#headTold ? nothing : this.#framing.rawHead;
  }

  get messageEnded(): boolean {
    return this.#framing.ended;
  }

  start(): void {
    const { forwardProxy } = this.#connection;
    const authorization = forwardProxy?.authorization ?? null;
    const extra = authorization === null ? [] : ([['Proxy-Authorization', authorization]] as const);
    this.#listener.sent(
      headersSent(this.#request, extra).map(([name, value]) => [name, headerText(Buffer.from(value, 'latin1'))]),
    );
    void this.#send(extra, forwardProxy !== null);
  }

  async #send(extra: HeaderList, absolute: boolean): Promise<void> {
    try {
      const taken = await this.#upload.run(this.#request, extra, absolute);
      this.#isSent = taken;
      if (taken && !this.#over && this.#wireEnd === null) this.#listener.requestSent(this.#now());
    } catch (error) {
      if (this.#over) return;
      const reason = error instanceof Error ? error.message : String(error);
      const facts: EndingFacts =
        error instanceof BodySourceError
          ? error.facts
          : { code: 'end/internal', message: `The request’s body could not be handed on: ${reason}.`, offset: null };
      this.#finish(facts, this.#now(), 'close');
    }
  }

  hold(): void {
    this.#reader.hold('exchange');
  }

  release(): void {
    this.#reader.release('exchange');
    this.#takeTurn();
  }

  /** After the end: the connection, if another request may follow on it; the caller owns it then. */
  giveBack(): Connection | null {
    const { ended, fault, extraBytes, head } = this.#framing;
    const isWhole = this.#isSent && ended && fault === null && extraBytes === 0 && head?.closes === false;
    return isWhole && this.#connection.forwardProxy === null ? this.#reader.giveBack() : null;
  }

  async close(): Promise<void> {
    this.#over = true;
    this.#upload.stop();
    await this.#reader.close();
  }

  #received(atMicros: Micros, bytes: Uint8Array): void {
    if (this.#over || this.#framing.fault !== null) return;
    this.#readMicros = atMicros;
    const firstNew = this.#pieces.length;
    const isSound = this.#framing.push(bytes, (accepted) => {
      if (this.#headTold) this.#listener.wire(accepted);
      else this.#tellHead(accepted);
    });
    for (const { bytes: piece, continues } of this.#pieces.slice(firstNew)) this.#listener.passing(piece, continues);
    if (!isSound && this.#headTold) this.#listener.wire(this.#framing.refusedBytes);
    if (this.#framing.ended && !this.#passed) this.#messageEnded();
    this.#listener.flush();
    this.#tellInformational();
    this.#extensionsTold = tellChunkExtensions(this.#framing, this.#extensionsTold, this.#listener);
    this.#takeTurnSoon();
  }

  #tellHead(raw: Uint8Array): void {
    this.#headTold = true;
    const reading = this.#framing.head;
    if (reading === null) throw new Error('a head without its reading');
    const text = Buffer.from(raw.buffer, raw.byteOffset, raw.byteLength).toString('latin1');
    const statusText = /^HTTP\/\d\.\d \d{3} ?(.*)\r\n/.exec(text)?.[1] ?? '';
    this.#listener.wireHead(wireHeadersOf(text), reading.body);
    this.#listener.head({
      status: reading.status,
      statusText,
      httpVersion: reading.httpVersion,
      headers: headerListOfHead(raw),
      atMicros: this.#readMicros,
    });
  }

  /** The client has all of its answer; the recording may still listen for bytes that belong to nothing. */
  #messageEnded(): void {
    this.#passed = true;
    if (this.#trailerBytes.byteLength > 2) this.#listener.passingTrailers(this.#trailers());
    this.#listener.passed({ how: 'complete' });
    // An answer may come before the request is all there: the rest of it is for nobody.
    this.#upload.stop();
  }

  #trailers(): HeaderList {
    return headerListOfHead(Buffer.concat([Buffer.from('\r\n', 'latin1'), this.#trailerBytes]));
  }

  /** What else can be read now, here or on other connections, is handed on before this is recorded. */
  #takeTurnSoon(): void {
    this.#turn ??= setImmediate(() => {
      this.#turn = null;
      this.#takeTurn();
    });
  }

  /** Tells the sink of what was received, a turn's work at a time, and of the end behind it. */
  #takeTurn(): void {
    if (this.#turn !== null || this.#over) return;
    const now = this.#pieces.length > piecesATurn ? this.#pieces.splice(0, piecesATurn) : this.#pieces;
    if (now === this.#pieces) this.#pieces = [];
    for (const { atMicros, bytes, continues } of now) this.#listener.data(atMicros, bytes, continues);
    if (this.#pieces.length > 0) {
      this.#reader.hold('parser');
      this.#takeTurnSoon();
      return;
    }
    this.#reader.release('parser');
    this.#settleIfOver();
  }

  #settleIfOver(): void {
    if (this.#over || this.#linger !== null) return;
    const isEnded = this.#framing.ended;
    if (!isEnded && this.#framing.fault === null && this.#wireEnd === null) return;
    const settle = (): void => {
      this.#linger = null;
      if (!this.#over) this.#settle();
    };
    if (!isEnded || this.#wireEnd !== null) {
      settle();
      return;
    }
    // A complete message may be followed by bytes that belong to nothing.
    if (this.#framing.head?.closes === true) {
      const timer = setTimeout(settle, lingerMillis);
      this.#linger = () => {
        clearTimeout(timer);
        settle();
      };
    } else {
      const turn = setImmediate(settle);
      this.#linger = () => {
        clearImmediate(turn);
        settle();
      };
    }
  }

  #settle(): void {
    const trailers = this.#framing.ended && this.#trailerBytes.byteLength > 2 ? this.#trailers() : [];
    if (trailers.length > 0) this.#listener.trailers(trailers);
    tellFramingFindings(this.#framing, this.#listener);
    const facts = judgeEnd({
      position: this.#framing.position(),
      fault: this.#framing.fault,
      bodyBytes: this.#framing.bodyBytes,
      wireEnd: this.#wireEnd,
      parserError: null,
    });
    const atEnd = this.#wireEnd !== null && !this.#framing.ended ? this.#wireEnd.atMicros : this.#readMicros;
    const how = this.#framing.fault === null && this.#wireEnd !== null && this.#wireEnd.how !== 'closed';
    this.#finish(facts, atEnd, how ? 'reset' : 'close');
  }

  #finish(facts: EndingFacts, atMicros: Micros, how: 'close' | 'reset'): void {
    this.#over = true;
    this.#upload.stop();
    if (!this.#passed) {
      this.#passed = true;
      const isComplete = facts.code === 'end/complete' || facts.code === 'end/complete-by-close';
      this.#listener.passed(isComplete ? { how: 'complete' } : { how, facts });
    }
    this.#listener.finished(facts, atMicros);
  }

  #connectionEnded(end: ConnectionEnd): void {
    this.#wireEnd = end;
    this.#upload.stop();
    if (this.#linger !== null) this.#linger();
    else if (this.#turn === null) this.#takeTurn();
  }

  #tellInformational(): void {
    const limit = this.#limits.informationalResponses;
    if (this.#framing.informationalResponses <= limit || this.#informationalTold) return;
    this.#informationalTold = true;
    this.#listener.diagnostic('end/many-informational', { limit });
  }
}

function wireHeadersOf(head: string): HeaderList {
  return head
    .split('\r\n')
    .slice(1)
    .flatMap((line) => {
      const colon = line.indexOf(':');
      return colon <= 0 ? [] : [[line.slice(0, colon), line.slice(colon + 1).trim()] as const];
    });
}
