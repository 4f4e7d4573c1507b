import { z } from 'zod';
import { assertNever } from '../../../shared/assertNever.ts';
import { type MockCall, streamAnswer } from '../answer.ts';
import type { MockEndpoint } from '../endpoint.ts';
import { type MockStep, textStep } from '../step.ts';
import {
  type AnswerPlan,
  createdSeconds,
  type PlanFailure,
  spokenOf,
  type ToolPart,
  wholeCalls,
} from './answerPlan.ts';
import type { Asked } from './asked.ts';
import { chatChunks, chatCompletionObject, type ChatStyle } from './chatDialect.ts';
import { askedOfChat, chatRequestForm } from './chatRequestForm.ts';
import { openaiFailure } from './openaiErrors.ts';
import { openaiStyle, orNull } from './openaiChat.ts';
import { planMoments } from './planMoments.ts';
import { compactJson, providerEndpoint } from './providerEndpoint.ts';

const nanosPerMilli = 1_000_000;
const createdAt = new Date(createdSeconds * 1000).toISOString();

/** Whether words go to `message` or, of `/api/generate`, stand beside everything else. */
type OllamaForm = 'chat' | 'generate';

interface Words {
  readonly content?: string;
  readonly thinking?: string;
  readonly tool_calls?: readonly object[];
}

function line(plan: AnswerPlan, form: OllamaForm, { content = '', ...more }: Words, rest: object): object {
  const words = form === 'chat' ? { message: { role: 'assistant', content, ...more } } : { response: content, ...more };
  return { model: plan.model, created_at: createdAt, ...words, ...rest };
}

function toolCall({ ids }: AnswerPlan, part: ToolPart): object {
  return {
    id: ids.id('call_', 8, part.call),
    function: { index: part.call, name: part.name, arguments: part.arguments },
  };
}

/** The members of the last line: what it took, in nanoseconds, and why it ended. */
function ending(plan: AnswerPlan, form: OllamaForm): object {
  const { input, output } = plan.usage;
  const millis = Math.max(plan.delayMs, 1);
  const [load, prompt, evaluation] = [4 * millis, 6 * millis, output * millis].map((time) =>
    Math.round(time * nanosPerMilli),
  );
  return {
    done: true,
    // There is no word for a filter, nor for a refusal: the model says so in its own.
    done_reason: plan.ending === 'length' ? 'length' : 'stop',
    total_duration: (load ?? 0) + (prompt ?? 0) + (evaluation ?? 0),
    load_duration: load,
    prompt_eval_count: input,
    prompt_eval_duration: prompt,
    eval_count: output,
    eval_duration: evaluation,
    ...(form === 'generate' && { context: [] }),
  };
}

/** One object a line, the last with `done`. */
function* ollamaLines(plan: AnswerPlan, form: OllamaForm): Generator<MockStep, void, undefined> {
  const step = (delayMillis: number, value: object): MockStep => textStep(delayMillis, `${JSON.stringify(value)}\n`);
  const open = { done: false };
  let delayMillis = 0;
  for (const moment of planMoments(plan)) {
    delayMillis += moment.delayMillis;
    switch (moment.kind) {
      case 'start':
      case 'part-start':
        continue;
      case 'piece':
        if (moment.part.kind === 'tool') continue;
        yield step(delayMillis, line(plan, form, wordsOf(moment.part.kind, moment.text), open));
        break;
      case 'part-end': {
        const { part } = moment;
        if (part.kind !== 'tool' || part.isCut || form === 'generate') continue;
        yield step(delayMillis, line(plan, form, { tool_calls: [toolCall(plan, part)] }, open));
        break;
      }
      case 'failure':
        yield step(delayMillis, { error: moment.failure.message });
        return;
      case 'end':
        yield step(delayMillis, line(plan, form, {}, ending(plan, form)));
        return;
      default:
        assertNever(moment, 'a moment');
    }
    delayMillis = 0;
  }
}

function wordsOf(kind: 'text' | 'reasoning' | 'refusal', text: string): Words {
  return kind === 'reasoning' ? { thinking: text } : { content: text };
}

function ollamaWhole(plan: AnswerPlan, form: OllamaForm): object {
  const calls = wholeCalls(plan).map((part) => toolCall(plan, part));
  const thinking = spokenOf(plan, 'reasoning');
  const words: Words = {
    content: spokenOf(plan, 'text') + spokenOf(plan, 'refusal'),
    ...(thinking !== '' && { thinking }),
    ...(calls.length > 0 && form === 'chat' && { tool_calls: calls }),
  };
  return line(plan, form, words, ending(plan, form));
}

const ollamaRequest = chatRequestForm.extend({
  prompt: z.string().optional(),
  options: z.looseObject({ num_predict: z.number().optional() }).nullish(),
});

/** Ollama streams unless it is told not to. */
function asked(body: z.infer<typeof ollamaRequest>, call: MockCall): Asked {
  const ofChat = askedOfChat(body, call);
  const limit = body.options?.num_predict;
  return {
    ...ofChat,
    prompt: body.prompt ?? ofChat.prompt,
    wantsReasoning: body.think !== undefined && body.think !== null && body.think !== false,
    maxTokens: limit !== undefined && limit >= 1 ? Math.floor(limit) : null,
    stream: body.stream ?? true,
  };
}

const question = 'What makes a good stream?';

function native(form: OllamaForm, title: string, exampleBody: object): MockEndpoint {
  return providerEndpoint({
    group: 'Ollama',
    path: `/ollama/api/${form}`,
    title,
    exampleBody,
    body: ollamaRequest,
    asked,
    answer: (plan, { stream }) =>
      stream
        ? streamAnswer('application/x-ndjson', ollamaLines(plan, form))
        : compactJson(200, ollamaWhole(plan, form)),
    fail: ({ status, message }: PlanFailure) => compactJson(status, { error: message }),
  });
}

/** Ollama in OpenAI's words: reasoning is shown, calls come whole. */
const compatibleStyle: ChatStyle = {
  ...openaiStyle,
  id: ({ seed }) => `chatcmpl-${String(seed % 1000)}`,
  chunkMembers: () => ({ system_fingerprint: 'fp_ollama' }),
  opening: null,
  reasoning: (text) => ({ role: 'assistant', content: '', reasoning: text }),
  refusal: (text) => ({ role: 'assistant', content: text }),
  callId: ({ ids }, call) => ids.id('call_', 8, call),
  calls: 'whole',
  message: ({ text, reasoning, refusal }) => ({ content: text + refusal, reasoning: orNull(reasoning) }),
  finishReason: (reason) => (reason === 'filter' ? 'stop' : openaiStyle.finishReason(reason)),
};

export const ollama: readonly MockEndpoint[] = [
  native('chat', 'Ollama chat, as NDJSON: thinking, calls in one piece, counts and times in the last line.', {
    model: 'mock-1',
    messages: [{ role: 'user', content: question }],
  }),
  native('generate', 'Ollama generate, as NDJSON.', { model: 'mock-1', prompt: question }),
  providerEndpoint({
    group: 'Ollama',
    path: '/ollama/v1/chat/completions',
    title: 'Ollama in the words of OpenAI.',
    exampleBody: { model: 'mock-1', stream: true, messages: [{ role: 'user', content: question }] },
    body: chatRequestForm,
    asked: askedOfChat,
    answer: (plan, { stream }, body) =>
      stream
        ? streamAnswer(
            'text/event-stream',
            chatChunks(plan, compatibleStyle, body.stream_options?.include_usage === true),
          )
        : compactJson(200, chatCompletionObject(plan, compatibleStyle)),
    fail: openaiFailure,
  }),
];
