import type { FramingDecision, RecordingSummary, Verdict } from './recording.ts';
import type { DialectDecision } from './message.ts';
import type { Micros } from './words.ts';

export const alignments = ['start', 'first-byte', 'frame'] as const;
/** What two timelines have in one place: the request, the first body byte, or the arrival of a frame. */
export type Alignment = (typeof alignments)[number];

export const frameCriteria = ['bytes', 'payload', 'json'] as const;
/**
 * What makes two frames the same. `bytes`: every byte, framing included. `payload`: event name or record type, and
 * payload. `json`: the same, but payloads that are JSON by their values: order of keys, whitespace, the spelling of
 * strings and numbers, and ignored keys do not count. Comments and blanks are never compared: they follow the clock.
 */
export type FrameCriterion = (typeof frameCriteria)[number];

/** Keys that providers fill anew for every answer: ids, times of creation, random padding. */
export const usuallyIgnoredKeys: readonly string[] = Object.freeze([
  'id',
  'created',
  'created_at',
  'item_id',
  'obfuscation',
  'request_id',
  'system_fingerprint',
]);

export const comparedFigureNames = [
  'headers',
  'first-byte',
  'first-frame',
  'ttft',
  'ttfo',
  'last-content',
  'end',
  'itl',
  'decode-rate',
  'end-to-end-rate',
  'tokens',
  'wire-bytes',
  'body-bytes',
  'chunks',
  'frames',
  'gap-p50',
  'gap-p90',
  'gap-p99',
  'gap-max',
  'stalls',
  'errors',
  'warnings',
  'infos',
] as const;
export type ComparedFigureName = (typeof comparedFigureNames)[number];

/** One number of both recordings. Null is unknown, and nothing that is made of it is known. */
export interface ComparedFigure {
  readonly name: ComparedFigureName;
  /** `moment`: a time on the aligned clock; `duration`: a length of time. Both in microseconds. */
  readonly unit: 'moment' | 'duration' | 'bytes' | 'count' | 'per-second';
  readonly left: number | null;
  readonly right: number | null;
  /** Right minus left. */
  readonly difference: number | null;
  /** Difference divided by left; null also where left is 0 or a moment before the clock's zero. */
  readonly relative: number | null;
  /** Null where neither is better, where that is not known, and where the clocks are too uncertain to tell. */
  readonly better: 'left' | 'right' | 'same' | null;
  /** The difference is no larger than what the clocks of both may be wrong by (`uncertaintyMicros` of the exchanges). */
  readonly isWithinUncertainty: boolean;
  /** A number that rests on a tokenizer's estimate. */
  readonly isLeftEstimated: boolean;
  readonly isRightEstimated: boolean;
}

export interface ComparedHeader {
  /** Lower case. */
  readonly name: string;
  readonly kind: 'added' | 'removed' | 'changed';
  /** Values in order, secrets masked: of a changed secret both may look the same. */
  readonly left: readonly string[];
  readonly right: readonly string[];
  /** Differs between any two answers: dates, ids of requests, limits that count down. */
  readonly isVolatile: boolean;
}

export interface HeadComparison {
  readonly status: { readonly left: number | null; readonly right: number | null };
  readonly httpVersion: { readonly left: string | null; readonly right: string | null };
  readonly headers: readonly ComparedHeader[];
  /** Names of headers that both have with the same values. */
  readonly sameHeaders: number;
}

/** One of the two. */
export interface ComparedSide {
  readonly summary: RecordingSummary;
  readonly framing: FramingDecision | null;
  readonly dialect: DialectDecision | null;
  readonly verdict: Verdict;
  /** `end/…`; null while it is live, and for one that was interrupted. */
  readonly endingCode: string | null;
  readonly timesKnown: boolean;
  /** False while it is live or its analysis runs: what is told of it may still change. */
  readonly isSettled: boolean;
  /** When what the timelines are aligned by happened, in its own time; null where that is not known. */
  readonly originMicros: Micros | null;
  /** Its ending, or its newest chunk while it has none; null where times are not known or nothing came. */
  readonly lastMicros: Micros | null;
}

