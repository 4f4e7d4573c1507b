import {
  connectionPreface,
  defaultWindow,
  errorCode,
  frameFlag,
  frameType,
  goawayFrame,
  maxFramePayload,
  maxWindow,
  pingAck,
  setting,
  settingsAck,
  settingsFrame,
  windowUpdateFrame,
  type FrameHeader,
} from '../../../../engine/http2/frame.ts';
import { HpackDecoder } from '../../../../engine/http2/hpack.ts';
import type { HeaderField } from '../../../../engine/http2/hpackTable.ts';
import type { Serve } from '../wire/answerWire.ts';
import type { Line } from '../wire/line.ts';
import { addHeader, RequestBody, type ReceivedRequest } from '../wire/receivedRequest.ts';
import { FrameSplitter } from './frameSplitter.ts';
import { Http2Wire } from './http2Wire.ts';
import { SendingStream, type SendingConnection } from './sendingStream.ts';

/** Of a request head, as RFC 9113 §6.5.2 counts it. */
const headerListLimit = 65_536;
const concurrentStreams = 1_000;

interface OpenStream {
  readonly sending: SendingStream;
  readonly body: RequestBody;
  readonly fields: readonly HeaderField[];
}

class ProtocolError extends Error {}

/** Serves HTTP/2 (RFC 9113) on a connection whose client speaks it: by ALPN, or with prior knowledge. */
export class Http2Connection implements SendingConnection {
  readonly line: Line;
  window = defaultWindow;
  peerFramePayload = maxFramePayload;
  readonly #serve: Serve;
  readonly #splitter = new FrameSplitter();
  readonly #hpack = new HpackDecoder();
  readonly #streams = new Map<number, OpenStream>();
  #preface = Buffer.alloc(0);
  #isBegun = false;
  #streamWindow = defaultWindow;
  #newestStream = 0;
  /** A head of which CONTINUATION frames are still to come. */
  #openHead: { readonly id: number; readonly endsStream: boolean; readonly pieces: Uint8Array[] } | null = null;

  constructor(line: Line, serve: Serve) {
    this.line = line;
    this.#serve = serve;
    line.socket.on('data', (bytes: Buffer) => this.#received(bytes));
    line.socket.once('end', () => line.leave());
    line.signal.addEventListener('abort', () => this.#streams.clear(), { once: true });
    this.#write(settingsFrame([[setting.maxConcurrentStreams, concurrentStreams]]));
  }

  streamClosed(id: number): void {
    this.#streams.delete(id);
  }

  #write(bytes: Uint8Array): void {
    if (!this.line.socket.writableEnded && !this.line.socket.destroyed) this.line.socket.write(bytes);
  }

  #received(bytes: Buffer): void {
    try {
      const rest = this.#isBegun ? bytes : this.#readPreface(bytes);
      for (const frame of this.#splitter.push(rest)) {
        if (frame === null) throw new ProtocolError('a frame larger than allowed');
        this.#frame(frame.header, frame.payload);
      }
    } catch (error) {
      if (!(error instanceof ProtocolError)) process.emitWarning(error instanceof Error ? error : String(error));
      this.#write(goawayFrame(errorCode.protocolError, this.#newestStream));
      this.line.leave();
      this.line.close();
    }
  }

