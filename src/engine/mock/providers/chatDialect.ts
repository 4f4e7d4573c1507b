import { assertNever } from '../../../shared/assertNever.ts';
import { type MockStep, textStep } from '../step.ts';
import {
  type AnswerPlan,
  createdSeconds,
  type PlanEnding,
  type PlanFailure,
  type PlanUsage,
  spokenOf,
  type ToolPart,
  wholeCalls,
} from './answerPlan.ts';
import { type PartMoment, planMoments } from './planMoments.ts';
import { dataStep, doneText } from './sse.ts';

/** What an answer says in words. */
export interface Said {
  readonly text: string;
  readonly reasoning: string;
  readonly refusal: string;
}

/** In what those differ who speak OpenAI's Chat Completions. */
export interface ChatStyle {
  id(plan: AnswerPlan): string;
  /** Members of every chunk beside those that all have. @param n of the chunk, from 0 */
  chunkMembers(plan: AnswerPlan, n: number): Readonly<Record<string, unknown>>;
  /** Members of every choice beside those that all have. */
  choiceMembers(finish: string | null): Readonly<Record<string, unknown>>;
  /** The first delta; null: there is none before the first word. */
  readonly opening: Readonly<Record<string, unknown>> | null;
  /** How reasoning is said; null: it is not, only counted. */
  reasoning(text: string): Readonly<Record<string, unknown>> | null;
  refusal(text: string): Readonly<Record<string, unknown>>;
  callId(plan: AnswerPlan, call: number): string;
  /** Calls come piece by piece, or each in one. */
  readonly calls: 'pieces' | 'whole';
  /** Usage comes in a chunk of its own without choices, or with the finish reason. */
  readonly usageAt: 'own-chunk' | 'finish';
  usage(usage: PlanUsage): object;
  finishReason(ending: PlanEnding): string;
  /** What tells of an error in the middle of the stream. @param members that all chunks have */
  failure(failure: PlanFailure, members: Readonly<Record<string, unknown>>): object;
  /** What a whole message says beside its calls. Texts are empty where there are none. */
  message(said: Said): Readonly<Record<string, unknown>>;
  /** The comment that shows life before the first token; null: none. */
  readonly heartbeat: string | null;
}

/** The answer as chunks. @param includeUsage usage is sent, too */
export function* chatChunks(
  plan: AnswerPlan,
  style: ChatStyle,
  includeUsage: boolean,
): Generator<MockStep, void, undefined> {
  const id = style.id(plan);
  let n = 0;
  const members = { id, object: 'chat.completion.chunk', created: createdSeconds, model: plan.model };
  const chunk = (delayMillis: number, own: object): MockStep =>
    dataStep(delayMillis, { ...members, ...own, ...style.chunkMembers(plan, n++) });
  const nothingYet = includeUsage && style.usageAt === 'own-chunk' ? { usage: null } : {};
  const delta = (delayMillis: number, what: object, finish: string | null = null): MockStep =>
    chunk(delayMillis, {
      choices: [{ index: 0, delta: what, finish_reason: finish, ...style.choiceMembers(finish) }],
      ...nothingYet,
      ...(finish !== null && includeUsage && style.usageAt === 'finish' && { usage: style.usage(plan.usage) }),
    });
  // Silent reasoning takes its time all the same.
  let silentMillis = 0;
  for (const moment of planMoments(plan)) {
    switch (moment.kind) {
      case 'start': {
        const waits = style.heartbeat === null ? 1 : 3;
        if (style.heartbeat !== null) {
          for (let i = 1; i < waits; i++) yield textStep(moment.delayMillis / waits, `: ${style.heartbeat}\n\n`);
        }
        silentMillis = moment.delayMillis / waits;
        if (style.opening !== null) {
          yield delta(silentMillis, style.opening);
          silentMillis = 0;
        }
        break;
      }
      case 'part-start':
      case 'piece':
      case 'part-end': {
        const said = saidBy(moment, plan, style);
        if (said === null) silentMillis += moment.delayMillis;
        else {
          yield delta(silentMillis + moment.delayMillis, said);
          silentMillis = 0;
        }
        break;
      }
      case 'failure':
        yield dataStep(moment.delayMillis, style.failure(moment.failure, members));
        // Nothing more of the answer, but the stream is closed in order.
        yield textStep(0, doneText);
        return;
      case 'end':
        yield delta(moment.delayMillis, {}, style.finishReason(plan.ending));
        if (includeUsage && style.usageAt === 'own-chunk') {
          yield chunk(0, { choices: [], usage: style.usage(plan.usage) });
        }
        yield textStep(0, doneText);
        return;
      default:
        assertNever(moment, 'a moment');
    }
  }
}

/** What a moment adds to the message; null for nothing. */
function saidBy(moment: PartMoment, plan: AnswerPlan, style: ChatStyle): object | null {
  const { part } = moment;
  if (part.kind === 'tool') {
    const head = { index: part.call, id: style.callId(plan, part.call), type: 'function' };
    if (style.calls === 'whole') {
      return moment.kind === 'part-end' && !part.isCut
        ? { tool_calls: [{ ...head, function: { name: part.name, arguments: part.pieces.join('') } }] }
        : null;
    }
    if (moment.kind === 'part-start')
      return { tool_calls: [{ ...head, function: { name: part.name, arguments: '' } }] };
    return moment.kind === 'piece'
      ? { tool_calls: [{ index: part.call, function: { arguments: moment.text } }] }
      : null;
  }
  if (moment.kind !== 'piece') return null;
  switch (part.kind) {
    case 'text':
      return { content: moment.text };
    case 'reasoning':
      return style.reasoning(moment.text);
    case 'refusal':
      return style.refusal(moment.text);
    default:
      return assertNever(part, 'a part');
  }
}

/** The answer as one `chat.completion` object. */
export function chatCompletionObject(plan: AnswerPlan, style: ChatStyle): object {
  const call = (part: ToolPart) => ({
    id: style.callId(plan, part.call),
    type: 'function',
    function: { name: part.name, arguments: part.pieces.join('') },
  });
  const calls = wholeCalls(plan).map(call);
  const said: Said = {
    text: spokenOf(plan, 'text'),
    reasoning: spokenOf(plan, 'reasoning'),
    refusal: spokenOf(plan, 'refusal'),
  };
  const finish = style.finishReason(plan.ending);
  return {
    id: style.id(plan),
    object: 'chat.completion',
    created: createdSeconds,
    model: plan.model,
    choices: [
      {
        index: 0,
        message: {
          role: 'assistant',
          ...style.message(said),
          ...(calls.length > 0 && { tool_calls: calls }),
        },
        finish_reason: finish,
        ...style.choiceMembers(finish),
      },
    ],
    usage: style.usage(plan.usage),
    ...style.chunkMembers(plan, 0),
  };
}
