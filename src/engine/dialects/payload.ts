import type { FrameKind, Framing } from '../../shared/words.ts';
import { decodeUtf8 } from '../bytes/decode.ts';
import { readMessage } from '../framing/awsMessage.ts';
import { isTooDeep, type JsonLimits } from '../framing/jsonLimits.ts';
import type { DialectFrame } from './dialect.ts';
import { isDone } from './doneSign.ts';
import { readSseContents, type SseContents } from './sseData.ts';

/**
 * Why a payload was not parsed that should be JSON. `not-a-frame`: a cut-off tail or foreign bytes, which the framing
 * has told already.
 */
export type PayloadFault = 'invalid-json' | 'too-large' | 'too-deep' | 'not-a-frame';

/**
 * Turns frames of one framing into what dialects read. One object is reused for all of them, so that nothing is made
 * for a frame but its text and what its JSON holds.
 */
export class PayloadReader {
  readonly #framing: Framing;
  readonly #limits: JsonLimits;
  readonly #frame = { n: 0, event: '', messageType: '', text: '', json: undefined as unknown };
  readonly #sse: SseContents = { event: '', data: null };
  /** Of the frame that was read last; null: it was parsed, or does not look like JSON. */
  fault: PayloadFault | null = null;

  constructor(framing: Framing, limits: JsonLimits) {
    this.#framing = framing;
    this.#limits = limits;
  }

  /**
   * @param bytes the whole frame
   * @returns undefined for a frame that says nothing to a dialect: comments, blank lines, what is around a list. The
   * object is valid until the next call
   */
  read(n: number, kind: FrameKind, bytes: Uint8Array): DialectFrame | undefined {
    const frame = this.#frame;
    frame.n = n;
    frame.event = '';
    frame.messageType = '';
    frame.json = undefined;
    this.fault = null;
    if (kind === 'comment' || kind === 'blank') return undefined;
    if (this.#framing === 'aws-eventstream') return this.#readMessage(kind, bytes);
    const text = decodeUtf8(bytes);
    if (this.#framing === 'sse' && kind !== 'invalid') {
      readSseContents(text, this.#sse);
      frame.event = this.#sse.event;
      frame.text = this.#sse.data ?? '';
    } else if (this.#framing === 'sse') {
      frame.text = withoutErrorField(text);
    } else if (this.#framing === 'text' || this.#framing === 'multipart') {
      frame.text = withoutLineEnd(text);
    } else if (kind === 'text') {
      return undefined;
    } else {
      frame.text = text;
    }
    this.#parse(bytes, kind);
    return frame;
  }

  /** A frame that was read before and kept as text. */
  again(kept: Omit<DialectFrame, 'json'>): DialectFrame {
    const frame = this.#frame;
    frame.n = kept.n;
    frame.event = kept.event;
    frame.messageType = kept.messageType;
    frame.text = kept.text;
    frame.json = looksLikeJson(kept.text) ? parsed(kept.text) : undefined;
    return frame;
  }

  #readMessage(kind: FrameKind, bytes: Uint8Array): DialectFrame | undefined {
    const message = kind === 'message' ? readMessage(bytes) : undefined;
    if (message === undefined) return undefined;
    const frame = this.#frame;
    let errorMessage = '';
    for (const { name, value } of message.headers) {
      if (name === ':message-type') frame.messageType = value;
      else if (name === ':event-type' || name === ':exception-type' || name === ':error-code') frame.event = value;
      else if (name === ':error-message') errorMessage = value;
    }
    frame.text = message.payload.length === 0 ? errorMessage : decodeUtf8(message.payload);
    this.#parse(message.payload, kind);
    return frame;
  }

  #parse(bytes: Uint8Array, kind: FrameKind): void {
    const { text } = this.#frame;
    const isWhole = kind !== 'incomplete' && kind !== 'invalid';
    if (isDone(text)) return;
    if (!looksLikeJson(text)) {
      if (!isWhole) this.fault = 'not-a-frame';
      return;
    }
    if (bytes.length > this.#limits.jsonBytes) this.fault = 'too-large';
    else if (isTooDeep(bytes, 0, bytes.length, this.#limits)) this.fault = 'too-deep';
    else {
      this.#frame.json = parsed(text);
      if (this.#frame.json === undefined)
        this.fault = isWhole ? (isJsonKind(kind) ? 'not-a-frame' : 'invalid-json') : 'not-a-frame';
    }
  }
}

/** Objects, lists and texts; bare numbers and words are not looked at, since plain text may be one. */
function looksLikeJson(text: string): boolean {
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i);
    if (code === 0x7b || code === 0x5b || code === 0x22) return true;
    if (code !== 0x20 && code !== 0x0a && code !== 0x0d && code !== 0x09 && code !== 0x1e) return false;
  }
  return false;
}

/** Frames that are JSON themselves, so that the framing has told what is wrong with it. */
function isJsonKind(kind: FrameKind): boolean {
  return kind === 'record' || kind === 'element';
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text.charCodeAt(0) === 0x1e ? text.slice(1) : text);
  } catch {
    return undefined;
  }
}

function withoutLineEnd(text: string): string {
  return text.endsWith('\n') ? text.slice(0, text.endsWith('\r\n') ? -2 : -1) : text;
}

/** Some servers write `error: {…}` where `data:` should be. */
function withoutErrorField(text: string): string {
  return text.startsWith('error:') ? text.slice('error:'.length) : text;
}
