import type { EventMessage } from '../../shared/envelope.ts';
import type { RecordingId } from '../../shared/words.ts';
import { paceEvents } from './eventPacer.ts';

/** At most 30 messages a second for one subject of one event. */
const intervalMillis = 34;

export interface EventCoalescer {
  /** Delivers at once, or the newest of what came meanwhile when the interval is over. */
  offer(message: EventMessage): void;
  /** The recording that the window asked about last: what is new of it never waits for others. */
  lookAt(id: RecordingId): void;
  /** Drops what waits of one event. */
  forget(event: EventMessage['event']): void;
  close(): void;
}

interface Subject {
  newest: EventMessage | undefined;
  timer: ReturnType<typeof setTimeout>;
}

/** Events of one key say the same thing at different times, so the newest makes the others needless. */
export function eventKey(message: EventMessage): string {
  switch (message.event) {
    case 'recording.advanced':
    case 'library.changed':
    case 'run.advanced':
      return `${message.event} ${message.payload.id}`;
    case 'filter.advanced':
      return `${message.event} ${message.payload.filterId}`;
    case 'replay.changed':
      return `${message.event} ${message.payload.replayId}`;
    case 'mock.changed':
    case 'mock.requested':
    case 'proxy.changed':
      return message.event;
  }
}

/**
 * Keeps a slow window from being flooded: last value wins, and the last value always arrives. Holds one timer for each
 * subject that spoke within the interval. Where very many streams are live, those that the window does not look at are
 * told in turns.
 */
export function coalesceEvents(deliver: (message: EventMessage) => void): EventCoalescer {
  const subjects = new Map<string, Subject>();
  const others = paceEvents(deliver);
  let lookedAt: RecordingId | undefined;

  function send(key: string, message: EventMessage): void {
    const { event, payload } = message;
    const isOfMany = event === 'recording.advanced' || event === 'library.changed';
    if (isOfMany && payload.id !== lookedAt) others.offer(key, message);
    else deliver(message);
  }

  function rest(key: string): Subject {
    return {
      newest: undefined,
      timer: setTimeout(() => {
        const subject = subjects.get(key);
        subjects.delete(key);
        if (subject?.newest === undefined) return;
        subjects.set(key, rest(key));
        send(key, subject.newest);
      }, intervalMillis),
    };
  }

  return {
    offer(message) {
      const key = eventKey(message);
      const subject = subjects.get(key);
      if (subject !== undefined) {
        subject.newest = message;
        return;
      }
      subjects.set(key, rest(key));
      send(key, message);
    },
    lookAt(id) {
      lookedAt = id;
    },
    forget(event) {
      others.forget((message) => message.event === event);
      for (const subject of subjects.values()) {
        if (subject.newest?.event === event) subject.newest = undefined;
      }
    },
    close() {
      for (const subject of subjects.values()) clearTimeout(subject.timer);
      subjects.clear();
      others.close();
    },
  };
}
