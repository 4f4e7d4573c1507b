import { execFile, fork } from 'node:child_process';
import { once } from 'node:events';
import { parseArgs, promisify } from 'node:util';
import { bigTables } from './bigTables.ts';
import { buildMeasurement } from './buildMeasurement.ts';
import type { CaptureMeasurement } from './measureCapture.ts';
import { layouts, type Layout, type StreamServers } from './streamServer.ts';
import { measureBig } from './measureBig.ts';
import { measureDialects } from './measureDialects.ts';
import { measureFramings } from './measureFramings.ts';
import { measureKillLoss } from './measureKillLoss.ts';
import { measureLiveMemory } from './measureLiveMemory.ts';
import { measureMock } from './measureMock.ts';
import { measureProxies, proxyTables } from './measureProxy.ts';
import { measureReplays } from './measureReplay.ts';
import { measureStore } from './measureStore.ts';
import { measureTokens } from './measureTokens.ts';
import { killLossTable, liveMemoryTable, storeTable } from './storeTables.ts';
import { table } from './table.ts';
import { measureWindow } from './window.ts';
import { windowTables } from './windowTables.ts';

/**
 * `npm run bench`: ours beside the physical limit and beside peers, side by side in one run.
 *
 * --bytes 512m   body bytes of each capture (of the big recording: 1g); 10GB is 10,000,000,000
 *                 --rounds 3   rounds, the best of each counts
 * --json         the figures as JSON
 * --only         capture|framing|dialect|tokens|replay|mock|proxy|store|memory|kills|big|window
 * --layouts LIST events,chunks: how the big recording comes   --opens   only open it
 * --profiles DIR keeps CPU profiles of the engine's process under the window there
 */
const { values } = parseArgs({
  options: {
    bytes: { type: 'string' },
    rounds: { type: 'string', default: '3' },
    json: { type: 'boolean', default: false },
    only: { type: 'string' },
    layouts: { type: 'string', default: 'events,chunks' },
    opens: { type: 'boolean', default: false },
    profiles: { type: 'string' },
  },
});

const scale: Readonly<Record<string, number>> = {
  '': 1,
  k: 1 << 10,
  m: 1 << 20,
  g: 1 << 30,
  KB: 1e3,
  MB: 1e6,
  GB: 1e9,
};
function bytesOf(text: string): number {
  const size = /^(\d+)([kmg]?|[KMG]B)$/.exec(text);
  if (size === null) throw new Error(`--bytes wants a size such as 512m or 10GB, not ${text}`);
  return Number(size[1]) * (scale[size[2] ?? ''] ?? 1);
}
const bytes = bytesOf(values.bytes ?? '512m');
const rounds = Number(values.rounds);
const parts = [
  'capture',
  'framing',
  'dialect',
  'tokens',
  'replay',
  'mock',
  'proxy',
  'store',
  'memory',
  'kills',
  'big',
  'window',
];
const progress = (message: string): boolean => process.stderr.write(`\r\u001b[K${message}`);
if (values.only !== undefined && !parts.includes(values.only)) {
  throw new Error(`--only wants one of ${parts.join(', ')}, not ${values.only}`);
}
const isWanted = (part: string): boolean => values.only === undefined || values.only === part;
const modes = ['raw', 'append', 'ours'] as const;
type Mode = (typeof modes)[number];

async function measureOnce(measureScript: string, mode: Mode, url: string): Promise<CaptureMeasurement> {
  const { stdout } = await promisify(execFile)(process.execPath, [measureScript, mode, url]);
  return JSON.parse(stdout) as CaptureMeasurement;
}

async function measureCaptures(script: string, layout: Layout): Promise<Readonly<Record<Mode, CaptureMeasurement>>> {
  const server = fork(new URL('./streamServer.ts', import.meta.url).pathname);
  try {
    const [{ httpPort, rawPort, http2Port }] = (await once(server, 'message')) as [StreamServers];
    const port = layout === 'written' ? httpPort : layout === 'http2' ? http2Port : rawPort;
    const url = `http://127.0.0.1:${String(port)}/${layout}/${String(bytes)}`;
    const best = new Map<Mode, CaptureMeasurement>();
    for (let round = 0; round < rounds; round++) {
      for (const mode of modes) {
        process.stderr.write(`\rcapture, ${layout}: round ${String(round + 1)} of ${String(rounds)}, ${mode}      `);
        const measured = await measureOnce(script, mode, url);
        const before = best.get(mode);
        if (before === undefined || measured.seconds < before.seconds) best.set(mode, measured);
      }
    }
    process.stderr.write('\r\u001b[K');
    const of = (mode: Mode): CaptureMeasurement => {
      const measured = best.get(mode);
      if (measured === undefined) throw new Error(`no round of ${mode}`);
      return measured;
    };
    return { raw: of('raw'), append: of('append'), ours: of('ours') };
  } finally {
    server.disconnect();
  }
}

