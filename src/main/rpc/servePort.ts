import { seenSchema } from '../../shared/envelopeSchema.ts';
import type { EngineService } from './handlers.ts';
import { withOwnBuffers } from './ownBuffers.ts';
import { createPortOutbox } from './portOutbox.ts';
import { serveSession, type Session, type SessionOptions } from './serveSession.ts';

/** The engine's end of a message port: Electron's `MessagePortMain` has this form. */
export interface EnginePortEnd {
  postMessage(message: unknown): void;
  on(event: 'message', listener: (event: { readonly data: unknown }) => void): unknown;
  /** The other end was closed, or its page or process is gone. */
  on(event: 'close', listener: () => void): unknown;
  /** Messages wait until this is called. */
  start(): void;
  close(): void;
}

/** Serves the contract over a message port. The session ends with the port, whichever end closes it. */
export function servePort(service: EngineService, port: EnginePortEnd, options: SessionOptions): Session {
  const outbox = createPortOutbox((message) => {
    port.postMessage(message);
  });
  const session = serveSession(
    service,
    (message) => {
      if (message.type === 'event') outbox.offer(message);
      else port.postMessage(message.type === 'result' ? { ...message, value: withOwnBuffers(message.value) } : message);
    },
    options,
  );
  port.on('message', ({ data }) => {
    const seen = seenSchema.safeParse(data);
    if (seen.success) outbox.seen(seen.data.count);
    else session.receive(data);
  });
  port.on('close', () => {
    session.close();
  });
  port.start();
  return {
    ...session,
    close() {
      session.close();
      port.close();
    },
  };
}
