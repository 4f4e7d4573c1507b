import { compileFilter } from '../../engine/recording/filterExpression.ts';
import { FilterRun, type FilterSource } from '../../engine/recording/filterRun.ts';
import { payloadOf } from '../../engine/framing/describe.ts';
import { FailureError } from '../../shared/failure.ts';
import type { Limits } from '../../shared/limits.ts';
import type { RecordingId } from '../../shared/words.ts';
import type { SessionId } from '../rpc/handlers.ts';
import type { Assembly } from '../../engine/dialects/assemble.ts';
import type { EventHub } from './eventHub.ts';
import { messageAtHand, messageReader } from './messages.ts';
import { framingOf, type OpenedRecording } from './openedRecording.ts';
import { sharedReads } from './queries.ts';

const sliceMillis = 8;

interface OpenFilter {
  readonly id: RecordingId;
  readonly session: SessionId;
  readonly expression: string;
  run: FilterRun;
  /** The analysis the run belongs to: with another framing it starts anew. */
  analysis: OpenedRecording['analysis'];
  /** The message that was asked what frames say: with another one the run starts anew. */
  message: Assembly | null;
  scheduled: boolean;
}

/** The filters that windows have open. Each works in slices and goes on when its recording grows. */
export class Filters {
  readonly #filters = new Map<string, OpenFilter>();
  readonly #get: (id: RecordingId) => OpenedRecording;
  readonly #hub: EventHub;
  readonly #limits: Limits;
  /** Set while any filter is open: what moves on is told only where somebody listens. */
  #unsubscribe: (() => void) | null = null;
  #next = 1;

  /** @param get opens a recording for questions */
  constructor(get: (id: RecordingId) => OpenedRecording, hub: EventHub, limits: Limits) {
    this.#get = get;
    this.#hub = hub;
    this.#limits = limits;
  }

  /** @throws FailureError `filter/invalid` with the place of the fault */
  open(id: RecordingId, expression: string, session: SessionId): string {
    const recording = this.#get(id);
    const filterId = `filter-${String(this.#next++)}`;
    const filter: OpenFilter = {
      id,
      session,
      expression,
      run: newRun(expression),
      analysis: recording.analysis,
      message: null,
      scheduled: false,
    };
    this.#filters.set(filterId, filter);
    this.#listen();
    this.#schedule(filterId, filter);
    return filterId;
  }

  /** The run of an open filter on that recording. @throws FailureError when there is none. */
  run(filterId: string, id: RecordingId): FilterRun {
    const filter = this.#filters.get(filterId);
    if (filter?.id !== id) {
      throw new FailureError({
        code: 'call/invalid-input',
        message: 'This filter is not open any more: set it again.',
        retry: true,
      });
    }
    const recording = this.#get(id);
    if (recording.analysis === filter.analysis) {
      filter.run.regardFlagChanges(this.#source(recording, filter.message));
    }
    return filter.run;
  }

  close(filterId: string): void {
    this.#filters.delete(filterId);
    this.#listen();
  }

  closeSession(session: SessionId): void {
    for (const [filterId, filter] of this.#filters) if (filter.session === session) this.#filters.delete(filterId);
    this.#listen();
  }

  dispose(): void {
    this.#filters.clear();
    this.#listen();
  }

  #listen(): void {
    if (this.#filters.size === 0) {
      this.#unsubscribe?.();
      this.#unsubscribe = null;
      return;
    }
    this.#unsubscribe ??= this.#hub.subscribe('recording.advanced', ({ id }) => {
      for (const [filterId, filter] of this.#filters) if (filter.id === id) this.#schedule(filterId, filter);
    });
  }

  #schedule(filterId: string, filter: OpenFilter): void {
    if (filter.scheduled) return;
    filter.scheduled = true;
    setImmediate(() => {
      filter.scheduled = false;
      if (this.#filters.has(filterId)) this.#advanceUnlessDamaged(filterId, filter);
    });
  }

  /** A filter over a recording that went or is damaged ends with what it found. */
  #advanceUnlessDamaged(filterId: string, filter: OpenFilter): void {
    try {
      this.#advance(filterId, filter);
    } catch (error) {
      if (!(error instanceof FailureError)) throw error;
      const { matches, scanned, partlySearched } = filter.run;
      const counts = { matches: matches.length, scannedFrames: scanned, partlySearched };
      const found = { id: filter.id, filterId, ...counts, done: true };
      this.#hub.emit('filter.advanced', found);
    }
  }

  #advance(filterId: string, filter: OpenFilter): void {
    const recording = this.#get(filter.id);
    if (recording.analysis !== filter.analysis) {
      filter.analysis = recording.analysis;
      filter.run = newRun(filter.expression);
    }
    if (filter.run.asksForDeltas) {
      const message = messageAtHand(recording);
      if (message === 'stored') {
        this.#readMessage(filterId, filter, recording);
        return;
      }
      if (message !== filter.message) filter.run = newRun(filter.expression);
      filter.message = message;
    }
    const until = performance.now() + sliceMillis;
    const done = filter.run.advance(this.#source(recording, filter.message), () => performance.now() < until);
    this.#hub.emit('filter.advanced', {
      id: filter.id,
      filterId,
      matches: filter.run.matches.length,
      scannedFrames: filter.run.scanned,
      partlySearched: filter.run.partlySearched,
      done,
    });
    if (!done) this.#schedule(filterId, filter);
  }

  /** A stored message is read first; the filter goes on when it has been, and not at all when it cannot be. */
  #readMessage(filterId: string, filter: OpenFilter, recording: OpenedRecording): void {
    messageReader(recording, this.#limits).then(
      () => {
        if (this.#filters.has(filterId)) this.#schedule(filterId, filter);
      },
      (error: unknown) => {
        if (!(error instanceof FailureError)) throw error;
        const { scanned, partlySearched, matches } = filter.run;
        const counts = { matches: matches.length, scannedFrames: scanned, partlySearched };
        this.#hub.emit('filter.advanced', { id: filter.id, filterId, ...counts, done: true });
      },
    );
  }

  #source(recording: OpenedRecording, message: Assembly | null): FilterSource {
    const { analysis } = recording;
    const read = sharedReads(recording);
    const framing = framingOf(recording);
    const searchedBytes = this.#limits.jsonBytes;
    return {
      frames: analysis.frames,
      timesKnown: analysis.timesKnown,
      searchedBytes,
      found: (frame, severity) => analysis.diagnostics.isFound(frame, severity),
      typeName: (typeId) => analysis.types.name(typeId),
      ...(message === null ? {} : { deltaOf: (frame) => message.index.kindOf(frame) }),
      text: (kind, offset, length) => {
        return payloadOf(framing, kind, read(offset, Math.min(length, searchedBytes)), length > searchedBytes);
      },
    };
  }
}

function newRun(expression: string): FilterRun {
  const compiled = compileFilter(expression);
  if (!compiled.ok) throw new FailureError(compiled.failure);
  return new FilterRun(compiled.value);
}
