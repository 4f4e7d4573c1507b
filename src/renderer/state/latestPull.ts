import type { CallName, EngineClient, Input, Results } from '../../shared/calls.ts';
import { FailureError, type Failure } from '../../shared/failure.ts';
import { busy } from './idle.ts';

/**
 * Calls one name with at most one call under way: while it runs, only the newest further wish is remembered and called
 * after it. So a view that asks sixty times a second asks as often as the engine can answer, and never queues.
 */
export class LatestPull<Name extends CallName> {
  readonly #engine: EngineClient;
  readonly #name: Name;
  readonly #onResult: (result: Results[Name], input: Input<Name>) => void;
  readonly #onFailure: (failure: Failure, input: Input<Name>) => void;
  #running: AbortController | null = null;
  #next: Input<Name> | null = null;

  /** Neither callback is called for what was cancelled. */
  constructor(
    engine: EngineClient,
    name: Name,
    onResult: (result: Results[Name], input: Input<Name>) => void,
    onFailure: (failure: Failure, input: Input<Name>) => void,
  ) {
    this.#engine = engine;
    this.#name = name;
    this.#onResult = onResult;
    this.#onFailure = onFailure;
  }

  /** True while a call is under way. */
  get running(): boolean {
    return this.#running !== null;
  }

  request(input: Input<Name>): void {
    if (this.#running === null) void this.#run(input);
    else this.#next = input;
  }

  /** Gives up what runs and what waits. The pull can be used again. */
  cancel(): void {
    this.#next = null;
    this.#running?.abort();
    this.#running = null;
  }

  async #run(input: Input<Name>): Promise<void> {
    const running = new AbortController();
    this.#running = running;
    const done = busy(this.#name);
    try {
      const result = await this.#engine.call(this.#name, input, running.signal);
      if (!running.signal.aborted) this.#onResult(result, input);
    } catch (error) {
      if (!(error instanceof FailureError)) throw error;
      if (!running.signal.aborted) this.#onFailure(error.failure, input);
    } finally {
      done();
      if (this.#running === running) {
        this.#running = null;
        const next = this.#next;
        this.#next = null;
        if (next !== null) void this.#run(next);
      }
    }
  }
}
