import { z } from 'zod';
import type { MockCall } from '../answer.ts';
import { type Asked, type AskedTool, callableTools, contentSchema, modelName, textOf, tokenLimit } from './asked.ts';

const toolSchema = z.looseObject({
  function: z.looseObject({ name: z.string().min(1), parameters: z.unknown().optional() }).optional(),
});

/** A request for Chat Completions, as OpenAI takes it and as those do who copied it. */
export const chatRequestForm = z.looseObject({
  model: modelName.optional(),
  messages: z.array(z.looseObject({ role: z.string(), content: contentSchema })).optional(),
  stream: z.boolean().nullish(),
  stream_options: z.looseObject({ include_usage: z.boolean().optional() }).nullish(),
  tools: z.array(toolSchema).nullish(),
  tool_choice: z.union([z.string(), toolSchema]).nullish(),
  max_tokens: tokenLimit,
  max_completion_tokens: tokenLimit,
  reasoning_effort: z.string().nullish(),
  /** OpenRouter's. */
  reasoning: z.looseObject({ effort: z.string().optional(), enabled: z.boolean().optional() }).nullish(),
  think: z.unknown().optional(),
});

export type ChatRequestBody = z.infer<typeof chatRequestForm>;

const efforts = new Set(['minimal', 'low', 'medium', 'high', 'xhigh', 'max']);

/** True for an effort that is one: some services are told `none`. */
export function isEffort(effort: string | null | undefined): boolean {
  return effort !== null && effort !== undefined && efforts.has(effort);
}

export function askedOfChat(body: ChatRequestBody, call: MockCall): Asked {
  const { messages = [], tools, tool_choice: choice, reasoning } = body;
  const wanted = typeof choice === 'string' ? null : (choice?.function?.name ?? null);
  const named = (tools ?? []).flatMap(({ function: body }): AskedTool[] =>
    body === undefined ? [] : [{ name: body.name, schema: body.parameters ?? null }],
  );
  return {
    model: body.model ?? 'mock-1',
    prompt: textOf(messages.findLast(({ role }) => role === 'user')?.content),
    tools: choice === 'none' ? [] : callableTools(named, wanted),
    hasToolResults: messages.at(-1)?.role === 'tool',
    wantsReasoning: isEffort(body.reasoning_effort) || isEffort(reasoning?.effort) || reasoning?.enabled === true,
    maxTokens: body.max_completion_tokens ?? body.max_tokens ?? null,
    stream: wantsStream(body.stream, call),
  };
}

/** A request without a body is somebody who looks around: they shall see a stream. */
export function wantsStream(stream: boolean | null | undefined, call: MockCall): boolean {
  return stream ?? call.body.trim() === '';
}
