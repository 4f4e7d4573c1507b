import type { TokenCount } from './message.ts';
import type { SeverityCounts } from './recording.ts';
import type { EndingKind, EpochMillis, Micros, RecordingId } from './words.ts';

/** Identifies a run set: `YYYYMMDD-HHMMSS-xxxxxx`, so that names sort by time of start. */
export type RunSetId = string;

/** Most runs of one set, and most of them at a time. */
export const runsAtMost = 10_000;
export const concurrencyAtMost = 256;

/**
 * What is measured of each run, in the order in which it is shown. Times are microseconds after the run's own t0, rates
 * are per second; definitions in `metrics.md`. `e2e` is the end of a run that ended.
 */
export const runFigures = [
  'headers',
  'firstByte',
  'ttft',
  'ttfo',
  'lastContent',
  'e2e',
  'itl',
  'tps',
  'e2eTps',
  'tokens',
] as const;
export type RunFigure = (typeof runFigures)[number];

/** Null: unknown. Never 0 for what is not known. */
export type RunFigures = { readonly [Figure in RunFigure]: number | null };

/** One request of a run set. */
export interface Run {
  /** From 0, in order of start. */
  readonly n: number;
  /** Its recording; null where none could be made. */
  readonly recordingId: RecordingId | null;
  /** Its t0 on the clock of the set, which began with the first run's start. */
  readonly startedMicros: Micros;
  /** Null while it is under way, or where its writer was lost. */
  readonly ending: { readonly kind: EndingKind; readonly code: string; readonly message: string } | null;
  readonly status: number | null;
  readonly framing: string | null;
  readonly dialect: string | null;
  readonly model: string | null;
  readonly figures: RunFigures;
  readonly tokens: TokenCount | null;
  readonly diagnostics: SeverityCounts;
  /** Errors that the stream itself reported; null without a dialect. */
  readonly streamErrors: number | null;
  /** Whether the dialect's or the format's end sign came; null where there is no such sign, or not known. */
  readonly isTerminated: boolean | null;
  readonly reconnections: number;
  /** Largest event-loop delay while it was open: how late a time may be told. */
  readonly uncertaintyMicros: Micros | null;
}

/** What a figure is to be, for a run to count as good: a service-level objective. */
export interface Objective {
  readonly figure: RunFigure;
  readonly bound: 'at-most' | 'at-least';
  /** In the figure's unit. */
  readonly value: number;
}

/** `running`: runs are under way or to come. `interrupted`: the program that ran it is gone. */
export type RunSetState = 'running' | 'over' | 'stopped' | 'interrupted';

/** What is asked for, and where a run set stands. */
export interface RunSetLine {
  readonly id: RunSetId;
  readonly startedAt: EpochMillis;
  readonly state: RunSetState;
  /** The user's name for it; empty: none. */
  readonly label: string;
  readonly method: string;
  /** Secret parameters are masked. */
  readonly url: string;
  /** Runs asked for. */
  readonly count: number;
  readonly concurrency: number;
  /** Least time between two starts; 0: none. */
  readonly delayMillis: number;
  readonly objectives: readonly Objective[];
  readonly startedRuns: number;
  readonly endedRuns: number;
}

/** How many of the runs something is true of. Runs of which it is not known are in neither `count` nor the share. */
export interface RunShare {
  readonly count: number;
  readonly unknown: number;
  /** `count` / (all − `unknown`), 0…1; null where nothing is known. */
  readonly share: number | null;
}

/**
 * The values of a figure over runs, nearest-rank percentiles (`metrics.md`). `unknown`: runs without a value. Bin k of
 * the histogram counts values in [edges[k], edges[k+1]), the last one its upper edge too; empty without values.
 */
export interface Distribution {
  readonly count: number;
  readonly unknown: number;
  readonly min: number | null;
  readonly p50: number | null;
  readonly p90: number | null;
  readonly p99: number | null;
  readonly max: number | null;
  readonly mean: number | null;
  readonly histogram: { readonly edges: readonly number[]; readonly counts: readonly number[] };
}

export type Distributions = { readonly [Figure in RunFigure]: Distribution };

/** How the runs of a set met what was asked of them. */
export interface ObjectiveResult {
  readonly objective: Objective;
  readonly met: number;
  readonly missed: number;
  /** Runs that did not end complete or that reported an error: they meet nothing, whatever was measured. */
  readonly failed: number;
  /** Runs of which the figure, or how they ended, is not known. */
  readonly unknown: number;
}

/** `metrics.md`, "Across runs": over all runs that ended. */
export interface RunSetSummary {
  readonly runs: number;
  /** Complete. */
  readonly success: RunShare;
  /** Cut, invalid, timeout, refused, or with an in-stream error. */
  readonly error: RunShare;
  /** With the dialect's or format's terminator. */
  readonly completion: RunShare;
  /** That connected again at least once. */
  readonly reconnection: RunShare;
  /** How many runs ended in which way, in the order of `endingKinds`. */
  readonly endings: readonly { readonly kind: EndingKind; readonly code: string; readonly count: number }[];
  /** Runs that ended while nobody could tell how. */
  readonly unknownEndings: number;
  /** From the first run's t0 to the last end; null before a run ended. */
  readonly durationMicros: Micros | null;
  readonly runsPerSecond: number | null;
  /** Null where no objective was stated. */
  readonly goodput: {
    /** Runs that met every objective. */
    readonly good: number;
    /** Runs that missed none, but of which a figure is not known: not good. */
    readonly unknown: number;
    /** `good` a second of the duration. */
    readonly perSecond: number | null;
    readonly objectives: readonly ObjectiveResult[];
  } | null;
  readonly figures: Distributions;
}

/** Of a difference B − A: what can be said about it. */
export type DifferenceVerdict = 'better' | 'worse' | 'changed' | 'within-noise' | 'unknown';

/** A figure of two sets. Histograms of both have the same edges. */
export interface FigureComparison {
  readonly figure: RunFigure;
  readonly a: Distribution;
  readonly b: Distribution;
  /** Median of B − median of A. */
  readonly difference: number | null;
  /** `difference` as a share of A's median; null where that is 0 or unknown. */
  readonly relative: number | null;
  /** 95 % confidence interval of the difference of the medians; null with too few values. */
  readonly interval: { readonly low: number; readonly high: number } | null;
  readonly verdict: DifferenceVerdict;
}

export interface RunComparison {
  readonly a: { readonly line: RunSetLine; readonly summary: RunSetSummary };
  readonly b: { readonly line: RunSetLine; readonly summary: RunSetSummary };
  readonly figures: readonly FigureComparison[];
}
