import type { CallName, EngineClient, Input, Results } from './calls.ts';
import type { EnginePort } from './enginePort.ts';
import { eventsUntilSeen, type EventMessage, type FromEngine } from './envelope.ts';
import type { EventName, Events } from './events.ts';
import { FailureError, type Failure } from './failure.ts';
import { assertNever } from './assertNever.ts';

interface PendingCall {
  readonly settle: (outcome: { readonly value: unknown } | { readonly failure: Failure }) => void;
}

type Listeners = { readonly [Name in EventName]: Set<(payload: Events[Name]) => void> };

const cancelled: Failure = { code: 'call/cancelled', message: 'The call was cancelled before it was answered.' };
const closed: Failure = {
  code: 'engine/gone',
  message: 'This window has closed its connection to the engine.',
  retry: false,
};

function unsendable(name: string, cause: unknown): FailureError {
  const reason = cause instanceof Error ? cause.message : String(cause);
  const message = `The input of ${name} cannot be sent to the engine: ${reason}`;
  return new FailureError({ code: 'call/invalid-input', message }, { cause });
}

/**
 * Makes calls and delivers events over a port. Takes the engine's answers at their declared types: both ends are of
 * one build, and the port has checked the form of each message.
 */
export function createClient(port: EnginePort): EngineClient {
  const pending = new Map<number, PendingCall>();
  const listeners: Listeners = {
    'recording.advanced': new Set(),
    'library.changed': new Set(),
    'filter.advanced': new Set(),
    'mock.changed': new Set(),
    'mock.requested': new Set(),
    'proxy.changed': new Set(),
    'replay.changed': new Set(),
    'run.advanced': new Set(),
  };
  let nextId = 1;
  let unconfirmed = 0;
  let obstacle: Failure | null = null;

  function failAll(failure: Failure): void {
    obstacle = failure;
    const waiting = [...pending.values()];
    pending.clear();
    for (const call of waiting) call.settle({ failure });
  }

  function deliver(message: EventMessage): void {
    // The message pairs name and payload, which the compiler cannot see through a lookup by name.
    const receivers = listeners[message.event] as Set<(payload: EventMessage['payload']) => void>;
    for (const receive of [...receivers]) {
      try {
        receive(message.payload);
      } catch (error) {
        // A listener's bug belongs to the page's error handling and must not cost the other listeners their event.
        queueMicrotask(() => {
          throw error;
        });
      }
    }
  }

  function settle(message: Exclude<FromEngine, EventMessage>): void {
    const call = pending.get(message.id);
    // An answer that crossed its cancellation on the way finds nobody waiting.
    if (call === undefined) return;
    pending.delete(message.id);
    call.settle(message.type === 'result' ? { value: message.value } : { failure: message.failure });
  }

  port.listen({
    received(message) {
      switch (message.type) {
        case 'result':
        case 'failure':
          settle(message);
          return;
        case 'event':
          deliver(message);
          if (++unconfirmed < eventsUntilSeen) return;
          port.send({ type: 'seen', count: unconfirmed });
          unconfirmed = 0;
          return;
        default:
          assertNever(message, 'message from the engine');
      }
    },
    lost(failure) {
      if (obstacle !== closed) failAll(failure);
    },
    renewed() {
      if (obstacle === closed) return;
      failAll({ code: 'engine/gone', message: 'The engine was restarted while this was under way.', retry: true });
      obstacle = null;
      unconfirmed = 0;
      for (const [event, receivers] of Object.entries(listeners)) {
        if (receivers.size > 0) port.send({ type: 'subscribe', event: event as EventName });
      }
    },
  });

  function call<Name extends CallName>(name: Name, input: Input<Name>, signal?: AbortSignal): Promise<Results[Name]> {
    return new Promise((resolve, reject) => {
      if (signal?.aborted === true) {
        reject(new FailureError(cancelled));
        return;
      }
      if (obstacle !== null) {
        reject(new FailureError(obstacle));
        return;
      }
      const id = nextId++;
      const cancel = () => {
        if (!pending.delete(id)) return;
        port.send({ type: 'cancel', id });
        reject(new FailureError(cancelled));
      };
      pending.set(id, {
        settle(outcome) {
          signal?.removeEventListener('abort', cancel);
          if ('failure' in outcome) reject(new FailureError(outcome.failure));
          else resolve(outcome.value as Results[Name]);
        },
      });
      try {
        port.send({ type: 'call', id, name, input });
      } catch (error) {
        pending.delete(id);
        reject(unsendable(name, error));
        return;
      }
      signal?.addEventListener('abort', cancel, { once: true });
    });
  }

  return {
    call,
    subscribe(event, listener) {
      const receivers = listeners[event];
      // One listener given twice is two subscriptions: each ends on its own.
      const receive: typeof listener = (payload) => {
        listener(payload);
      };
      receivers.add(receive);
      if (receivers.size === 1 && obstacle === null) port.send({ type: 'subscribe', event });
      return () => {
        if (receivers.delete(receive) && receivers.size === 0 && obstacle === null) {
          port.send({ type: 'unsubscribe', event });
        }
      };
    },
    close() {
      if (obstacle === closed) return;
      failAll(closed);
      port.close();
    },
  };
}
