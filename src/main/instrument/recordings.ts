import { isUtf8 } from 'node:buffer';
import { statfs } from 'node:fs/promises';
import type { Variables } from '../../engine/request/variables.ts';
import type { Limits } from '../../shared/limits.ts';
import { FailureError, type Failure } from '../../shared/failure.ts';
import type { RecordingSummary } from '../../shared/recording.ts';
import type { ProxiedFacts } from '../../shared/proxy.ts';
import type { RequestSpec } from '../../shared/request.ts';
import type { RecordingId } from '../../shared/words.ts';
import { byteCount } from '../capture/endings.ts';
import { startExchangeClock } from '../capture/exchangeClock.ts';
import { openCapture } from '../capture/openCapture.ts';
import type { ExchangeClock } from '../capture/sink.ts';
import type { Library } from '../store/recordingStore.ts';
import { countsOf, firstSummary, recordingProgress, summaryOfOpened } from './detail.ts';
import type { EventHub } from './eventHub.ts';
import { EventLoopWatch } from './eventLoopWatch.ts';
import { LiveRecording } from './liveRecording.ts';
import type { FramingChoice } from './framingChoice.ts';
import type { OpenedRecording } from './openedRecording.ts';
import { OpenedRecordings } from './openedRecordings.ts';
import { firstFacts, type PartOfRunSet, type RecordingStart } from './recordingStart.ts';
import { StoredRecording } from './storedRecording.ts';

const libraryLineMillis = 1_000;
const diskCheckMillis = 1_000;

interface Live {
  readonly recording: LiveRecording;
  /** Resolves when the ending is on the disk. */
  readonly saved: Promise<void>;
  stopWatching(): void;
}

/** All recordings of one engine: the live ones, those opened for questions, and the library behind them. */
export class Recordings {
  readonly #library: Library;
  readonly #hub: EventHub;
  readonly #limits: Limits;
  readonly #userAgent: string;
  readonly #live = new Map<RecordingId, Live>();
  readonly #opened = new OpenedRecordings();
  readonly #watch = new EventLoopWatch();
  readonly #lineTimer: NodeJS.Timeout;
  readonly #diskTimer: NodeJS.Timeout;

