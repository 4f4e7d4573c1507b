import { evidence, type Dialect, type DialectFrame, type DialectHints } from './dialect.ts';

/** A dialect and what speaks for it. */
export interface Candidate {
  readonly dialect: Dialect;
  /** What is known beside the frames and the strongest frame, added. */
  readonly score: number;
  readonly hintScore: number;
  readonly frameScore: number;
}

/**
 * Scores all dialects by headers, URL and the first frames. The best one may change with every frame; of equals the
 * one that is earlier in the registry.
 */
export class DialectDetector {
  readonly #dialects: readonly Dialect[];
  readonly #hintScores: readonly number[];
  readonly #frameScores: number[];

  constructor(dialects: readonly Dialect[], hints: DialectHints) {
    this.#dialects = dialects;
    this.#hintScores = dialects.map((dialect) => dialect.hint(hints));
    this.#frameScores = dialects.map(() => evidence.none);
  }

  observe(frame: DialectFrame): void {
    this.#dialects.forEach((dialect, i) => {
      const score = dialect.recognise(frame);
      if (score > (this.#frameScores[i] as number)) this.#frameScores[i] = score;
    });
  }

  /**
   * The best candidate with a frame that speaks for it.
   * @param least score that it must have
   */
  best(least: number): Candidate | undefined {
    let best: Candidate | undefined;
    this.#dialects.forEach((dialect, i) => {
      const frameScore = this.#frameScores[i] as number;
      const hintScore = this.#hintScores[i] as number;
      const score = frameScore + hintScore;
      if (frameScore === evidence.none || score < least || (best !== undefined && score <= best.score)) return;
      best = { dialect, score, hintScore, frameScore };
    });
    return best;
  }

  /** The candidate that URL and headers name, for a stream whose frames do not tell. */
  named(): Candidate | undefined {
    const most = Math.max(...this.#hintScores);
    const dialect = most < evidence.likely ? undefined : this.#dialects[this.#hintScores.indexOf(most)];
    return dialect === undefined ? undefined : { dialect, score: most, hintScore: most, frameScore: evidence.none };
  }
}