  #readPreface(bytes: Buffer): Buffer {
    this.#preface = Buffer.concat([this.#preface, bytes]);
    const wanted = connectionPreface.length;
    if (this.#preface.length < wanted) return Buffer.alloc(0);
    if (!this.#preface.subarray(0, wanted).equals(connectionPreface)) throw new ProtocolError('no preface');
    this.#isBegun = true;
    return this.#preface.subarray(wanted);
  }

  #frame(header: FrameHeader, payload: Buffer): void {
    const { type, flags, streamId } = header;
    if (this.#openHead !== null && (type !== frameType.continuation || streamId !== this.#openHead.id)) {
      throw new ProtocolError('a head that is not finished');
    }
    switch (type) {
      case frameType.headers:
        this.#head(streamId, (flags & frameFlag.endStream) !== 0, unpadded(flags, payload));
        if ((flags & frameFlag.endHeaders) !== 0) this.#headEnds();
        return;
      case frameType.continuation:
        if (this.#openHead === null) throw new ProtocolError('CONTINUATION without a head');
        this.#openHead.pieces.push(Uint8Array.from(payload));
        if (this.#openHead.pieces.length > headerListLimit / 64) throw new ProtocolError('a head without end');
        if ((flags & frameFlag.endHeaders) !== 0) this.#headEnds();
        return;
      case frameType.data:
        this.#data(header, payload);
        return;
      case frameType.rstStream:
        this.#streams.get(streamId)?.sending.leave();
        return;
      case frameType.settings:
        if ((flags & frameFlag.ack) === 0) this.#settings(payload);
        return;
      case frameType.ping:
        if ((flags & frameFlag.ack) === 0) this.#write(pingAck(payload));
        return;
      case frameType.windowUpdate:
        this.#windowUpdate(streamId, payload);
        return;
      case frameType.pushPromise:
        throw new ProtocolError('PUSH_PROMISE of a client');
      default:
        // PRIORITY, GOAWAY and extensions change nothing here.
        return;
    }
  }

  #head(id: number, endsStream: boolean, payload: Buffer): void {
    const isTrailers = this.#streams.has(id);
    if (id % 2 === 0 || (!isTrailers && id <= this.#newestStream)) throw new ProtocolError('HEADERS on a wrong stream');
    this.#openHead = { id, endsStream, pieces: [Uint8Array.from(payload)] };
  }

  #headEnds(): void {
    const head = this.#openHead;
    this.#openHead = null;
    if (head === null) return;
    const reading = this.#hpack.decode(Buffer.concat(head.pieces), headerListLimit);
    if (!('fields' in reading)) throw new ProtocolError('a head that cannot be read');
    if (!this.#streams.has(head.id)) {
      this.#newestStream = head.id;
      const sending = new SendingStream(head.id, this.#streamWindow, this);
      this.#streams.set(head.id, { sending, body: new RequestBody(), fields: reading.fields });
    }
    if (head.endsStream) this.#requestEnds(head.id);
  }

  #data({ flags, streamId, length }: FrameHeader, payload: Buffer): void {
    if (streamId > this.#newestStream || streamId === 0) throw new ProtocolError('DATA on a wrong stream');
    if (length > 0) this.#write(windowUpdateFrame(0, length));
    const stream = this.#streams.get(streamId);
    if (stream === undefined) return;
    const padding = (flags & frameFlag.padded) === 0 ? 0 : 1 + (payload[0] ?? 0);
    if (padding > payload.length) throw new ProtocolError('more padding than frame');
    const bytes = padding === 0 ? payload : payload.subarray(1, payload.length - padding + 1);
    stream.body.push(Uint8Array.from(bytes));
    if ((flags & frameFlag.endStream) !== 0) this.#requestEnds(streamId);
    else if (length > 0) this.#write(windowUpdateFrame(streamId, length));
  }

  #requestEnds(id: number): void {
    const stream = this.#streams.get(id);
    if (stream === undefined) return;
    const { sending, body, fields } = stream;
    const request = requestOf(fields, body.text(), this.line.isSecure);
    const wire = new Http2Wire(sending, request.method === 'HEAD');
    // A client that left in the middle has ended its stream; anything else was said where it happened.
    this.#serve(request, wire).catch(() => this.streamClosed(id));
  }

  #settings(payload: Buffer): void {
    for (let at = 0; at + 6 <= payload.length; at += 6) {
      const value = payload.readUInt32BE(at + 2);
      switch (payload.readUInt16BE(at)) {
        case setting.initialWindowSize:
          if (value > maxWindow) throw new ProtocolError('a window beyond 2^31');
          for (const { sending } of this.#streams.values()) sending.widen(value - this.#streamWindow);
          this.#streamWindow = value;
          break;
        case setting.maxFrameSize:
          if (value < maxFramePayload || value > 0xff_ffff) throw new ProtocolError('an impossible frame size');
          this.peerFramePayload = value;
          break;
        default:
          break;
      }
    }
    this.#write(settingsAck());
  }

  #windowUpdate(streamId: number, payload: Buffer): void {
    if (payload.length !== 4) throw new ProtocolError('WINDOW_UPDATE of a wrong size');
    const increment = payload.readUInt32BE(0) & 0x7fff_ffff;
    if (streamId !== 0) {
      this.#streams.get(streamId)?.sending.widen(increment);
      return;
    }
    this.window += increment;
    for (const { sending } of this.#streams.values()) sending.wake();
  }
}

/** The block of a HEADERS frame without padding and priority (RFC 9113 §6.2). */
function unpadded(flags: number, payload: Buffer): Buffer {
  const isPadded = (flags & frameFlag.padded) !== 0;
  const from = (isPadded ? 1 : 0) + ((flags & frameFlag.priority) !== 0 ? 5 : 0);
  const to = payload.length - (isPadded ? (payload[0] ?? 0) : 0);
  if (from > to) throw new ProtocolError('more padding than frame');
  return payload.subarray(from, to);
}

function requestOf(fields: readonly HeaderField[], body: string | null, isSecure: boolean): ReceivedRequest {
  const headers: Record<string, string> = {};
  const pseudo = new Map<string, string>();
  for (const [name, value] of fields) {
    if (name.startsWith(':')) pseudo.set(name, value);
    else addHeader(headers, name, value);
  }
  const authority = pseudo.get(':authority');
  if (authority !== undefined) headers['host'] = authority;
  return {
    protocol: 'HTTP/2',
    isSecure,
    method: pseudo.get(':method') ?? 'GET',
    target: pseudo.get(':path') ?? '/',
    headers,
    body,
  };
}
