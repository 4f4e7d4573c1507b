/** Messages of what nobody looks at that go out in one tick, and at once after a quiet time. */
const perTick = 8;
const burst = 64;
const tickMillis = 34;

export interface EventPacer<Message> {
  /** Delivers at once while there is room, else in turn; what comes of a subject that waits already takes its place. */
  offer(key: string, message: Message): void;
  /** Drops what waits and fits. */
  forget(isMeant: (message: Message) => boolean): void;
  close(): void;
}

/**
 * Bounds how much a window is told in all: some 240 messages a second, whatever number of streams is live. Subjects take
 * turns, so each is told of now and then, and the last value of each arrives.
 */
export function paceEvents<Message>(deliver: (message: Message) => void): EventPacer<Message> {
  const waiting = new Map<string, Message>();
  let room = burst;
  let timer: ReturnType<typeof setTimeout> | undefined;

  function tick(): void {
    timer = undefined;
    room = Math.min(burst, room + perTick);
    for (const [key, message] of waiting) {
      if (room === 0) break;
      room--;
      waiting.delete(key);
      deliver(message);
    }
    if (waiting.size > 0 || room < burst) timer = setTimeout(tick, tickMillis);
  }

  return {
    offer(key, message) {
      if (room === 0 || waiting.size > 0) waiting.set(key, message);
      else {
        room--;
        deliver(message);
      }
      timer ??= setTimeout(tick, tickMillis);
    },
    forget(isMeant) {
      for (const [key, message] of waiting) if (isMeant(message)) waiting.delete(key);
    },
    close() {
      clearTimeout(timer);
      waiting.clear();
    },
  };
}
