import { figureFacts } from '../../../engine/runs/figureFacts.ts';
import { objectiveText } from '../../../engine/runs/objectives.ts';
import {
  runFigures,
  type DifferenceVerdict,
  type FigureComparison,
  type RunComparison,
  type RunFigure,
  type RunSetLine,
  type RunSetSummary,
  type RunShare,
} from '../../../shared/runs.ts';
import { safeForTerminal, type Palette } from './terminal.ts';

const unknown = '—';

/** A set for people: what was sent, the rates, the figures, how the runs ended. Ends with a newline. */
export function runSetTable(line: RunSetLine, summary: RunSetSummary, colours: Palette): string {
  const { success, error, completion, reconnection, goodput } = summary;
  const pace = `${String(line.concurrency)} at a time`;
  const lines = [
    colours.strong(safeForTerminal(`${line.method} ${line.url}`)),
    colours.dim(
      `run set ${line.id}${line.label === '' ? '' : ` · ${safeForTerminal(line.label)}`} · ${line.state} · ${String(summary.runs)} of ${String(line.count)} runs, ${pace}`,
    ),
    '',
    `success ${percent(success)} · errors ${percent(error)} · terminated ${percent(completion)} · reconnected ${percent(reconnection)}`,
    `duration ${time(summary.durationMicros)} · ${rate(summary.runsPerSecond)} runs/s`,
  ];
  if (goodput !== null) {
    const open = goodput.unknown === 0 ? '' : `, ${String(goodput.unknown)} not known`;
    lines.push(
      `goodput ${rate(goodput.perSecond)}/s: ${String(goodput.good)} of ${String(summary.runs)} runs met every limit${open}`,
    );
  }
  lines.push('', ...grid(['', 'runs', 'unknown', 'min', 'p50', 'p90', 'p99', 'max', 'mean'], figureRows(summary)));
  if (goodput !== null) {
    const rows = goodput.objectives.map(({ objective, met, missed, failed, unknown: open }) => [
      objectiveText(objective),
      ...[met, missed, failed, open].map(String),
    ]);
    lines.push('', ...grid(['limit', 'met', 'missed', 'failed', 'unknown'], rows));
  }
  const endings = summary.endings.map(({ code, count }) => [code, String(count)]);
  if (summary.unknownEndings > 0) endings.push(['not known', String(summary.unknownEndings)]);
  lines.push('', ...grid(['ending', 'runs'], endings));
  return `${lines.join('\n')}\n`;
}

function figureRows({ figures }: RunSetSummary): readonly (readonly string[])[] {
  return runFigures
    .filter((figure) => figures[figure].count > 0)
    .map((figure) => {
      const { count, unknown: open, min, p50, p90, p99, max, mean } = figures[figure];
      return [
        named(figure),
        String(count),
        String(open),
        ...[min, p50, p90, p99, max, mean].map((value) => inUnit(figure, value)),
      ];
    });
}

const verdictWords: Readonly<Record<DifferenceVerdict, string>> = {
  better: 'B is better',
  worse: 'B is worse',
  changed: 'B differs',
  'within-noise': 'within noise',
  unknown: 'not known: too few runs',
};

/** Medians of two sets side by side. Ends with a newline. */
export function comparisonTable({ a, b, figures }: RunComparison, colours: Palette): string {
  const told = figures.filter(({ a: of, b: other }) => of.count > 0 || other.count > 0);
  const rows = told.map((each) => [
    named(each.figure),
    inUnit(each.figure, each.a.p50),
    inUnit(each.figure, each.b.p50),
    signed(each.figure, each.difference),
    each.relative === null ? unknown : signedShare(each.relative),
    intervalOf(each),
    verdictWords[each.verdict],
  ]);
  const side = (name: string, { line }: RunComparison['a']): string =>
    `${colours.strong(name)} ${safeForTerminal(`${line.method} ${line.url}`)} ${colours.dim(`run set ${line.id}`)}`;
  const lines = [
    side('A', a),
    side('B', b),
    '',
    ...grid(['median', 'A', 'B', 'B − A', '', '95 % interval of B − A', ''], rows),
  ];
  return `${lines.join('\n')}\n`;
}

function intervalOf({ figure, interval }: FigureComparison): string {
  return interval === null ? unknown : `${signed(figure, interval.low)} … ${signed(figure, interval.high)}`;
}

function named(figure: RunFigure): string {
  return figureFacts[figure].names[0] ?? figure;
}

function inUnit(figure: RunFigure, value: number | null): string {
  const { unit } = figureFacts[figure];
  if (unit === 'micros') return time(value);
  return unit === 'per-second' ? rate(value) : value === null ? unknown : String(Math.round(value * 10) / 10);
}

function signed(figure: RunFigure, value: number | null): string {
  if (value === null) return unknown;
  return value > 0 ? `+${inUnit(figure, value)}` : value < 0 ? `−${inUnit(figure, -value)}` : inUnit(figure, value);
}

function signedShare(share: number): string {
  const sign = share > 0 ? '+' : share < 0 ? '−' : '';
  return `${sign}${Math.abs(share * 100).toFixed(1)} %`;
}

function time(micros: number | null): string {
  if (micros === null) return unknown;
  if (micros < 1_000_000) return `${(micros / 1_000).toFixed(micros < 100_000 ? 2 : 1)} ms`;
  return `${(micros / 1e6).toFixed(2)} s`;
}

function rate(perSecond: number | null): string {
  return perSecond === null ? unknown : perSecond.toFixed(1);
}

function percent({ count, unknown: open, share }: RunShare): string {
  if (share === null) return 'not known';
  return `${(share * 100).toFixed(1)} %${open === 0 ? '' : ` (${String(count)}; ${String(open)} not known)`}`;
}

/** Columns as wide as their widest entry, the first to the left, the others to the right. */
function grid(head: readonly string[], rows: readonly (readonly string[])[]): readonly string[] {
  const lines = [head, ...rows];
  const widths = head.map((_, i) => Math.max(...lines.map((line) => (line[i] ?? '').length)));
  return lines.map((line) =>
    line
      .map((cell, i) => (i === 0 ? cell.padEnd(widths[i] ?? 0) : cell.padStart(widths[i] ?? 0)))
      .join('  ')
      .trimEnd(),
  );
}
