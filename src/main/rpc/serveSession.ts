import { randomUUID } from 'node:crypto';
import { assertNever } from '../../shared/assertNever.ts';
import { inputs, type CallName } from '../../shared/calls.ts';
import type { EventMessage, FromEngine } from '../../shared/envelope.ts';
import { toEngineSchema } from '../../shared/envelopeSchema.ts';
import type { EventName, Events } from '../../shared/events.ts';
import { cancelledCall, failureOf, invalidInput, unknownCall } from './answer.ts';
import { coalesceEvents } from './coalesceEvents.ts';
import type { CallContext, EngineService, SessionId } from './handlers.ts';

export interface Session {
  readonly id: SessionId;
  /** Takes one message as the transport delivered it. Never throws. */
  receive(message: unknown): void;
  /** Cancels what is under way, ends the subscriptions and releases what the session had opened. Nothing is sent after. */
  close(): void;
}

export interface SessionOptions {
  /** Takes what is wrong on our own side, with stacks, for the log. */
  readonly report: (problem: string) => void;
}

/** Log lines about malformed messages one session may cause. */
const reportedMalformations = 10;

const isAbort = (error: unknown) => error instanceof Error && error.name === 'AbortError';
const isCallName = (name: string): name is CallName => Object.hasOwn(inputs, name);

/**
 * Serves the contract to one window. Each call gets exactly one answer: its result, its failure, or, when cancelled,
 * `call/cancelled` at once, whatever the handler still does.
 *
 * `send` may throw for a value its transport cannot carry; the call is then answered with `call/internal`.
 */
export function serveSession(
  service: EngineService,
  send: (message: FromEngine) => void,
  { report }: SessionOptions,
): Session {
  const id = randomUUID();
  const running = new Map<number, AbortController>();
  const subscriptions = new Map<EventName, () => void>();
  const events = coalesceEvents(send);
  let open = true;
  let malformed = 0;

  function answer(callId: number, controller: AbortController, message: FromEngine): void {
    if (running.get(callId) !== controller) return;
    send(message);
    running.delete(callId);
  }

  async function outcome(callId: number, name: string, input: unknown, signal: AbortSignal): Promise<FromEngine> {
    if (!isCallName(name)) return { type: 'failure', id: callId, failure: unknownCall(name) };
    const parsed = inputs[name].safeParse(input);
    if (!parsed.success) return { type: 'failure', id: callId, failure: invalidInput(name, parsed.error) };
    if (name === 'recording.read' && 'id' in parsed.data) events.lookAt(parsed.data.id);
    // The schema and the handler are of the same name, which the compiler cannot pair through a lookup.
    const handler = service.handlers[name] as (input: unknown, context: CallContext) => unknown;
    return { type: 'result', id: callId, value: await handler(parsed.data, { signal, session: id }) };
  }

  async function run(callId: number, name: string, input: unknown): Promise<void> {
    if (running.has(callId)) {
      complain(`call ${String(callId)} (${name}) is under way already; the second one is ignored`);
      return;
    }
    const controller = new AbortController();
    running.set(callId, controller);
    try {
      answer(callId, controller, await outcome(callId, name, input, controller.signal));
    } catch (error) {
      // How a cancelled handler finds its way out is of no interest.
      if (controller.signal.aborted && isAbort(error)) return;
      answer(callId, controller, { type: 'failure', id: callId, failure: failureOf(name, error, report) });
    }
  }

  function complain(problem: string): void {
    malformed++;
    if (malformed <= reportedMalformations) report(`session ${id}: ${problem}`);
  }

  function subscribe(event: EventName): void {
    if (subscriptions.has(event)) return;
    const forward = (payload: Events[EventName]) => {
      events.offer({ type: 'event', event, payload } as EventMessage);
    };
    subscriptions.set(event, service.subscribe(event, forward));
  }

  return {
    id,
    receive(message) {
      if (!open) return;
      const parsed = toEngineSchema.safeParse(message);
      if (!parsed.success) {
        complain(`a message that is not of the contract was ignored: ${parsed.error.issues[0]?.message ?? ''}`);
        return;
      }
      const known = parsed.data;
      switch (known.type) {
        case 'call':
          run(known.id, known.name, known.input).catch((error: unknown) => {
            report(`session ${id}: an answer could not be sent: ${String(error)}`);
          });
          return;
        case 'cancel': {
          const controller = running.get(known.id);
          if (controller === undefined) return;
          answer(known.id, controller, { type: 'failure', id: known.id, failure: cancelledCall });
          controller.abort();
          return;
        }
        case 'subscribe':
          subscribe(known.event);
          return;
        case 'unsubscribe':
          subscriptions.get(known.event)?.();
          subscriptions.delete(known.event);
          events.forget(known.event);
          return;
        case 'seen':
          // Of interest to transports alone.
          return;
        default:
          assertNever(known, 'message from a window');
      }
    },
    close() {
      if (!open) return;
      open = false;
      const controllers = [...running.values()];
      running.clear();
      for (const controller of controllers) controller.abort();
      for (const unsubscribe of subscriptions.values()) unsubscribe();
      subscriptions.clear();
      events.close();
      service.sessionEnded(id);
    },
  };
}
