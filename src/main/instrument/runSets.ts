import { performance } from 'node:perf_hooks';
import { compareRuns } from '../../engine/runs/compare.ts';
import { runsToCsv, runsToJson } from '../../engine/runs/exportRuns.ts';
import { summaryOf } from '../../engine/runs/summary.ts';
import { FailureError } from '../../shared/failure.ts';
import type { Run, RunComparison, RunSetId, RunSetLine, RunSetSummary } from '../../shared/runs.ts';
import type { KeptRunSet, RunSetFiles } from '../store/runSetFiles.ts';
import type { EventHub } from './eventHub.ts';
import type { Recordings } from './recordings.ts';
import { newTimedId } from './recordingStart.ts';
import { RunSet, type RunPlan } from './runSet.ts';
import { tokenCounter } from './tokenizer.ts';

/** Sets that are over and stay in memory for questions. */
const heldAtMost = 4;
const summaryRest = 50;

interface Running {
  readonly set: RunSet;
  /** Resolves when it is over and kept. */
  readonly over: Promise<void>;
}

/** All run sets of a library: those that run here, and those that were kept. */
export class RunSets {
  readonly #recordings: Recordings;
  readonly #files: RunSetFiles;
  readonly #hub: EventHub;
  readonly #running = new Map<RunSetId, Running>();
  readonly #held = new Map<RunSetId, KeptRunSet>();
  /** Lines of kept sets that cannot change any more: listing them reads each file once. */
  readonly #lines = new Map<RunSetId, RunSetLine>();

  readonly #summariesWhileRunning = new WeakMap<
    RunSet,
    { readonly summary: RunSetSummary; readonly untilMillis: number }
  >();
  readonly #summaries = new WeakMap<KeptRunSet, RunSetSummary>();

  constructor(recordings: Recordings, files: RunSetFiles, hub: EventHub) {
    this.#recordings = recordings;
    this.#files = files;
    this.#hub = hub;
  }

