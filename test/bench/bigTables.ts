import type { BigOpening } from './bigOpening.ts';
import type { BigRun } from './bigRun.ts';
import type { BigMeasurement } from './measureBig.ts';
import { table } from './table.ts';

/** A big recording as a person reads it. */
export function bigTables(measured: readonly BigMeasurement[]): string {
  return measured.map(tablesOf).join('');
}

function tablesOf({ layout, bytes, load, made, anew, again, passes }: BigMeasurement): string {
  const gigabytes = (bytes / 1e9).toFixed(1);
  const what = layout === 'events' ? 'events of 240 bytes, a chunk each' : 'chunks of 16 KB';
  const rows: readonly (readonly [string, (opening: BigOpening) => number | null])[] = [
    ['first rows, detail and timeline', ({ firstRows }) => firstRows],
    ['all of it derived', ({ derived }) => derived],
    ['a frame anywhere, p50', ({ seeks }) => seeks.frame.p50],
    ['a frame anywhere, p99', ({ seeks }) => seeks.frame.p99],
    ['a time anywhere, p99', ({ seeks }) => seeks.time.p99],
    ['a byte anywhere, p99', ({ seeks }) => seeks.byte.p99],
    ['its end or its beginning, p99', ({ seeks }) => seeks.end.p99],
    ['slowest of all seeks', ({ seeks }) => Math.max(...Object.values(seeks).map(({ most }) => most))],
    ['a timeline of any width, p99', ({ timeline }) => timeline.p99],
    ['figures of all of it', ({ span }) => span],
    ['Timing tab', ({ timing }) => timing],
    ['first finds of a search', ({ searchStart }) => searchStart],
    ['longest wait beside the search', ({ stallWhileFiltering }) => stallWhileFiltering],
  ];
  const cell = (run: BigRun, of: (opening: BigOpening) => number | null): string =>
    (run.opening === null ? null : of(run.opening))?.toFixed(1) ?? '';
  const opened = table(
    ['ms', 'for the first time', 'again'],
    [
      ...rows.map(([name, of]) => [name, cell(anew, of), cell(again, of)]),
      ['peak RSS, MB', (anew.peakRssBytes / 1e6).toFixed(0), (again.peakRssBytes / 1e6).toFixed(0)],
    ],
  );
  const written = table(
    ['', 's', 'MB/s of the recording', 'MB', 'peak RSS MB'],
    [['made', made] as const, ...passes].map(([name, run]) => [
      name,
      run.seconds.toFixed(1),
      (bytes / run.seconds / 1e6).toFixed(0),
      (run.bytes / 1e6).toFixed(0),
      (run.peakRssBytes / 1e6).toFixed(0),
    ]),
  );
  return `\nA recording of ${gigabytes} GB (${what}), load ${load.toFixed(1)}\n${opened}\n${written}`;
}
