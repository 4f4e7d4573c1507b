import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import { replayHead, type ReplayHead } from '../../../engine/recording/replay/replayHead.ts';
import { changesLength, replaySteps, withCorruption } from '../../../engine/recording/replay/replaySchedule.ts';
import type { HeaderList } from '../../../shared/request.ts';
import type { ReplayLogLine, ReplayOptions } from '../../../shared/replay.ts';
import { replaySpan } from '../../../shared/replay.ts';
import { listenOnFreePort } from '../listenOnFreePort.ts';
import { isOwnHost } from '../ownHost.ts';
import { performReplay } from './performReplay.ts';
import { fineClock, type ReplayClock } from './replayClock.ts';
import { answerFor, type ReplaySource, type ServedAnswer } from './replaySource.ts';
import { StepGate } from './stepGate.ts';

export interface ReplayServerOptions {
  readonly source: ReplaySource;
  readonly replay: ReplayOptions;
  /** Default: 127.0.0.2 on Linux, so that a replay is never of one origin or host with the window; else `localhost`. */
  readonly host?: string;
  /** The port wanted; the next free one is taken when it is in use. 0: any. Default 4020. */
  readonly port?: number;
  readonly clock?: ReplayClock;
  /** Something of the status changed; called for every write. */
  readonly onChanged?: () => void;
  readonly onLog?: (line: ReplayLogLine) => void;
}

export interface ReplayAddress {
  readonly host: string;
  readonly port: number;
  /** `http://host:port`, without a slash at the end. */
  readonly url: string;
  /** The port asked for; another than `port` when that one was in use. */
  readonly wantedPort: number;
}

export interface ReplayStatus {
  readonly activeClients: number;
  readonly served: number;
  readonly left: number;
  readonly sentBytes: number;
  readonly waitingForStep: number;
  /** The newest lines, at most 100. */
  readonly log: readonly ReplayLogLine[];
}

/** A recording as an endpoint of this machine. Every path and method is answered, each client at its own time. */
export interface ReplayServer {
  readonly address: ReplayAddress;
  /** How what is served differs from what was recorded, one sentence each. */
  readonly notes: readonly string[];
  status(): ReplayStatus;
  /** With speed `step`: lets every client that waits have its next chunk; answers how many that were. */
  step(): number;
  /** Ends every answer and closes; resolves when the port is free. */
  stop(): Promise<void>;
}

const replayPort = 4020;
const fallbackHost = 'localhost';
const keptLogLines = 100;
/** A closed connection whose client does not close is let go of after this long. */
const lingerMillis = 5_000;
/** Waiting for a client less than this is not worth a word. */
const toldLateMicros = 50_000;

/** Starts to serve. Rejects with the system's error where no port can be had, or when the signal aborts. */
export async function startReplayServer(options: ReplayServerOptions, signal: AbortSignal): Promise<ReplayServer> {
  const { source, replay } = options;
  const host = options.host ?? (process.platform === 'linux' ? '127.0.0.2' : fallbackHost);
  const wantedPort = options.port ?? replayPort;
  const clock = options.clock ?? fineClock;
  const changed = options.onChanged ?? (() => undefined);
  const gate = replay.speed === 'step' ? new StepGate(changed) : null;
  const stopped = new AbortController();
  const counts = { activeClients: 0, served: 0, left: 0, sentBytes: 0 };
  const log: ReplayLogLine[] = [];
  let clients = 0;

  const tell = (client: number, message: string): void => {
    const line = { at: Date.now(), client, message };
    log.push(line);
    if (log.length > keptLogLines) log.shift();
    options.onLog?.(line);
    changed();
  };

  async function serve(request: IncomingMessage, socket: Socket): Promise<void> {
    if (!request.complete) {
      request.resume();
      await once(request, 'end', { signal: stopped.signal });
    }
    const client = ++clients;
    const answer = answerFor(source, request.url ?? '/', request.headers);
    const at = source.answers.indexOf(answer);
    const which = at === 0 ? '' : `, resumed: answer ${String(at + 1)} of ${String(source.answers.length)}`;
    const path = (request.url ?? '/').split('?')[0]?.slice(0, 200) ?? '/';
    const left = new AbortController();
    const leave = (): void => left.abort();
    let sentBytes = 0;
    let latestMicros = 0;
    counts.activeClients++;
    tell(client, `${request.method ?? 'GET'} ${path}${which}`);
    socket.once('close', leave);
    const observer = {
      sent: (bytes: number) => {
        sentBytes += bytes;
        counts.sentBytes += bytes;
        changed();
      },
      heldUp: (micros: number) => {
        if (micros >= toldLateMicros && latestMicros === 0)
          tell(client, 'reads slowly: it gets what is due as it reads');
        latestMicros = Math.max(latestMicros, micros);
      },
    };
    try {
      const head = headFor(answer, replay, request);
      const isKept = await performReplay(
        {
          steps: replaySteps(answer, replay, source.faults, head.delimiter === 'chunked'),
          headText: head.text,
          delimiter: head.delimiter,
          keepsConnection: head.keepsConnection,
          trailers: answer.trailers,
          read: (from, length) => withCorruption(source.read(from, length), from, source.faults),
          clock,
          gate,
          observer,
        },
        socket,
        AbortSignal.any([left.signal, stopped.signal]),
      );
      counts.served++;
      const late =
        latestMicros < toldLateMicros ? '' : `, held up by its reading for up to ${replaySpan(round(latestMicros))}`;
      tell(client, `sent to the end: ${String(sentBytes)} bytes${late}`);
      if (!isKept) lingerBriefly(socket);
    } catch (error) {
      if (!left.signal.aborted && !stopped.signal.aborted) throw error;
      counts.left++;
      tell(client, `left after ${String(sentBytes)} bytes`);
    } finally {
      socket.removeListener('close', leave);
      counts.activeClients--;
      changed();
    }
  }

  const queues = new WeakMap<Socket, Promise<void>>();
  const server = createServer({ noDelay: true, requestTimeout: 0 }, (request, response) => {
    const { socket } = request;
    if (!isOwnHost(request.headers.host)) {
      refuseHost(response);
      return;
    }
    // One answer after another on a connection, as HTTP/1.1 has it.
    const before = queues.get(socket) ?? Promise.resolve();
    const next = before.then(async () => {
      if (socket.destroyed || socket.writableEnded) return;
      await serve(request, socket);
    });
    const settled = next.catch((error: unknown) => {
      // The client went away while its request was read, or this is a fault of ours: said aloud, the others go on.
      if (socket.destroyed || stopped.signal.aborted) return;
      process.emitWarning(error instanceof Error ? error : String(error));
      socket.destroy();
    });
    queues.set(socket, settled);
  });
  server.on('clientError', (_error, socket) => socket.destroy());

  const bound = await listenOnFreePort(server, { host, fallbackHost, port: wantedPort }, signal).catch(
    async (error: unknown) => {
      await close(server);
      throw error;
    },
  );
  const urlHost = bound.host.includes(':') ? `[${bound.host}]` : bound.host;
  return {
    address: { ...bound, url: `http://${urlHost}:${String(bound.port)}`, wantedPort },
    notes: notesOf(source, replay),
    status: () => ({ ...counts, waitingForStep: gate?.waiting ?? 0, log: [...log] }),
    step: () => gate?.step() ?? 0,
    stop: async () => {
      stopped.abort();
      await close(server);
    },
  };
}

