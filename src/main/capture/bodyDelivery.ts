import type { Limits } from '../../shared/limits.ts';
import type { ResponseHead } from '../../shared/recording.ts';
import type { Micros } from '../../shared/words.ts';
import { headerValue } from '../../shared/headerValue.ts';
import { readCodings } from './coding.ts';
import { ContentDecoder, type DecodingEnd } from './contentDecoder.ts';
import { byteCount, endingKindOf, type EndingFacts } from './endings.ts';
import type { CaptureSink } from './sink.ts';

/** Coded bytes that may wait for the decoder before the socket is held, and the level at which it is read on. */
const pendingHigh = 1024 * 1024;
const pendingLow = 256 * 1024;

export interface DeliveryFlow {
  /** The decoder is behind: stop reading. */
  hold(): void;
  release(): void;
  /** The sink asked for a pause while decoded bytes were handed to it: `pause` here, or be ready for the rest. */
  sinkIsFull(): void;
}

/** Hands wire chunks and the body inside them to a sink, numbered alike for both. */
export class BodyDelivery {
  readonly #sink: CaptureSink;
  readonly #limits: Limits;
  readonly #flow: DeliveryFlow;
  #decoder: ContentDecoder | null = null;
  #chunks = 0;
  #holding = false;
  #coding = '';

  constructor(sink: CaptureSink, limits: Limits, flow: DeliveryFlow) {
    this.#sink = sink;
    this.#limits = limits;
    this.#flow = flow;
  }

  /** True when chunks are worked on after `chunk` has returned: their bytes must then stay as they are. */
  get keepsChunks(): boolean {
    return this.#decoder !== null;
  }

  /** Reads from the head how the body is coded; an ending where the head asks for more than is allowed. */
  begin(head: Pick<ResponseHead, 'headers'>): EndingFacts | null {
    const list = readCodings(headerValue(head.headers, 'content-encoding'));
    if ('unknown' in list) {
      this.#sink.transportDiagnostic('head/unknown-coding', { coding: list.unknown });
      return null;
    }
    const { contentCodings } = this.#limits;
    if (list.codings.length > contentCodings) {
      const message = `The answer is compressed ${String(list.codings.length)} times over; the limit is ${String(contentCodings)}.`;
      return { code: 'end/coding-limit', message, offset: 0 };
    }
    if (list.codings.length === 0) return null;
    this.#coding = list.codings.join(', ');
    this.#decoder = new ContentDecoder(
      list.codings,
      this.#limits,
      (chunk, bytes) => {
        if (!this.#sink.body(chunk, bytes)) this.#flow.sinkIsFull();
      },
      () => this.#noteProgress(),
    );
    return null;
  }

  /** One chunk as delivered. Returns false when the sink asks for a pause. */
  chunk(atMicros: Micros, bytes: Uint8Array, continues = false): boolean {
    const chunk = this.#chunks;
    this.#chunks = chunk + 1;
    const decoder = this.#decoder;
    if (decoder === null) {
      const roomForWire = this.#sink.chunk(atMicros, bytes, continues);
      return this.#sink.body(chunk, bytes) && roomForWire;
    }
    const room = this.#sink.chunk(atMicros, bytes, continues);
    decoder.push(chunk, bytes);
    if (decoder.pendingBytes > pendingHigh && !this.#holding) {
      this.#holding = true;
      this.#flow.hold();
    }
    return room;
  }

  /** Gives no more decoded bytes, but for a little, until `resume`. */
  pause(): void {
    this.#decoder?.pause();
  }

  resume(): void {
    this.#decoder?.resume();
  }

  /** Ends decoding and says what that makes of the transport's ending. A bad transport ending stays what it is. */
  async finish(transport: EndingFacts): Promise<EndingFacts> {
    if (this.#decoder === null) return transport;
    const end = await this.#decoder.finish();
    const ending = this.#endOfDecoding(end);
    if (ending === null) return transport;
    if (endingKindOf[transport.code] === 'complete') return ending;
    if (end.state !== 'truncated') this.#sink.transportDiagnostic(ending.code, { coding: this.#coding });
    return transport;
  }

  #endOfDecoding(end: DecodingEnd): EndingFacts | null {
    switch (end.state) {
      case 'complete':
        if (end.trailingBytes > 0) {
          this.#sink.transportDiagnostic('end/coding-trailing', { coding: this.#coding, bytes: end.trailingBytes });
        }
        return null;
      case 'limit':
        this.#sink.transportDiagnostic('end/decoding-limit', {
          bytes: end.decodedBytes,
          ratio: this.#limits.decodingRatio,
        });
        return null;
      case 'truncated': {
        const message = `The transfer is complete, but the ${end.coding} data in it ended early. What could be decoded was kept.`;
        return { code: 'end/coding-truncated', message, offset: null };
      }
      case 'corrupt': {
        const message = `The ${end.coding} data is corrupt (${end.reason}) after about ${byteCount(end.wireOffset)}. What was decoded before, and all received bytes, were kept.`;
        return { code: 'end/coding-corrupt', message, offset: end.wireOffset };
      }
      case 'mismatch': {
        const message = `The answer says it is compressed with ${end.coding}, but it is not. It is shown as it was received.`;
        return { code: 'end/coding-mismatch', message, offset: 0 };
      }
    }
  }

  #noteProgress(): void {
    if (!this.#holding || (this.#decoder?.pendingBytes ?? 0) > pendingLow) return;
    this.#holding = false;
    this.#flow.release();
  }
}
