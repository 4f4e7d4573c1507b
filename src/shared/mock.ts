import { z } from 'zod';
import type { EpochMillis } from './words.ts';

/** Name of a saved scenario: its file and its path on the mock server, `/scenarios/<name>`. */
export const scenarioName = z
  .string()
  .regex(/^[a-z0-9][a-z0-9._-]{0,63}$/, 'a name of a-z, 0-9, dot, dash and underscore');
/** A scenario document as a person writes it: JSON or YAML. */
export const scenarioText = z.string().max(4_194_304);

export interface MockKnob {
  readonly name: string;
  /** What it takes, in words. */
  readonly allowed: string;
  readonly fallback: string | number;
  readonly sentence: string;
}

export interface MockEndpoint {
  readonly method: string;
  readonly path: string;
  readonly title: string;
  /** A path with query worth trying at once. */
  readonly example: string;
  /** Under which heading it is listed: `Orders`, `OpenAI`, … */
  readonly group: string;
  readonly knobs: readonly MockKnob[];
  /** A JSON request body worth trying at once; null: none is wanted. */
  readonly exampleBody: string | null;
}

/** A fault that any endpoint performs on request: `?fault=reset@frame:5`. */
export interface MockFaultDescription {
  readonly name: string;
  /** What the server does, for a person. */
  readonly sentence: string;
  /** What may stand behind the name and a colon, in words; null: nothing. */
  readonly argument: string | null;
  /** Where it may happen: `head`, `frame:N`, `chunk:N`, `byte:N`, `end`. */
  readonly places: readonly string[];
  /** Over which protocols it can be performed. */
  readonly protocols: readonly ('http/1.1' | 'h2' | 'tls')[];
  /** As it is written: `reset@frame:5`. */
  readonly example: string;
}

export interface ScenarioLine {
  readonly name: string;
  readonly method: string;
  /** Where the mock server performs it: `/scenarios/<name>`, or the path that the scenario names. */
  readonly path: string;
  /** What it does, in one sentence. */
  readonly explanation: string;
  readonly changedAt: EpochMillis;
  /** Why the file cannot be performed any more (it was changed by hand); null: it can. */
  readonly problem: string | null;
}

export interface MockDescription {
  readonly running: boolean;
  readonly url: string | null;
  /** The same server over TLS (HTTP/1.1 and HTTP/2), with a certificate made for this run; null: it does not run. */
  readonly secureUrl: string | null;
  /** PEM of the authority that signed that certificate; null while the server does not run. */
  readonly authorityPem: string | null;
  /** The port wanted; another than that of `url` when it was taken. */
  readonly wantedPort: number;
  /** Why it does not run, or runs elsewhere, for a person; null when there is nothing to say. */
  readonly problem: string | null;
  readonly endpoints: readonly MockEndpoint[];
  readonly faults: readonly MockFaultDescription[];
  readonly scenarios: readonly ScenarioLine[];
  readonly activeStreams: number;
  /** Of those, the ones that wait for a client that does not read. */
  readonly pausedStreams: number;
  readonly servedStreams: number;
  /** Streams whose client left before their end: the work behind them was stopped. */
  readonly abortedStreams: number;
  readonly sentBytes: number;
}

/** One request as the mock server saw it. */
export interface MockRequestLine {
  /** From 1, in order of arrival. */
  readonly n: number;
  readonly at: EpochMillis;
  readonly method: string;
  /** Path and query, secrets masked. */
  readonly target: string;
  /** `User-Agent`, shortened; empty without one. */
  readonly client: string;
  readonly protocol: 'HTTP/1.1' | 'HTTP/2';
  readonly secure: boolean;
  readonly status: number | null;
  /** The fault that was asked for, as it was written; null: none. */
  readonly fault: string | null;
  readonly state: 'active' | 'paused' | 'served' | 'left';
  readonly sentBytes: number;
  /** Until it was over; null while it is not. */
  readonly durationMillis: number | null;
}

/** Something wrong with a scenario document. Lines and columns count from 1, as editors do. */
export interface ScenarioProblem {
  readonly line: number;
  readonly column: number;
  readonly endLine: number;
  readonly endColumn: number;
  readonly message: string;
  /** What was probably meant; null: no idea. */
  readonly suggestion: string | null;
}

/** What a scenario would send and when, for a timeline. Parallel arrays, one entry a chunk. */
export interface ScenarioPreview {
  readonly atMicros: Float64Array;
  readonly bytes: Uint32Array;
  /** 0: an ordinary chunk, 1: the chunk before which a fault happens. */
  readonly marks: Uint8Array;
  /** The schedule goes on behind the last entry. */
  readonly isShortened: boolean;
  /** Status line and headers, then the beginning of the body, as text: at most 16 KB. */
  readonly head: string;
  readonly beginning: string;
  /** Null where it never ends, or the schedule is shortened. */
  readonly totalBytes: number | null;
  readonly durationMicros: number | null;
}

export interface ScenarioCheck {
  /** Empty: it can be performed. */
  readonly problems: readonly ScenarioProblem[];
  /** What it does, in one sentence; null with problems. */
  readonly explanation: string | null;
  readonly preview: ScenarioPreview | null;
}
