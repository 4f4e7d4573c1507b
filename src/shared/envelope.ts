import type { EventName, Events } from './events.ts';
import type { Failure } from './failure.ts';

/** What the window sends. Everything a transport must carry is here and in `FromEngine`. */
export type ToEngine =
  | { readonly type: 'call'; readonly id: number; readonly name: string; readonly input: unknown }
  | { readonly type: 'cancel'; readonly id: number }
  | { readonly type: 'subscribe'; readonly event: EventName }
  | { readonly type: 'unsubscribe'; readonly event: EventName }
  /** So many more events were taken in: a window that hangs says nothing, and is sent no more than it can catch up with. */
  | { readonly type: 'seen'; readonly count: number };

/** A window says `seen` after so many events. */
export const eventsUntilSeen = 32;

/** What the engine answers. Each call gets exactly one `result` or `failure`, also when it was cancelled. */
export type FromEngine =
  | { readonly type: 'result'; readonly id: number; readonly value: unknown }
  | { readonly type: 'failure'; readonly id: number; readonly failure: Failure }
  | EventMessage;

export type EventMessage = {
  readonly [Name in EventName]: { readonly type: 'event'; readonly event: Name; readonly payload: Events[Name] };
}[EventName];
