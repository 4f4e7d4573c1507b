import { z } from 'zod';
import { streamAnswer } from '../answer.ts';
import type { MockEndpoint } from '../endpoint.ts';
import { seededRandom } from '../random.ts';
import type { PlanFailure } from './answerPlan.ts';
import { chatChunks, chatCompletionObject, type ChatStyle } from './chatDialect.ts';
import { askedOfChat, chatRequestForm } from './chatRequestForm.ts';
import { chatFinishReason, openaiStyle } from './openaiChat.ts';
import { compactJson, providerEndpoint, retryHeaders } from './providerEndpoint.ts';

const padding = 'abcdefghijklmnopqrstuvwxyz0123456789';

/** Mistral: reasoning as a list of parts where text is a string, calls in one piece, usage with the finish reason. */
const mistralStyle: ChatStyle = {
  ...openaiStyle,
  id: ({ ids }) => ids.uuid().replaceAll('-', ''),
  chunkMembers: ({ seed }, n) => ({ p: padding.slice(0, 1 + seededRandom(seed, 6_000 + n).below(padding.length)) }),
  opening: { role: 'assistant', content: '' },
  reasoning: (text) => ({ content: [{ type: 'thinking', thinking: [{ type: 'text', text }] }] }),
  // There is no form for a refusal: a model refuses in words.
  refusal: (text) => ({ content: text }),
  callId: ({ ids }, call) => ids.id('', 9, call),
  calls: 'whole',
  usageAt: 'finish',
  usage: ({ input, output }) => ({ prompt_tokens: input, total_tokens: input + output, completion_tokens: output }),
  // Nor one for a filter.
  finishReason: (ending) => (ending === 'filter' ? 'stop' : chatFinishReason(ending)),
  // A word among the finish reasons is all there is for it.
  failure: (_failure, members) => ({
    ...members,
    choices: [{ index: 0, delta: { content: '' }, finish_reason: 'error' }],
  }),
  message: ({ text, reasoning, refusal }) => ({
    content:
      reasoning === ''
        ? text + refusal
        : [
            { type: 'thinking', thinking: [{ type: 'text', text: reasoning }] },
            { type: 'text', text: text + refusal },
          ],
  }),
};

function mistralError({ status, message }: PlanFailure) {
  return { object: 'error', message, type: errorType(status), param: null, code: String(status) };
}

function errorType(status: number): string {
  if (status === 400) return 'invalid_request_error';
  if (status === 401) return 'unauthorized';
  return status === 429 ? 'rate_limited' : 'service_error';
}

const mistralRequest = chatRequestForm.extend({ prompt_mode: z.string().nullish() });

export const mistral: MockEndpoint = providerEndpoint({
  group: 'Mistral',
  path: '/mistral/v1/chat/completions',
  title: 'Mistral chat: thinking as parts of the content, calls in one piece.',
  exampleBody: {
    model: 'mock-1',
    stream: true,
    messages: [{ role: 'user', content: 'What makes a good stream?' }],
  },
  body: mistralRequest,
  asked: (body, call) => {
    const asked = askedOfChat(body, call);
    return { ...asked, wantsReasoning: asked.wantsReasoning || body.prompt_mode === 'reasoning' };
  },
  answer: (plan, asked) =>
    asked.stream
      ? streamAnswer('text/event-stream; charset=utf-8', chatChunks(plan, mistralStyle, true))
      : compactJson(200, chatCompletionObject(plan, mistralStyle)),
  fail: (failure) => compactJson(failure.status, mistralError(failure), retryHeaders(failure.status)),
});
