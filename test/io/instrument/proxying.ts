import { mkdtemp, rm } from 'node:fs/promises';
import { createServer, type IncomingMessage, type RequestListener } from 'node:http';
import { connect, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import {
  createInstrument,
  type Instrument,
  type InstrumentOptions,
} from '../../../src/main/instrument/createInstrument.ts';
import type { ProxyStart } from '../../../src/main/instrument/proxy/proxyPanel.ts';
import type { ProxyExchangeLine, ProxyRoute } from '../../../src/shared/proxy.ts';

export interface ProxyUnderTest {
  readonly instrument: Instrument;
  readonly url: string;
  readonly folder: string;
  /** Resolves with the lines of the next so many exchanges that are over, in the order in which they were. */
  readonly over: (count: number) => Promise<readonly ProxyExchangeLine[]>;
  readonly configure: (routes: readonly ProxyRoute[]) => void;
}

export interface OpenProxy extends ProxyUnderTest {
  close(): Promise<void>;
}

/** A proxy with a library of its own. */
export async function openProxy(start: ProxyStart, options: Partial<InstrumentOptions> = {}): Promise<OpenProxy> {
  const folder = await mkdtemp(path.join(tmpdir(), 'streamscope-proxy-'));
  const instrument = await createInstrument({
    host: 'memory',
    version: '0.0.0',
    folder,
    samplesFolder: null,
    startMock: false,
    ...options,
  });
  const over: ProxyExchangeLine[] = [];
  let wake = (): void => {};
  const close = async (): Promise<void> => {
    await instrument.close();
    await rm(folder, { recursive: true, force: true });
  };
  const { url, problem } = await instrument.proxy.start({
    port: 0,
    ...start,
    onExchange: (line, isOver) => {
      start.onExchange?.(line, isOver);
      if (!isOver) return;
      over.push(line);
      wake();
    },
  });
  if (url === null) {
    await close();
    throw new Error(problem ?? 'the proxy does not run');
  }
  return {
    instrument,
    url,
    folder,
    close,
    over: async (count) => {
      while (over.length < count) await new Promise<void>((resolve) => (wake = resolve));
      return over.splice(0, count);
    },
    configure: (routes) => {
      instrument.proxy.configure({ routes });
    },
  };
}

/** A proxy with a library of its own for the time of `use`. */
export async function withProxy<T>(
  start: ProxyStart,
  use: (proxy: ProxyUnderTest) => Promise<T>,
  options: Partial<InstrumentOptions> = {},
): Promise<T> {
  const proxy = await openProxy(start, options);
  try {
    return await use(proxy);
  } finally {
    await proxy.close();
  }
}

/** An HTTP server of Node for the time of `use`. */
export async function withOrigin<T>(listener: RequestListener, use: (origin: string) => Promise<T>): Promise<T> {
  const server = createServer({ requestTimeout: 0 }, listener);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  try {
    return await use(`http://127.0.0.1:${String((server.address() as AddressInfo).port)}`);
  } finally {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  }
}

export async function bodyOf(request: IncomingMessage): Promise<Buffer> {
  const pieces: Buffer[] = [];
  for await (const piece of request as AsyncIterable<Buffer>) pieces.push(piece);
  return Buffer.concat(pieces);
}

export interface RawAnswer {
  readonly text: string;
  readonly bytes: Buffer;
  /** How the connection ended: `open` when `until` was seen first. */
  readonly end: 'open' | 'closed' | 'reset';
}

/** Sends bytes on a connection of their own and reads until it ends, or until something was seen. */
export async function rawRequest(url: string, bytes: string | Uint8Array, until?: RegExp): Promise<RawAnswer> {
  const { hostname, port } = new URL(url);
  const socket = connect({ host: hostname, port: Number(port) });
  const pieces: Buffer[] = [];
  let end: RawAnswer['end'] = 'open';
  await new Promise<void>((resolve) => {
    socket.on('connect', () => socket.write(bytes));
    socket.on('data', (piece) => {
      pieces.push(piece);
      if (until?.test(Buffer.concat(pieces).toString('latin1')) === true) resolve();
    });
    socket.on('end', () => {
      end = 'closed';
      resolve();
    });
    socket.on('error', () => {
      end = 'reset';
    });
    socket.on('close', () => resolve());
  });
  socket.destroy();
  const all = Buffer.concat(pieces);
  return { text: all.toString('latin1'), bytes: all, end };
}
