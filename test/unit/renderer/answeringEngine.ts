import type { CallName, EngineClient, Input, Results } from '../../../src/shared/calls.ts';
import type { EventName, Events } from '../../../src/shared/events.ts';
import { FailureError, type Failure } from '../../../src/shared/failure.ts';

/** A call that waits to be answered by the test. */
export interface WaitingCall {
  readonly name: CallName;
  readonly input: unknown;
  readonly signal: AbortSignal | undefined;
  answer(result: unknown): Promise<void>;
  fail(failure: Failure): Promise<void>;
}

/** An engine whose answers and events come when the test says so. */
export class AnsweringEngine implements EngineClient {
  readonly calls: WaitingCall[] = [];
  readonly #listeners = new Map<EventName, Set<(payload: never) => void>>();

  call<Name extends CallName>(name: Name, input: Input<Name>, signal?: AbortSignal): Promise<Results[Name]> {
    return new Promise((resolve, reject) => {
      this.calls.push({
        name,
        input,
        signal,
        answer: (result) => {
          resolve(result as Results[Name]);
          return settled();
        },
        fail: (failure) => {
          reject(new FailureError(failure));
          return settled();
        },
      });
    });
  }

  subscribe<Name extends EventName>(event: Name, listener: (payload: Events[Name]) => void): () => void {
    const listeners = this.#listeners.get(event) ?? new Set();
    this.#listeners.set(event, listeners);
    listeners.add(listener);
    return () => listeners.delete(listener);
  }

  emit<Name extends EventName>(event: Name, payload: Events[Name]): void {
    for (const listener of this.#listeners.get(event) ?? []) (listener as (payload: Events[Name]) => void)(payload);
  }

  close(): void {
    this.#listeners.clear();
  }
}

/** All promise callbacks that are due have run. */
export function settled(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}
