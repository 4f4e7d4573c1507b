import { streamAnswer } from '../answer.ts';
import type { MockEndpoint } from '../endpoint.ts';
import type { PlanFailure } from './answerPlan.ts';
import { chatChunks, chatCompletionObject, type ChatStyle } from './chatDialect.ts';
import { askedOfChat, chatRequestForm } from './chatRequestForm.ts';
import { openaiStyle, orNull } from './openaiChat.ts';
import { compactJson, providerEndpoint, retryHeaders } from './providerEndpoint.ts';

const provider = 'Mock Provider';

function routerError({ status, message }: PlanFailure) {
  return { code: status, message, metadata: { provider_name: provider } };
}

/** OpenRouter: comments while it looks for somebody to answer, reasoning in two forms, errors in a chunk like others. */
const openrouterStyle: ChatStyle = {
  ...openaiStyle,
  id: ({ ids }) => ids.id('gen-1794819200-', 20),
  chunkMembers: () => ({ provider }),
  choiceMembers: (finish) => ({ native_finish_reason: finish, logprobs: null }),
  opening: null,
  reasoning: (text) => ({
    role: 'assistant',
    content: '',
    reasoning: text,
    reasoning_details: [{ type: 'reasoning.text', text, format: 'unknown', index: 0 }],
  }),
  usageAt: 'own-chunk',
  usage: (usage) => ({
    ...openaiStyle.usage(usage),
    cost: 0,
    is_byok: false,
    cost_details: { upstream_inference_cost: 0 },
  }),
  failure: (failure, members) => ({
    ...members,
    provider,
    error: routerError(failure),
    choices: [{ index: 0, delta: { content: '' }, finish_reason: 'error', native_finish_reason: 'error' }],
  }),
  message: ({ text, reasoning, refusal }) => ({
    content: orNull(text),
    refusal: orNull(refusal),
    reasoning: orNull(reasoning),
  }),
  heartbeat: 'OPENROUTER PROCESSING',
};

export const openrouter: MockEndpoint = providerEndpoint({
  group: 'OpenRouter',
  path: '/openrouter/api/v1/chat/completions',
  title: 'OpenRouter chat: comments before the first token, reasoning, errors in mid-stream.',
  exampleBody: {
    model: 'mock/mock-1',
    stream: true,
    messages: [{ role: 'user', content: 'What makes a good stream?' }],
  },
  body: chatRequestForm,
  asked: askedOfChat,
  answer: (plan, asked) => {
    const headers = [['X-Generation-Id', openrouterStyle.id(plan)]] as const;
    if (!asked.stream) return compactJson(200, chatCompletionObject(plan, openrouterStyle), headers);
    const answer = streamAnswer('text/event-stream', chatChunks(plan, openrouterStyle, true));
    return { ...answer, headers: [...answer.headers, ...headers] };
  },
  fail: (failure) => compactJson(failure.status, { error: routerError(failure) }, retryHeaders(failure.status)),
});
