import {
  errorCode,
  frameBytes,
  frameHeader,
  frameType,
  goawayFrame,
  headersFrames,
  maxFramePayload,
  rstStreamFrame,
  settingsFrame,
} from '../../../../engine/http2/frame.ts';
import { encodeHeaderBlock } from '../../../../engine/http2/hpack.ts';
import type { HeaderField } from '../../../../engine/http2/hpackTable.ts';
import type { MockHeader } from '../../../../engine/mock/answer.ts';
import type { WireBreak } from '../../../../engine/mock/step.ts';
import type { WireChanges } from '../../../../engine/mock/wireChanges.ts';
import { assertNever } from '../../../../shared/assertNever.ts';
import type { AnswerHead, AnswerWire } from '../wire/answerWire.ts';
import type { SendingStream } from './sendingStream.ts';

const nothing = new Uint8Array(0);
const pingPayload = Buffer.from('12345678');
/** Header that HTTP/2 has no place for (RFC 9113 §8.2.2). */
const connectionHeaders = new Set(['connection', 'keep-alive', 'proxy-connection', 'transfer-encoding', 'upgrade']);
/** Frames of a flood that are written at once. */
const floodBatch = 1_000;
const noTlsRecords = Buffer.from('these bytes are no TLS record');

/** One answer in HTTP/2, frame by frame. A chunk is one DATA frame where flow control lets it through in one piece. */
export class Http2Wire implements AnswerWire {
  readonly signal: AbortSignal;
  readonly #stream: SendingStream;
  readonly #isHeadRequest: boolean;
  #hasNoBody = false;
  #trailers: readonly MockHeader[] = [];

  constructor(stream: SendingStream, isHeadRequest: boolean) {
    this.#stream = stream;
    this.signal = stream.signal;
    this.#isHeadRequest = isHeadRequest;
  }

  head(head: AnswerHead): void {
    const { status, changes } = head;
    this.#hasNoBody = this.#isHeadRequest || status === 204 || status === 304;
    this.#trailers = head.trailers;
    const block = encodeHeaderBlock(headFields(head));
    this.#stream.addControl(this.#earlyHints(changes.earlyHints ?? 0));
    if (changes.continuations !== undefined) {
      this.#stream.addControl(frameBytes(frameType.headers, 0, this.#stream.id, block));
      for (let left = changes.continuations; left > 0; left -= floodBatch) {
        const count = Math.min(left, floodBatch);
        this.#stream.addControl(repeated(frameBytes(frameType.continuation, 0, this.#stream.id, nothing), count));
      }
      return;
    }
    this.#stream.addControl(headersFrames(this.#stream.id, block, false));
    if (changes.hasGoaway === true) this.#stream.addControl(goawayFrame(errorCode.noError, this.#stream.id));
  }

