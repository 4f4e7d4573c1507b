import type { DeltaKind, Micros } from './words.ts';

/** How the dialect of a token stream was decided. */
export interface DialectDecision {
  /** As `--dialect` and the summary write it. */
  readonly dialect: string;
  /** For a person. */
  readonly title: string;
  /** Who speaks it, null where that is not known. */
  readonly variant: string | null;
  readonly by: 'user' | 'hints' | 'content';
  /** False while a later frame may still change it. */
  readonly isSettled: boolean;
}

/** How many tokens an answer has, and how that is known. */
export interface TokenCount {
  /** Reasoning included. */
  readonly count: number;
  /** `usage`: the provider's number; `estimated`: a tokenizer's. */
  readonly source: 'usage' | 'estimated';
  /** Of an estimate; null for the provider's number. */
  readonly tokenizer: string | null;
  /** Reasoning tokens that the provider's output count leaves out and that were added; 0 for none. */
  readonly addedReasoning: number;
}

/** The numbers of a token stream as `metrics.md` defines them. Null: unknown. Frames are those that set a number. */
export interface TokenMetrics {
  readonly ttftMicros: Micros | null;
  readonly ttftFrame: number | null;
  readonly ttfoMicros: Micros | null;
  readonly ttfoFrame: number | null;
  readonly lastContentMicros: Micros | null;
  readonly lastContentFrame: number | null;
  readonly tokens: TokenCount | null;
  /** Mean time between tokens: (last content − TTFT) / (tokens − 1). */
  readonly itlMicros: number | null;
  /** 1 / ITL. */
  readonly decodePerSecond: number | null;
  /** Tokens / last content. */
  readonly endToEndPerSecond: number | null;
  /** Share of the wire bytes that is no content, 0…1. */
  readonly wireOverhead: number | null;
}

/**
 * A text that frames brought piece by piece, from a position on. Positions count UTF-16 units of the whole text. Run i
 * of the list was brought by frame `frames[i]` and goes up to `ends[i]`; the first run may begin before `from`.
 */
export interface MessageText {
  readonly from: number;
  readonly text: string;
  /** Of the whole text so far; more than `from + text.length` where the rest has to be asked for. */
  readonly length: number;
  readonly frames: Float64Array;
  readonly ends: Float64Array;
  /** Units beyond the limit of an assembled text, which are counted and not kept. */
  readonly omitted: number;
}

/** What a finish reason means, across providers. */
export type FinishMeaning = 'end' | 'length' | 'tools' | 'filter' | 'refusal' | 'error' | 'other';

export interface MessageAnswer {
  readonly index: number;
  readonly text: MessageText;
  readonly reasoning: MessageText;
  readonly refusal: MessageText;
  /** `reason` in the provider's own word; null while there is none. */
  readonly finish: { readonly reason: string; readonly meaning: FinishMeaning; readonly frame: number } | null;
}

export interface MessageCall {
  readonly choice: number;
  readonly id: string | null;
  readonly name: string | null;
  /** The provider's word for the call. */
  readonly kind: string;
  /** Who runs it: the client has to, or the provider did. */
  readonly runs: 'client' | 'server';
  readonly arguments: MessageText;
  /** True once the arguments are whole JSON (or free text of a custom tool). */
  readonly isWhole: boolean;
  readonly status: string | null;
  readonly startFrame: number;
  readonly endFrame: number | null;
  /** What the tool answered, as JSON text of at most 64 Ki units; null where the stream carries none. */
  readonly result: string | null;
  readonly resultFrame: number | null;
}

/** The message of a token stream, put together as far as it came. */
export interface MessageView {
  readonly decision: DialectDecision;
  /** Another number than before: the message was decoded anew, and what was pulled of it is void. */
  readonly generation: number;
  /** The last frame that is in it; −1 for none. */
  readonly lastFrame: number;
  readonly id: string | null;
  readonly model: string | null;
  readonly answers: readonly MessageAnswer[];
  /** At most the first 1,000. */
  readonly calls: readonly MessageCall[];
  readonly totalCalls: number;
  /** At most the first 100, each as JSON text. */
  readonly citations: readonly { readonly choice: number; readonly frame: number; readonly json: string }[];
  readonly totalCitations: number;
  /** Characters of sound and pictures as they were sent; 0 for none. */
  readonly mediaCharacters: number;
  readonly usage: {
    readonly input: number | null;
    readonly output: number | null;
    readonly reasoning: number | null;
    /** The provider's object as JSON text. */
    readonly raw: string;
    readonly frame: number;
  } | null;
  readonly errors: readonly { readonly code: string | null; readonly message: string; readonly frame: number }[];
  /** Times that the server measured itself. */
  readonly serverTimings: readonly { readonly name: string; readonly micros: Micros; readonly frame: number }[];
  readonly isTerminated: boolean;
  readonly terminatorFrame: number | null;
  readonly metrics: TokenMetrics;
}

/** One thing that a frame says in its dialect. */
export interface FrameDelta {
  readonly kind: DeltaKind;
  /** Whose it is: the tool's name, an event's name, an error's code, a timing's name; null for none. */
  readonly name: string | null;
  /** The answer it belongs to; null where it belongs to all. */
  readonly choice: number | null;
  /** What it adds, at most 16 Ki units: words, a piece of arguments, the finish reason, JSON of usage or citation. */
  readonly text: string;
  /** UTF-16 units of the whole of it. */
  readonly length: number;
}

/** A run of words of one kind that frames brought. */
export interface WordsRun {
  readonly kind: DeltaKind;
  readonly text: string;
}

/** A frame and its words. */
export interface FrameWords {
  readonly frame: number;
  readonly micros: Micros;
  readonly kind: DeltaKind;
  /** At most 200 units. */
  readonly text: string;
}

/** What a token stream said in a span of time. */
export interface SpanWords {
  /** In the order they came, at most 4,096 units in all. */
  readonly runs: readonly WordsRun[];
  /** Units of the span's content that are not in `runs`. */
  readonly omitted: number;
  readonly contentUnits: number;
  /** The last frame with content up to the span, and the first one after it. */
  readonly before: FrameWords | null;
  readonly after: FrameWords | null;
  /** Frames in the span without content: heartbeats, comments, the dialect's own events. */
  readonly framesWithoutContent: number;
}
