import { z } from 'zod';
import { assertNever } from '../../../shared/assertNever.ts';
import { type MockCall, streamAnswer } from '../answer.ts';
import type { MockEndpoint } from '../endpoint.ts';
import type { MockStep } from '../step.ts';
import type { AnswerPlan, PlanPart } from './answerPlan.ts';
import { type Asked, type AskedTool, callableTools, contentSchema, modelName, textOf, tokenLimit } from './asked.ts';
import { isEffort, wantsStream } from './chatRequestForm.ts';
import { openaiError, openaiFailure } from './openaiErrors.ts';
import { contentPart, itemId, outputItem, responseObject } from './openaiResponseObject.ts';
import { type PartMoment, planMoments } from './planMoments.ts';
import { compactJson, providerEndpoint } from './providerEndpoint.ts';
import { eventStep } from './sse.ts';

const itemSchema = z.looseObject({
  type: z.string().optional(),
  role: z.string().optional(),
  content: contentSchema,
});

const responsesRequest = z.looseObject({
  model: modelName.optional(),
  input: z.union([z.string(), z.array(itemSchema)]).optional(),
  stream: z.boolean().nullish(),
  tools: z
    .array(z.looseObject({ type: z.string(), name: z.string().optional(), parameters: z.unknown().optional() }))
    .nullish(),
  tool_choice: z.union([z.string(), z.looseObject({ name: z.string().optional() })]).nullish(),
  max_output_tokens: tokenLimit,
  reasoning: z.looseObject({ effort: z.string().nullish(), summary: z.string().nullish() }).nullish(),
});

function asked(body: z.infer<typeof responsesRequest>, call: MockCall): Asked {
  const { input = '', tools, tool_choice: choice, reasoning } = body;
  const items = typeof input === 'string' ? [] : input;
  const prompt = typeof input === 'string' ? input : textOf(items.findLast(({ role }) => role === 'user')?.content);
  const wanted = typeof choice === 'string' ? null : (choice?.name ?? null);
  const named = (tools ?? []).flatMap(({ type, name, parameters }): AskedTool[] =>
    type === 'function' && name !== undefined ? [{ name, schema: parameters ?? null }] : [],
  );
  return {
    model: body.model ?? 'mock-1',
    prompt,
    tools: choice === 'none' ? [] : callableTools(named, wanted),
    hasToolResults: items.at(-1)?.type === 'function_call_output',
    wantsReasoning: isEffort(reasoning?.effort) || (reasoning?.summary ?? null) !== null,
    maxTokens: body.max_output_tokens ?? null,
    stream: wantsStream(body.stream, call),
  };
}

type ResponseEvent = readonly [type: string, members: object];

/** Typed events over the items of the output, numbered from 0; the last one holds the whole response. No `[DONE]`. */
function* responsesStream(plan: AnswerPlan): Generator<MockStep, void, undefined> {
  let number = 0;
  const step = (delayMillis: number, [type, members]: ResponseEvent): MockStep =>
    eventStep(delayMillis, type, { type, sequence_number: number++, ...members });
  const inProgress = { response: responseObject(plan, 'in_progress') };
  for (const moment of planMoments(plan)) {
    const { delayMillis } = moment;
    switch (moment.kind) {
      case 'start':
        yield step(delayMillis, ['response.created', inProgress]);
        yield step(0, ['response.in_progress', inProgress]);
        break;
      case 'part-start':
      case 'piece':
      case 'part-end': {
        let delay = delayMillis;
        for (const event of partEvents(moment, plan)) {
          yield step(delay, event);
          delay = 0;
        }
        break;
      }
      case 'failure': {
        const { message, code, param } = openaiError(moment.failure);
        yield step(delayMillis, ['error', { code, message, param }]);
        yield step(0, ['response.failed', { response: responseObject(plan, { failed: moment.failure }) }]);
        return;
      }
      case 'end': {
        const response = responseObject(plan, 'ended');
        yield step(delayMillis, [`response.${response.status}`, { response }]);
        return;
      }
      default:
        assertNever(moment, 'a moment');
    }
  }
}

/** Of a kind of part: the names of its events, and where among the item's parts it stands. */
const eventsOf = {
  text: ['output_text', { content_index: 0 }],
  refusal: ['refusal', { content_index: 0 }],
  reasoning: ['reasoning_summary_text', { summary_index: 0 }],
  tool: ['function_call_arguments', {}],
} as const satisfies Record<PlanPart['kind'], readonly [string, object]>;

function* partEvents(moment: PartMoment, plan: AnswerPlan): Generator<ResponseEvent, void, undefined> {
  const { part, index } = moment;
  const [name, inItem] = eventsOf[part.kind];
  const place = { output_index: index, item_id: itemId(plan, part, index), ...inItem };
  switch (moment.kind) {
    case 'part-start':
      yield ['response.output_item.added', { output_index: index, item: outputItem(plan, part, index, false) }];
      yield* containerEvents('added', part, place, '');
      break;
    case 'piece':
      yield [`response.${name}.delta`, { ...place, delta: moment.text, ...(part.kind === 'text' && { logprobs: [] }) }];
      break;
    case 'part-end': {
      const text = part.pieces.join('');
      yield [`response.${name}.done`, { ...place, ...wholeOf(part, text) }];
      yield* containerEvents('done', part, place, text);
      yield ['response.output_item.done', { output_index: index, item: outputItem(plan, part, index, true) }];
      break;
    }
    default:
      assertNever(moment, 'a moment');
  }
}

/** What the `done` event of a part repeats. */
function wholeOf(part: PlanPart, text: string): object {
  if (part.kind === 'tool') return { arguments: text, name: part.name };
  if (part.kind === 'refusal') return { refusal: text };
  return part.kind === 'text' ? { text, logprobs: [] } : { text };
}

function* containerEvents(
  change: 'added' | 'done',
  part: PlanPart,
  place: object,
  text: string,
): Generator<ResponseEvent, void, undefined> {
  if (part.kind === 'tool') return;
  if (part.kind === 'reasoning') {
    yield [`response.reasoning_summary_part.${change}`, { ...place, part: { type: 'summary_text', text } }];
  } else yield [`response.content_part.${change}`, { ...place, part: contentPart(part.kind, text) }];
}

export const openaiResponses: MockEndpoint = providerEndpoint({
  group: 'OpenAI',
  path: '/openai/v1/responses',
  title: 'OpenAI Responses: reasoning summaries, text, function calls, refusals, incomplete and failed responses.',
  exampleBody: { model: 'mock-1', stream: true, input: 'What makes a good stream?' },
  body: responsesRequest,
  asked,
  answer: (plan, { stream }) => {
    const headers = [['X-Request-Id', plan.ids.id('req_', 24)]] as const;
    if (!stream) return compactJson(200, responseObject(plan, 'ended'), headers);
    const answer = streamAnswer('text/event-stream; charset=utf-8', responsesStream(plan));
    return { ...answer, headers: [...answer.headers, ...headers] };
  },
  fail: openaiFailure,
});
