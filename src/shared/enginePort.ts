import type { FromEngine, ToEngine } from './envelope.ts';
import type { Failure } from './failure.ts';

/**
 * The window's end of a transport: all that a client needs to know of it. A port is open from the start; what is sent
 * before the engine listens is kept in order.
 */
export interface EnginePort {
  /** Throws where the message cannot be carried, for example a value that cannot be cloned. Nothing is sent then. */
  send(message: ToEngine): void;
  /** Called once, before anything is sent. */
  listen(listener: EnginePortListener): void;
  close(): void;
}

export interface EnginePortListener {
  /** The receiver owns the buffers of the message. */
  received(message: FromEngine): void;
  /** The engine cannot be reached, and whatever it was doing for this window is over. */
  lost(failure: Failure): void;
  /** Reachable in a new session: the engine knows nothing of earlier calls and subscriptions. */
  renewed(): void;
}