  /** @param userAgent how requests of ours name themselves, unless they say otherwise */
  constructor(library: Library, hub: EventHub, limits: Limits, userAgent: string) {
    this.#userAgent = userAgent;
    this.#library = library;
    this.#hub = hub;
    this.#limits = limits;
    this.#lineTimer = setInterval(() => {
      this.#orReport(() => {
        this.#announceLines();
      });
    }, libraryLineMillis);
    this.#diskTimer = setInterval(() => {
      if (this.#live.size > 0) this.#checkDisk().catch(reportProblem);
    }, diskCheckMillis);
    this.#lineTimer.unref();
    this.#diskTimer.unref();
  }

  get liveCount(): number {
    return this.#live.size;
  }

  list(): readonly RecordingSummary[] {
    return this.#library.list().map((line) => {
      const live = this.#live.get(line.id);
      return live === undefined ? line : this.#library.told(summaryOfOpened(live.recording));
    });
  }

  /** A recording's line as it is now. */
  told(id: RecordingId): RecordingSummary | undefined {
    const live = this.#live.get(id);
    return live === undefined ? this.#library.summary(id) : this.#library.told(summaryOfOpened(live.recording));
  }

  /** Whether it is live here, or was asked about lately. */
  isOpen(id: RecordingId): boolean {
    return this.#live.has(id) || this.#opened.has(id);
  }

  /** Lets go of recordings that were removed. */
  forget(ids: readonly RecordingId[]): void {
    for (const id of ids) this.#opened.take(id)?.close();
  }

  /**
   * Sends a request. Its recording exists when this returns, whatever the network does then.
   * @param choice how the user wants the answer framed; its path was checked
   * @param variables put in where the request says `{{name}}`, on its way out only
   * @param part the run set that it is a run of, if any
   * @param source `replay` for a request to a replay of ours
   */
  open(
    request: RequestSpec,
    choice: FramingChoice,
    variables: Variables = new Map(),
    part?: PartOfRunSet,
    source: 'request' | 'replay' = 'request',
  ): RecordingId {
    let clock = startExchangeClock();
    const recording = this.#begin({
      request,
      choice,
      source,
      clock: { startedAt: clock.startedAt, now: () => clock.now() },
      sample: false,
      ...(part === undefined ? {} : { part }),
    });
    try {
      // t0 is when the request goes to the transport, not when its recording was laid out on the disk.
      clock = startExchangeClock();
      recording.began(clock.startedAt);
      const opened = openCapture(request, recording, {
        clock,
        limits: this.#limits,
        userAgent: this.#userAgent,
        variables,
      });
      if (!opened.ok) throw new FailureError(opened.failure);
      recording.attach(opened.value);
    } catch (error) {
      this.#discard(recording.id);
      throw error;
    }
    return recording.id;
  }

  /** A recording that an import fills through the sink it is. */
  beginImport(name: string, sample: boolean): LiveRecording {
    const clock = startExchangeClock();
    return this.#begin({
      request: null,
      choice: { framing: null },
      source: 'import',
      clock,
      sample,
      importedFrom: name,
    });
  }

  /**
   * A recording of an exchange through the proxy, fed by whoever carries it.
   * @param onSaved its ending is kept, or could not be
   * @throws FailureError when it cannot be laid out on the disk
   */
  beginProxied(
    request: RequestSpec,
    proxied: ProxiedFacts,
    clock: ExchangeClock,
    onSaved: (failure: Failure | null) => void,
  ): LiveRecording {
    const choice = { framing: null };
    return this.#begin({ request, choice, source: 'proxy', clock, sample: false, proxied }, onSaved);
  }

  /** Removes a recording that never came to hold anything. */
  #discard(id: RecordingId): void {
    const live = this.#live.get(id);
    this.#live.delete(id);
    live?.stopWatching();
    live?.recording.close();
    this.#library.remove(id);
    this.#hub.emit('library.changed', { id, summary: null });
  }

  #begin(start: RecordingStart, onSaved?: (failure: Failure | null) => void): LiveRecording {
    const facts = firstFacts(start);
    const summary = firstSummary(facts, start.sample);
    const created = this.#library.create(facts, summary);
    if (!created.ok) throw new FailureError(created.failure);
    const { promise: saved, resolve: nowSaved } = withResolvers();
    const delay = this.#watch.watch();
    const advanced = this.#hub.announcer('recording.advanced', () => advancedEvent(recording));
    const recording: LiveRecording = new LiveRecording({
      facts,
      writer: created.value,
      limits: this.#limits,
      sample: start.sample,
      isUtf8,
      clock: () => start.clock.now(),
      uncertaintyMicros: () => delay.largest(),
      onAdvanced: advanced,
      onEnded: () => {
        start.part?.onEnded(recording);
      },
      onSaved: (failure) => {
        delay.stop();
        this.#ended(recording, failure);
        nowSaved();
        start.part?.onSaved();
        onSaved?.(failure);
      },
    });
    this.#live.set(facts.id, {
      recording,
      saved,
      stopWatching: () => {
        delay.stop();
      },
    });
    this.#hub.emit('library.changed', { id: facts.id, summary });
    return recording;
  }

  #ended(recording: LiveRecording, failure: Failure | null): void {
    const summary = summaryOfOpened(recording);
    if (this.#live.delete(recording.id)) this.#opened.keep(recording);
    if (failure === null) {
      this.#orReport(() => {
        this.#library.saveSummary(summary);
      });
    }
    this.#hub.flush();
    this.#hub.emit('library.changed', { id: recording.id, summary: this.#library.told(summary) });
  }

  /** The live recording of that id, if it is one. */
  live(id: RecordingId): LiveRecording | undefined {
    return this.#live.get(id)?.recording;
  }

  /** Resolves when a recording has ended and its ending is on the disk; at once when it is not live. */
  async settled(id: RecordingId): Promise<void> {
    await this.#live.get(id)?.saved;
  }

  /** Stops a live recording and waits until its ending is kept; false when it was not live. */
  async stop(id: RecordingId): Promise<boolean> {
    const live = this.#live.get(id);
    if (live === undefined) return false;
    live.recording.stop({ by: 'user' });
    await live.saved;
    return true;
  }

  /** Opens a recording for questions. @throws FailureError when it is not there or cannot be read. */
  get(id: RecordingId): OpenedRecording {
    const live = this.#live.get(id);
    if (live !== undefined) return live.recording;
    const known = this.#opened.get(id);
    if (known !== undefined) return known;
    const opened: StoredRecording = new StoredRecording({
      id,
      library: this.#library,
      limits: this.#limits,
      isUtf8,
      onAdvanced: this.#hub.announcer('recording.advanced', () => advancedEvent(opened)),
      onAnalysed: () => {
        this.#lineChanged(opened);
      },
    });
    this.#opened.keep(opened);
    return opened;
  }

  /** Frames a recording anew. A live one is framed anew from what it kept so far and goes on so. */
  reframe(id: RecordingId, choice: FramingChoice): void {
    const recording = this.get(id);
    if (recording instanceof LiveRecording) {
      if (recording.state === 'live') {
        recording.reframe(choice);
        return;
      }
      if (this.#live.has(id)) {
        throw new FailureError({
          code: 'recording/still-live',
          message: 'The ending of this recording is being written. Choose the framing again in a moment.',
          retry: true,
        });
      }
      this.#opened.take(id)?.close();
      this.reframe(id, choice);
      return;
    }
    if (recording instanceof StoredRecording) recording.reframe(choice);
  }

  #lineChanged(recording: OpenedRecording): void {
    const summary = summaryOfOpened(recording);
    this.#orReport(() => {
      this.#library.saveSummary(summary);
    });
    this.#hub.emit('library.changed', { id: recording.id, summary: this.#library.told(summary) });
  }

  /** The library is a cache of lines: trouble with it is told, and ends no stream. */
  #orReport(act: () => void): void {
    try {
      act();
    } catch (error) {
      reportProblem(error);
    }
  }

  #announceLines(): void {
    for (const { recording } of this.#live.values()) {
      recording.refreshDetail();
      this.#hub.emit('library.changed', {
        id: recording.id,
        summary: this.#library.told(summaryOfOpened(recording)),
      });
    }
    for (const change of this.#library.pollForeignChanges()) {
      if (!this.#live.has(change.id)) this.#hub.emit('library.changed', change);
    }
  }

  async #checkDisk(): Promise<void> {
    const disk = await statfs(this.#library.folder);
    const freeBytes = disk.bavail * disk.bsize;
    if (freeBytes >= this.#limits.freeDiskBytes) return;
    for (const { recording } of this.#live.values()) {
      recording.stop({
        by: 'disk',
        message: `less than ${byteCount(this.#limits.freeDiskBytes)} of the disk are free.`,
      });
    }
  }

  /** Ends everything live as stopped, waits until it is kept, closes everything. */
  async close(): Promise<void> {
    clearInterval(this.#lineTimer);
    clearInterval(this.#diskTimer);
    const live = [...this.#live.values()];
    for (const { recording } of live) recording.stop({ by: 'user' });
    await Promise.all(live.map(({ saved }) => saved));
    this.#opened.close();
    await this.#library.close();
  }
}

function advancedEvent(recording: OpenedRecording) {
  return {
    id: recording.id,
    counts: countsOf(recording),
    lastChunkMicros: recording.facts().timesKnown ? recording.analysis.arrivals.lastChunkMicros : null,
    nowMicros: recording.nowMicros(),
    live: recording.state === 'live',
    analysisProgress: recording.analysisProgress,
    progress: recordingProgress(recording),
    revision: recording.revision,
  };
}

function reportProblem(error: unknown): void {
  process.stderr.write(`streamscope: ${error instanceof Error ? error.message : String(error)}\n`);
}

function withResolvers(): { readonly promise: Promise<void>; readonly resolve: () => void } {
  let resolve = (): void => undefined;
  const promise = new Promise<void>((settle) => {
    resolve = settle;
  });
  return { promise, resolve };
}
