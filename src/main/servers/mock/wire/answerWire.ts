import type { MockHeader } from '../../../../engine/mock/answer.ts';
import type { WireBreak } from '../../../../engine/mock/step.ts';
import type { WireChanges } from '../../../../engine/mock/wireChanges.ts';
import type { ReceivedRequest } from './receivedRequest.ts';

export interface AnswerHead {
  readonly status: number;
  readonly headers: readonly MockHeader[];
  /** Bytes of the body; null: not known before. */
  readonly length: number | null;
  /** Sent behind the body; empty: none. */
  readonly trailers: readonly MockHeader[];
  readonly changes: WireChanges;
}

/**
 * One answer on its way to a client, in the words of its protocol. `head`, `chunk` and `end` only add to what is
 * written next; `flush` writes it. Nothing more may come after `end`, `breakOff` or `breakHead`.
 */
export interface AnswerWire {
  /** Aborts when the client has left or the connection is lost; its reason is an Error. */
  readonly signal: AbortSignal;
  head(head: AnswerHead): void;
  /** The connection is lost before the head, or half-way through it. */
  breakHead(head: AnswerHead, how: NonNullable<WireChanges['headBreak']>): Promise<void>;
  /** One HTTP chunk or DATA frame; `bytes` are not kept after the next `flush`. Empty bytes are nothing. */
  chunk(bytes: Uint8Array): void;
  /** Null: the client keeps up. Else resolves when it does again; rejects with the signal. */
  flush(): Promise<void> | null;
  /** The protocol's own end. Resolves when the system has it. */
  end(): Promise<void>;
  /** One last chunk, and then what ends the answer before its time. Resolves when the connection is at its end. */
  breakOff(bytes: Uint8Array, how: WireBreak): Promise<void>;
}

/** Answers one request. Rejects when the client has left; the connection or stream is then given up. */
export type Serve = (request: ReceivedRequest, wire: AnswerWire) => Promise<void>;
