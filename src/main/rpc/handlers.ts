import type { CallName, Input, Results } from '../../shared/calls.ts';
import type { EventName, Events } from '../../shared/events.ts';

/** One connected window. What it opened (filters, unfinished imports) is closed when it goes. */
export type SessionId = string;

export interface CallContext {
  /** Aborted by `cancel`, by the session's end and by the engine's shutdown. */
  readonly signal: AbortSignal;
  readonly session: SessionId;
}

/** The implementation of the contract: one function a call. Inputs arrive validated. An expected failure is thrown as `FailureError`. */
export type Handlers = {
  readonly [Name in CallName]: (input: Input<Name>, context: CallContext) => Results[Name] | Promise<Results[Name]>;
};

/** What `rpc` serves: the calls and the events of one engine. */
export interface EngineService {
  readonly handlers: Handlers;
  /** Delivers an event until the returned function is called. Events come coalesced already. */
  subscribe<Name extends EventName>(event: Name, listener: (payload: Events[Name]) => void): () => void;
  sessionEnded(session: SessionId): void;
}
