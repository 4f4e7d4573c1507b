import type { EventName, Events } from '../../shared/events.ts';

type Listener<Name extends EventName> = (payload: Events[Name]) => void;

/** Longest time between two events of one kind and subject: thirty a second. */
const tickMillis = 33;

/** Hands events to subscribers: at once, or coalesced to the next tick. */
export class EventHub {
  readonly #listeners = new Map<EventName, Set<(payload: never) => void>>();
  #due: (() => void)[] = [];
  #timer: NodeJS.Timeout | undefined;
  #closed = false;

  subscribe<Name extends EventName>(event: Name, listener: Listener<Name>): () => void {
    const listeners = this.#listeners.get(event) ?? new Set();
    this.#listeners.set(event, listeners);
    const own: Listener<Name> = (payload) => {
      listener(payload);
    };
    listeners.add(own);
    return () => listeners.delete(own);
  }

  emit<Name extends EventName>(event: Name, payload: Events[Name]): void {
    for (const listener of this.#listeners.get(event) ?? []) (listener as Listener<Name>)(payload);
  }

  /**
   * A function that announces that something moved on. However often it is called between two ticks, one event goes
   * out, made at the tick, so it tells where things stand then. Calling it costs next to nothing.
   */
  announcer<Name extends EventName>(event: Name, make: () => Events[Name]): () => void {
    let isDue = false;
    const deliver = (): void => {
      isDue = false;
      if ((this.#listeners.get(event)?.size ?? 0) > 0) this.emit(event, make());
    };
    return () => {
      if (isDue || this.#closed) return;
      isDue = true;
      this.#due.push(deliver);
      this.#timer ??= setTimeout(() => {
        this.flush();
      }, tickMillis);
    };
  }

  /** Delivers everything announced now. */
  flush(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    const due = this.#due;
    this.#due = [];
    for (const deliver of due) deliver();
  }

  close(): void {
    this.#closed = true;
    clearTimeout(this.#timer);
    this.#due = [];
    this.#listeners.clear();
  }
}
