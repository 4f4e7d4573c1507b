/** What the server remembers between requests, for the endpoints that are about it. Absent: every request is the first. */
export interface MockMemory {
  /** Counts a visit in the window of `key`, which begins with the first visit. */
  visit(key: string, windowMillis: number): WindowVisit;
  /** Begins a piece of work that can be looked at. */
  begin(kind: WorkKind, planned: number): Work;
  /** The latest pieces of work, newest first, and how many there were in all. */
  works(kind: WorkKind): WorkReport;
}

export type WorkKind = 'cancellable' | 'backpressured';

export interface WindowVisit {
  /** Visits in this window, this one included. */
  readonly count: number;
  /** Until the window ends. */
  readonly leftMillis: number;
}

export interface Work {
  readonly run: number;
  did(bytes: number): void;
  /** The first word counts. */
  over(state: 'finished' | 'cancelled'): void;
}

export interface WorkLine {
  readonly run: number;
  readonly state: 'running' | 'finished' | 'cancelled';
  readonly stepsDone: number;
  readonly stepsPlanned: number;
  readonly bytes: number;
}

export interface WorkReport {
  readonly running: number;
  readonly finished: number;
  readonly cancelled: number;
  readonly latest: readonly WorkLine[];
}

const remembered = 20;
const rememberedWindows = 1_000;

type Writable<T> = { -readonly [Key in keyof T]: T[Key] };

/** A memory of bounded size. @param nowMillis of a clock that never goes back */
export function createMockMemory(nowMillis: () => number): MockMemory {
  const windows = new Map<string, { endsAt: number; count: number }>();
  const kinds = new Map<WorkKind, { counts: Writable<Omit<WorkReport, 'latest'>>; latest: WorkLine[] }>();
  let runs = 0;

  const of = (kind: WorkKind) => {
    const known = kinds.get(kind) ?? { counts: { running: 0, finished: 0, cancelled: 0 }, latest: [] };
    kinds.set(kind, known);
    return known;
  };

  return {
    visit: (key, windowMillis) => {
      const now = nowMillis();
      const open = windows.get(key);
      const window = open !== undefined && open.endsAt > now ? open : { endsAt: now + windowMillis, count: 0 };
      windows.delete(key);
      windows.set(key, window);
      const oldest = windows.keys().next();
      if (windows.size > rememberedWindows && oldest.done !== true) windows.delete(oldest.value);
      window.count++;
      return { count: window.count, leftMillis: window.endsAt - now };
    },
    begin: (kind, planned) => {
      const { counts, latest } = of(kind);
      const line: Writable<WorkLine> = {
        run: ++runs,
        state: 'running',
        stepsDone: 0,
        stepsPlanned: planned,
        bytes: 0,
      };
      latest.unshift(line);
      latest.length = Math.min(latest.length, remembered);
      counts.running++;
      return {
        run: line.run,
        did: (bytes) => {
          line.stepsDone++;
          line.bytes += bytes;
        },
        over: (state) => {
          if (line.state !== 'running') return;
          line.state = state;
          counts.running--;
          counts[state]++;
        },
      };
    },
    works: (kind) => {
      const { counts, latest } = of(kind);
      return { ...counts, latest: latest.map((line) => ({ ...line })) };
    },
  };
}
