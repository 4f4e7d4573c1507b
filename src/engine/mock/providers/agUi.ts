import { z } from 'zod';
import { assertNever } from '../../../shared/assertNever.ts';
import { streamAnswer } from '../answer.ts';
import type { MockEndpoint } from '../endpoint.ts';
import type { MockStep } from '../step.ts';
import type { AnswerPlan, PlanUsage } from './answerPlan.ts';
import { type AskedTool, contentSchema, textOf } from './asked.ts';
import { type PartMoment, planMoments } from './planMoments.ts';
import { compactJson, providerEndpoint, retryHeaders } from './providerEndpoint.ts';
import { dataStep } from './sse.ts';

interface Run {
  readonly threadId: string;
  readonly runId: string;
}

function usageOf(model: string, { input, output, reasoning }: PlanUsage) {
  return [
    {
      model,
      inputTokens: input,
      outputTokens: output,
      totalTokens: input + output,
      ...(reasoning > 0 && { reasoningTokens: reasoning }),
    },
  ];
}

/** The run of an agent. A run has no reason for its end: a filter, a refusal and a cut show in the words alone. */
function* agUiStream(plan: AnswerPlan, run: Run): Generator<MockStep, void, undefined> {
  for (const moment of planMoments(plan)) {
    let { delayMillis } = moment;
    switch (moment.kind) {
      case 'start':
        yield dataStep(delayMillis, { type: 'RUN_STARTED', ...run });
        break;
      case 'part-start':
      case 'piece':
      case 'part-end':
        for (const event of partEvents(moment, plan)) {
          yield dataStep(delayMillis, event);
          delayMillis = 0;
        }
        break;
      case 'failure':
        yield dataStep(delayMillis, { type: 'RUN_ERROR', message: moment.failure.message, code: 'MODEL_OVERLOADED' });
        return;
      case 'end': {
        const outcome = { type: 'success' };
        yield dataStep(delayMillis, { type: 'RUN_FINISHED', ...run, outcome, usage: usageOf(plan.model, plan.usage) });
        return;
      }
      default:
        assertNever(moment, 'a moment');
    }
  }
}

function partEvents(moment: PartMoment, plan: AnswerPlan): object[] {
  const { part, index } = moment;
  if (part.kind === 'tool') {
    const toolCallId = plan.ids.id('call_', 24, part.call);
    const calls = {
      'part-start': {
        type: 'TOOL_CALL_START',
        toolCallId,
        toolCallName: part.name,
        parentMessageId: messageId(plan, -1),
      },
      piece: { type: 'TOOL_CALL_ARGS', toolCallId, delta: moment.kind === 'piece' ? moment.text : '' },
      'part-end': { type: 'TOOL_CALL_END', toolCallId },
    };
    return [calls[moment.kind]];
  }
  const id = { messageId: messageId(plan, index) };
  const isThought = part.kind === 'reasoning';
  const name = isThought ? 'REASONING_MESSAGE' : 'TEXT_MESSAGE';
  if (moment.kind === 'piece') return [{ type: `${name}_CONTENT`, ...id, delta: moment.text }];
  const around = isThought ? [{ type: moment.kind === 'part-start' ? 'REASONING_START' : 'REASONING_END', ...id }] : [];
  if (moment.kind === 'part-end') return [{ type: `${name}_END`, ...id }, ...around];
  return [...around, { type: `${name}_START`, ...id, role: isThought ? 'reasoning' : 'assistant' }];
}

/** @param part −1: of the message that the calls belong to */
function messageId({ ids }: AnswerPlan, part: number): string {
  return ids.uuid(10 + part);
}

const agUiRequest = z.looseObject({
  threadId: z.string().optional(),
  runId: z.string().optional(),
  messages: z.array(z.looseObject({ role: z.string(), content: contentSchema })).optional(),
  tools: z.array(z.looseObject({ name: z.string().min(1), parameters: z.unknown().optional() })).optional(),
});

export const agUi: MockEndpoint = providerEndpoint({
  group: 'AG-UI',
  path: '/ag-ui',
  title: 'AG-UI: the run of an agent with its messages, reasoning and calls of tools.',
  exampleBody: {
    threadId: 'thread-1',
    runId: 'run-1',
    messages: [{ id: '1', role: 'user', content: 'What makes a good stream?' }],
    tools: [],
    context: [],
  },
  body: agUiRequest,
  asked: ({ messages = [], tools = [] }) => ({
    model: 'mock-1',
    prompt: textOf(messages.findLast(({ role }) => role === 'user')?.content),
    tools: tools.map(({ name, parameters }): AskedTool => ({ name, schema: parameters ?? null })),
    hasToolResults: messages.at(-1)?.role === 'tool',
    wantsReasoning: false,
    maxTokens: null,
    stream: true,
  }),
  answer: (plan, _asked, { threadId, runId }) =>
    streamAnswer(
      'text/event-stream',
      agUiStream(plan, { threadId: threadId ?? plan.ids.uuid(1), runId: runId ?? plan.ids.uuid(2) }),
    ),
  fail: ({ status, message }) => compactJson(status, { error: message }, retryHeaders(status)),
});