function round(micros: number): number {
  return micros >= 1_000_000 ? Math.round(micros / 100_000) * 100_000 : Math.round(micros / 1_000) * 1_000;
}

function lingerBriefly(socket: Socket): void {
  if (socket.destroyed) return;
  const timer = setTimeout(() => socket.destroy(), lingerMillis);
  socket.once('close', () => clearTimeout(timer));
}

/** A page that a browser shows must not run what a stream carries. */
const documentPolicy: HeaderList = [['Content-Security-Policy', 'sandbox']];

function headFor(answer: ServedAnswer, replay: ReplayOptions, request: IncomingMessage): ReplayHead {
  if (answer.head === null) return { text: '', delimiter: 'close', keepsConnection: false, notes: [] };
  const isDocument = ['document', 'iframe', 'frame', 'embed', 'object'].includes(
    request.headers['sec-fetch-dest'] ?? '',
  );
  return replayHead(answer.head, {
    changesLength: changesLength(replay),
    isHeadRequest: request.method === 'HEAD',
    added: isDocument ? documentPolicy : [],
  });
}

function notesOf(source: ReplaySource, replay: ReplayOptions): readonly string[] {
  const [first] = source.answers;
  const notes = new Set<string>();
  if (!first.timesKnown) notes.add('The times of this recording are unknown: everything is sent at once.');
  if (source.answers.length > 1) {
    notes.add(
      `It was recorded over ${String(source.answers.length)} connections: a request that resumes as the recorded ones did gets what they got.`,
    );
  }
  const isCut = source.faults.some(({ kind }) => kind === 'cut' || kind === 'reset');
  for (const answer of source.answers) {
    if (answer.head !== null) {
      const head = { changesLength: changesLength(replay), isHeadRequest: false, added: [] };
      for (const note of replayHead(answer.head, head).notes) notes.add(note);
    }
    if (!isCut) for (const note of endNotes(answer, replay, source)) notes.add(note);
  }
  return [...notes];
}

function endNotes(answer: ServedAnswer, replay: ReplayOptions, source: ReplaySource): readonly string[] {
  if (replay.passes === null) return [];
  // An answer without chunks ends at once: only its last step tells how.
  const ends = replaySteps({ ...answer, endChunk: answer.firstChunk }, { ...replay, passes: 1 }, source.faults, true);
  return [...ends].flatMap((step) => (step.kind === 'end' && step.end.note !== null ? [step.end.note] : []));
}

function refuseHost(response: ServerResponse): void {
  response.writeHead(421, { 'Content-Type': 'text/plain; charset=utf-8', Connection: 'close' });
  response.end('A replay answers only to localhost and 127.x.x.x.\n');
}

async function close(server: Server): Promise<void> {
  await new Promise<void>((resolve) => {
    server.close(() => resolve());
    server.closeAllConnections();
  });
}
