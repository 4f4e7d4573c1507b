import type { EngineService } from './handlers.ts';
import { withOwnBuffers } from './ownBuffers.ts';
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
  const session = serveSession(
    service,
    (message) => {
      port.postMessage(message.type === 'result' ? { ...message, value: withOwnBuffers(message.value) } : message);
    },
    options,
  );
  port.on('message', (event) => {
    session.receive(event.data);
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
