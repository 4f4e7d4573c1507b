import type { ServerResponse } from 'node:http';
import type { EventMessage } from '../../../shared/envelope.ts';
import { eventKey } from '../../rpc/coalesceEvents.ts';

/** Events on their way to one window. What cannot be written yet waits, the newest of each subject only. */
export interface EventOutbox {
  push(message: EventMessage): void;
  /** Writes from now on to this stream, beginning with what waits. Ends a stream attached before. */
  attach(stream: ServerResponse): void;
  readonly attached: boolean;
  close(): void;
}

/** An empty line says that the server is there, often enough for a window to notice soon that it is not. */
export function createEventOutbox(heartbeatMillis: number): EventOutbox {
  const waiting = new Map<string, EventMessage>();
  let stream: ServerResponse | undefined;
  const heartbeat = setInterval(() => {
    if (stream !== undefined && !stream.writableNeedDrain) stream.write('\n');
  }, heartbeatMillis);

  function flush(): void {
    for (const [key, message] of waiting) {
      if (stream === undefined || stream.writableNeedDrain) return;
      waiting.delete(key);
      stream.write(`${JSON.stringify(message)}\n`);
    }
  }

  return {
    push(message) {
      waiting.set(eventKey(message), message);
      flush();
    },
    attach(next) {
      stream?.end();
      stream = next;
      next.on('drain', flush);
      next.on('close', () => {
        if (stream === next) stream = undefined;
      });
      flush();
    },
    get attached() {
      return stream !== undefined;
    },
    close() {
      clearInterval(heartbeat);
      stream?.end();
      stream = undefined;
      waiting.clear();
    },
  };
}