const names = (layout: Layout): Readonly<Record<Mode, string>> => {
  const client = layout === 'http2' ? 'node:http2' : 'undici dispatch';
  return { raw: `${client}, reading only`, append: `${client} + append to a file`, ours: 'recorded, framed, measured' };
};
const layoutNames: Readonly<Record<Layout, string>> = {
  written: 'a Node server, one response.write an event',
  each: 'one HTTP chunk an event, 273 to a socket write',
  packed: 'HTTP chunks of 64 KB, 273 events each',
  http2: 'cleartext HTTP/2, DATA frames of at most 16 KB',
};

const report: Record<string, unknown> = { node: process.versions.node, bytes, rounds };

if (isWanted('capture')) {
  const script = await buildMeasurement('measureCapture');
  for (const layout of layouts) {
    const measured = await measureCaptures(script, layout);
    report[`capture-${layout}`] = measured;
    if (values.json) continue;
    process.stdout.write(
      `\nCapture of ${String(Math.round(bytes / 1e6))} MB of 240-byte SSE events, ${layoutNames[layout]}, best of ${String(rounds)}\n`,
    );
    process.stdout.write(
      table(
        ['', 'MB/s', '× raw', 'frames/s', 'chunks', 'peak RSS MB', 'loop delay p99 ms', 'saved after s', 'disk/wire'],
        modes.map((mode) => {
          const each = measured[mode];
          return [
            names(layout)[mode],
            (each.bodyBytes / each.seconds / 1e6).toFixed(0),
            (measured.raw.seconds / each.seconds).toFixed(2),
            each.frames === null ? '' : (each.frames / each.seconds).toFixed(0),
            String(each.chunks),
            (each.peakRssBytes / 1e6).toFixed(0),
            each.loopDelayP99Millis.toFixed(1),
            each.secondsToSaved.toFixed(2),
            each.diskBytesPerWireByte === null ? '' : each.diskBytesPerWireByte.toFixed(3),
          ];
        }),
      ),
    );
  }
}

if (isWanted('framing')) {
  const framings = measureFramings(Math.min(bytes, 64 << 20), rounds);
  report['framing'] = framings;
  if (!values.json) {
    process.stdout.write('\nFraming alone, single thread, 64 KB pieces\n');
    process.stdout.write(
      table(
        ['', 'MB/s', 'frames/s', '× peer'],
        framings.map(({ name, bytesPerSecond, framesPerSecond, ratio }) => [
          name,
          (bytesPerSecond / 1e6).toFixed(0),
          framesPerSecond.toFixed(0),
          ratio === null ? '' : ratio.toFixed(2),
        ]),
      ),
    );
  }
}

if (isWanted('dialect')) {
  const measured = measureDialects(200_000, rounds);
  report['dialect'] = measured;
  if (!values.json) {
    process.stdout.write('\nToken streams: delta frames to the message, single thread\n');
    process.stdout.write(
      table(
        ['', 'frames/s', '× JSON.parse'],
        measured.map(({ name, framesPerSecond, ratio }) => [
          name,
          framesPerSecond.toFixed(0),
          ratio === null ? '' : ratio.toFixed(2),
        ]),
      ),
    );
  }
}

if (isWanted('tokens')) {
  const measured = await measureTokens((message) => process.stderr.write(`\r\u001b[K${message}`));
  process.stderr.write('\r\u001b[K');
  report['tokens'] = measured;
  if (!values.json) {
    process.stdout.write('\nToken streams of 100 tokens/s against the schedule of the mock server, distance in µs\n');
    const rowOf = (
      what: string,
      { count, p50, p99, max, withinMilli }: (typeof measured)[number]['gaps'],
    ): string[] => [
      `  ${what}`,
      String(count),
      ...[p50, p99, max].map((value) => value.toFixed(0)),
      `${(withinMilli * 100).toFixed(2)} %`,
    ];
    process.stdout.write(
      table(
        ['', 'values', 'p50', 'p99', 'max', '≤ 1 ms'],
        measured.flatMap((each) => [
          [`${each.name}: ${String(each.streams)} × ${String(each.tokensEach)} tokens`],
          rowOf('TTFT', each.ttft),
          rowOf('every gap', each.gaps),
          rowOf('every gap, from when it was sent', each.gapsFromSent),
          rowOf('the server itself', each.serverLateness),
        ]),
      ),
    );
  }
}

