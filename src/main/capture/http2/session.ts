import { Buffer } from 'node:buffer';
import type { Limits } from '../../../shared/limits.ts';
import type { HeaderList } from '../../../shared/request.ts';
import type { Micros } from '../../../shared/words.ts';
import { byteCount, excerpt, type EndingCode } from '../endings.ts';
import { keptExtraBytes } from '../extraBytes.ts';
import type { FramingFault } from '../messageFraming.ts';
import { readAnswerHead, readFields, type AnswerHead } from './answerHead.ts';
import { FloodGuard } from './floodGuard.ts';
import {
  frameBytes,
  frameFlag,
  frameType,
  maxFramePayload,
  pingAck,
  settingsAck,
  typeName,
  type FrameHeader,
} from '../../../engine/http2/frame.ts';
import { FrameReader, type FrameListener } from './frameReader.ts';
import { hasWrongSize, misplacement, requestStreamId } from './frameRules.ts';
import { HeaderBlocks, type FinishedBlock } from './headerBlocks.ts';
import { readSettings } from './peerSettings.ts';
import { ReceiveWindow } from './receiveWindow.ts';
import { SendWindow } from './sendWindow.ts';

const nothing = new Uint8Array(0);

export interface SessionListener {
  /** Frames that the protocol wants in answer; to be written at once. */
  reply(frames: Uint8Array): void;
  /** The final head; false: nothing more is wanted. */
  head(head: AnswerHead): boolean;
  /** What of one DATA frame is in one read. Views of the bytes that were pushed. */
  data(bytes: Uint8Array, continues: boolean): void;
  trailers(headers: HeaderList): void;
  /** More of the request's body may be sent than before. */
  sendWindowOpened(): void;
}

/** Where in the answer the bytes so far end. */
export type StreamPosition =
  | { readonly in: 'nothing' }
  | { readonly in: 'head'; readonly received: number }
  | { readonly in: 'body' }
  | { readonly in: 'frame'; readonly received: number; readonly length: number }
  | { readonly in: 'trailers' }
  | { readonly in: 'end' };

export interface GoAway {
  readonly code: number;
  readonly lastStreamId: number;
  /** What the server said with it, printable; empty if nothing. */
  readonly debug: string;
}

/**
 * The client's side of an HTTP/2 connection with one request (RFC 9113), over the bytes that come. Every rule whose
 * breach could change what the answer is or where it ends is checked here, to the letter and before anything else is
 * made of a frame. It does no input and output of its own, and gives the same result however the bytes are split.
 */
export class Http2Session implements FrameListener {
  fault: FramingFault | null = null;
  /** The final answer's head once it is complete. */
  head: AnswerHead | null = null;
  /** END_STREAM was seen. */
  ended = false;
  /** Code of the RST_STREAM that ended the stream before its end. */
  reset: number | null = null;
  goAway: GoAway | null = null;
  informationalResponses = 0;
  bodyBytes = 0;
  /** Bytes after the end of the stream, and the first of them. */
  extraBytes = 0;
  extraPreview: Uint8Array = nothing;
  readonly sendWindow = new SendWindow();
  readonly receiveWindow = new ReceiveWindow(requestStreamId);

  readonly #listener: SessionListener;
  readonly #requestMethod: string;
  readonly #headLimit: number;
  readonly #reader = new FrameReader(this);
  readonly #blocks: HeaderBlocks;
  readonly #guard = new FloodGuard();
  #atMicros: Micros = 0;
  #prefaceSeen = false;
  /** The frames of the head as they came, until it is accepted. */
  #headFrames: Uint8Array[] = [];
  /** What came in the same read behind the beginning of something that is no HTTP/2. */
  #misfit: Uint8Array | null = null;
  #dataInFrame = 0;
  #holdsWindow = false;
  #stopped = false;

  constructor(requestMethod: string, limits: Pick<Limits, 'headerBytes'>, listener: SessionListener) {
    this.#requestMethod = requestMethod;
    this.#headLimit = limits.headerBytes;
    this.#listener = listener;
    this.#blocks = new HeaderBlocks(limits.headerBytes);
  }

