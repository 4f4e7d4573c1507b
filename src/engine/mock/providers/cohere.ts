import { z } from 'zod';
import { assertNever } from '../../../shared/assertNever.ts';
import { streamAnswer } from '../answer.ts';
import type { MockEndpoint } from '../endpoint.ts';
import { type MockStep, textStep } from '../step.ts';
import { type AnswerPlan, type PlanEnding, spokenOf, type ToolPart } from './answerPlan.ts';
import { askedOfChat, chatRequestForm } from './chatRequestForm.ts';
import { type PartMoment, planMoments } from './planMoments.ts';
import { compactJson, providerEndpoint, retryHeaders } from './providerEndpoint.ts';
import { doneText, eventStep } from './sse.ts';

const finishReasons = {
  stop: 'COMPLETE',
  tools: 'TOOL_CALL',
  length: 'MAX_TOKENS',
  // There is no word for these two: the model says so in its own.
  filter: 'COMPLETE',
  refusal: 'COMPLETE',
} as const satisfies Record<PlanEnding, string>;

function usageOf({ usage: { input, output } }: AnswerPlan) {
  return {
    billed_units: { input_tokens: input, output_tokens: output },
    tokens: { input_tokens: input, output_tokens: output },
    cached_tokens: 0,
  };
}

function toolCall({ ids }: AnswerPlan, part: ToolPart, text: string): object {
  return {
    id: ids.id(`${part.name}_`, 12, part.call),
    type: 'function',
    function: { name: part.name, arguments: text },
  };
}

type CohereEvent = readonly [type: string, members: object];

/** Cohere v2: typed events with hyphens, `message-end`, then `[DONE]` without a name. */
function* cohereStream(plan: AnswerPlan): Generator<MockStep, void, undefined> {
  const step = (delayMillis: number, [type, members]: CohereEvent): MockStep =>
    eventStep(delayMillis, type, { type, ...members });
  for (const moment of planMoments(plan)) {
    const { delayMillis } = moment;
    switch (moment.kind) {
      case 'start': {
        const message = { role: 'assistant', content: [], tool_plan: '', tool_calls: [], citations: [] };
        yield step(delayMillis, ['message-start', { id: plan.ids.uuid(), delta: { message } }]);
        break;
      }
      case 'part-start':
      case 'piece':
      case 'part-end':
        yield step(delayMillis, partEvent(moment, plan));
        break;
      case 'failure': {
        const delta = { finish_reason: 'ERROR', error: moment.failure.message };
        yield step(delayMillis, ['message-end', { delta }]);
        yield textStep(0, doneText);
        return;
      }
      case 'end': {
        const delta = { finish_reason: finishReasons[plan.ending], usage: usageOf(plan) };
        yield step(delayMillis, ['message-end', { delta }]);
        yield textStep(0, doneText);
        return;
      }
      default:
        assertNever(moment, 'a moment');
    }
  }
}

function partEvent(moment: PartMoment, plan: AnswerPlan): CohereEvent {
  const { part } = moment;
  if (part.kind === 'tool') {
    // Calls are counted by themselves.
    const index = part.call;
    if (moment.kind === 'part-end') return ['tool-call-end', { index }];
    if (moment.kind === 'part-start') {
      return ['tool-call-start', { index, delta: { message: { tool_calls: toolCall(plan, part, '') } } }];
    }
    const tool_calls = { function: { arguments: moment.text } };
    return ['tool-call-delta', { index, delta: { message: { tool_calls } } }];
  }
  const { index } = moment;
  const member = part.kind === 'reasoning' ? 'thinking' : 'text';
  if (moment.kind === 'part-end') return ['content-end', { index }];
  if (moment.kind === 'part-start') {
    return ['content-start', { index, delta: { message: { content: { type: member, [member]: '' } } } }];
  }
  return ['content-delta', { index, delta: { message: { content: { [member]: moment.text } } } }];
}

function cohereWhole(plan: AnswerPlan): object {
  const thinking = spokenOf(plan, 'reasoning');
  const text = spokenOf(plan, 'text') + spokenOf(plan, 'refusal');
  const calls = plan.parts.flatMap((part) =>
    part.kind === 'tool' ? [toolCall(plan, part, part.pieces.join(''))] : [],
  );
  const content = [
    ...(thinking === '' ? [] : [{ type: 'thinking', thinking }]),
    ...(text === '' ? [] : [{ type: 'text', text }]),
  ];
  return {
    id: plan.ids.uuid(),
    finish_reason: finishReasons[plan.ending],
    message: { role: 'assistant', content, ...(calls.length > 0 && { tool_calls: calls }) },
    usage: usageOf(plan),
  };
}

const cohereRequest = chatRequestForm.extend({ thinking: z.looseObject({ type: z.string() }).nullish() });

export const cohere: MockEndpoint = providerEndpoint({
  group: 'Cohere',
  path: '/cohere/v2/chat',
  title: 'Cohere Chat v2: thinking, text, tool calls.',
  exampleBody: { model: 'mock-1', stream: true, messages: [{ role: 'user', content: 'What makes a good stream?' }] },
  body: cohereRequest,
  asked: (body, call) => ({
    ...askedOfChat(body, call),
    tools: body.tool_choice === 'NONE' ? [] : askedOfChat(body, call).tools,
    wantsReasoning: body.thinking?.type === 'enabled',
  }),
  answer: (plan, { stream }) =>
    stream ? streamAnswer('text/event-stream', cohereStream(plan)) : compactJson(200, cohereWhole(plan)),
  fail: ({ status, message }, ids) => compactJson(status, { id: ids.uuid(1), message }, retryHeaders(status)),
});