if (isWanted('replay')) {
  const measured = await measureReplays(10, (text) => process.stderr.write(`\r\u001b[K${text}`));
  process.stderr.write('\r\u001b[K');
  report['replay'] = measured;
  if (!values.json) {
    process.stdout.write('\nReplay at × 1 over the loopback: how far from its recorded time each chunk came\n');
    process.stdout.write(
      table(
        ['', 'chunks/s', 'chunks', 'head ms', 'p50 ms', 'p90 ms', 'p99 ms', 'max ms', 'load'],
        measured.map(({ by, chunksPerSecond, chunks, headMicros, errorMicros, load }) => [
          by === 'peer' ? 'bare server that blocks' : 'replay',
          String(chunksPerSecond),
          String(chunks),
          ...[headMicros, errorMicros.p50, errorMicros.p90, errorMicros.p99, errorMicros.max].map((each) =>
            (each / 1e3).toFixed(3),
          ),
          load.toFixed(1),
        ]),
      ),
    );
  }
}

if (isWanted('mock')) {
  const measured = await measureMock(rounds, (text) => process.stderr.write(`\r\u001b[K${text}`));
  process.stderr.write('\r\u001b[K');
  report['mock'] = measured;
  if (!values.json) {
    const { unpaced, paced, load } = measured;
    process.stdout.write(`\nMock server, load ${load.toFixed(1)}: chunks of 240 bytes as fast as they are read\n`);
    process.stdout.write(
      table(
        ['', 'chunks/s', '× bare Node'],
        [
          ['bare Node server', unpaced.bare.toFixed(0), '1.00'],
          ['mock server', unpaced.mock.toFixed(0), unpaced.ratio.toFixed(2)],
        ],
      ),
    );
    process.stdout.write('\nMock server: how late on their schedule chunks of many streams at once come\n');
    process.stdout.write(
      table(
        ['streams', 'every ms', 'chunks', 'p50 ms', 'p99 ms', 'max ms'],
        paced.map(({ streams, delayMillis, chunks, lateness }) => [
          String(streams),
          String(delayMillis),
          String(chunks),
          ...[lateness.p50, lateness.p99, lateness.max].map((each) => each.toFixed(2)),
        ]),
      ),
    );
  }
}

if (isWanted('proxy')) {
  const measured = await measureProxies(Math.min(bytes, 256 << 20), (text) =>
    process.stderr.write(`\r\u001b[K${text}`),
  );
  process.stderr.write('\r\u001b[K');
  report['proxy'] = measured;
  if (!values.json) process.stdout.write(proxyTables(measured));
}

if (isWanted('store')) {
  const compared = await measureStore(bytes, rounds, progress);
  progress('');
  report['store'] = compared;
  if (!values.json) process.stdout.write(storeTable(compared));
}

if (isWanted('memory')) {
  const measured = await measureLiveMemory([
    { streams: 200, seconds: 30 },
    { streams: 500, seconds: 30 },
  ]);
  report['memory'] = measured;
  if (!values.json) process.stdout.write(liveMemoryTable(measured));
}

if (isWanted('kills')) {
  const measured = await measureKillLoss(rounds * 10, progress);
  progress('');
  report['kills'] = measured;
  if (!values.json) process.stdout.write(killLossTable(measured));
}

if (isWanted('big')) {
  const wish = { bytes: bytesOf(values.bytes ?? '1g'), layouts: values.layouts.split(','), opensOnly: values.opens };
  const measured = await measureBig(wish, progress);
  progress('');
  report['big'] = measured.map((each) => ({ ...each, passes: Object.fromEntries(each.passes) }));
  if (!values.json) process.stdout.write(bigTables(measured));
}

if (isWanted('window')) {
  const measured = await measureWindow({
    // The larger one is what the promise about memory is made for.
    bytes: { written: 4 * bytes, each: bytes },
    storedFrames: 1_000_000,
    rounds,
    profiles: values.profiles,
    progress: (message) => process.stderr.write(`\r\u001b[K${message}`),
  });
  process.stderr.write('\r\u001b[K');
  report['window'] = measured;
  if (!values.json) process.stdout.write(windowTables(measured));
}
if (values.json) process.stdout.write(`${JSON.stringify(report, null, 2)}\n`);
