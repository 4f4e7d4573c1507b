import {
  runFigures,
  type Run,
  type RunComparison,
  type RunSetId,
  type RunSetLine,
  type RunSetSummary,
} from '../../shared/runs.ts';

/** Columns of the CSV after the set's id, in order: a public contract, new ones come at the end. Times in µs, rates per second. */
const columns: readonly (readonly [name: string, value: (run: Run) => string | number | boolean | null])[] = [
  ['n', ({ n }) => n + 1],
  ['recording', ({ recordingId }) => recordingId],
  ['startedUs', ({ startedMicros }) => startedMicros],
  ['ending', ({ ending }) => ending?.kind ?? null],
  ['endingCode', ({ ending }) => ending?.code ?? null],
  ['status', ({ status }) => status],
  ['framing', ({ framing }) => framing],
  ['dialect', ({ dialect }) => dialect],
  ['model', ({ model }) => model],
  ['headersUs', ({ figures }) => figures.headers],
  ['firstByteUs', ({ figures }) => figures.firstByte],
  ['ttftUs', ({ figures }) => figures.ttft],
  ['ttfoUs', ({ figures }) => figures.ttfo],
  ['lastContentUs', ({ figures }) => figures.lastContent],
  ['endUs', ({ figures }) => figures.e2e],
  ['itlUs', ({ figures }) => figures.itl],
  ['decodePerSecond', ({ figures }) => figures.tps],
  ['endToEndPerSecond', ({ figures }) => figures.e2eTps],
  ['tokens', ({ figures }) => figures.tokens],
  ['tokenSource', ({ tokens }) => tokens?.source ?? null],
  ['errors', ({ diagnostics }) => diagnostics.error],
  ['warnings', ({ diagnostics }) => diagnostics.warning],
  ['infos', ({ diagnostics }) => diagnostics.info],
  ['streamErrors', ({ streamErrors }) => streamErrors],
  ['terminated', ({ isTerminated }) => isTerminated],
  ['reconnections', ({ reconnections }) => reconnections],
  ['uncertaintyUs', ({ uncertaintyMicros }) => uncertaintyMicros],
];

/** RFC 4180: a header line, CRLF, one line a run. What is not known is an empty field. */
export function runsToCsv(sets: readonly { readonly id: RunSetId; readonly runs: readonly Run[] }[]): string {
  const header = ['set', ...columns.map(([name]) => name)];
  const lines = sets.flatMap(({ id, runs }) =>
    runs.map((run) => [id, ...columns.map(([, value]) => fieldOf(value(run)))]),
  );
  return [header, ...lines].map((line) => `${line.join(',')}\r\n`).join('');
}

function fieldOf(value: string | number | boolean | null): string {
  if (value === null) return '';
  if (typeof value !== 'string') return String(value);
  // A spreadsheet takes a text with such a beginning for a formula, and the text is a server's.
  const text = /^[=+\-@\t\r]/.test(value) ? `'${value}` : value;
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

/** The set, its summary and its runs as plain data: a public contract. Times in µs, rates per second, unknown is null. */
export function runsToJson(line: RunSetLine, summary: RunSetSummary, runs: readonly Run[]): object {
  return {
    format: 'streamscope-runs',
    version: 1,
    set: {
      id: line.id,
      startedAt: new Date(line.startedAt).toISOString(),
      state: line.state,
      label: line.label,
      method: line.method,
      url: line.url,
      count: line.count,
      concurrency: line.concurrency,
      delayMs: line.delayMillis,
      objectives: line.objectives,
    },
    summary: {
      runs: summary.runs,
      success: summary.success,
      error: summary.error,
      completion: summary.completion,
      reconnection: summary.reconnection,
      endings: summary.endings,
      unknownEndings: summary.unknownEndings,
      durationUs: summary.durationMicros,
      runsPerSecond: summary.runsPerSecond,
      goodput: summary.goodput,
      figures: Object.fromEntries(runFigures.map((figure) => [columnOf(figure), summary.figures[figure]])),
    },
    runs: runs.map((run) => Object.fromEntries(columns.map(([name, value]) => [name, value(run)]))),
  };
}

const figureColumns: Readonly<Record<(typeof runFigures)[number], string>> = {
  headers: 'headersUs',
  firstByte: 'firstByteUs',
  ttft: 'ttftUs',
  ttfo: 'ttfoUs',
  lastContent: 'lastContentUs',
  e2e: 'endUs',
  itl: 'itlUs',
  tps: 'decodePerSecond',
  e2eTps: 'endToEndPerSecond',
  tokens: 'tokens',
};

function columnOf(figure: (typeof runFigures)[number]): string {
  return figureColumns[figure];
}

/** Two sets and what can be said of their differences, as plain data: a public contract. B is compared with A. */
export function comparisonToJson(
  { a, b, figures }: RunComparison,
  runsOfA: readonly Run[],
  runsOfB: readonly Run[],
): object {
  return {
    format: 'streamscope-run-comparison',
    version: 1,
    a: runsToJson(a.line, a.summary, runsOfA),
    b: runsToJson(b.line, b.summary, runsOfB),
    medians: Object.fromEntries(
      figures.map((each) => [
        columnOf(each.figure),
        {
          a: each.a.p50,
          b: each.b.p50,
          difference: each.difference,
          relative: each.relative,
          interval95: each.interval,
          verdict: each.verdict,
        },
      ]),
    ),
  };
}
