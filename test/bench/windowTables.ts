import { table } from './table.ts';
import type { WindowReport } from './window.ts';
import type { Spread } from './spread.ts';
import type { RecordingUnderLoad } from './windowMeasures.ts';

const millis = (value: number): string => value.toFixed(value < 10 ? 1 : 0);
const megabytes = (bytes: number): string => (bytes / 1e6).toFixed(0);

/** The round with the smallest figure: what the machine does when nothing else asks for it. */
function best<T>(rounds: readonly T[], figure: (round: T) => number): T {
  const [first, ...others] = rounds;
  if (first === undefined) throw new Error('a measurement without rounds');
  return others.reduce((least, round) => (figure(round) < figure(least) ? round : least), first);
}

const spread = (name: string, goal: string, { p50, p99, most, count }: Spread): readonly string[] => [
  name,
  millis(p50),
  millis(p99),
  millis(most),
  String(count),
  goal,
];

/** The window's figures for people; the goals are those of the product, named and not judged. */
export function windowTables(report: WindowReport | { readonly skipped: string }): string {
  if ('skipped' in report) return `\nThe window was not measured: ${report.skipped}\n`;
  const { stored, arrivals, written, each, load, electron } = report;
  const opened = best(stored, ({ millisToRows }) => millisToRows);
  const loads: readonly (readonly [string, RecordingUnderLoad])[] = [
    ['written', best(written, ({ frames }) => frames.p99)],
    ['each', best(each, ({ frames }) => frames.p99)],
  ];
  const figures = table(
    ['milliseconds, best of each', 'p50', 'p99', 'most', 'count', 'goal'],
    [
      ['a click to the first of 1,000,000 rows', '', '', millis(opened.millisToRows), '1', '≤1,000'],
      spread('a scrollbar jump to its rows', 'most ≤100', best(stored, ({ jumps }) => jumps.most).jumps),
      spread('g and G to their rows', 'most ≤100', best(stored, ({ keys }) => keys.most).keys),
      spread('window frames, zooming the timeline', 'p99 ≤33', best(stored, ({ zoom }) => zoom.p99).zoom),
      spread(
        'written to painted, 1,000 frames/s',
        'p99 ≤100',
        best(arrivals, ({ p99 }) => p99),
      ),
      ...loads.map(([name, { frames }]) => spread(`window frames, recording ${name}`, 'p99 ≤33', frames)),
      ...loads.map(([name, { engine }]) =>
        spread(`engine loop delay, recording ${name}`, 'p99 ≤20', {
          p50: engine.loopDelayP50Millis,
          p99: engine.loopDelayP99Millis,
          most: engine.loopDelayMaxMillis,
          count: NaN,
        }).map((cell) => (cell === 'NaN' ? '' : cell)),
      ),
    ],
  );
  const memory = table(
    ['', 'MB/s', 'engine idle RSS MB', 'engine peak', 'window peak', 'load before'],
    loads.map(([name, measured]) => [
      `recording ${(measured.bytes / 2 ** 20).toFixed(0)} MB, ${name}`,
      (measured.bytes / measured.seconds / 1e6).toFixed(0),
      megabytes(measured.engineIdleBytes),
      megabytes(measured.engineMemory.peakBytes),
      megabytes(measured.windowMemory.peakBytes),
      measured.loadBefore.toFixed(1),
    ]),
  );
  const machine = `load of the machine ${load.before.toFixed(1)} before, ${load.after.toFixed(1)} after`;
  return `\nThe window in Electron ${electron}, ${machine}\n${figures}\n${memory}`;
}
