import type { RunFigure } from '../../shared/runs.ts';

export interface FigureFacts {
  readonly unit: 'micros' | 'per-second' | 'tokens';
  /** Which way is the better one; null: neither. */
  readonly better: 'lower' | 'higher' | null;
  /** What an objective may call it, the first as it is written. */
  readonly names: readonly string[];
}

/** What each figure of a run is measured in, and what it is called. */
export const figureFacts: Readonly<Record<RunFigure, FigureFacts>> = Object.freeze({
  headers: { unit: 'micros', better: 'lower', names: ['headers', 'ttfb'] },
  firstByte: { unit: 'micros', better: 'lower', names: ['first-byte'] },
  ttft: { unit: 'micros', better: 'lower', names: ['ttft'] },
  ttfo: { unit: 'micros', better: 'lower', names: ['ttfo'] },
  lastContent: { unit: 'micros', better: 'lower', names: ['last-content'] },
  e2e: { unit: 'micros', better: 'lower', names: ['e2e', 'end'] },
  itl: { unit: 'micros', better: 'lower', names: ['itl', 'tpot'] },
  tps: { unit: 'per-second', better: 'higher', names: ['tps'] },
  e2eTps: { unit: 'per-second', better: 'higher', names: ['e2e-tps'] },
  tokens: { unit: 'tokens', better: null, names: ['tokens'] },
});
