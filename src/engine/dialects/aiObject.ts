import type { AssembledChoice, Assembly } from './assemble.ts';
import type { Dialect } from './dialect.ts';
import { isTerminated } from './endFindings.ts';
import type { AssembledCall } from './toolCall.ts';

export interface AiToolCall {
  readonly id: string | null;
  readonly name: string | null;
  /** The raw text as it came, `{}` for none. */
  readonly arguments: string;
}

/** A call that the provider ran itself. */
export interface AiServerTool extends AiToolCall {
  readonly type: string;
  readonly status: string | null;
}

/** What one answer says. */
export interface AiAnswer {
  readonly text: string;
  readonly reasoning: string;
  /** Null: there was none. */
  readonly refusal: string | null;
  readonly toolCalls: readonly AiToolCall[];
  readonly finishReason: string | null;
}

/** The summary's `ai`, without the token counts, which need the times of arrival. */
export interface AiObject extends AiAnswer {
  readonly id: string | null;
  readonly model: string | null;
  readonly serverTools: readonly AiServerTool[];
  readonly usage: {
    readonly input: number | null;
    readonly output: number | null;
    readonly reasoning: number | null;
    readonly raw: unknown;
  } | null;
  readonly errors: readonly { readonly code: string | null; readonly message: string }[];
  readonly terminated: boolean;
  readonly choices: number;
  readonly others: readonly (AiAnswer & { readonly index: number })[];
}

/** The message as the command line's summary gives it. */
export function aiObject(message: Assembly, dialect: Dialect, variant: string | null): AiObject {
  const main = message.choice(0);
  const others = [...message.choices.values()].filter(({ index }) => index !== 0).sort((a, b) => a.index - b.index);
  return {
    id: message.id,
    model: message.model,
    ...(main === undefined ? noAnswer : answerOf(main)),
    serverTools: message.calls.filter(({ runs }) => runs === 'server').map(serverTool),
    usage: usageOf(message),
    errors: message.errors.map(({ code, message: text }) => ({ code, message: text })),
    terminated: isTerminated(message, dialect, variant),
    choices: message.choices.size,
    others: others.map((choice) => ({ index: choice.index, ...answerOf(choice) })),
  };
}

const noAnswer: AiAnswer = { text: '', reasoning: '', refusal: null, toolCalls: [], finishReason: null };

function answerOf(choice: AssembledChoice): AiAnswer {
  return {
    text: choice.text.text,
    reasoning: choice.reasoning.text,
    refusal: choice.refusal.length === 0 ? null : choice.refusal.text,
    toolCalls: choice.calls.filter(({ runs }) => runs === 'client').map(toolCall),
    finishReason: choice.finish?.reason ?? null,
  };
}

function toolCall({ id, name, argumentsText }: AssembledCall): AiToolCall {
  return { id, name, arguments: argumentsText };
}

function serverTool(call: AssembledCall): AiServerTool {
  return { ...toolCall(call), type: call.kind, status: call.status };
}

function usageOf({ usage }: Assembly): AiObject['usage'] {
  if (usage === null) return null;
  const { input, output, reasoning, raw } = usage.delta;
  return { input, output, reasoning, raw };
}
