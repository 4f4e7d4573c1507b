import { assertNever } from '../../../shared/assertNever.ts';
import type { AnswerPlan, PlanEnding, PlanFailure, PlanPart, ToolPart } from './answerPlan.ts';
import { tokensOf } from './answerPlan.ts';
import { planMoments } from './planMoments.ts';

/** Gemini sends several tokens at once. */
const piecesAtOnce = 6;

interface Timed {
  readonly delayMillis: number;
  readonly value: object;
}

const finishReasons = {
  stop: 'STOP',
  // A call ends like any answer.
  tools: 'STOP',
  length: 'MAX_TOKENS',
  filter: 'SAFETY',
  refusal: 'PROHIBITED_CONTENT',
} as const satisfies Record<PlanEnding, string>;

/** The answer as responses, each with the next parts and the usage so far. @param errorOf an element that is an error */
export function* geminiResponses(
  plan: AnswerPlan,
  errorOf: (failure: PlanFailure) => object,
): Generator<Timed, void, undefined> {
  if (isBlocked(plan)) {
    yield { delayMillis: plan.delayMs, value: blocked(plan) };
    return;
  }
  let [thoughts, said, delayMillis] = [0, 0, 0];
  for (const moment of planMoments(plan, piecesAtOnce)) {
    delayMillis += moment.delayMillis;
    switch (moment.kind) {
      case 'start':
      case 'part-start':
        continue;
      case 'piece':
        if (moment.part.kind === 'reasoning') thoughts = moment.tokens;
        else said = moment.tokens - thoughts;
        if (moment.part.kind === 'tool') continue;
        yield { delayMillis, value: response(plan, [textPart(moment.part.kind, moment.text)], [thoughts, said], null) };
        break;
      case 'part-end':
        if (moment.part.kind !== 'tool' || moment.part.isCut) continue;
        yield { delayMillis, value: response(plan, [callPart(plan, moment.part)], [thoughts, said], null) };
        break;
      case 'failure':
        yield { delayMillis, value: errorOf(moment.failure) };
        return;
      case 'end':
        yield { delayMillis, value: response(plan, [{ text: '' }], [thoughts, said], finishReasons[plan.ending]) };
        return;
      default:
        assertNever(moment, 'a moment');
    }
    delayMillis = 0;
  }
}

/** The answer as one response. */
export function geminiResponse(plan: AnswerPlan): object {
  if (isBlocked(plan)) return blocked(plan);
  const parts = plan.parts.flatMap((part) => wholePart(plan, part));
  const thoughts = plan.usage.reasoning;
  return response(plan, parts, [thoughts, tokensOf(plan.parts) - thoughts], finishReasons[plan.ending]);
}

/** A prompt that is refused gets no candidate at all. */
function isBlocked({ ending }: AnswerPlan): boolean {
  return ending === 'refusal';
}

function blocked(plan: AnswerPlan): object {
  return { promptFeedback: { blockReason: 'PROHIBITED_CONTENT' }, ...tail(plan, [0, 0]) };
}

function wholePart(plan: AnswerPlan, part: PlanPart): object[] {
  if (part.kind === 'tool') return part.isCut ? [] : [callPart(plan, part)];
  return [textPart(part.kind, part.pieces.join(''))];
}

function textPart(kind: 'text' | 'reasoning' | 'refusal', text: string): object {
  return kind === 'reasoning' ? { text, thought: true } : { text };
}

function callPart({ ids }: AnswerPlan, part: ToolPart): object {
  return { functionCall: { id: ids.id('', 12, part.call), name: part.name, args: part.arguments } };
}

type Counts = readonly [thoughts: number, said: number];

function response(plan: AnswerPlan, parts: readonly object[], counts: Counts, finishReason: string | null): object {
  return {
    candidates: [{ content: { parts, role: 'model' }, ...(finishReason !== null && { finishReason }), index: 0 }],
    ...tail(plan, counts),
  };
}

function tail(plan: AnswerPlan, [thoughts, said]: Counts): object {
  const prompt = plan.usage.input;
  return {
    usageMetadata: {
      promptTokenCount: prompt,
      ...(said > 0 && { candidatesTokenCount: said }),
      totalTokenCount: prompt + said + thoughts,
      promptTokensDetails: [{ modality: 'TEXT', tokenCount: prompt }],
      ...(thoughts > 0 && { thoughtsTokenCount: thoughts }),
    },
    modelVersion: plan.model,
    responseId: plan.ids.id('', 22),
  };
}
