import type { AnalysisEnding, AnalysisOptions } from '../../../../src/engine/recording/analysis.ts';

/** A piece of a body and when it came. */
export interface SamplePiece {
  readonly atMicros: number;
  readonly body: string | Uint8Array;
}

/** A stream that is analysed: as one piece, or as pieces in time. */
export interface Sample {
  readonly contentType: string;
  readonly body?: string | Uint8Array;
  readonly pieces?: readonly SamplePiece[];
  readonly headers?: readonly (readonly [string, string])[];
  readonly status?: number;
  readonly httpVersion?: string;
  readonly ending?: Partial<AnalysisEnding>;
  readonly options?: Partial<AnalysisOptions>;
}

/** Proof that a rule fires and stays silent: samples, or the test that proves it where bytes alone cannot tell. */
export type Proof =
  { readonly fires: readonly Sample[]; readonly silent: readonly Sample[] } | { readonly provenIn: string };
