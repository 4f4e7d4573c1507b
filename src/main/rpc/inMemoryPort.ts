import type { EnginePort, EnginePortListener } from '../../shared/enginePort.ts';
import type { FromEngine } from '../../shared/envelope.ts';
import type { EngineService } from './handlers.ts';
import { withOwnBuffers } from './ownBuffers.ts';
import { serveSession, type SessionOptions } from './serveSession.ts';

/**
 * Joins a client and an engine of one process. Messages are cloned and arrive later, as over any other transport, so
 * that neither side can lean on sharing objects with the other.
 */
export function inMemoryPort(service: EngineService, options: SessionOptions): EnginePort {
  let listener: EnginePortListener | undefined;
  let open = true;

  function deliver(message: FromEngine): void {
    const carried =
      message.type === 'result'
        ? structuredClone({ ...message, value: withOwnBuffers(message.value) })
        : structuredClone(message);
    queueMicrotask(() => {
      if (open) listener?.received(carried);
    });
  }

  const session = serveSession(service, deliver, options);
  return {
    send(message) {
      if (!open) return;
      const carried = structuredClone(message);
      queueMicrotask(() => {
        session.receive(carried);
      });
    },
    listen(receiver) {
      listener = receiver;
    },
    close() {
      open = false;
      session.close();
    },
  };
}