  async breakHead(head: AnswerHead, { kind, isInside }: NonNullable<WireChanges['headBreak']>): Promise<void> {
    if (isInside) {
      const frames = headersFrames(this.#stream.id, encodeHeaderBlock(headFields(head)), false);
      this.#stream.addControl(frames.subarray(0, Math.floor(frames.length / 2)));
      await this.flush();
    }
    await this.#stream.line.lose(kind);
  }

  chunk(bytes: Uint8Array): void {
    if (!this.#hasNoBody) this.#stream.addData(bytes);
  }

  flush(): Promise<void> | null {
    return this.#stream.flush();
  }

  async end(): Promise<void> {
    this.#addEnd();
    await this.flush();
    await this.#stream.line.written();
    this.#stream.close();
  }

  async breakOff(bytes: Uint8Array, how: WireBreak): Promise<void> {
    const { id, line } = this.#stream;
    switch (how.kind) {
      case 'fin':
      case 'reset':
      case 'tls-cut':
        await this.#sendCut(bytes, how.unsentBytes);
        await line.lose(how.kind);
        return;
      case 'tls-garbage':
        await this.#send(bytes);
        await line.writeBelow(noTlsRecords);
        await line.cut();
        return;
      case 'rst':
        await this.#send(bytes, rstStreamFrame(id, how.code));
        this.#stream.close();
        return;
      case 'goaway':
        await this.#send(bytes, goawayFrame(how.code, id));
        await line.lose('fin');
        return;
      case 'h2-garbage':
        await this.#send(bytes, Buffer.from('\x7fgarbage all over', 'latin1'));
        await line.lose('fin');
        return;
      case 'h2-oversized': {
        const payload = Buffer.alloc(this.#stream.peerFramePayload + 1, 'x');
        await this.#send(bytes, frameBytes(frameType.data, 0, id, payload));
        await line.lose('fin');
        return;
      }
      case 'extra':
        await this.#send(bytes);
        // In one write with the end: a client that has what it wants reads no more.
        this.#addEnd();
        this.#stream.addControl(frameBytes(frameType.data, 0, id, how.bytes.subarray(0, maxFramePayload)));
        await this.flush();
        await line.lose('fin');
        return;
      case 'h2-flood':
        await this.#flood(bytes, how.of, how.count);
        await line.lose('fin');
        return;
      case 'http1':
        throw new Error(`${how.kind} cannot be performed over HTTP/2`);
      default:
        assertNever(how, 'wire break');
    }
  }

  /** A DATA frame that announces more than it brings. */
  async #sendCut(bytes: Uint8Array, unsentBytes: number): Promise<void> {
    if (unsentBytes === 0) {
      await this.#send(bytes);
      return;
    }
    const brought = bytes.subarray(Math.max(0, bytes.length - maxFramePayload + 1));
    await this.#send(bytes.subarray(0, bytes.length - brought.length));
    const length = Math.min(maxFramePayload, brought.length + unsentBytes);
    const header = frameHeader({ length, type: frameType.data, flags: 0, streamId: this.#stream.id });
    await this.#send(nothing, Buffer.concat([header, brought]));
  }

  async #send(bytes: Uint8Array, frames: Uint8Array = nothing): Promise<void> {
    this.chunk(bytes);
    await this.flush();
    this.#stream.addControl(frames);
    await this.flush();
    await this.#stream.line.written();
  }

  async #flood(bytes: Uint8Array, of: 'ping' | 'settings' | 'empty-data', count: number): Promise<void> {
    await this.#send(bytes);
    const frame =
      of === 'ping'
        ? frameBytes(frameType.ping, 0, 0, pingPayload)
        : of === 'settings'
          ? settingsFrame([])
          : frameBytes(frameType.data, 0, this.#stream.id, nothing);
    for (let left = count; left > 0; left -= floodBatch) {
      this.#stream.addControl(repeated(frame, Math.min(left, floodBatch)));
      await this.flush();
    }
  }

  #addEnd(): void {
    if (this.#trailers.length === 0 || this.#hasNoBody) this.#stream.addEnd();
    else {
      const fields = this.#trailers.map(([name, value]): HeaderField => [name.toLowerCase(), value]);
      this.#stream.addEnd(headersFrames(this.#stream.id, encodeHeaderBlock(fields), true));
    }
  }

  #earlyHints(count: number): Uint8Array {
    if (count === 0) return nothing;
    const block = encodeHeaderBlock([
      [':status', '103'],
      ['link', '</hint>; rel=preload'],
    ]);
    return repeated(headersFrames(this.#stream.id, block, false), count);
  }
}

function headFields({ status, headers, length, changes }: AnswerHead): readonly HeaderField[] {
  const own = headers
    .map(([name, value]): HeaderField => [name.toLowerCase(), value])
    .filter(([name]) => !connectionHeaders.has(name));
  const natural = length === null || status === 204 ? [] : [String(length)];
  return [
    [':status', String(status)],
    ...own,
    ['date', new Date().toUTCString()],
    ...(changes.lengths ?? natural).map((each): HeaderField => ['content-length', each]),
    ...(changes.fields ?? []),
  ];
}

function repeated(frame: Uint8Array, count: number): Uint8Array {
  const all = Buffer.alloc(frame.length * count);
  for (let n = 0; n < count; n++) all.set(frame, n * frame.length);
  return all;
}
