import { z } from 'zod';
import type { EnginePort, EnginePortListener } from '../../shared/enginePort.ts';
import type { ToEngine } from '../../shared/envelope.ts';
import { failureSchema, readFromEngine } from '../../shared/envelopeSchema.ts';
import type { EventName } from '../../shared/events.ts';
import type { Failure } from '../../shared/failure.ts';
import { decodeWire, encodeWire } from '../../shared/wireCodec.ts';
import { jsonLines } from './jsonLines.ts';

/** How reaching the server goes. */
export type WebReach =
  | { readonly state: 'reached' }
  /** The event stream broke; the session waits for us. */
  | { readonly state: 'retrying' }
  /** Attempts fail; they go on. */
  | { readonly state: 'unreachable'; readonly failure: Failure }
  /** Final: this page's token is not the server's. */
  | { readonly state: 'refused'; readonly failure: Failure };

export interface WebPort extends EnginePort {
  onReachChanged(listener: (reach: WebReach) => void): void;
  /** Tries at once instead of when the waiting time is over. */
  readonly retryNow: () => void;
}

export interface WebPortOptions {
  readonly token: string;
  /** Empty in a page, whose own origin it is. */
  readonly base?: string;
  readonly fetch?: typeof fetch;
  /** Silence after which the event stream counts as dead: the server speaks every 15 s. */
  readonly silenceMillis?: number;
  readonly firstRetryMillis?: number;
}

type Call = Extract<ToEngine, { type: 'call' }>;

const outcomeSchema = z.union([z.object({ failure: failureSchema }), z.object({ value: z.unknown() })]);
const greetingSchema = z.object({ session: z.string(), resumed: z.boolean() });
const slowestRetryMillis = 5_000;

const unreachable: Failure = {
  code: 'host/unreachable',
  message: 'Streamscope cannot be reached. If it was stopped, start it again and open the address it prints.',
  retry: true,
};
const cancelled: Failure = { code: 'call/cancelled', message: 'The call was cancelled.' };
const restarted: Failure = {
  code: 'engine/gone',
  message: 'Streamscope was started anew and no longer knows this page. Open the address it printed.',
  retry: false,
};

/** The server refused this page's token. */
class TokenRefused extends Error {}

