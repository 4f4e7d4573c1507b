/** One thing a scripted stream does: wait, then send. */
export interface MockStep {
  /** Time after the previous step, on the schedule of the script. 0: together with the previous step. */
  readonly delayMillis: number;
  /** Body bytes: one HTTP chunk or DATA frame. The performer only reads them. */
  readonly bytes: Uint8Array;
  /**
   * The answer breaks behind this step: nothing follows, and the body has no end of its own. `cut` is short for
   * `{ kind: 'fin', unsentBytes: 0 }`.
   */
  readonly isLast?: 'cut' | WireBreak;
}

/** How an answer breaks behind the bytes of its last step. */
export type WireBreak =
  /**
   * The connection is lost: closed, reset, or under TLS closed without close_notify (elsewhere: closed). The last chunk
   * or DATA frame announces `unsentBytes` more than it brings.
   */
  | { readonly kind: 'fin' | 'reset' | 'tls-cut'; readonly unsentBytes: number }
  /** Bytes that are no TLS records are sent below TLS, then the connection is closed. */
  | { readonly kind: 'tls-garbage' }
  /** HTTP/1.1: these bytes are sent as they are where the next chunk or the last one would be; then it is closed. */
  | { readonly kind: 'http1'; readonly bytes: Uint8Array }
  /** The protocol's own end is sent, and behind it these bytes (over HTTP/2: one more DATA frame); then it is closed. */
  | { readonly kind: 'extra'; readonly bytes: Uint8Array }
  /** HTTP/2: RST_STREAM with this code. */
  | { readonly kind: 'rst'; readonly code: number }
  /** HTTP/2: GOAWAY with this code that still counts the stream, then the connection is closed. */
  | { readonly kind: 'goaway'; readonly code: number }
  /** HTTP/2: bytes that are no frames. */
  | { readonly kind: 'h2-garbage' }
  /** HTTP/2: a DATA frame one byte larger than the client takes. */
  | { readonly kind: 'h2-oversized' }
  /** HTTP/2: so many frames that mean nothing, as fast as the client reads. */
  | { readonly kind: 'h2-flood'; readonly of: 'ping' | 'settings' | 'empty-data'; readonly count: number };

const utf8 = new TextEncoder();

/** A step that sends text as UTF-8. */
export function textStep(delayMillis: number, text: string): MockStep {
  return { delayMillis, bytes: utf8.encode(text) };
}
