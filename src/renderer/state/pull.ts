import type { CallName, EngineClient, Input, Results } from '../../shared/calls.ts';
import type { Failure } from '../../shared/failure.ts';
import { failureOf, isCancelled } from './failureOf.ts';

/** A repeated question to the engine. */
export interface Pull {
  /** Asks, or, while an answer is on its way, asks once more after it. */
  ask(): void;
  /** True while an answer is on its way. */
  readonly running: boolean;
  /** Gives up what is under way, for good. */
  end(): void;
}

/**
 * Runs a pull so that at most one is in flight and the latest wish wins: calls during a pull are answered by one more
 * pull after it.
 *
 * @param pull rejects never: it says its failures where they are shown
 */
export function latestWins(pull: (signal: AbortSignal) => Promise<void>): Pull {
  const controller = new AbortController();
  let running = false;
  let wanted = false;

  async function run(): Promise<void> {
    running = true;
    try {
      while (wanted && !controller.signal.aborted) {
        wanted = false;
        await pull(controller.signal);
      }
    } finally {
      running = false;
    }
  }

  return {
    ask() {
      wanted = true;
      if (!running) void run();
    },
    get running() {
      return running;
    },
    end() {
      controller.abort();
    },
  };
}

/**
 * `latestWins` for one call of the contract.
 *
 * @param input the question as of now; null when there is nothing to ask
 * @param told neither this nor `failed` is called for what was given up
 */
export function pullCall<Name extends CallName>(
  engine: EngineClient,
  name: Name,
  input: () => Input<Name> | null,
  told: (result: Results[Name], asked: Input<Name>) => void,
  failed: (failure: Failure, asked: Input<Name>) => void,
): Pull {
  return latestWins(async (signal) => {
    const asked = input();
    if (asked === null) return;
    let result: Results[Name];
    try {
      result = await engine.call(name, asked, signal);
    } catch (error) {
      if (!isCancelled(error)) failed(failureOf(error), asked);
      return;
    }
    told(result, asked);
  });
}

/**
 * A pull that is asked at most once in so many milliseconds, for events that come thick: the first wish is answered at
 * once, those that follow it by one more question when the time is over.
 */
export function paced(pull: Pull, millis: number): Pull {
  let nextAt = 0;
  let timer: ReturnType<typeof setTimeout> | null = null;
  function ask(): void {
    timer = null;
    nextAt = performance.now() + millis;
    pull.ask();
  }
  return {
    ask() {
      if (timer !== null) return;
      const wait = nextAt - performance.now();
      if (wait <= 0) ask();
      else timer = setTimeout(ask, wait);
    },
    get running() {
      return pull.running;
    },
    end() {
      if (timer !== null) clearTimeout(timer);
      pull.end();
    },
  };
}
