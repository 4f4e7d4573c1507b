import type { ServerResponse } from 'node:http';
import { eventNames, type EventName } from '../../../shared/events.ts';
import type { Failure } from '../../../shared/failure.ts';
import { encodeWire } from '../../../shared/wireCodec.ts';
import type { EngineService } from '../../rpc/handlers.ts';
import { serveSession, type SessionOptions } from '../../rpc/serveSession.ts';
import { createEventOutbox } from './eventOutbox.ts';

export interface WebTimings {
  readonly heartbeatMillis: number;
  /** How long a session outlives its event stream, for a page that comes back after a short break. */
  readonly sessionGraceMillis: number;
}

/** What a call over HTTP is answered with, as MessagePack. */
export type WireOutcome = { readonly value: unknown } | { readonly failure: Failure };

export interface WebSession {
  readonly id: string;
  /**
   * Runs a call; `answer` gets the encoded `WireOutcome`, or null when the session ended first. The returned function
   * cancels it; no answer follows then.
   */
  call(name: string, input: unknown, answer: (body: Uint8Array | null) => void): () => void;
  /** Replaces the whole set of subscriptions: sending it again changes nothing. */
  subscribe(events: ReadonlySet<EventName>): void;
  /** Delivers events to this stream. The session ends some time after the stream is gone. */
  attach(stream: ServerResponse): void;
  close(): void;
}

/** One window in a browser: its calls come one by one over HTTP, its events go over one stream. */
export function createWebSession(
  service: EngineService,
  timings: WebTimings,
  options: SessionOptions,
  ended: (id: string) => void,
): WebSession {
  const outbox = createEventOutbox(timings.heartbeatMillis);
  const waiting = new Map<number, (body: Uint8Array | null) => void>();
  let subscribed: ReadonlySet<EventName> = new Set();
  let nextCall = 1;
  let open = true;
  let grace: ReturnType<typeof setTimeout> | undefined;

  const session = serveSession(
    service,
    (message) => {
      if (message.type === 'event') {
        outbox.push(message);
        return;
      }
      const outcome: WireOutcome = message.type === 'result' ? { value: message.value } : { failure: message.failure };
      const body = encodeWire(outcome);
      const answer = waiting.get(message.id);
      waiting.delete(message.id);
      answer?.(body);
    },
    options,
  );

  const web: WebSession = {
    id: session.id,
    call(name, input, answer) {
      const id = nextCall++;
      waiting.set(id, answer);
      session.receive({ type: 'call', id, name, input });
      return () => {
        if (waiting.delete(id)) session.receive({ type: 'cancel', id });
      };
    },
    subscribe(events) {
      for (const event of eventNames) {
        if (events.has(event) === subscribed.has(event)) continue;
        session.receive({ type: events.has(event) ? 'subscribe' : 'unsubscribe', event });
      }
      subscribed = events;
    },
    attach(stream) {
      clearTimeout(grace);
      outbox.attach(stream);
      stream.on('close', () => {
        if (!open || outbox.attached) return;
        grace = setTimeout(() => {
          web.close();
        }, timings.sessionGraceMillis);
      });
    },
    close() {
      if (!open) return;
      open = false;
      clearTimeout(grace);
      session.close();
      outbox.close();
      const unanswered = [...waiting.values()];
      waiting.clear();
      for (const answer of unanswered) answer(null);
      ended(session.id);
    },
  };
  return web;
}
