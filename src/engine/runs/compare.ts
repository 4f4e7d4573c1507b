import {
  runFigures,
  type DifferenceVerdict,
  type FigureComparison,
  type Run,
  type RunFigure,
} from '../../shared/runs.ts';
import { distributionOf, niceEdges } from './distribution.ts';
import { figureFacts } from './figureFacts.ts';
import { medianDifference, type MedianDifference } from './medianDifference.ts';

/** Every figure of two sets of runs, with what can be said about the difference of their medians. */
export function compareRuns(a: readonly Run[], b: readonly Run[]): readonly FigureComparison[] {
  return runFigures.map((figure) => compareFigure(figure, valuesOf(a, figure), valuesOf(b, figure)));
}

function valuesOf(runs: readonly Run[], figure: RunFigure): readonly (number | null)[] {
  return runs.map(({ figures }) => figures[figure]);
}

function compareFigure(
  figure: RunFigure,
  valuesA: readonly (number | null)[],
  valuesB: readonly (number | null)[],
): FigureComparison {
  const { sorted: all } = distributionOf([...valuesA, ...valuesB]);
  const edges = niceEdges(all[0] ?? null, all[all.length - 1] ?? null);
  const { sorted: sortedA, ...a } = distributionOf(valuesA, edges);
  const { sorted: sortedB, ...b } = distributionOf(valuesB, edges);
  const told = medianDifference(sortedA, sortedB);
  return {
    figure,
    a,
    b,
    ...told,
    relative: told.difference === null || a.p50 === null || a.p50 === 0 ? null : told.difference / a.p50,
    verdict: verdictOf(figure, told),
  };
}

/** A difference is more than noise where 0 lies outside its confidence interval. */
function verdictOf(figure: RunFigure, { difference, interval }: MedianDifference): DifferenceVerdict {
  if (difference === null || interval === null) return 'unknown';
  if (interval.low <= 0 && interval.high >= 0) return 'within-noise';
  const { better } = figureFacts[figure];
  if (better === null) return 'changed';
  return interval.low > 0 === (better === 'higher') ? 'better' : 'worse';
}
