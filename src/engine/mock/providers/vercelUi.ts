import { z } from 'zod';
import { assertNever } from '../../../shared/assertNever.ts';
import { streamAnswer } from '../answer.ts';
import type { MockEndpoint } from '../endpoint.ts';
import { type MockStep, textStep } from '../step.ts';
import type { AnswerPlan, PlanEnding, PlanUsage } from './answerPlan.ts';
import { contentSchema, textOf } from './asked.ts';
import { type PartMoment, planMoments } from './planMoments.ts';
import { providerEndpoint, retryHeaders } from './providerEndpoint.ts';
import { dataStep, doneText } from './sse.ts';

const finishReasons = {
  stop: 'stop',
  tools: 'tool-calls',
  length: 'length',
  filter: 'content-filter',
  refusal: 'content-filter',
} as const satisfies Record<PlanEnding, string>;

function usageOf({ input, output, reasoning }: PlanUsage) {
  return {
    inputTokens: input,
    outputTokens: output,
    totalTokens: input + output,
    outputTokenDetails: { textTokens: output - reasoning, reasoningTokens: reasoning },
  };
}

/** What `useChat` of the AI SDK reads. Usage rides in the message's metadata, as applications put it there. */
function* uiStream(plan: AnswerPlan): Generator<MockStep, void, undefined> {
  for (const moment of planMoments(plan)) {
    const { delayMillis } = moment;
    switch (moment.kind) {
      case 'start':
        yield dataStep(delayMillis, {
          type: 'start',
          messageId: plan.ids.id('msg-', 24),
          messageMetadata: { model: plan.model },
        });
        yield dataStep(0, { type: 'start-step' });
        break;
      case 'part-start':
      case 'piece':
      case 'part-end': {
        const chunk = partChunk(moment, plan);
        if (chunk !== null) yield dataStep(delayMillis, chunk);
        break;
      }
      case 'failure':
        yield dataStep(delayMillis, { type: 'error', errorText: moment.failure.message });
        yield textStep(0, doneText);
        return;
      case 'end':
        yield dataStep(delayMillis, { type: 'finish-step' });
        yield dataStep(0, {
          type: 'finish',
          finishReason: finishReasons[plan.ending],
          messageMetadata: { usage: usageOf(plan.usage) },
        });
        yield textStep(0, doneText);
        return;
      default:
        assertNever(moment, 'a moment');
    }
  }
}

/** The chunk of a moment; null for the end of a call whose arguments are cut. */
function partChunk(moment: PartMoment, plan: AnswerPlan): object | null {
  const { part, index } = moment;
  if (part.kind === 'tool') {
    const toolCallId = plan.ids.id('call_', 24, part.call);
    if (moment.kind === 'part-start') return { type: 'tool-input-start', toolCallId, toolName: part.name };
    if (moment.kind === 'piece') return { type: 'tool-input-delta', toolCallId, inputTextDelta: moment.text };
    if (part.isCut) return null;
    return { type: 'tool-input-available', toolCallId, toolName: part.name, input: part.arguments };
  }
  const name = part.kind === 'reasoning' ? 'reasoning' : 'text';
  const id = `${name}-${index}`;
  if (moment.kind === 'piece') return { type: `${name}-delta`, id, delta: moment.text };
  return { type: `${name}-${moment.kind === 'part-start' ? 'start' : 'end'}`, id };
}

const uiRequest = z.looseObject({
  messages: z
    .array(
      z.looseObject({
        role: z.string(),
        content: contentSchema,
        parts: z
          .array(z.looseObject({ type: z.string(), text: z.string().optional(), state: z.string().optional() }))
          .optional(),
      }),
    )
    .optional(),
});

export const vercelUi: MockEndpoint = providerEndpoint({
  group: 'Vercel AI SDK',
  path: '/vercel-ui/api/chat',
  title: 'UI message stream of the Vercel AI SDK, as useChat reads it.',
  exampleBody: { messages: [{ id: '1', role: 'user', parts: [{ type: 'text', text: 'What makes a good stream?' }] }] },
  body: uiRequest,
  asked: ({ messages = [] }) => {
    const user = messages.findLast(({ role }) => role === 'user');
    // The SDK brings the results of its tools inside the assistant's last message.
    const last = messages.at(-1);
    const hasToolResults = last?.role === 'assistant' && last.parts?.some(isToolResult) === true;
    return {
      model: 'mock-1',
      prompt: textOf(user?.parts ?? user?.content),
      tools: [],
      hasToolResults,
      wantsReasoning: false,
      maxTokens: null,
      stream: true,
    };
  },
  answer: (plan) => {
    const answer = streamAnswer('text/event-stream', uiStream(plan));
    return { ...answer, headers: [...answer.headers, ['X-Vercel-AI-UI-Message-Stream', 'v1']] };
  },
  // The SDK shows the body as it is.
  fail: ({ status, message }) => ({
    kind: 'whole',
    status,
    headers: [['Content-Type', 'text/plain; charset=utf-8'], ...retryHeaders(status)],
    text: message,
  }),
});

function isToolResult({ type, state }: { readonly type: string; readonly state?: string | undefined }): boolean {
  return (type.startsWith('tool-') || type === 'dynamic-tool') && state?.startsWith('output-') === true;
}
