import { randomUUID } from 'node:crypto';
import { FailureError } from '../../shared/failure.ts';
import type { ReplayDescription, ReplayId, ReplayLogLine, ReplayOptions } from '../../shared/replay.ts';
import { defaultRequestOptions, type RequestSpec } from '../../shared/request.ts';
import type { RecordingId } from '../../shared/words.ts';
import { startReplayServer, type ReplayServer } from '../servers/replay/replayServer.ts';
import type { Library, RecordingReader } from '../store/recordingStore.ts';
import { summaryOfOpened } from './detail.ts';
import type { EventHub } from './eventHub.ts';
import type { OpenedRecording } from './openedRecording.ts';
import type { Recordings } from './recordings.ts';
import { byteFaults, replaySource } from './replaySource.ts';

/** How many recordings may be served at once: each takes a port and an open file. */
const replaysAtMost = 32;

interface RunningReplay {
  readonly replayId: ReplayId;
  readonly recordingId: RecordingId;
  readonly name: string;
  readonly path: string;
  readonly method: string;
  readonly options: ReplayOptions;
  readonly server: ReplayServer;
  readonly reader: RecordingReader;
}

export interface ReplayStart {
  readonly id: RecordingId;
  readonly options: ReplayOptions;
  /** The port wanted; 0: any. Absent: as the server says. */
  readonly port?: number;
  readonly onLog?: (line: ReplayLogLine) => void;
}

/** Recordings that are served as endpoints of this machine. */
export class Replays {
  readonly #running = new Map<ReplayId, RunningReplay>();
  readonly #library: Library;
  readonly #recordings: Recordings;
  readonly #hub: EventHub;
  #starting = 0;

  constructor(library: Library, recordings: Recordings, hub: EventHub) {
    this.#library = library;
    this.#recordings = recordings;
    this.#hub = hub;
  }

  /**
   * Serves a recording; answers once it can be asked.
   * @throws FailureError when it is still live, has no answer, or a fault does not fit it, or no port can be had
   */
  async start({ id, options, port, onLog }: ReplayStart, signal: AbortSignal): Promise<ReplayDescription> {
    if (this.#running.size + this.#starting >= replaysAtMost) {
      const message = `${String(replaysAtMost)} recordings are being replayed already. Stop one of them first.`;
      throw new FailureError({ code: 'replay/too-many', message });
    }
    this.#starting++;
    try {
      return await this.#start(
        { id, options, ...(port === undefined ? {} : { port }), ...(onLog && { onLog }) },
        signal,
      );
    } finally {
      this.#starting--;
    }
  }

  async #start({ id, options, port, onLog }: ReplayStart, signal: AbortSignal): Promise<ReplayDescription> {
    const recording = this.#recordings.get(id);
    if (this.#recordings.live(id) !== undefined) {
      const message = 'This recording is still live. It can be replayed once it has ended.';
      throw new FailureError({ code: 'recording/still-live', message, retry: true });
    }
    // Only faults at frames ask where frames are.
    if (options.faults.some((fault) => 'afterFrames' in fault || 'frame' in fault)) {
      await this.#analysed(recording, signal);
    }
    const faults = byteFaults(recording, options.faults);
    const { request } = recording.facts();
    const { name } = this.#library.summary(id) ?? summaryOfOpened(recording);
    const opened = this.#library.open(id);
    if (!opened.ok) throw new FailureError(opened.failure);
    const reader = opened.value;
    const replayId = randomUUID();
    try {
      const source = replaySource(reader, faults);
      const server = await startReplayServer(
        {
          source,
          replay: options,
          ...(port === undefined ? {} : { port }),
          ...(onLog === undefined ? {} : { onLog }),
          onChanged: this.#hub.announcer('replay.changed', () => ({ replayId })),
        },
        signal,
      );
      const running = {
        replayId,
        recordingId: id,
        name,
        path: request === null ? '/' : pathOf(request.url),
        method: request?.method ?? 'GET',
        options,
        server,
        reader,
      };
      this.#running.set(replayId, running);
    } catch (error) {
      reader.close();
      if (!(error instanceof Error && 'syscall' in error)) throw error;
      throw new FailureError({
        code: 'replay/no-port',
        message: `No port could be had for the replay: ${error.message}.`,
      });
    }
    this.#hub.emit('replay.changed', { replayId });
    return this.#described(replayId);
  }

  list(): readonly ReplayDescription[] {
    return [...this.#running.keys()].map((replayId) => this.#described(replayId));
  }

  /** The next chunk for every client that waits; answers how many those were. @throws FailureError when it does not run */
  step(replayId: ReplayId): number {
    return this.#find(replayId).server.step();
  }

  /** Asks a replay for its stream, as a recording of its own. @throws FailureError when it does not run */
  open(replayId: ReplayId): RecordingId {
    const { recordingId, method } = this.#find(replayId);
    const { framingOverride, jsonPathOverride, dialectOverride } = this.#recordings.get(recordingId).facts();
    const request: RequestSpec = {
      method,
      url: this.#described(replayId).url,
      headers: [],
      body: { kind: 'none' },
      auth: { kind: 'none' },
      options: { ...defaultRequestOptions, httpVersion: '1.1', followRedirects: false, proxy: { kind: 'none' } },
    };
    const choice = { framing: framingOverride, jsonPath: jsonPathOverride, dialect: dialectOverride };
    return this.#recordings.open(request, choice, new Map(), undefined, 'replay');
  }

  /** Stopping what does not run changes nothing. */
  async stop(replayId: ReplayId): Promise<boolean> {
    const running = this.#running.get(replayId);
    if (running === undefined) return false;
    this.#running.delete(replayId);
    await running.server.stop();
    running.reader.close();
    this.#hub.emit('replay.changed', { replayId });
    return true;
  }

  async close(): Promise<void> {
    await Promise.all([...this.#running.keys()].map((replayId) => this.stop(replayId)));
  }

  #described(replayId: ReplayId): ReplayDescription {
    const { server, recordingId, name, path, method, options } = this.#find(replayId);
    const { address, notes } = server;
    const isOther = address.port !== address.wantedPort && address.wantedPort !== 0;
    const taken = `Port ${String(address.wantedPort)} is taken, so it is ${String(address.port)}.`;
    return {
      replayId,
      recordingId,
      name,
      url: address.url + path,
      method,
      options,
      notes: isOther ? [taken, ...notes] : notes,
      ...server.status(),
    };
  }

  #find(replayId: ReplayId): RunningReplay {
    const running = this.#running.get(replayId);
    if (running !== undefined) return running;
    throw new FailureError({
      code: 'replay/not-running',
      message: 'This replay does not run any more. Start it again.',
    });
  }

  /** Resolves when all frames of a recording are known. */
  async #analysed(recording: OpenedRecording, signal: AbortSignal): Promise<void> {
    if (recording.analysisProgress === null) return;
    await new Promise<void>((resolve, reject) => {
      const settle = (): void => {
        unsubscribe();
        signal.removeEventListener('abort', leave);
      };
      const leave = (): void => {
        settle();
        reject(signal.reason instanceof Error ? signal.reason : new Error('cancelled'));
      };
      const unsubscribe = this.#hub.subscribe('recording.advanced', ({ id, analysisProgress }) => {
        if (id !== recording.id || analysisProgress !== null) return;
        settle();
        resolve();
      });
      signal.addEventListener('abort', leave, { once: true });
    });
  }
}

/** The path of an address; its parameters may hold secrets, and every path is answered anyway. */
function pathOf(url: string): string {
  return URL.canParse(url) ? new URL(url).pathname : '/';
}
