import type { FinishMeaning } from '../../shared/message.ts';
import type { DiagnosticDetails } from '../diagnostics/rule.ts';

/**
 * One normalised step of a message: what a frame says, whatever its dialect.
 *
 * - `choice`: index of the answer it belongs to, 0 where the provider gives only one.
 * - `part`: pieces with the same part belong together (a content block, an output item). Parts are numbered in the order
 *   of their first piece or as the provider numbers them; they separate text for the eye and are never added to it.
 * - `call`: number of a tool call, given by the dialect in the order in which calls begin, over all choices.
 */
export type Delta =
  | TextDelta
  | ToolDelta
  | { readonly type: 'citation'; readonly choice: number; readonly part: number; readonly citation: unknown }
  /** Sound, a picture, a file: how much of it came, never its bytes. `characters` as sent (base64), 0 for a reference. */
  | { readonly type: 'media'; readonly choice: number; readonly media: string; readonly characters: number }
  | UsageDelta
  | FinishDelta
  /** Identity of the message; absent where this frame does not give it. The first non-empty value is the message's. */
  | { readonly type: 'meta'; readonly id?: string; readonly model?: string }
  | ErrorDelta
  /** A time that the server measured itself. */
  | { readonly type: 'timing'; readonly name: string; readonly micros: number }
  /** The dialect's own end sign, such as `[DONE]` or `message_stop`. */
  | { readonly type: 'terminator' }
  /** A sign of life without content: a ping, a progress. */
  | { readonly type: 'heartbeat' }
  /** Known, and without anything for the message: `name` in the provider's word. */
  | { readonly type: 'event'; readonly name: string }
  /** Not known in this dialect: shown as it came, and noted once a name as `ai/unknown-event`. */
  | { readonly type: 'unknown'; readonly name: string }
  /** Something wrong with the frame: a code of the catalogue and what its sentence wants. */
  | { readonly type: 'fault'; readonly code: string; readonly details: DiagnosticDetails };

export const textChannels = ['text', 'reasoning', 'refusal'] as const;
/** Where a piece of text goes. */
export type TextChannel = (typeof textChannels)[number];

export type TextDelta =
  | { readonly type: TextChannel; readonly choice: number; readonly part: number; readonly text: string }
  /**
   * The provider's own final text of a part. It is compared with the pieces that came (`ai/final-text-differs`) and
   * never added to them.
   */
  | {
      readonly type: 'final';
      readonly channel: TextChannel;
      readonly choice: number;
      readonly part: number;
      readonly text: string;
    };

export type ToolDelta =
  /**
   * A call begins, or more of its head is known: what is given replaces what was unknown.
   * `runs`: who runs it; calls that the provider ran itself are listed apart.
   * `kind`: the provider's word for the call (`function`, `custom`, `web_search_call`).
   */
  | {
      readonly type: 'tool-start';
      readonly choice: number;
      readonly call: number;
      readonly id: string | null;
      readonly name: string | null;
      readonly kind: string;
      readonly runs: 'client' | 'server';
    }
  /** The next piece of the arguments' text. */
  | { readonly type: 'tool-arguments'; readonly call: number; readonly text: string }
  /**
   * The call is whole. `arguments`: the provider's final text of all arguments, if it gives one; used where no piece
   * came, else only compared. `status`: the provider's word.
   */
  | { readonly type: 'tool-end'; readonly call: number; readonly arguments?: string; readonly status?: string }
  /** What a tool answered, as the stream carries it; `call` is null where it cannot be told which one. */
  | { readonly type: 'tool-result'; readonly call: number | null; readonly result: unknown };

/** The provider's numbers as sent, null where it does not give one. The last usage of a stream counts; never summed. */
export interface UsageDelta {
  readonly type: 'usage';
  readonly input: number | null;
  readonly output: number | null;
  readonly reasoning: number | null;
  /** `output` was sent before there was any: it is no count of what came. Absent: false. */
  readonly isOutputPlaceholder?: boolean;
  /** The provider's object untouched, or put together field by field where it comes in parts. */
  readonly raw: unknown;
}

export interface FinishDelta {
  readonly type: 'finish';
  readonly choice: number;
  /** The provider's own word. */
  readonly reason: string;
  readonly meaning: FinishMeaning;
}

export interface ErrorDelta {
  readonly type: 'error';
  /** The provider's word or number for it, null for none. */
  readonly code: string | null;
  readonly message: string;
  readonly raw: unknown;
}
