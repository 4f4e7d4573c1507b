import { performance } from 'node:perf_hooks';
import type { Variables } from '../../engine/request/variables.ts';
import type { TokenCounter } from '../../engine/timing/tokenCounter.ts';
import { FailureError } from '../../shared/failure.ts';
import { maskUrl } from '../../shared/maskSecrets.ts';
import type { RequestSpec } from '../../shared/request.ts';
import type { Objective, Run, RunSetId, RunSetLine, RunSetState } from '../../shared/runs.ts';
import type { EpochMillis, Micros, RecordingId } from '../../shared/words.ts';
import type { FramingChoice } from './framingChoice.ts';
import type { Recordings } from './recordings.ts';
import { runOf, unknownFigures } from './runOutcome.ts';

/** Runs whose ending waits for the disk while others are sent: a slow disk holds up the runs, not the memory. */
const unsavedAtMost = 32;

/** What a run set is to do. */
export interface RunPlan {
  readonly request: RequestSpec;
  readonly choice: FramingChoice;
  /** Put in where the request says `{{name}}`. */
  readonly variables: Variables;
  readonly label: string;
  readonly count: number;
  readonly concurrency: number;
  /** Least time between two starts. */
  readonly delayMillis: number;
  readonly objectives: readonly Objective[];
}

export interface RunSetParts {
  readonly id: RunSetId;
  readonly startedAt: EpochMillis;
  readonly plan: RunPlan;
  readonly recordings: Recordings;
  readonly counter: TokenCounter;
  /** A run began or ended. */
  readonly onRun: (run: Run) => void;
  /** Called once, when no run is under way and none is to come. */
  readonly onOver: () => void;
}

/**
 * A run set while it runs: keeps `concurrency` recordings live until `count` of them were opened. Whatever becomes of
 * one run, the others go on. Of each run nothing but its line is held.
 */
export class RunSet {
  readonly #parts: RunSetParts;
  readonly #runs: Run[] = [];
  readonly #live = new Map<RecordingId, number>();
  #beganAt = 0;
  #lastStartMillis = -Infinity;
  /** Opened and not yet kept with their ending. */
  #unsaved = 0;
  #ended = 0;
  #state: RunSetState = 'running';
  #stopped = false;
  #turn: NodeJS.Immediate | undefined;
  #timer: NodeJS.Timeout | undefined;

  constructor(parts: RunSetParts) {
    this.#parts = parts;
  }

  get line(): RunSetLine {
    const { id, startedAt, plan } = this.#parts;
    const { request, label, count, concurrency, delayMillis, objectives } = plan;
    return {
      id,
      startedAt,
      state: this.#state,
      label,
      method: request.method,
      url: maskUrl(request.url),
      count,
      concurrency,
      delayMillis,
      objectives,
      startedRuns: this.#runs.length,
      endedRuns: this.#ended,
    };
  }

  /** Runs begun so far, those under way as they stand now; `[from, from + count)`. */
  runs(from: number, count: number): readonly Run[] {
    return this.#runs.slice(from, from + count).map((run) => {
      const live = run.recordingId === null ? undefined : this.#parts.recordings.live(run.recordingId);
      return live === undefined || run.ending !== null ? run : runOf(run.n, run.startedMicros, live, null);
    });
  }

  /** Those that are over. */
  endedRuns(): readonly Run[] {
    return this.#runs.filter(({ n }) => !this.#isLive(n));
  }

  /** Opens the first run, then goes on by itself. @throws FailureError when the request cannot be sent at all */
  start(): void {
    this.#beganAt = performance.now();
    this.#open();
    this.#goOn();
  }

  /** Opens nothing more and ends what is live as stopped. */
  stop(): void {
    if (this.#state !== 'running' || this.#stopped) return;
    this.#stopped = true;
    clearImmediate(this.#turn);
    clearTimeout(this.#timer);
    for (const id of [...this.#live.keys()]) this.#parts.recordings.live(id)?.stop({ by: 'user' });
    this.#overIfDone();
  }

  #isLive(n: number): boolean {
    const id = this.#runs[n]?.recordingId ?? null;
    return id !== null && this.#live.has(id);
  }

  /** Opens what may be opened now. One a turn: each lays out a file, and the live ones want to be heard between. */
  #goOn(): void {
    const { count, concurrency, delayMillis } = this.#parts.plan;
    if (this.#stopped || this.#runs.length >= count || this.#live.size >= concurrency) return;
    if (this.#unsaved >= concurrency + unsavedAtMost) return;
    clearImmediate(this.#turn);
    clearTimeout(this.#timer);
    const wait = this.#lastStartMillis + delayMillis - performance.now();
    const next = (): void => {
      this.#openOrNote();
      this.#goOn();
      this.#overIfDone();
    };
    if (wait <= 0) this.#turn = setImmediate(next);
    else this.#timer = setTimeout(next, Math.ceil(wait));
  }

  #openOrNote(): void {
    const n = this.#runs.length;
    const startedMicros = this.#nowMicros();
    try {
      this.#open();
    } catch (error) {
      if (!(error instanceof FailureError)) throw error;
      this.#lastStartMillis = performance.now();
      this.#noteFailed(n, startedMicros, error);
    }
  }

  #open(): void {
    const { plan, recordings, id } = this.#parts;
    const n = this.#runs.length;
    let startedMicros = 0;
    const recordingId = recordings.open(plan.request, plan.choice, plan.variables, {
      runSet: { id, n },
      onSaved: () => {
        this.#unsaved--;
        this.#goOn();
        this.#overIfDone();
      },
      onEnded: (recording) => {
        this.#live.delete(recording.id);
        this.#note(runOf(n, startedMicros, recording, this.#parts.counter), true);
        this.#goOn();
      },
    });
    this.#unsaved++;
    const live = recordings.live(recordingId);
    const now = this.#nowMicros();
    startedMicros = Math.max(0, now - (live?.nowMicros() ?? 0));
    this.#lastStartMillis = performance.now();
    this.#live.set(recordingId, n);
    this.#note(live === undefined ? begun(n, recordingId, startedMicros) : runOf(n, startedMicros, live, null), false);
  }

  #noteFailed(n: number, startedMicros: Micros, { failure }: FailureError): void {
    const ending = { kind: 'failed-local', code: failure.code, message: failure.message } as const;
    this.#note({ ...begun(n, null, startedMicros), ending }, true);
  }

  #note(run: Run, isOver: boolean): void {
    this.#runs[run.n] = run;
    if (isOver) this.#ended++;
    this.#parts.onRun(run);
  }

  #overIfDone(): void {
    if (this.#state !== 'running' || this.#unsaved > 0) return;
    if (!this.#stopped && this.#runs.length < this.#parts.plan.count) return;
    this.#state = this.#stopped ? 'stopped' : 'over';
    this.#parts.onOver();
  }

  #nowMicros(): Micros {
    return Math.round((performance.now() - this.#beganAt) * 1_000);
  }
}

function begun(n: number, recordingId: RecordingId | null, startedMicros: Micros): Run {
  return {
    n,
    recordingId,
    startedMicros,
    ending: null,
    status: null,
    framing: null,
    dialect: null,
    model: null,
    figures: unknownFigures,
    tokens: null,
    diagnostics: { error: 0, warning: 0, info: 0 },
    streamErrors: null,
    isTerminated: null,
    reconnections: 0,
    uncertaintyMicros: null,
  };
}
