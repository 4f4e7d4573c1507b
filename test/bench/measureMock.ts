import { execFile, fork } from 'node:child_process';
import { once } from 'node:events';
import { loadavg } from 'node:os';
import { promisify } from 'node:util';
import type { MockReceived } from './mockClient.ts';
import type { MockBenchServers } from './mockPeer.ts';

export interface MockMeasurement {
  readonly unpaced: {
    readonly chunks: number;
    /** Chunks a second, best round. */
    readonly mock: number;
    readonly bare: number;
    /** The mock server's rate by that of a bare Node server. */
    readonly ratio: number;
  };
  readonly paced: readonly {
    readonly streams: number;
    readonly delayMillis: number;
    readonly chunks: number;
    /** How late chunks came on their stream's schedule, in milliseconds. */
    readonly lateness: { readonly p50: number; readonly p99: number; readonly max: number };
  }[];
  /** Load of the machine before: work beside the measurement makes the figures its own. */
  readonly load: number;
}

const unpacedChunks = 500_000;
const pacedSeconds = 5;
const loads = [
  { streams: 100, delayMillis: 20 },
  { streams: 1_000, delayMillis: 100 },
];

/** The mock server beside a bare Node server in another process; the client is a third one. */
export async function measureMock(rounds: number, progress: (text: string) => void): Promise<MockMeasurement> {
  const [load = NaN] = loadavg();
  const server = fork(new URL('./mockPeer.ts', import.meta.url).pathname);
  try {
    const [servers] = (await once(server, 'message')) as [MockBenchServers];
    const best = { mock: 0, bare: 0 };
    for (let round = 0; round < rounds; round++) {
      for (const which of ['bare', 'mock'] as const) {
        progress(`mock server, unpaced: round ${String(round + 1)} of ${String(rounds)}, ${which}`);
        const { seconds } = await received(`${servers[which]}/bench?n=${String(unpacedChunks)}`);
        best[which] = Math.max(best[which], unpacedChunks / seconds);
      }
    }
    const paced: MockMeasurement['paced'][number][] = [];
    for (const { streams, delayMillis } of loads) {
      progress(`mock server, ${String(streams)} streams at once`);
      const n = (pacedSeconds * 1_000) / delayMillis;
      const url = `${servers.mock}/bench?n=${String(n)}&delayMs=${String(delayMillis)}`;
      const { lateness } = await received(url, String(streams), String(delayMillis));
      if (lateness.length !== n * streams) throw new Error(`${String(lateness.length)} chunks came`);
      const percentile = (share: number): number =>
        lateness[Math.max(0, Math.ceil(share * lateness.length) - 1)] ?? NaN;
      paced.push({
        streams,
        delayMillis,
        chunks: lateness.length,
        lateness: { p50: percentile(0.5), p99: percentile(0.99), max: percentile(1) },
      });
    }
    return { unpaced: { chunks: unpacedChunks, ...best, ratio: best.mock / best.bare }, paced, load };
  } finally {
    server.disconnect();
  }
}

async function received(...words: readonly string[]): Promise<MockReceived> {
  const script = new URL('./mockClient.ts', import.meta.url).pathname;
  const { stdout } = await promisify(execFile)(process.execPath, [script, ...words], { maxBuffer: 1 << 28 });
  return JSON.parse(stdout) as MockReceived;
}
