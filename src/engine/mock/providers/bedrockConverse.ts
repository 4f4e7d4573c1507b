import { assertNever } from '../../../shared/assertNever.ts';
import { seededRandom } from '../random.ts';
import type { MockStep } from '../step.ts';
import type { AnswerPlan, PlanEnding, PlanPart } from './answerPlan.ts';
import { awsEventStep, awsExceptionStep } from './awsMessage.ts';
import { planMoments } from './planMoments.ts';

const stopReasons = {
  stop: 'end_turn',
  tools: 'tool_use',
  length: 'max_tokens',
  filter: 'guardrail_intervened',
  refusal: 'content_filtered',
} as const satisfies Record<PlanEnding, string>;

/** ConverseStream: text and reasoning have no start of their own, usage comes behind the stop. */
export function* converseStream(plan: AnswerPlan): Generator<MockStep, void, undefined> {
  let n = 0;
  const step = (delayMillis: number, type: string, payload: object): MockStep =>
    awsEventStep(delayMillis, type, { ...payload, p: paddingOf(plan, n++) });
  for (const moment of planMoments(plan)) {
    const { delayMillis } = moment;
    switch (moment.kind) {
      case 'start':
        yield step(delayMillis, 'messageStart', { role: 'assistant' });
        break;
      case 'part-start': {
        const { part, index } = moment;
        if (part.kind !== 'tool') break;
        const toolUse = { name: part.name, toolUseId: plan.ids.id('tooluse_', 22, part.call) };
        yield step(delayMillis, 'contentBlockStart', { contentBlockIndex: index, start: { toolUse } });
        break;
      }
      case 'piece': {
        const delta = deltaOf(moment.part, moment.text);
        yield step(delayMillis, 'contentBlockDelta', { contentBlockIndex: moment.index, delta });
        break;
      }
      case 'part-end': {
        const contentBlockIndex = moment.index;
        if (moment.part.kind === 'reasoning') {
          const delta = { reasoningContent: { signature: plan.ids.id('', 44, 9) } };
          yield step(delayMillis, 'contentBlockDelta', { contentBlockIndex, delta });
        }
        yield step(0, 'contentBlockStop', { contentBlockIndex });
        break;
      }
      case 'failure':
        yield awsExceptionStep(delayMillis, 'serviceUnavailableException', moment.failure.message);
        return;
      case 'end': {
        yield step(delayMillis, 'messageStop', { stopReason: stopReasons[plan.ending] });
        const { input, output } = plan.usage;
        const usage = { inputTokens: input, outputTokens: output, totalTokens: input + output };
        const metrics = { latencyMs: Math.round(plan.delayMs * (output + 10)) };
        yield step(0, 'metadata', { usage, metrics });
        return;
      }
      default:
        assertNever(moment, 'a moment');
    }
  }
}

function deltaOf(part: PlanPart, text: string): object {
  if (part.kind === 'tool') return { toolUse: { input: text } };
  return part.kind === 'reasoning' ? { reasoningContent: { text } } : { text };
}

const padding = 'abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789';

/** Letters that hide how long a token is. @param n of the event */
export function paddingOf({ seed }: AnswerPlan, n: number): string {
  return padding.slice(0, 1 + seededRandom(seed, 8_000 + n).below(padding.length));
}
