/** How the head and the framing of an answer differ from what the protocol says. Every part is independent. */
export interface WireChanges {
  /** Silence before the first byte of the answer. */
  readonly headDelayMillis?: number;
  /** There is no whole head: the connection is lost before its first byte, or half-way through it. */
  readonly headBreak?: { readonly kind: 'fin' | 'reset' | 'tls-cut'; readonly isInside: boolean };
  /** So many 103 responses come first. */
  readonly earlyHints?: number;
  /** HTTP/1.1: in place of the status line, without its line end. */
  readonly statusLine?: string;
  /** HTTP/1.1: the body comes without any head, as in HTTP/0.9. */
  readonly isHeadless?: true;
  /** HTTP/1.1: header lines as they are sent, line ends included. */
  readonly rawLines?: string;
  /** HTTP/1.1: lines of the head end with LF alone. */
  readonly hasBareLineFeeds?: true;
  /** Header fields beyond those of the answer, values as they are sent, a character a byte. */
  readonly fields?: readonly (readonly [name: string, value: string])[];
  /** Values of Content-Length, one header each, whatever the body has. */
  readonly lengths?: readonly string[];
  /**
   * HTTP/1.1: how the body is delimited in spite of the answer: `close`: no length, ended by closing the connection;
   * `identity`: no chunks, as the Content-Length in `lengths` says; `chunked`: chunks, whatever else the head says.
   */
  readonly delimiter?: 'close' | 'identity' | 'chunked';
  /** HTTP/1.1: the first chunk has an extension of so many bytes. */
  readonly chunkExtensionBytes?: number;
  /** HTTP/2: a GOAWAY with NO_ERROR behind the head; the stream then goes on. */
  readonly hasGoaway?: true;
  /** HTTP/2: so many empty CONTINUATION frames in place of the end of the head. */
  readonly continuations?: number;
  /** The content coding has no end, or ends up broken in a chunk. */
  readonly coding?: CodingFault;
}

export type CodingFault =
  /** The coder is never told that the body is over. */
  | { readonly kind: 'truncated' }
  /** The coded bytes of the chunk with this number, from 0 (or of the last one, if there are fewer), are overwritten. */
  | { readonly kind: 'corrupt'; readonly chunk: number };
