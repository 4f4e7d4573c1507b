import {
  runFigures,
  type Distribution,
  type Distributions,
  type Objective,
  type ObjectiveResult,
  type Run,
  type RunSetSummary,
  type RunShare,
} from '../../shared/runs.ts';
import { endingKinds } from '../../shared/words.ts';
import { distributionOf } from './distribution.ts';
import { isMet } from './objectives.ts';

const errorKinds: ReadonlySet<string> = new Set(['cut', 'invalid', 'timeout', 'refused']);

/** `metrics.md`, error rate: cut, invalid, timeout, refused, or with an in-stream error. Null: not known how it ended. */
function isError({ ending, streamErrors }: Run): boolean | null {
  if ((streamErrors ?? 0) > 0) return true;
  return ending === null ? null : errorKinds.has(ending.kind);
}

function isComplete({ ending }: Run): boolean | null {
  return ending === null ? null : ending.kind === 'complete';
}

/**
 * How a run stands to an objective. One that did not end complete, or that reported an error, meets none: a stream that
 * was cut after one second is no fast one.
 */
function resultOf(run: Run, objective: Objective): 'met' | 'missed' | 'failed' | 'unknown' {
  if (isComplete(run) === false || isError(run) === true) return 'failed';
  const met = isComplete(run) === null ? null : isMet(objective, run.figures);
  if (met === null) return 'unknown';
  return met ? 'met' : 'missed';
}

/**
 * What `metrics.md` says across runs.
 * @param runs those that are over; one of which it is not known how it ended counts as unknown
 */
export function summaryOf(runs: readonly Run[], objectives: readonly Objective[]): RunSetSummary {
  const duration = durationOf(runs);
  return {
    runs: runs.length,
    success: shareOf(runs, isComplete),
    error: shareOf(runs, isError),
    completion: shareOf(runs, ({ isTerminated }) => isTerminated),
    reconnection: shareOf(runs, ({ reconnections }) => reconnections > 0),
    endings: endingsOf(runs),
    unknownEndings: runs.filter(({ ending }) => ending === null).length,
    durationMicros: duration,
    runsPerSecond: perSecond(runs.length, duration),
    goodput: objectives.length === 0 ? null : goodputOf(runs, objectives, duration),
    figures: distributionsOf(runs),
  };
}

function shareOf(runs: readonly Run[], holds: (run: Run) => boolean | null): RunShare {
  let count = 0;
  let unknown = 0;
  for (const run of runs) {
    const held = holds(run);
    if (held === null) unknown++;
    else if (held) count++;
  }
  return { count, unknown, share: runs.length === unknown ? null : count / (runs.length - unknown) };
}

function endingsOf(runs: readonly Run[]): RunSetSummary['endings'] {
  const counts = new Map<string, RunSetSummary['endings'][number]>();
  for (const { ending } of runs) {
    if (ending === null) continue;
    const { kind, code } = ending;
    counts.set(code, { kind, code, count: (counts.get(code)?.count ?? 0) + 1 });
  }
  const place = ({ kind }: { readonly kind: (typeof endingKinds)[number] }): number => endingKinds.indexOf(kind);
  return [...counts.values()].sort((x, y) => place(x) - place(y) || y.count - x.count || (x.code < y.code ? -1 : 1));
}

function durationOf(runs: readonly Run[]): number | null {
  let first = Infinity;
  let last = -Infinity;
  for (const { startedMicros, figures } of runs) {
    first = Math.min(first, startedMicros);
    if (figures.e2e !== null) last = Math.max(last, startedMicros + figures.e2e);
  }
  return last === -Infinity ? null : last - first;
}

function perSecond(count: number, durationMicros: number | null): number | null {
  return durationMicros === null || durationMicros <= 0 ? null : (count * 1_000_000) / durationMicros;
}

function goodputOf(
  runs: readonly Run[],
  objectives: readonly Objective[],
  durationMicros: number | null,
): NonNullable<RunSetSummary['goodput']> {
  let good = 0;
  let unknown = 0;
  const results = objectives.map((objective) => ({ objective, met: 0, missed: 0, failed: 0, unknown: 0 }));
  for (const run of runs) {
    const told = new Set<keyof Omit<ObjectiveResult, 'objective'>>();
    for (const result of results) {
      const stands = resultOf(run, result.objective);
      result[stands]++;
      told.add(stands);
    }
    if (told.has('missed') || told.has('failed')) continue;
    if (told.has('unknown')) unknown++;
    else good++;
  }
  return { good, unknown, perSecond: perSecond(good, durationMicros), objectives: results };
}

function distributionsOf(runs: readonly Run[]): Distributions {
  const of = Object.fromEntries(
    runFigures.map((figure): [string, Distribution] => {
      const { sorted: _, ...distribution } = distributionOf(runs.map(({ figures }) => figures[figure]));
      return [figure, distribution];
    }),
  );
  return of as unknown as Distributions;
}