  /** The server will not work on the request: it may be sent again elsewhere. */
  get isRefused(): boolean {
    return this.head === null && this.goAway !== null && this.goAway.lastStreamId < requestStreamId;
  }

  /** Nothing that comes can change the outcome any more. */
  get isDecided(): boolean {
    return this.fault !== null || this.ended || this.reset !== null || this.isRefused;
  }

  /** Frames of a head that is not complete, or of what came in its place, as they came. */
  get unansweredBytes(): Uint8Array {
    if (this.head !== null) return nothing;
    const begun = this.fault !== null || this.#reader.open?.header.type === frameType.headers || this.#blocks.isOpen;
    return Buffer.concat([...this.#headFrames, begun ? this.#reader.openBytes : nothing, this.#misfit ?? nothing]);
  }

  /** Takes the bytes of one read. */
  push(atMicros: Micros, bytes: Uint8Array): void {
    if (this.#stopped) return;
    this.#atMicros = atMicros;
    const read = this.#reader.push(bytes);
    if (!this.#reader.isOver) return;
    const rest = bytes.subarray(read);
    if (this.ended) this.#countExtra(rest);
    else if (this.fault?.code === 'end/not-http2') this.#misfit ??= rest;
  }

  /** While held the server's window is not opened again. */
  holdWindow(held: boolean): void {
    this.#holdsWindow = held;
    if (!held) this.#openWindow();
  }

  position(): StreamPosition {
    if (this.ended) return { in: 'end' };
    const open = this.#reader.open;
    if (this.head === null) {
      const received = this.unansweredBytes.byteLength;
      return received === 0 ? { in: 'nothing' } : { in: 'head', received };
    }
    if (this.#blocks.isOpen || open?.header.type === frameType.headers) return { in: 'trailers' };
    if (open?.header.type === frameType.data && open.header.length > 0) {
      return { in: 'frame', received: open.received, length: open.header.length };
    }
    return { in: 'body' };
  }

  frameBegins(header: FrameHeader): boolean {
    const { type, length, streamId } = header;
    if (!this.#prefaceSeen) {
      if (type !== frameType.settings || streamId !== 0 || (header.flags & frameFlag.ack) !== 0) {
        return this.#refuseFirst(header);
      }
      this.#prefaceSeen = true;
    }
    if (this.ended) return this.#afterEnd(header);
    if (length > maxFramePayload) {
      const limit = byteCount(maxFramePayload);
      return this.#refuse(
        'end/h2-frame-size',
        `A ${typeName(type)} frame has ${byteCount(length)}, more than the agreed ${limit}.`,
      );
    }
    if (hasWrongSize(header)) {
      return this.#refuse(
        'end/h2-frame-size',
        `A ${typeName(type)} frame has ${byteCount(length)}, which such a frame cannot have.`,
      );
    }
    const misplaced = misplacement(header, { hasHead: this.head !== null, inBlock: this.#blocks.isOpen });
    if (misplaced !== null) return this.#breach(misplaced);
    if (type === frameType.data) {
      this.#dataInFrame = 0;
      if (!this.receiveWindow.received(length)) {
        const message = 'The server sent more than the flow-control window allowed.';
        return this.#refuse('end/h2-flow-control', message);
      }
    }
    return true;
  }

  frameData(_header: FrameHeader, bytes: Uint8Array, continues: boolean): boolean {
    if (this.ended) {
      this.#countExtra(bytes);
      return true;
    }
    const { contentLength = null, isBodiless = false } = this.head ?? {};
    if (isBodiless) return this.#refuse('end/h2-malformed', 'The answer has a body, although it must not have one.');
    this.#guard.content();
    const room = contentLength === null ? Infinity : contentLength - this.bodyBytes;
    const kept = bytes.byteLength > room ? bytes.subarray(0, room) : bytes;
    this.#dataInFrame += kept.byteLength;
    this.bodyBytes += kept.byteLength;
    if (kept.byteLength > 0) this.#listener.data(kept, continues);
    if (kept === bytes) return !this.#stopped;
    const message = `More came than the ${byteCount(contentLength ?? 0)} that Content-Length announced.`;
    return this.#refuse('end/h2-content-length', message);
  }

  paddingTooLong(header: FrameHeader): boolean {
    return this.ended || this.#breach(`a ${typeName(header.type)} frame with more padding than frame`);
  }

  frameEnds(header: FrameHeader, payload: Uint8Array): boolean {
    if (this.ended) return true;
    switch (header.type) {
      case frameType.data:
        this.#openWindow();
        if ((header.flags & frameFlag.endStream) !== 0) return this.#end();
        return this.#dataInFrame > 0 || this.#countEmpty(header);
      case frameType.headers:
        return this.#headers(header, payload);
      case frameType.continuation:
        // The pieces of a block carry content, but there can be no need for a thousand of them.
        return this.#countEmpty(header) && this.#blockPiece(header, payload);
      case frameType.rstStream:
        this.reset = uint32(payload, 0);
        return false;
      case frameType.settings:
        return this.#settings(header, payload);
      case frameType.ping:
        if (!this.#countEmpty(header)) return false;
        if ((header.flags & frameFlag.ack) === 0) this.#listener.reply(pingAck(payload));
        return true;
      case frameType.goaway: {
        const debug = excerpt(payload.subarray(8), 200);
        this.goAway = { lastStreamId: uint32(payload, 0) & 0x7fffffff, code: uint32(payload, 4), debug };
        return !this.isRefused && this.#countEmpty(header);
      }
      case frameType.windowUpdate:
        return this.#windowUpdate(header, payload);
      default:
        return this.#countEmpty(header);
    }
  }

  /** The server's first frame must be its settings; what is not may be no HTTP/2 at all. */
  #refuseFirst(header: FrameHeader): boolean {
    const raw = this.#reader.openBytes;
    const isFrame = header.type <= frameType.continuation && header.length <= maxFramePayload;
    if (isFrame) return this.#breach(`its first frame is ${typeName(header.type)} and not SETTINGS`);
    const message = Buffer.from(raw).toString('latin1').startsWith('HTTP/1')
      ? 'The server answered in HTTP/1 to a request in HTTP/2. Ask for HTTP/1.1, or let the version be chosen.'
      : `The answer is not HTTP/2: it begins with “${excerpt(raw)}”.`;
    return this.#refuse('end/not-http2', message);
  }

  /** After END_STREAM the answer is what it is; only what belongs to nothing is still counted. */
  #afterEnd(header: FrameHeader): boolean {
    if (header.length > maxFramePayload) this.#countExtra(this.#reader.openBytes);
    return header.length <= maxFramePayload;
  }

  #headers(header: FrameHeader, payload: Uint8Array): boolean {
    let start = 0;
    let end = payload.byteLength;
    if ((header.flags & frameFlag.padded) !== 0) {
      start = 1;
      end -= payload[0] ?? 0;
    }
    if ((header.flags & frameFlag.priority) !== 0) start += 5;
    if (start > end) return this.paddingTooLong(header);
    this.#blocks.begin((header.flags & frameFlag.endStream) !== 0);
    return this.#blockPiece(header, payload, payload.subarray(start, end));
  }

  #blockPiece(header: FrameHeader, payload: Uint8Array, fragment = payload): boolean {
    if (!this.#blocks.add(fragment)) return this.#headTooLong();
    if ((header.flags & frameFlag.endHeaders) === 0) {
      if (this.head === null) this.#headFrames.push(frameBytes(header.type, header.flags, header.streamId, payload));
      return true;
    }
    return this.#headerList(this.#blocks.finish());
  }

  #headerList({ endStream, reading }: FinishedBlock): boolean {
    if ('overLimit' in reading) return this.#headTooLong();
    if ('broken' in reading) {
      return this.#refuse('end/h2-compression', `The compressed headers cannot be decoded: ${reading.broken}.`);
    }
    if (this.head !== null) {
      if (!endStream) return this.#breach('a second head in the middle of the body');
      const trailers = readFields(reading.fields);
      if ('code' in trailers) return this.#refuse(trailers.code, trailers.message);
      if (trailers.headers.length > 0) this.#listener.trailers(trailers.headers);
      return this.#end();
    }
    const head = readAnswerHead(reading.fields, this.#requestMethod);
    if ('code' in head) return this.#refuse(head.code, head.message);
    if (head.status < 200) {
      if (endStream) return this.#breach(`an answer that ends with the informational status ${String(head.status)}`);
      this.informationalResponses += 1;
      this.#headFrames = [];
      return true;
    }
    this.#guard.content();
    this.head = head;
    this.#headFrames = [];
    if (!this.#listener.head(head)) this.#stopped = true;
    if (this.#stopped) return false;
    return endStream ? this.#end() : true;
  }

  #end(): boolean {
    const { contentLength = null, isBodiless = false } = this.head ?? {};
    if (contentLength !== null && contentLength !== this.bodyBytes && !isBodiless) {
      const message = `The server ended the answer after ${String(this.bodyBytes)} of the ${byteCount(contentLength)} that Content-Length announced.`;
      return this.#refuse('end/h2-content-length', message);
    }
    this.ended = true;
    return true;
  }

  #settings(header: FrameHeader, payload: Uint8Array): boolean {
    if (!this.#countEmpty(header)) return false;
    if ((header.flags & frameFlag.ack) !== 0) return true;
    const settings = readSettings(payload);
    if ('breach' in settings) return this.#breach(settings.breach);
    const { initialWindow } = settings;
    if (initialWindow !== null && !this.sendWindow.setInitial(initialWindow)) {
      const message = `The server’s SETTINGS have an impossible window of ${byteCount(initialWindow)}.`;
      return this.#refuse('end/h2-flow-control', message);
    }
    this.#listener.reply(settingsAck());
    this.#listener.sendWindowOpened();
    return true;
  }

  #windowUpdate(header: FrameHeader, payload: Uint8Array): boolean {
    if (!this.#countEmpty(header)) return false;
    const increment = uint32(payload, 0) & 0x7fffffff;
    if (increment === 0) return this.#breach('a WINDOW_UPDATE by nothing');
    if (!this.sendWindow.update(header.streamId, increment)) {
      return this.#refuse(
        'end/h2-flow-control',
        'The server opened its flow-control window beyond what a window can be.',
      );
    }
    this.#listener.sendWindowOpened();
    return true;
  }

  /** What the request's body used of the window lets as many updates come without being a flood. */
  uploaded(): void {
    this.#guard.content();
  }

  /** The server does not take what the protocol makes us answer, and sends what wants more answers. */
  refuseUntaken(): void {
    if (this.ended) return;
    this.#refuse('end/h2-flood', 'The server floods the connection with frames that want an answer, and takes none.');
    this.#stopped = true;
  }

  /** The owner wants nothing more of what comes. */
  stop(): void {
    this.#stopped = true;
  }

  #openWindow(): void {
    if (this.#holdsWindow || this.ended) return;
    for (const update of this.receiveWindow.updates()) this.#listener.reply(update);
  }

  #countEmpty(header: FrameHeader): boolean {
    if (this.#guard.emptyFrame(this.#atMicros)) return true;
    const limit = byteCount(this.#guard.limit).replace(/ bytes?$/, '');
    const kind = header.type === frameType.data ? 'empty DATA' : typeName(header.type);
    const message = `The server floods the connection: more than ${limit} frames without content, the last of them ${kind}.`;
    return this.#refuse('end/h2-flood', message);
  }

  #countExtra(bytes: Uint8Array): void {
    this.extraBytes += bytes.byteLength;
    const room = keptExtraBytes - this.extraPreview.byteLength;
    if (room > 0 && bytes.byteLength > 0) {
      this.extraPreview = Buffer.concat([this.extraPreview, bytes.subarray(0, room)]);
    }
  }

  #headTooLong(): boolean {
    const what = this.head === null ? 'response head' : 'trailer section';
    return this.#refuse('end/header-limit', `The ${what} is longer than the limit of ${byteCount(this.#headLimit)}.`);
  }

  #breach(what: string): boolean {
    return this.#refuse('end/h2-protocol', `The server breaks the HTTP/2 protocol: ${what}.`);
  }

  #refuse(code: EndingCode, message: string): boolean {
    this.fault = { code, message, bodyOffset: this.head === null ? null : this.bodyBytes };
    return false;
  }
}

function uint32(bytes: Uint8Array, at: number): number {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).readUInt32BE(at);
}
