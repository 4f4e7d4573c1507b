import { streamAnswer } from '../answer.ts';
import type { MockEndpoint } from '../endpoint.ts';
import { seededRandom } from '../random.ts';
import type { AnswerPlan, PlanEnding, PlanUsage } from './answerPlan.ts';
import { chatChunks, chatCompletionObject, type ChatStyle } from './chatDialect.ts';
import { askedOfChat, chatRequestForm } from './chatRequestForm.ts';
import { openaiError, openaiFailure } from './openaiErrors.ts';
import { compactJson, providerEndpoint } from './providerEndpoint.ts';

export function chatFinishReason(ending: PlanEnding): string {
  const reasons = {
    stop: 'stop',
    tools: 'tool_calls',
    length: 'length',
    filter: 'content_filter',
    // What was refused is said in a member of its own; the answer as such ended as answers do.
    refusal: 'stop',
  } as const satisfies Record<PlanEnding, string>;
  return reasons[ending];
}

function chatUsage({ input, output, reasoning }: PlanUsage) {
  return {
    prompt_tokens: input,
    completion_tokens: output,
    total_tokens: input + output,
    prompt_tokens_details: { cached_tokens: 0 },
    completion_tokens_details: { reasoning_tokens: reasoning },
  };
}

/** Random text that hides how long a token is. */
function obfuscation({ seed }: AnswerPlan, n: number): string {
  const random = seededRandom(seed, 5_000 + n);
  return random
    .fraction()
    .toString(36)
    .slice(2, 3 + random.below(7));
}

/** OpenAI itself: reasoning is counted and not shown. */
export const openaiStyle: ChatStyle = {
  id: ({ ids }) => ids.id('chatcmpl-', 24),
  chunkMembers: (plan, n) => ({
    service_tier: 'default',
    system_fingerprint: null,
    obfuscation: obfuscation(plan, n),
  }),
  choiceMembers: () => ({}),
  opening: { role: 'assistant', content: '', refusal: null },
  reasoning: () => null,
  refusal: (text) => ({ refusal: text }),
  callId: ({ ids }, call) => ids.id('call_', 24, call),
  calls: 'pieces',
  usageAt: 'own-chunk',
  usage: chatUsage,
  finishReason: chatFinishReason,
  failure: (failure) => ({ error: openaiError(failure) }),
  message: ({ text, refusal }) => ({ content: orNull(text), refusal: orNull(refusal) }),
  heartbeat: null,
};

export function orNull(text: string): string | null {
  return text === '' ? null : text;
}

export const openaiChat: MockEndpoint = providerEndpoint({
  group: 'OpenAI',
  path: '/openai/v1/chat/completions',
  title: 'OpenAI Chat Completions: text, tool calls, refusals, usage.',
  exampleBody: {
    model: 'mock-1',
    stream: true,
    stream_options: { include_usage: true },
    messages: [{ role: 'user', content: 'What makes a good stream?' }],
  },
  body: chatRequestForm,
  asked: askedOfChat,
  answer: (plan, asked, body) => {
    const headers = [
      ['X-Request-Id', plan.ids.id('req_', 24)],
      ['OpenAI-Version', '2020-10-01'],
      ['OpenAI-Processing-Ms', '212'],
    ] as const;
    if (!asked.stream) return compactJson(200, chatCompletionObject(plan, openaiStyle), headers);
    const includeUsage = body.stream_options?.include_usage === true;
    const answer = streamAnswer('text/event-stream; charset=utf-8', chatChunks(plan, openaiStyle, includeUsage));
    return { ...answer, headers: [...answer.headers, ...headers] };
  },
  fail: openaiFailure,
});
