import { errorAnswer, type MockAnswer, type StreamAnswer } from '../../../engine/mock/answer.ts';
import type { MockEndpoint } from '../../../engine/mock/endpoint.ts';
import { createMockMemory } from '../../../engine/mock/memory.ts';
import type { MockRequestLine } from '../../../shared/mock.ts';
import { isOwnHost } from '../ownHost.ts';
import { answerRequest, askedFor } from './answerRequest.ts';
import { type Listeners, type MockAddress, openListeners } from './listeners.ts';
import { performAnswer } from './performAnswer.ts';
import { RequestLog, type LoggedRequest } from './requestLog.ts';
import { type ScheduleClock, systemClock } from './scheduleClock.ts';
import { sendWhole, withCommonHeaders } from './wholeAnswer.ts';
import type { AnswerWire } from './wire/answerWire.ts';
import type { ReceivedRequest } from './wire/receivedRequest.ts';

export interface MockServerOptions {
  /** Default: 127.0.0.2 on Linux, so that the mock is never of one origin or host with the window; else `localhost`. */
  readonly host?: string;
  /** The port wanted; the next free one is taken when it is in use. 0: any. Default 4010. */
  readonly port?: number;
  readonly clock?: ScheduleClock;
  /** Endpoints beyond those that are built in, asked for with every request; they come first. */
  readonly endpoints?: () => readonly MockEndpoint[];
  /** A request came in, went on or ended; called for every write. */
  readonly onChanged?: () => void;
}

export interface MockStatus {
  /** Null while the server does not listen. */
  readonly address: MockAddress | null;
  /** Streams being performed. */
  readonly active: number;
  /** Of those, the ones that wait for a client that does not read. */
  readonly paused: number;
  /** Streams sent to their end, or to the fault that was asked for. */
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
   * @param port in place of the one that was wanted so far
   */
  start(signal?: AbortSignal, port?: number): Promise<MockAddress>;
  /** Ends every stream and closes; resolves when the ports are free. Stopping what is stopped changes nothing. */
  stop(): Promise<void>;
  status(): MockStatus;
  /** The newest requests, newest first; 1,000 are kept. */
  requests(count: number): readonly MockRequestLine[];
  /** Number of the newest request, from 1; 0: none yet. */
  readonly newestRequest: number;
  /** The port that is asked for with every start. */
  readonly wantedPort: number;
  /** PEM of the authority behind the certificates, made when it is asked for. Rejects while the server does not listen. */
  authorityPem(): Promise<string>;
}

const mockPort = 4010;

/** The mock server: streams with known contents and timing, on this machine only. */
export function createMockServer(options: MockServerOptions = {}): MockServer {
  const host = options.host ?? (process.platform === 'linux' ? '127.0.0.2' : 'localhost');
  const clock = options.clock ?? systemClock;
  const changed = options.onChanged ?? (() => undefined);
  const more = options.endpoints ?? (() => []);
  const counts = { active: 0, paused: 0, served: 0, aborted: 0, sentBytes: 0 };
  const memory = createMockMemory(() => clock.nowMillis());
  const log = new RequestLog(changed);
  let wantedPort = options.port ?? mockPort;
  let running: { readonly listening: Promise<Listeners>; readonly stopped: AbortController } | null = null;
  let listeners: Listeners | null = null;

  const authorityPem = async (): Promise<string> => {
    if (listeners === null) throw new Error('the mock server does not listen');
    return (await listeners.certificates()).authorityPem;
  };

  async function serve(request: ReceivedRequest, wire: AnswerWire): Promise<void> {
    const asked = askedFor(request);
    const logged = log.add(request, asked.fault);
    try {
      const answer = withCommonHeaders(await answerOf(request, asked));
      wire.signal.throwIfAborted();
      logged.answered(answer.status);
      if (answer.kind === 'whole' || request.method === 'HEAD') await sendWhole(answer, wire);
      else await perform(answer, wire, logged);
      logged.ended('served');
    } catch (error) {
      logged.ended('left');
      // A client that left is an ordinary end of a stream; anything else is a bug of ours, and is said aloud.
      if (!wire.signal.aborted) process.emitWarning(error instanceof Error ? error : String(error));
      throw error;
    }
  }

  async function answerOf(request: ReceivedRequest, asked: ReturnType<typeof askedFor>): Promise<MockAnswer> {
    if (!isOwnHost(request.headers['host'])) {
      return errorAnswer(421, 'wrong-host', 'The mock server answers only to localhost and 127.x.x.x.');
    }
    try {
      return await answerRequest(request, asked, {
        more: more(),
        counts,
        memory,
        secure: { url: listeners?.address.secureUrl ?? null, certificates: listeners?.certificateUrls ?? {} },
        authorityPem,
      });
    } catch (error) {
      process.emitWarning(error instanceof Error ? error : String(error));
      return errorAnswer(500, 'internal', 'The mock server failed at this; it is a bug of Streamscope.');
    }
  }

  async function perform(answer: StreamAnswer, wire: AnswerWire, logged: LoggedRequest): Promise<void> {
    counts.active++;
    try {
      await performAnswer(answer, wire, clock, {
        sent: (bytes) => {
          counts.sentBytes += bytes;
          logged.sent(bytes);
        },
        paused: () => {
          counts.paused++;
          logged.paused();
        },
        resumed: () => {
          counts.paused--;
          logged.resumed();
        },
      });
      counts.served++;
    } catch (error) {
      counts.aborted++;
      throw error;
    } finally {
      counts.active--;
    }
  }

  async function open(opening: AbortSignal, own: () => boolean): Promise<Listeners> {
    try {
      listeners = await openListeners({ host, port: wantedPort, serve }, opening);
      return listeners;
    } catch (error) {
      if (own()) running = null;
      throw error;
    }
  }

  async function stop(): Promise<void> {
    if (running === null) return;
    const { stopped, listening } = running;
    running = null;
    listeners = null;
    stopped.abort();
    // What is still binding closes itself as soon as it has bound, and its start() rejects for its own caller.
    const opened = await listening.catch(() => null);
    await opened?.close();
  }

  return {
    stop,
    authorityPem,
    status: () => ({ address: listeners?.address ?? null, ...counts }),
    requests: (count) => log.lines(count),
    get wantedPort() {
      return wantedPort;
    },
    get newestRequest() {
      return log.newest;
    },
    start: async (signal, port) => {
      if (port !== undefined && port !== wantedPort) {
        await stop();
        wantedPort = port;
      }
      if (running === null) {
        const stopped = new AbortController();
        const opening = signal === undefined ? stopped.signal : AbortSignal.any([signal, stopped.signal]);
        running = { stopped, listening: open(opening, () => running?.stopped === stopped) };
      }
      return (await running.listening).address;
    },
  };
}
