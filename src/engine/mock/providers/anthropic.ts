import { z } from 'zod';
import { type MockCall, type MockHeader, streamAnswer, type WholeAnswer } from '../answer.ts';
import type { MockEndpoint } from '../endpoint.ts';
import { type MockStep, textStep } from '../step.ts';
import type { AnswerPlan, PlanFailure } from './answerPlan.ts';
import { anthropicError, anthropicEvents, anthropicMessage, paddedJson } from './anthropicMessages.ts';
import { type Asked, type AskedTool, callableTools, contentSchema, modelName, textOf, tokenLimit } from './asked.ts';
import { wantsStream } from './chatRequestForm.ts';
import type { IdSource } from './ids.ts';
import { compactJson, providerEndpoint, retryHeaders } from './providerEndpoint.ts';

/** A request for Messages. Bedrock's has no model and no `stream`. */
export const anthropicRequest = z.looseObject({
  model: modelName.optional(),
  messages: z.array(z.looseObject({ role: z.string(), content: contentSchema })).optional(),
  max_tokens: tokenLimit,
  stream: z.boolean().nullish(),
  tools: z.array(z.looseObject({ name: z.string().min(1), input_schema: z.unknown().optional() })).nullish(),
  tool_choice: z.looseObject({ type: z.string(), name: z.string().optional() }).nullish(),
  thinking: z.looseObject({ type: z.string() }).nullish(),
});

export function askedOfMessages(body: z.infer<typeof anthropicRequest>, call: MockCall): Asked {
  const { messages = [], tools, tool_choice: choice, thinking } = body;
  const last = messages.at(-1)?.content;
  const named = (tools ?? []).map(({ name, input_schema }): AskedTool => ({ name, schema: input_schema ?? null }));
  return {
    model: body.model ?? 'mock-1',
    prompt: textOf(messages.findLast(({ role }) => role === 'user')?.content),
    tools: choice?.type === 'none' ? [] : callableTools(named, choice?.name ?? null),
    hasToolResults: Array.isArray(last) && last.some((part) => typeof part !== 'string' && part.type === 'tool_result'),
    wantsReasoning: thinking !== null && thinking !== undefined && thinking.type !== 'disabled',
    maxTokens: body.max_tokens ?? null,
    stream: wantsStream(body.stream, call),
  };
}

function* anthropicStream(plan: AnswerPlan): Generator<MockStep, void, undefined> {
  let n = 0;
  for (const timed of anthropicEvents(plan)) {
    yield textStep(timed.delayMillis, `event: ${timed.event.type}\ndata: ${paddedJson(timed, plan.seed, n++)}\n\n`);
  }
}

function headersOf(ids: IdSource): readonly MockHeader[] {
  return [
    ['Request-Id', ids.id('req_', 24)],
    ['Anthropic-Organization-Id', ids.uuid(1)],
  ];
}

function fail(failure: PlanFailure, ids: IdSource): WholeAnswer {
  const body = { type: 'error', error: anthropicError(failure), request_id: ids.id('req_', 24) };
  return compactJson(failure.status, body, [...retryHeaders(failure.status), ...headersOf(ids)]);
}

export const anthropic: MockEndpoint = providerEndpoint({
  group: 'Anthropic',
  path: '/anthropic/v1/messages',
  title: 'Anthropic Messages: thinking, text, tool use, pings, errors in mid-stream.',
  exampleBody: {
    model: 'mock-1',
    max_tokens: 1024,
    stream: true,
    messages: [{ role: 'user', content: 'What makes a good stream?' }],
  },
  body: anthropicRequest,
  asked: askedOfMessages,
  answer: (plan, asked) => {
    const headers = headersOf(plan.ids);
    if (!asked.stream) return compactJson(200, anthropicMessage(plan), headers);
    const answer = streamAnswer('text/event-stream; charset=utf-8', anthropicStream(plan));
    return { ...answer, headers: [...answer.headers, ...headers] };
  },
  fail,
});
