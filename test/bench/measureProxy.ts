import { execFile, fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { loadavg } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { buildMeasurement } from './buildMeasurement.ts';
import { spreadOf, type Spread } from './spread.ts';
import { table } from './table.ts';

const ways = ['direct', 'pipe', 'ours', 'mockttp'] as const;
type Way = (typeof ways)[number];
type PerWay<T> = Readonly<Partial<Record<Way, T>>>;

/** Times in milliseconds, every process its own, all over the loopback. */
export interface ProxyMeasurement {
  readonly firstByte: PerWay<Spread>;
  /** Events of 200 bytes, 1,000 a second: how long after it was written each one came. */
  readonly chunk: PerWay<Spread>;
  /** 200 streams of 50 events a second at once: the same. */
  readonly many: PerWay<Spread & { readonly peakRssBytes: number | null }>;
  readonly bytesPerSecond: PerWay<number>;
  /** The same of a stream with an HTTP chunk for each event of 208 bytes. */
  readonly eventBytesPerSecond: PerWay<number>;
  /** Load of the machine before. */
  readonly load: number;
}

interface Served {
  readonly url: string;
  peakRssBytes(): Promise<number>;
  close(): Promise<void>;
}

const here = (name: string): string => path.join(import.meta.dirname, name);

async function serve(script: string, args: readonly string[]): Promise<Served> {
  const child: ChildProcess = fork(script, [...args]);
  const [said] = (await once(child, 'message')) as [string | number];
  return {
    url: typeof said === 'number' ? `http://127.0.0.1:${String(said)}` : said,
    peakRssBytes: async () => {
      child.send('memory');
      const [answer] = (await once(child, 'message')) as [{ peakRssBytes: number }];
      return answer.peakRssBytes;
    },
    close: async () => {
      const exited = once(child, 'exit');
      child.disconnect();
      await exited;
    },
  };
}

async function client<T>(...args: readonly string[]): Promise<T> {
  const { stdout } = await promisify(execFile)(process.execPath, [here('proxyClient.ts'), ...args], {
    maxBuffer: 1 << 28,
  });
  return JSON.parse(stdout) as T;
}

/** Our proxy beside a direct connection, one that only pipes, and mockttp with a listener for bodies; one run. */
export async function measureProxies(bulkBytes: number, progress: (text: string) => void): Promise<ProxyMeasurement> {
  const [load = NaN] = loadavg();
  const script = await buildMeasurement('proxyServed');
  const origin = await serve(here('proxyOrigin.ts'), []);
  const starts: Readonly<Record<Way, () => Promise<Served | null>>> = {
    direct: () => Promise.resolve(null),
    pipe: () => serve(script, ['pipe', origin.url]),
    ours: () => serve(script, ['ours', origin.url]),
    mockttp: () => serve(here('mockttpServed.ts'), [origin.url]),
  };
  const firstByte: Partial<Record<Way, Spread>> = {};
  const chunk: Partial<Record<Way, Spread>> = {};
  const many: Partial<Record<Way, Spread & { peakRssBytes: number | null }>> = {};
  const bytesPerSecond: Partial<Record<Way, number>> = {};
  const eventBytesPerSecond: Partial<Record<Way, number>> = {};
  try {
    for (const way of ways) {
      progress(`proxy, ${way}: first bytes`);
      const served = await starts[way]();
      const url = served?.url ?? origin.url;
      try {
        await client('first', '50', `${url}/first`);
        firstByte[way] = spreadOf(await client<number[]>('first', '400', `${url}/first`));
        progress(`proxy, ${way}: 1,000 events a second`);
        chunk[way] = spreadOf(await client<number[]>('paced', '1', `${url}/paced/1000/5000`));
        progress(`proxy, ${way}: throughput`);
        const bytes = way === 'mockttp' ? Math.min(bulkBytes, 64 << 20) : bulkBytes;
        const bulk = await client<{ bytes: number; seconds: number }>('bulk', `${url}/bulk/${String(bytes)}`);
        bytesPerSecond[way] = bulk.bytes / bulk.seconds;
        const events = await client<{ bytes: number; seconds: number }>('bulk', `${url}/events/${String(32 << 20)}`);
        eventBytesPerSecond[way] = events.bytes / events.seconds;
      } finally {
        await served?.close();
      }
      if (way === 'mockttp') continue;
      // A process of its own: what it needs at most is to be of these streams.
      progress(`proxy, ${way}: 200 streams`);
      const fresh = await starts[way]();
      try {
        const late = spreadOf(await client<number[]>('paced', '200', `${fresh?.url ?? origin.url}/paced/50/500`));
        many[way] = { ...late, peakRssBytes: (await fresh?.peakRssBytes()) ?? null };
      } finally {
        await fresh?.close();
      }
    }
  } finally {
    await origin.close();
  }
  return { firstByte, chunk, many, bytesPerSecond, eventBytesPerSecond, load };
}

export function proxyTables(measured: ProxyMeasurement): string {
  const { firstByte, chunk, many, bytesPerSecond, eventBytesPerSecond, load } = measured;
  const rows = (each: PerWay<Spread & { readonly peakRssBytes?: number | null }>): string[][] =>
    ways.flatMap((way) => {
      const of = each[way];
      if (of === undefined) return [];
      const rss = of.peakRssBytes ?? null;
      return [
        [
          way,
          String(of.count),
          ...[of.p50, of.p99, of.most].map((value) => value.toFixed(3)),
          rss === null ? '' : (rss / 1e6).toFixed(0),
        ],
      ];
    });
  const head = ['', 'values', 'p50 ms', 'p99 ms', 'max ms', 'peak RSS MB'];
  return [
    `\nCapture proxy over the loopback, origin, proxy and client each in a process; load before ${load.toFixed(1)}\n`,
    '\nTime to the first byte of the body\n',
    table(head, rows(firstByte)),
    '\n1,000 events a second: from written to received\n',
    table(head, rows(chunk)),
    '\n200 streams of 50 events a second at once: from written to received\n',
    table(head, rows(many)),
    '\nThroughput, in pieces of 64 KB and with an HTTP chunk an event\n',
    table(
      ['', 'MB/s', '× pipe', 'events, MB/s', '× pipe'],
      ways.map((way) => [way, ...throughput(bytesPerSecond, way), ...throughput(eventBytesPerSecond, way)]),
    ),
  ].join('');
}

function throughput(measured: PerWay<number>, way: Way): readonly string[] {
  const of = measured[way];
  return of === undefined ? ['', ''] : [(of / 1e6).toFixed(0), (of / (measured.pipe ?? NaN)).toFixed(2)];
}
