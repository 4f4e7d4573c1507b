import type { Delta } from './delta.ts';

/** One frame as a dialect sees it. Reused from frame to frame: what is to be kept is copied. */
export interface DialectFrame {
  /** Number of the frame in its recording. */
  readonly n: number;
  /** SSE event name or `:event-type` of an AWS message; empty for none. */
  readonly event: string;
  /** AWS: `event`, `exception` or `error`; empty for other framings. */
  readonly messageType: string;
  /** The payload as text: joined `data` lines, the JSON text, the line, the AWS payload. */
  readonly text: string;
  /** The payload parsed; undefined where it is not JSON. */
  readonly json: unknown;
}

/** What is known about a stream before its frames. */
export interface DialectHints {
  readonly url: string | null;
  /** Response headers, names in lower case; the last value of a repeated name. */
  readonly headers: ReadonlyMap<string, string>;
}

export const noHints: DialectHints = { url: null, headers: new Map() };

/**
 * How strongly something speaks for a dialect, 0 to 100. The strongest of all frames, plus the strongest of what is
 * known beside them, is the dialect's score.
 */
export const evidence = Object.freeze({
  none: 0,
  /** It could be this as well as others. */
  possible: 10,
  /** Others do so too, but seldom. */
  likely: 40,
  /** A shape that only this dialect is known to have. */
  strong: 70,
  /** Its own name, in its own place. */
  certain: 100,
});

/** Takes the frames of one stream apart; made anew for each stream, and again when the stream is decoded again. */
export interface DialectDecoder {
  /**
   * Appends what the frame says to `out`, in order. Never throws, whatever the frame holds: what it cannot read is a
   * `fault` or `unknown` delta. Gives at least one delta for each frame, so that none is dropped.
   */
  decode(frame: DialectFrame, out: Delta[]): void;
  /** The stream is over: what only its end can tell. */
  end?(out: Delta[]): void;
}

/** How a stream of the dialect says that it is over. */
export interface TerminatorRule {
  /**
   * `sign`: an end sign follows the finish reason. `finish`: the finish reason is the end, the connection just closes.
   */
  readonly by: 'sign' | 'finish';
  /** As it stands in a sentence: `“[DONE]”`, `a finish reason`. */
  readonly expected: string;
  /** Variants that leave the sign out; their finish reason is the end. */
  readonly exceptVariants?: readonly string[];
}

/** A wire format of AI token streams. One file each; `registry.ts` lists them. */
export interface Dialect {
  /** As `--dialect` and the summary write it. */
  readonly name: string;
  /** For a person. */
  readonly title: string;
  /** `text`: the dialect reads payloads that are no JSON, so that none of them is a fault. */
  readonly payload: 'json' | 'text';
  readonly terminator: TerminatorRule;
  /** False: its streams have no finish reason, so that none is missed. */
  readonly hasFinish: boolean;
  /** False: the dialect has no token usage in its streams, so that none is missed. */
  readonly hasUsage: boolean;
  /** Evidence from URL and headers; see `evidence`. */
  hint(hints: DialectHints): number;
  /** Evidence from one frame. Called for the first frames only. */
  recognise(frame: DialectFrame): number;
  /** Who speaks it (a provider or a program of that family), or null while that is not known. */
  variant?(frame: DialectFrame): string | null;
  /** The same from URL and headers. */
  variantFromHints?(hints: DialectHints): string | null;
  create(): DialectDecoder;
}
