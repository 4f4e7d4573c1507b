import type { MockMemory } from './memory.ts';
import type { MockStep } from './step.ts';
import type { WireChanges } from './wireChanges.ts';

/** What an endpoint is asked: the parts of an HTTP request that scripts look at. */
export interface MockCall {
  readonly method: string;
  /** As it was asked for, without the query. */
  readonly path: string;
  /** What stands in the path where the endpoint's has `{name}`, percent-decoded. */
  readonly parameters: Readonly<Record<string, string>>;
  /** Without `fault`, which is the server's. */
  readonly query: URLSearchParams;
  /** Names in lower case; of a repeated header the values joined by a comma. */
  readonly headers: Readonly<Record<string, string>>;
  /** The `Authorization` header; null without one. */
  readonly authorization: string | null;
  /** The `Last-Event-ID` header; null without one. */
  readonly lastEventId: string | null;
  /** Text of the request body; empty without one. */
  readonly body: string;
  /** What came before this request; absent: nothing is remembered. */
  readonly memory?: MockMemory;
}

/** `zstd` where the runtime has it. */
export type MockCoding = 'gzip' | 'deflate' | 'br' | 'zstd';

export type MockHeader = readonly [name: string, value: string];

/** What an endpoint answers: performed on a schedule, or sent whole. */
export type MockAnswer = StreamAnswer | WholeAnswer;

export interface StreamAnswer {
  readonly kind: 'stream';
  readonly status: number;
  readonly headers: readonly MockHeader[];
  /** Each step with bytes is one HTTP chunk or DATA frame. */
  readonly steps: Iterable<MockStep>;
  /** Announced as Content-Length; the steps have to bring just as many bytes. Absent: chunked. */
  readonly length?: number;
  /** The steps' bytes are coded on their way: with a flush after each step, or as the coder likes. */
  readonly coding?: { readonly name: MockCoding; readonly flushes: boolean };
  /** Sent behind a chunked body. */
  readonly trailers?: readonly MockHeader[];
  /** How what is written differs from what the protocol says. Absent: not at all. */
  readonly wire?: WireChanges;
}

export interface WholeAnswer {
  readonly kind: 'whole';
  readonly status: number;
  readonly headers: readonly MockHeader[];
  readonly text: string;
}

const jsonType: MockHeader = ['Content-Type', 'application/json'];

/** A JSON document, ending with a newline so that it reads well in a terminal. */
export function jsonAnswer(status: number, value: object, headers: readonly MockHeader[] = []): WholeAnswer {
  return { kind: 'whole', status, headers: [jsonType, ...headers], text: `${JSON.stringify(value, null, 2)}\n` };
}

/** An error as JSON: a code to test for, a sentence for a person, and the data that belongs to it. */
export function errorAnswer(
  status: number,
  code: string,
  message: string,
  data: Readonly<Record<string, unknown>> = {},
  headers: readonly MockHeader[] = [],
): WholeAnswer {
  return jsonAnswer(status, { error: { code, message, ...data } }, headers);
}

/** A paced stream. Caching and proxy buffering are turned off by name, as an honest streaming server does. */
export function streamAnswer(contentType: string, steps: Iterable<MockStep>): StreamAnswer {
  return {
    kind: 'stream',
    status: 200,
    headers: [
      ['Content-Type', contentType],
      ['Cache-Control', 'no-cache'],
      ['X-Accel-Buffering', 'no'],
    ],
    steps,
  };
}
