import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { errorAnswer, jsonAnswer, type MockAnswer } from '../../../engine/mock/answer.ts';
import { endpointList, findEndpoint, mockEndpoints, notFound } from '../../../engine/mock/endpoints.ts';
import { createMockMemory, type MockMemory } from '../../../engine/mock/memory.ts';
import { indexPage } from './indexPage.ts';
import { listenOnFreePort } from '../listenOnFreePort.ts';
import { performScript } from './performScript.ts';
import { readRequestBody, requestBodyLimit } from './requestBody.ts';
import { type ScheduleClock, systemClock } from './scheduleClock.ts';

export interface MockServerOptions {
  /** Default: 127.0.0.2 on Linux, so that the mock is never of one origin or host with the window; else `localhost`. */
  readonly host?: string;
  /** The port wanted; the next free one is taken when it is in use. 0: any. Default 4010. */
  readonly port?: number;
  readonly clock?: ScheduleClock;
}

export interface MockAddress {
  readonly host: string;
  readonly port: number;
  /** `http://host:port`, without a slash at the end. */
  readonly url: string;
  /** The port asked for; another than `port` when that one was in use. */
  readonly wantedPort: number;
}

export interface MockStatus {
  /** Null while the server does not listen. */
  readonly address: MockAddress | null;
  /** Streams being performed. */
  readonly active: number;
  /** Of those, the ones that wait for a client that does not read. */
  readonly paused: number;
  /** Streams sent to their end. */
  readonly served: number;
  /** Streams whose client left, or that were ended by `stop`. */
  readonly aborted: number;
  /** Body bytes of all streams handed to connections. */
  readonly sentBytes: number;
}

export interface MockServer {
  /**
   * Listens. Rejects with the system's error where no port can be had, or when the signal aborts.
   * While it listens, or is about to, answers with the same address again.
   */
  start(signal?: AbortSignal): Promise<MockAddress>;
  /** Ends every stream and closes; resolves when the port is free. Stopping what is stopped changes nothing. */
  stop(): Promise<void>;
  status(): MockStatus;
}

const mockPort = 4010;
const fallbackHost = 'localhost';

/** The mock server: streams with known contents and timing, on this machine only. */
export function createMockServer(options: MockServerOptions = {}): MockServer {
  const host = options.host ?? (process.platform === 'linux' ? '127.0.0.2' : fallbackHost);
  const wantedPort = options.port ?? mockPort;
  const clock = options.clock ?? systemClock;
  const counts = { active: 0, paused: 0, served: 0, aborted: 0, sentBytes: 0 };
  let running: {
    readonly server: Server;
    readonly listening: Promise<MockAddress>;
    readonly stopped: AbortController;
  } | null = null;
  let address: MockAddress | null = null;
  const memory = createMockMemory(() => clock.nowMillis());

  const status = (): MockStatus => ({ address, ...counts });

  async function serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const answer = await answerTo(request, status, memory);
    // Left while we were reading: `close` has been told already and would never come to stop the performance.
    if (response.destroyed) return;
    const headers = Object.fromEntries([...commonHeaders, ...answer.headers]);
    if (answer.kind === 'whole') {
      const length = answer.status === 204 ? {} : { 'Content-Length': Buffer.byteLength(answer.text) };
      response.writeHead(answer.status, { ...headers, ...length });
      response.end(answer.text);
      return;
    }
    response.writeHead(answer.status, headers);
    if (request.method === 'HEAD') {
      response.end();
      return;
    }
    // The head goes out before the first wait: when a server begins to answer is a measurement of its own.
    response.flushHeaders();
    await perform(answer.steps, response);
  }

  async function perform(
    steps: Extract<MockAnswer, { kind: 'stream' }>['steps'],
    response: ServerResponse,
  ): Promise<void> {
    const left = new AbortController();
    counts.active++;
    const closed = new Promise<void>((resolve) => {
      response.once('close', () => {
        counts.active--;
        if (response.writableFinished) counts.served++;
        else counts.aborted++;
        left.abort();
        resolve();
      });
    });
    const observer = {
      sent: (bytes: number) => {
        counts.sentBytes += bytes;
      },
      paused: () => {
        counts.paused++;
      },
      resumed: () => {
        counts.paused--;
      },
    };
    try {
      await performScript(steps, response, clock, observer, left.signal);
    } catch (error) {
      // A client that left is an ordinary end of a stream; anything else is a fault of ours.
      if (!left.signal.aborted) throw error;
    }
    await closed;
  }

  async function open(server: Server, signal: AbortSignal): Promise<MockAddress> {
    try {
      const bound = await listenOnFreePort(server, { host, fallbackHost, port: wantedPort }, signal);
      signal.throwIfAborted();
      const urlHost = bound.host.includes(':') ? `[${bound.host}]` : bound.host;
      address = { ...bound, url: `http://${urlHost}:${bound.port}`, wantedPort };
      return address;
    } catch (error) {
      if (running?.server === server) running = null;
      await close(server);
      throw error;
    }
  }

  return {
    status,
    start: (signal) => {
      if (running !== null) return running.listening;
      const server = createServer({ noDelay: true }, (request, response) => {
        serve(request, response).catch((error: unknown) => fail(response, error));
      });
      const stopped = new AbortController();
      const opening = signal === undefined ? stopped.signal : AbortSignal.any([signal, stopped.signal]);
      running = { server, stopped, listening: open(server, opening) };
      return running.listening;
    },
    stop: async () => {
      if (running === null) return;
      const { server, stopped, listening } = running;
      running = null;
      address = null;
      stopped.abort();
      // A server that is still binding cannot be closed; it closes itself as soon as it has bound, and its start()
      // rejects for its own caller.
      const opened = await listening.then(
        () => true,
        () => false,
      );
      if (opened) await close(server);
    },
  };
}