/** Carries the contract over HTTP: a request for each call, one long answer for the events. */
export function webPort(options: WebPortOptions): WebPort {
  const { token, base = '', silenceMillis = 40_000, firstRetryMillis = 250 } = options;
  // A page's fetch has to be called on its window.
  const request = options.fetch ?? ((...words: Parameters<typeof fetch>) => fetch(...words));
  const calls = new Map<number, AbortController>();
  const subscribed = new Set<EventName>();
  const ended = new AbortController();
  let listener: EnginePortListener | undefined;
  let tellReach: (reach: WebReach) => void = () => undefined;
  let session: string | undefined;
  let isLost = false;
  let wake: (() => void) | undefined;
  /** Held until the first greeting: calls made before know no session yet. */
  let greeted: () => void = () => undefined;
  const firstGreeting = new Promise<void>((resolve) => {
    greeted = resolve;
  });
  let subscriptionsSent = Promise.resolve();

  const isOpen = () => !ended.signal.aborted;
  const headers = (): Record<string, string> => ({
    'streamscope-token': token,
    ...(session === undefined ? {} : { 'streamscope-session': session }),
  });

  function sendSubscriptions(): void {
    subscriptionsSent = subscriptionsSent
      .then(() => firstGreeting)
      .then(async () => {
        const body = encodeWire([...subscribed]);
        await request(`${base}/rpc/subscriptions`, { method: 'PUT', headers: headers(), body, signal: ended.signal });
      })
      // The set is sent whole again when the event stream is back, which it is not if this failed.
      .catch(() => undefined);
  }

  async function answered(call: Call, body: BodyInit, signal: AbortSignal): Promise<Failure | { value: unknown }> {
    await firstGreeting;
    const url = `${base}/rpc/calls/${encodeURIComponent(call.name)}`;
    const response = await request(url, { method: 'POST', headers: headers(), body, signal });
    if (response.status === 404) return { code: 'call/unknown', message: `The server has no call ${call.name}.` };
    if (response.status === 413) return { code: 'call/invalid-input', message: (await response.text()).trim() };
    if (!response.ok) return { ...unreachable, message: (await response.text()).trim() };
    const outcome = outcomeSchema.parse(decodeWire(new Uint8Array(await response.arrayBuffer())));
    return 'failure' in outcome ? outcome.failure : outcome;
  }

  function call(message: Call): void {
    const body = encodeWire(message.input);
    const controller = new AbortController();
    calls.set(message.id, controller);
    answered(message, body, controller.signal)
      .catch(() => unreachable)
      .then((outcome) => {
        if (!calls.delete(message.id)) return;
        listener?.received(
          'code' in outcome
            ? { type: 'failure', id: message.id, failure: outcome }
            : { type: 'result', id: message.id, value: outcome.value },
        );
      })
      .catch((error: unknown) => {
        queueMicrotask(() => {
          throw error;
        });
      });
  }

  /** The closed request tells the server; the answer that it can no longer give is given here. */
  function cancel(id: number): void {
    const controller = calls.get(id);
    if (controller === undefined) return;
    calls.delete(id);
    controller.abort();
    listener?.received({ type: 'failure', id, failure: cancelled });
  }

  function abandonCalls(): void {
    for (const controller of calls.values()) controller.abort();
    calls.clear();
  }

  /** Follows one event stream to its end. */
  async function follow(connected: () => void): Promise<void> {
    const attempt = new AbortController();
    let silence = setTimeout(() => attempt.abort(), silenceMillis);
    const heard = () => {
      clearTimeout(silence);
      silence = setTimeout(() => attempt.abort(), silenceMillis);
    };
    try {
      const signal = AbortSignal.any([ended.signal, attempt.signal]);
      const response = await request(`${base}/rpc/events`, { headers: headers(), signal });
      if (response.status === 401) throw new TokenRefused();
      if (!response.ok || response.body === null) throw new Error(`the event stream answers ${response.status}`);
      let isGreeting = true;
      for await (const line of jsonLines(response.body, heard)) {
        if (isGreeting) {
          isGreeting = false;
          connected();
          greet(greetingSchema.parse(line));
          continue;
        }
        const message = readFromEngine(line);
        if (message !== undefined) listener?.received(message);
      }
    } finally {
      clearTimeout(silence);
      attempt.abort();
    }
  }

  function greet({ session: id, resumed }: z.infer<typeof greetingSchema>): void {
    const isFirst = session === undefined;
    session = id;
    greeted();
    tellReach({ state: 'reached' });
    if (isLost || (!isFirst && !resumed)) {
      isLost = false;
      abandonCalls();
      listener?.renewed();
    }
    if (!isFirst) sendSubscriptions();
  }

  function lose(failure: Failure): void {
    isLost = true;
    abandonCalls();
    listener?.lost(failure);
  }

  function pause(millis: number): Promise<void> {
    return new Promise((resolve) => {
      const timer = setTimeout(resolve, millis);
      wake = () => {
        clearTimeout(timer);
        resolve();
      };
    });
  }

  async function stayConnected(): Promise<void> {
    let failures = 0;
    while (isOpen()) {
      try {
        await follow(() => {
          failures = 0;
        });
      } catch (error) {
        if (error instanceof TokenRefused) {
          tellReach({ state: 'refused', failure: restarted });
          lose(restarted);
          return;
        }
      }
      if (!isOpen()) return;
      failures++;
      // One break is ordinary: the session waits for us. After a failed attempt nothing can succeed for now.
      if (failures > 1 && !isLost) lose(unreachable);
      tellReach(isLost ? { state: 'unreachable', failure: unreachable } : { state: 'retrying' });
      await pause(Math.min(firstRetryMillis * 2 ** (failures - 1), slowestRetryMillis));
    }
  }

  return {
    send(message) {
      switch (message.type) {
        case 'call':
          call(message);
          return;
        case 'cancel':
          cancel(message.id);
          return;
        case 'subscribe':
          subscribed.add(message.event);
          sendSubscriptions();
          return;
        case 'unsubscribe':
          subscribed.delete(message.event);
          sendSubscriptions();
          return;
        case 'seen':
          // What a page does not read fills its event stream, which the host sees by itself.
          return;
      }
    },
    listen(receiver) {
      listener = receiver;
      void stayConnected();
    },
    onReachChanged(receiver) {
      tellReach = receiver;
    },
    retryNow() {
      wake?.();
    },
    close() {
      abandonCalls();
      if (session !== undefined) {
        // Told so that the engine releases at once what this page held; it finds out by itself if this is lost.
        request(`${base}/rpc/session`, { method: 'DELETE', headers: headers(), keepalive: true }).catch(
          () => undefined,
        );
      }
      ended.abort();
      wake?.();
    },
  };
}