  /**
   * Starts a run set; resolves when its first run is under way.
   * @throws FailureError when the request cannot be sent at all, or nothing can be kept: then there is no set
   */
  async start(plan: RunPlan): Promise<RunSetId> {
    // Loaded before the first t0: what it takes would be seen as a delay of the runs.
    const counter = await tokenCounter();
    const startedAt = Date.now();
    const id = newTimedId(startedAt);
    let isKept = false;
    let nowOver = (): void => undefined;
    const over = new Promise<void>((resolve) => {
      nowOver = resolve;
    });
    const advanced = this.#hub.announcer('run.advanced', () => ({ id, line: set.line }));
    const set: RunSet = new RunSet({
      id,
      startedAt,
      plan,
      recordings: this.#recordings,
      counter,
      onRun: (run) => {
        if (!isKept) {
          isKept = true;
          this.#orReport(() => {
            this.#files.begin(set.line);
          });
        }
        this.#orReport(() => {
          this.#files.append(id, run);
        });
        advanced();
      },
      onOver: () => {
        const kept = { line: set.line, runs: set.runs(0, set.line.count) };
        this.#orReport(() => {
          this.#files.finish(kept.line, kept.runs);
        });
        this.#hold(kept);
        this.#running.delete(id);
        this.#hub.flush();
        this.#hub.emit('run.advanced', { id, line: kept.line });
        nowOver();
      },
    });
    this.#running.set(id, { set, over });
    try {
      set.start();
    } catch (error) {
      this.#running.delete(id);
      throw error;
    }
    return id;
  }

  /** Stops a set and waits until it is kept; false when it did not run here. */
  async stop(id: RunSetId): Promise<boolean> {
    const running = this.#running.get(id);
    if (running === undefined) return false;
    running.set.stop();
    await running.over;
    return true;
  }

  /** Resolves when a set is over; at once when it does not run here. */
  async settled(id: RunSetId): Promise<void> {
    await this.#running.get(id)?.over;
  }

  /** Newest first; files that cannot be read are left out. */
  list(): readonly RunSetLine[] {
    const lines = new Map<RunSetId, RunSetLine>();
    for (const id of this.#files.ids()) {
      const line = this.#running.get(id)?.set.line ?? this.#lines.get(id) ?? this.#keptOrNull(id)?.line;
      if (line === undefined) continue;
      lines.set(id, line);
    }
    for (const [id, { set }] of this.#running) lines.set(id, set.line);
    return [...lines.values()].sort((x, y) => y.startedAt - x.startedAt || (x.id < y.id ? 1 : -1));
  }

  /** @throws FailureError `run/not-found` or `recording/damaged` */
  read(
    id: RunSetId,
    from: number,
    count: number,
  ): { readonly line: RunSetLine; readonly summary: RunSetSummary; readonly runs: readonly Run[] } {
    const running = this.#running.get(id);
    if (running !== undefined) {
      const { set } = running;
      return {
        line: set.line,
        summary: this.#summaryWhileRunning(set),
        runs: set.runs(from, count),
      };
    }
    const kept = this.#kept(id);
    const { line, runs } = kept;
    return { line, summary: this.#summaryOfKept(kept), runs: runs.slice(from, from + count) };
  }

  /** @throws FailureError `run/not-found` or `recording/damaged` */
  compare(a: RunSetId, b: RunSetId): RunComparison {
    const [setA, setB] = [this.#whole(a), this.#whole(b)];
    const side = ({ line, runs }: KeptRunSet): RunComparison['a'] => ({
      line,
      summary: summaryOf(runs, line.objectives),
    });
    return { a: side(setA), b: side(setB), figures: compareRuns(setA.runs, setB.runs) };
  }

  /** @throws FailureError `run/not-found` or `recording/damaged` */
  export(id: RunSetId, form: 'csv' | 'json'): string {
    const { line, runs } = this.#whole(id);
    if (form === 'csv') return runsToCsv([{ id, runs }]);
    return `${JSON.stringify(runsToJson(line, summaryOf(runs, line.objectives), runs), null, 2)}\n`;
  }

  /** Forgets a set; its recordings stay. @throws FailureError `run/still-running` or `run/not-found` */
  remove(id: RunSetId): void {
    if (this.#running.has(id) || this.#kept(id).line.state === 'running') {
      throw new FailureError({
        code: 'run/still-running',
        message: 'This run set is still running. Stop it or wait for its end, then remove it.',
        retry: true,
      });
    }
    this.#files.remove(id);
    this.#held.delete(id);
    this.#lines.delete(id);
    this.#hub.emit('run.advanced', { id, line: null });
  }

  /** Stops what runs and waits until it is kept. */
  async close(): Promise<void> {
    const running = [...this.#running.values()];
    for (const { set } of running) set.stop();
    await Promise.all(running.map(({ over }) => over));
    this.#held.clear();
  }

  /**
   * Windows ask thirty times a second, and sorting thousands of runs takes milliseconds in which no timestamp is taken:
   * a summary stands until fifty times as long as it took has gone by.
   */
  #summaryWhileRunning(set: RunSet): RunSetSummary {
    const known = this.#summariesWhileRunning.get(set);
    const began = performance.now();
    if (known !== undefined && began < known.untilMillis) return known.summary;
    const summary = summaryOf(set.endedRuns(), set.line.objectives);
    const now = performance.now();
    this.#summariesWhileRunning.set(set, { summary, untilMillis: now + summaryRest * (now - began) });
    return summary;
  }

  #summaryOfKept(kept: KeptRunSet): RunSetSummary {
    const summary = this.#summaries.get(kept) ?? summaryOf(kept.runs, kept.line.objectives);
    this.#summaries.set(kept, summary);
    return summary;
  }

  /** The runs that are over, and what is known of the set. */
  #whole(id: RunSetId): KeptRunSet {
    const running = this.#running.get(id);
    return running === undefined ? this.#kept(id) : { line: running.set.line, runs: running.set.endedRuns() };
  }

  #kept(id: RunSetId): KeptRunSet {
    const held = this.#held.get(id);
    if (held !== undefined) {
      this.#held.delete(id);
      this.#held.set(id, held);
      return held;
    }
    const read = this.#files.read(id);
    if (!read.ok) throw new FailureError(read.failure);
    const kept = { ...read.value, line: this.#asItStands(read.value) };
    // Another process may still be at work on it.
    if (kept.line.state !== 'running') this.#hold(kept);
    return kept;
  }

  #keptOrNull(id: RunSetId): KeptRunSet | null {
    try {
      return this.#kept(id);
    } catch (error) {
      if (error instanceof FailureError) return null;
      throw error;
    }
  }

  #hold(kept: KeptRunSet): void {
    this.#lines.set(kept.line.id, kept.line);
    this.#held.set(kept.line.id, kept);
    for (const id of this.#held.keys()) {
      if (this.#held.size <= heldAtMost) break;
      this.#held.delete(id);
    }
  }

  /**
   * A set that does not run here runs elsewhere as long as one of its recordings is live; else whoever ran it is gone.
   * Told from the recordings, because they alone know whether their writer lives.
   */
  #asItStands({ line, runs }: KeptRunSet): RunSetLine {
    if (line.state !== 'running') return line;
    const open = new Set(runs.flatMap(({ ending, recordingId }) => (ending === null ? [recordingId] : [])));
    const isLive = this.#recordings.list().some(({ id, state }) => state === 'live' && open.has(id));
    return isLive ? line : { ...line, state: 'interrupted' };
  }

  /** A set that cannot be kept still runs and can be looked at: the trouble is told, and ends nothing. */
  #orReport(act: () => void): void {
    try {
      act();
    } catch (error) {
      if (!(error instanceof FailureError)) throw error;
      process.stderr.write(`streamscope: ${error.message}\n`);
    }
  }
}