/** Every stream ends with its connection: performing stops where the response closes. */
async function close(server: Server): Promise<void> {
  await new Promise<void>((resolve) => {
    server.close(() => resolve());
    server.closeAllConnections();
  });
}

/** Of every answer: nothing here is ever a document with rights, whatever a stream carries. */
const commonHeaders = [
  ['Content-Security-Policy', "sandbox; default-src 'none'; style-src 'unsafe-inline'"],
  ['X-Content-Type-Options', 'nosniff'],
] as const;

async function answerTo(request: IncomingMessage, status: () => MockStatus, memory: MockMemory): Promise<MockAnswer> {
  const method = request.method ?? 'GET';
  // Not through URL: a request target such as `//` is a path here, and none that it can parse.
  const [path = '/', ...rest] = (request.url ?? '/').split('?');
  const reads = method === 'GET' || method === 'HEAD';
  if (reads && path === '/') return indexAnswer(request.headers.accept ?? '');
  if (reads && path === '/health') {
    const { address: _address, ...counts } = status();
    return jsonAnswer(200, { status: 'ok', ...counts }, [['Cache-Control', 'no-store']]);
  }
  const found = findEndpoint(method, path);
  if (found === undefined) return notFound(method, path);
  const body = await readRequestBody(request);
  if (body === null) {
    const message = `The request body is longer than ${requestBodyLimit} bytes, which is all that is looked at here.`;
    return errorAnswer(413, 'body-too-large', message);
  }
  const lastEventId = request.headers['last-event-id'];
  return found.endpoint.answer({
    method,
    path,
    parameters: found.parameters,
    headers: Object.fromEntries(
      Object.entries(request.headers).map(([name, value]) => [
        name,
        Array.isArray(value) ? value.join(', ') : (value ?? ''),
      ]),
    ),
    query: new URLSearchParams(rest.join('?')),
    authorization: request.headers.authorization ?? null,
    lastEventId: typeof lastEventId === 'string' ? lastEventId : null,
    body,
    memory,
  });
}

function indexAnswer(accept: string): MockAnswer {
  const vary = ['Vary', 'Accept'] as const;
  if (!/\btext\/html\b/i.test(accept)) {
    const list = endpointList();
    return { ...list, headers: [...list.headers, vary] };
  }
  const type = ['Content-Type', 'text/html; charset=utf-8'] as const;
  return { kind: 'whole', status: 200, headers: [type, vary], text: indexPage(mockEndpoints) };
}

/** The client left while its request was read, or we have a bug: that is said aloud, and the other streams go on. */
function fail(response: ServerResponse, error: unknown): void {
  const clientLeft = error instanceof Error && 'code' in error && error.code === 'ECONNRESET';
  if (!clientLeft) process.emitWarning(error instanceof Error ? error : String(error));
  if (clientLeft || response.headersSent) {
    response.destroy();
    return;
  }
  const { status, text } = errorAnswer(500, 'internal', 'The mock server failed at this; it is a bug of Streamscope.');
  response.writeHead(status, { 'Content-Type': 'application/json' });
  response.end(text);
}
