import type { CallName, EngineClient, Input, Results } from '../../../../src/shared/calls.ts';
import type { EventName, Events } from '../../../../src/shared/events.ts';
import { FailureError } from '../../../../src/shared/failure.ts';

export type Answers = {
  readonly [Name in CallName]?: (input: Input<Name>) => Results[Name] | Promise<Results[Name]>;
};

export interface StubEngine extends EngineClient {
  readonly calls: readonly { readonly name: CallName; readonly input: unknown }[];
  emit<Name extends EventName>(event: Name, payload: Events[Name]): void;
}

/** An engine that answers what a test says, and keeps what it was asked. */
export function stubEngine(answers: Answers): StubEngine {
  const calls: { readonly name: CallName; readonly input: unknown }[] = [];
  const listeners = new Map<EventName, Set<(payload: never) => void>>();
  return {
    calls,
    async call<Name extends CallName>(name: Name, input: Input<Name>, signal?: AbortSignal): Promise<Results[Name]> {
      calls.push({ name, input });
      const answer = answers[name] as ((input: Input<Name>) => Results[Name] | Promise<Results[Name]>) | undefined;
      if (answer === undefined) throw new FailureError({ code: 'call/unknown', message: `no answer to ${name}` });
      const result = await answer(input);
      if (signal?.aborted === true) throw new FailureError({ code: 'call/cancelled', message: 'cancelled' });
      return result;
    },
    subscribe(event, listener) {
      const ofEvent = listeners.get(event) ?? new Set();
      listeners.set(event, ofEvent);
      ofEvent.add(listener);
      return () => void ofEvent.delete(listener);
    },
    emit(event, payload) {
      for (const listener of listeners.get(event) ?? []) (listener as (payload: unknown) => void)(payload);
    },
    close() {},
  };
}

/** Lets everything that waits for a settled promise run. */
export async function settled(): Promise<void> {
  for (let i = 0; i < 20; i++) await Promise.resolve();
}
