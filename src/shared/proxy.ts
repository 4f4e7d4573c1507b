import { z } from 'zod';
import type { EpochMillis, RecordingId } from './words.ts';

/** A named way through the proxy: `/<name>/…` goes to `<upstream>/…`. */
export const proxyRouteSchema = z.object({
  name: z.string().regex(/^[a-z0-9][a-z0-9-]{0,31}$/, 'a name of a-z, 0-9 and dash'),
  /** Absolute, http or https, without query and user; may have a path. */
  upstream: z.string().max(2_048),
  /** PEM text of certificates that are trusted beside the runtime's own, for an upstream of a private authority. */
  caPem: z.string().max(1_048_576).exactOptional(),
  /** A certificate of the upstream that does not verify is taken all the same. Absent: it is not. */
  insecureTls: z.literal(true).exactOptional(),
});
export type ProxyRoute = z.infer<typeof proxyRouteSchema>;

/** What the proxy does to exchanges beyond carrying them. All off by default; what was done is marked on the recording. */
export const interventionsSchema = z.object({
  /** The route they are for; null: all. */
  route: z.string().max(32).nullable(),
  /** Extra wait before the response head. 0: none. */
  latencyMillis: z.number().int().min(0).max(600_000),
  /** Body bytes a second to the client; null: as they come. */
  bytesPerSecond: z.number().int().min(1).max(1_000_000_000).nullable(),
  /** The connection to the client is reset behind this many frames; null: never. */
  cutAfterFrames: z.number().int().min(0).max(1_000_000_000).nullable(),
  /** A fault as the mock server names them (`reset@frame:5`), for the next so many requests. */
  fault: z.object({ fault: z.string().max(256), requests: z.number().int().min(1).max(1_000_000) }).nullable(),
  /**
   * Answers from a recording of the same request, with its timing: `when-down` where the upstream cannot be reached,
   * `always` without asking it.
   */
  offline: z.enum(['off', 'when-down', 'always']),
});
export type Interventions = z.infer<typeof interventionsSchema>;

export const noInterventions: Interventions = Object.freeze({
  route: null,
  latencyMillis: 0,
  bytesPerSecond: null,
  cutAfterFrames: null,
  fault: null,
  offline: 'off',
});

/** Who sent an exchange through the proxy. */
export interface ProxyClient {
  /** `127.0.0.1` */
  readonly address: string;
  readonly port: number;
  /** `User-Agent`; null without one. */
  readonly userAgent: string | null;
  /** The process behind the connection, where the system tells; null: unknown. */
  readonly process: { readonly id: number; readonly name: string } | null;
}

/** What a recording of source `proxy` knows of how it came about. */
export interface ProxiedFacts {
  /** Null: no route fits, so nobody was asked. */
  readonly route: string | null;
  readonly client: ProxyClient;
  /** What the proxy did to it, one sentence each, in order. Empty: nothing. */
  readonly interventions: readonly string[];
  /** The request's body was longer than what is kept of it; absent: all of it is there. */
  readonly requestShortened?: { readonly keptBytes: number; readonly bytes: number };
}

/** A variable that a client reads its base URL from. */
export interface ProxyEnvironmentLine {
  readonly name: string;
  readonly value: string;
  /** Who reads it, for a person: `the clients of OpenAI`. */
  readonly readBy: string;
}

export interface ProxyRouteLine extends Readonly<ProxyRoute> {
  /** It ships with the product. */
  readonly isBuiltIn: boolean;
  /** What has to be said before it leads anywhere, one sentence; null: it leads to its upstream. */
  readonly missing: string | null;
  /** What a client is given as its base URL: `http://127.0.0.2:4040/openai/v1`. Null while the proxy does not run, or the route leads nowhere. */
  readonly baseUrl: string | null;
  /** Lines to put into a shell: `OPENAI_BASE_URL=…`. Empty where no client is known to read one, or it does not run. */
  readonly environment: readonly ProxyEnvironmentLine[];
  /**
   * What a program is given in its code, where the provider's own client reads no variable: `serverURL: "…"`. Null:
   * nothing is known, or the proxy does not run.
   */
  readonly inCode: { readonly client: string; readonly line: string } | null;
  readonly exchanges: number;
}

export interface ProxyExchangeLine {
  /** From 1, in order of arrival. */
  readonly n: number;
  readonly at: EpochMillis;
  /** Null: it could not be recorded; the traffic went on. */
  readonly recordingId: RecordingId | null;
  /** Null: no route fits, so it was answered here. */
  readonly route: string | null;
  readonly method: string;
  /** Path and query behind the route, secrets masked. */
  readonly target: string;
  readonly client: ProxyClient;
  readonly status: number | null;
  readonly state: 'active' | 'complete' | 'failed' | 'client-left' | 'refused';
  /** Of the answer's body, to the client. */
  readonly bytes: number;
  readonly intervened: boolean;
}

export interface ProxyDescription {
  readonly running: boolean;
  /** `http://127.0.0.2:4040`, without a slash at the end. */
  readonly url: string | null;
  readonly wantedPort: number;
  /** Why it does not run, or runs elsewhere, for a person; null when there is nothing to say. */
  readonly problem: string | null;
  /** Why exchanges are not recorded at the moment while the traffic goes on; null: they are. */
  readonly recordingProblem: string | null;
  readonly routes: readonly ProxyRouteLine[];
  readonly interventions: Interventions;
  readonly activeExchanges: number;
  readonly exchanges: number;
  /** Requests that the fault is still for. */
  readonly faultRequestsLeft: number;
  /** Newest first, at most 200. */
  readonly recent: readonly ProxyExchangeLine[];
}
