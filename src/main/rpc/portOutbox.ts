import type { EventMessage } from '../../shared/envelope.ts';
import { eventKey } from './coalesceEvents.ts';

/** Events under way that a window has not said to have taken in: a few seconds of them. */
const underWayAtMost = 256;

export interface PortOutbox {
  /** Sends an event, or keeps it, the newest of each subject, while too many are under way. */
  offer(message: EventMessage): void;
  /** The window took in so many more: what was kept goes on. */
  seen(count: number): void;
}

/** Keeps a window that hangs from being sent events without end: a port queues whatever it is given. */
export function createPortOutbox(send: (message: EventMessage) => void): PortOutbox {
  const kept = new Map<string, EventMessage>();
  let underWay = 0;
  return {
    offer(message) {
      if (underWay >= underWayAtMost) {
        kept.set(eventKey(message), message);
        return;
      }
      underWay++;
      send(message);
    },
    seen(count) {
      underWay = Math.max(0, underWay - count);
      for (const [key, message] of kept) {
        if (underWay >= underWayAtMost) return;
        kept.delete(key);
        underWay++;
        send(message);
      }
    },
  };
}