/** Two recordings side by side; frames, messages and JSON are pulled apart from it. */
export interface RecordingComparison {
  readonly align: Alignment;
  readonly left: ComparedSide;
  readonly right: ComparedSide;
  readonly figures: readonly ComparedFigure[];
  readonly head: HeadComparison;
}

/** A place where two sequences of frames part; null on the side that has no more frames. Numbers from 0. */
export interface FrameParting {
  readonly left: number | null;
  readonly right: number | null;
}

/** How rows of compared frames stand to each other, as their packed column holds it. */
export const frameRelation = Object.freeze({ same: 0, changed: 1, leftOnly: 2, rightOnly: 3 });

/** Frames of both recordings beside each other. Columns of one answer have one length. */
export interface ComparedFrames {
  readonly criterion: FrameCriterion;
  /** The first difference by each criterion; null: none. */
  readonly first: Readonly<Record<FrameCriterion, FrameParting | null>>;
  /** Frames that are neither comment nor blank. */
  readonly leftFrames: number;
  readonly rightFrames: number;
  /**
   * How frames after the first difference found each other: by what they have in common, or, where that is too little
   * to look for, by their place.
   */
  readonly pairing: 'common' | 'place';
  readonly same: number;
  readonly changed: number;
  readonly leftOnly: number;
  readonly rightOnly: number;
  /** Frames after the limit, which were not set beside each other. */
  readonly leftBeyond: number;
  readonly rightBeyond: number;
  /** Row number of the first row. */
  readonly from: number;
  /** Rows in the whole table. */
  readonly total: number;
  /** Frame numbers; −1 where the side has none. */
  readonly left: Float64Array;
  readonly right: Float64Array;
  /** Codes of `frameRelation`. */
  readonly relation: Uint8Array;
  /** One line of payload; of a changed row where both are JSON and not too long, the first value that differs. */
  readonly leftPreview: readonly string[];
  readonly rightPreview: readonly string[];
}

/** A run of a text: what both have, what only the left one has, or what only the right one has. */
export interface TextRun {
  readonly kind: 'same' | 'removed' | 'added';
  readonly text: string;
}

/** A text of the messages: an answer's text, reasoning or refusal, or the arguments of a tool call. */
export interface ComparedText {
  readonly part: 'text' | 'reasoning' | 'refusal' | 'arguments';
  /** The answer or the tool call it is of, from 0. */
  readonly index: number;
  /** Name of the tool on each side; null for texts of answers, and where the side has no such call. */
  readonly leftName: string | null;
  readonly rightName: string | null;
  /** UTF-16 units; null where the side has no such answer or call. */
  readonly leftLength: number | null;
  readonly rightLength: number | null;
  readonly isSame: boolean;
  /** What the runs are made of: `ends`, where the texts have too little in common or are too long to look for more. */
  readonly granularity: 'words' | 'lines' | 'ends';
  /** Runs of the whole comparison. */
  readonly runs: number;
  /** Units beyond the limit of an assembled text on either side, which were not compared. */
  readonly omitted: number;
}

export interface ComparedMessage {
  /** False where a side is no token stream: then there are no texts of it. */
  readonly hasLeft: boolean;
  readonly hasRight: boolean;
  readonly texts: readonly ComparedText[];
  /** Texts of further answers and calls, which were not compared. */
  readonly beyond: number;
  /** Finish reasons of the first answers; null: none. */
  readonly finish: { readonly left: string | null; readonly right: string | null };
  /** Runs of the text that was asked for, from a run on. */
  readonly text: number;
  readonly fromRun: number;
  readonly runs: readonly TextRun[];
}

export interface JsonDifference {
  /** JSON pointer (RFC 6901); empty for the whole. */
  readonly path: string;
  readonly kind: 'added' | 'removed' | 'changed';
  /** Compact JSON, cut with `…`; null on the side that has nothing there. */
  readonly left: string | null;
  readonly right: string | null;
}

/** Two frames' payloads as JSON. */
export interface ComparedJson {
  /** Why there is nothing to compare, for a person; null where there is. */
  readonly note: string | null;
  readonly differences: readonly JsonDifference[];
  /** All that were found; more than `differences.length` where the list was cut. */
  readonly total: number;
}
