import { assertNever } from '../../../shared/assertNever.ts';
import { seededRandom } from '../random.ts';
import type { AnswerPlan, PlanEnding, PlanFailure, PlanPart, PlanUsage } from './answerPlan.ts';
import { spokenOf } from './answerPlan.ts';
import { type PartMoment, planMoments } from './planMoments.ts';

/** One event of Anthropic's Messages; its type names the SSE event, too. */
export interface AnthropicEvent {
  readonly delayMillis: number;
  readonly event: { readonly type: string } & Readonly<Record<string, unknown>>;
}

const pingEvery = 12;

export function anthropicError({ status, message }: PlanFailure) {
  return { type: errorType(status), message };
}

function errorType(status: number): string {
  const types: Readonly<Record<number, string>> = {
    400: 'invalid_request_error',
    401: 'authentication_error',
    403: 'permission_error',
    404: 'not_found_error',
    429: 'rate_limit_error',
    529: 'overloaded_error',
  };
  return types[status] ?? 'api_error';
}

const stopReasons = {
  stop: 'end_turn',
  tools: 'tool_use',
  length: 'max_tokens',
  filter: 'refusal',
  refusal: 'refusal',
} as const satisfies Record<PlanEnding, string>;

/** Why it stopped, as `message_delta` and the whole message say it. */
function stopOf({ ending }: AnswerPlan) {
  const stop_details =
    ending === 'refusal' || ending === 'filter'
      ? { type: 'refusal', category: null, explanation: 'The mock was asked to refuse.' }
      : null;
  return { stop_reason: stopReasons[ending], stop_sequence: null, stop_details };
}

function usageOf({ input, output }: PlanUsage) {
  return { input_tokens: input, cache_creation_input_tokens: 0, cache_read_input_tokens: 0, output_tokens: output };
}

function message(plan: AnswerPlan) {
  return { id: plan.ids.id('msg_', 24), type: 'message', role: 'assistant', model: plan.model };
}

/** The answer as events; Bedrock sends the same in another envelope. */
export function* anthropicEvents(plan: AnswerPlan): Generator<AnthropicEvent, void, undefined> {
  let pieces = 0;
  for (const moment of planMoments(plan)) {
    const { delayMillis } = moment;
    switch (moment.kind) {
      case 'start': {
        // The count of output tokens is a placeholder until the end.
        const usage = usageOf({ ...plan.usage, output: 1 });
        const empty = {
          ...message(plan),
          content: [],
          stop_reason: null,
          stop_sequence: null,
          stop_details: null,
          usage,
        };
        yield { delayMillis, event: { type: 'message_start', message: empty } };
        break;
      }
      case 'part-start':
      case 'piece':
      case 'part-end':
        yield* partEvents(moment, plan);
        if (moment.kind === 'piece' && pieces++ % pingEvery === 0) yield { delayMillis: 0, event: { type: 'ping' } };
        break;
      case 'failure':
        yield {
          delayMillis,
          event: {
            type: 'error',
            error: { ...anthropicError(moment.failure), details: null },
            request_id: plan.ids.id('req_', 24),
          },
        };
        return;
      case 'end':
        yield { delayMillis, event: { type: 'message_delta', delta: stopOf(plan), usage: usageOf(plan.usage) } };
        yield { delayMillis: 0, event: { type: 'message_stop' } };
        return;
      default:
        assertNever(moment, 'a moment');
    }
  }
}

function* partEvents(moment: PartMoment, plan: AnswerPlan): Generator<AnthropicEvent, void, undefined> {
  const { delayMillis, part, index } = moment;
  const delta = (what: object): AnthropicEvent => ({
    delayMillis,
    event: { type: 'content_block_delta', index, delta: what },
  });
  if (moment.kind === 'part-start') {
    yield { delayMillis, event: { type: 'content_block_start', index, content_block: emptyBlock(part, plan) } };
    if (part.kind === 'tool') yield delta({ type: 'input_json_delta', partial_json: '' });
  } else if (moment.kind === 'piece') yield delta(deltaOf(part, moment.text));
  else {
    if (part.kind === 'reasoning') yield delta({ type: 'signature_delta', signature: plan.ids.id('', 44, 9) });
    yield { delayMillis, event: { type: 'content_block_stop', index } };
  }
}

function deltaOf(part: PlanPart, text: string): object {
  if (part.kind === 'tool') return { type: 'input_json_delta', partial_json: text };
  if (part.kind === 'reasoning') return { type: 'thinking_delta', thinking: text };
  return { type: 'text_delta', text };
}

function emptyBlock(part: PlanPart, plan: AnswerPlan): object {
  if (part.kind === 'tool') return { type: 'tool_use', id: toolUseId(plan, part.call), name: part.name, input: {} };
  if (part.kind === 'reasoning') return { type: 'thinking', thinking: '', signature: '' };
  return { type: 'text', text: '' };
}

function toolUseId({ ids }: AnswerPlan, call: number): string {
  return ids.id('toolu_', 22, call);
}

/** The answer as one message. */
export function anthropicMessage(plan: AnswerPlan): object {
  const content = plan.parts.flatMap((part): object[] => {
    if (part.kind === 'tool') {
      if (part.isCut) return [];
      return [{ type: 'tool_use', id: toolUseId(plan, part.call), name: part.name, input: part.arguments }];
    }
    if (part.kind === 'reasoning') {
      return [{ type: 'thinking', thinking: spokenOf(plan, 'reasoning'), signature: plan.ids.id('', 44, 9) }];
    }
    return [{ type: 'text', text: part.pieces.join('') }];
  });
  return { ...message(plan), content, ...stopOf(plan), usage: usageOf(plan.usage) };
}

const mostSpaces = 14;

/** JSON of an event as it is on the wire: with spaces before the last brace, which hide how long a token is. */
export function paddedJson({ event }: AnthropicEvent, seed: number, n: number): string {
  if (event.type === 'ping') return '{"type": "ping"}';
  const json = JSON.stringify(event);
  return `${json.slice(0, -1)}${' '.repeat(seededRandom(seed, 7_000 + n).below(mostSpaces))}}`;
}
