import type { FinishMeaning } from './message.ts';
import type { RecordingId } from './words.ts';

export type TurnRole = 'system' | 'user' | 'assistant' | 'tool';

/** A tool call as a request repeats it or an answer makes it. */
export interface TurnCall {
  readonly name: string | null;
  /** JSON text, at most 4 Ki units. */
  readonly arguments: string;
}

/** One turn of a conversation, as a request carries it. */
export interface ConversationTurn {
  readonly role: TurnRole;
  /** At most 16 Ki units; of a `tool` turn what the tool answered. */
  readonly text: string;
  /** UTF-16 units of the whole text. */
  readonly length: number;
  /** At most 100. */
  readonly calls: readonly TurnCall[];
  /** Pictures, sounds and files, which are not shown. */
  readonly media: number;
}

/** A request and its answer. */
export interface ConversationExchange {
  readonly recordingId: RecordingId;
  /** Wall clock, ms since 1970. */
  readonly startedAt: number;
  /** As the request names it; null where it does not. */
  readonly model: string | null;
  /** Turns that no exchange before sent or answered, at most 200, the last ones. */
  readonly turns: readonly ConversationTurn[];
  readonly omittedTurns: number;
  /** Null where the answer is no token stream, or cannot be read. */
  readonly answer: {
    readonly text: string;
    readonly length: number;
    readonly calls: readonly TurnCall[];
    /** The provider's word, null while there is none. */
    readonly finish: string | null;
    readonly meaning: FinishMeaning | null;
  } | null;
}

/** Recordings of one program whose requests carry on one conversation, in its order. */
export interface Conversation {
  readonly exchanges: readonly ConversationExchange[];
  /** Recordings whose request was looked at. */
  readonly lookedAt: number;
  /** Recordings to the same server that were not looked at: older than the newest 500, or with a longer body than 1 MB. */
  readonly leftOut: number;
}
