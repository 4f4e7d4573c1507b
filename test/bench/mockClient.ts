import { connect } from 'node:net';
import { performance } from 'node:perf_hooks';
import process from 'node:process';

/** What a client of the mock server saw. Times in milliseconds. */
export interface MockReceived {
  readonly seconds: number;
  readonly bytes: number;
  /** How much later than its schedule each chunk came, without the one that the stream as a whole had. Sorted. */
  readonly lateness: readonly number[];
}

const headEnd = Buffer.from('\r\n\r\n');
const lastChunk = Buffer.from('\r\n0\r\n\r\n');

/** Reads one stream raw, so that the client costs as little as it can. */
function receive(url: string, onRead: (bytes: Buffer, isBody: boolean) => void): Promise<number> {
  const { hostname, port, pathname, search } = new URL(url);
  return new Promise((resolve, reject) => {
    const socket = connect({ host: hostname, port: Number(port), noDelay: true });
    let received = 0;
    let isBody = false;
    let tail: Buffer = Buffer.alloc(0);
    socket.write(`GET ${pathname}${search} HTTP/1.1\r\nHost: ${hostname}\r\n\r\n`);
    socket.on('data', (bytes: Buffer) => {
      received += bytes.length;
      onRead(bytes, isBody);
      isBody ||= bytes.includes(headEnd);
      tail = bytes.length >= 7 ? bytes : Buffer.concat([tail, bytes]).subarray(-7);
      if (tail.subarray(-7).equals(lastChunk)) {
        socket.destroy();
        resolve(received);
      }
    });
    socket.once('error', reject);
  });
}

/** Many streams at once, a chunk every so many milliseconds: how late each one came. */
async function receivePaced(url: string, streams: number, delayMillis: number): Promise<MockReceived> {
  const begun = performance.now();
  const lateness: number[] = [];
  let bytes = 0;
  const one = async (): Promise<void> => {
    const arrivals: number[] = [];
    bytes += await receive(url, (piece, isBody) => {
      const now = performance.now();
      // Each chunk has its own write; reads that hold several count each of them.
      const chunks = isBody ? piece.toString('latin1').split('data: ').length - 1 : 0;
      for (let n = 0; n < chunks; n++) arrivals.push(now);
    });
    // The schedule began when the server had the request; the earliest chunk says when that was at the latest.
    const starts = arrivals.map((at, n) => at - (n + 1) * delayMillis);
    const start = Math.min(...starts);
    for (const each of starts) lateness.push(each - start);
  };
  const all: Promise<void>[] = [];
  for (let n = 0; n < streams; n++) {
    all.push(one());
    // Streams begin one after another over one period, as those of independent clients do.
    await new Promise((resolve) => setTimeout(resolve, delayMillis / streams));
  }
  await Promise.all(all);
  return { seconds: (performance.now() - begun) / 1_000, bytes, lateness: lateness.sort((a, b) => a - b) };
}

async function receiveUnpaced(url: string): Promise<MockReceived> {
  const begun = performance.now();
  const bytes = await receive(url, () => undefined);
  return { seconds: (performance.now() - begun) / 1_000, bytes, lateness: [] };
}

const [, , url, streams, delayMillis] = process.argv;
if (url === undefined) throw new Error('the address to read');
const result =
  streams === undefined ? await receiveUnpaced(url) : await receivePaced(url, Number(streams), Number(delayMillis));
process.stdout.write(JSON.stringify(result));
