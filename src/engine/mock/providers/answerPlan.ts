import { assertNever } from '../../../shared/assertNever.ts';
import { answerTokens, tokenPieces } from '../chatAnswer.ts';
import { seededRandom } from '../random.ts';
import type { Asked, AskedTool } from './asked.ts';
import type { ChosenBehaviour } from './behaviours.ts';
import { idSource, type IdSource } from './ids.ts';
import { defaultTool, sampleArguments } from './sampleArguments.ts';

/** One part of an answer, in the pieces in which a model would say it. */
export type PlanPart = TextPart | ToolPart;

export interface TextPart {
  readonly kind: 'text' | 'reasoning' | 'refusal';
  readonly pieces: readonly string[];
}

export interface ToolPart {
  readonly kind: 'tool';
  /** Among the calls of the answer, from 0. */
  readonly call: number;
  readonly name: string;
  readonly arguments: Readonly<Record<string, unknown>>;
  /** The arguments as JSON, in pieces; not all of it where the answer is cut. */
  readonly pieces: readonly string[];
  readonly isCut: boolean;
}

/** An error, before the stream or in it, in no provider's words. */
export interface PlanFailure {
  readonly status: number;
  readonly message: string;
}

/** Why an answer ends, in no provider's words. */
export type PlanEnding = 'stop' | 'tools' | 'length' | 'filter' | 'refusal';

/** In tokens. `output` counts reasoning, too. */
export interface PlanUsage {
  readonly input: number;
  readonly output: number;
  readonly reasoning: number;
}

/** What a provider's endpoint says; how it is said is the provider's. */
export interface AnswerPlan {
  readonly seed: number;
  readonly model: string;
  /** Names for messages, calls and requests, always the same for a seed. */
  readonly ids: IdSource;
  readonly parts: readonly PlanPart[];
  readonly ending: PlanEnding;
  readonly usage: PlanUsage;
  /** Comes after half of the pieces, and is the end of the stream; null: none. */
  readonly failure: PlanFailure | null;
  /** Median time between tokens; 0 sends unpaced. */
  readonly delayMs: number;
}

export interface PlanKnobs {
  /** Tokens of the text at most. */
  readonly n: number;
  readonly delayMs: number;
  readonly seed: number;
}

/** Monday 16 November 2026, 08:53:20 UTC: fixed, because the same seed has to give the same bytes on any day. */
export const createdSeconds = 1_794_819_200;

const refusal = 'I will not help with that, even in a mock: somebody might build a test on it.';
const thought =
  'The user wants an answer, so the question is read twice: first for the words, then for what is meant. ' +
  'A short answer will do. 思考は短く。';
const overloaded = 'The mock is overloaded in the middle of its answer, as it was asked to be.';

/** The answer that a behaviour gives to a request: always the same for the same seed. */
export function planAnswer(behaviour: ChosenBehaviour, asked: Asked, knobs: PlanKnobs): AnswerPlan {
  const { seed, delayMs, n } = knobs;
  const { parts, ending } = partsOf(behaviour, asked, seed, n);
  const cut = cutAt(parts, tokensAllowed(behaviour, asked, parts));
  const output = tokensOf(cut.parts);
  return {
    seed,
    delayMs,
    model: asked.model,
    ids: idSource(seed),
    parts: cut.parts,
    ending: cut.isCut ? 'length' : ending,
    usage: {
      input: 3 + tokenPieces(asked.prompt).length,
      output,
      reasoning: tokensOf(cut.parts.filter(({ kind }) => kind === 'reasoning')),
    },
    failure: behaviour === 'error' ? { status: 529, message: overloaded } : null,
  };
}

function partsOf(
  behaviour: ChosenBehaviour,
  asked: Asked,
  seed: number,
  n: number,
): { readonly parts: readonly PlanPart[]; readonly ending: PlanEnding } {
  const text = (): TextPart => ({ kind: 'text', pieces: [...answerTokens(seed, asked.prompt, n)] });
  const reasoning: readonly PlanPart[] =
    asked.wantsReasoning || behaviour === 'reasoning' ? [{ kind: 'reasoning', pieces: tokenPieces(thought) }] : [];
  switch (behaviour) {
    case 'tools':
      return { parts: [...reasoning, toolPart(asked, seed, 0)], ending: 'tools' };
    case 'parallel-tools':
      return { parts: [...reasoning, toolPart(asked, seed, 0), toolPart(asked, seed, 1)], ending: 'tools' };
    case 'refusal':
      return { parts: [...reasoning, { kind: 'refusal', pieces: tokenPieces(refusal) }], ending: 'refusal' };
    case 'filter':
      return { parts: [...reasoning, firstHalf(text())], ending: 'filter' };
    case 'text':
    case 'reasoning':
    case 'length':
    case 'error':
    case 'error-400':
    case 'error-401':
    case 'error-403':
    case 'error-404':
    case 'error-429':
    case 'error-500':
    case 'error-503':
    case 'error-529':
      return { parts: [...reasoning, text()], ending: 'stop' };
    default:
      return assertNever(behaviour, 'a behaviour');
  }
}

function firstHalf(part: TextPart): TextPart {
  return { ...part, pieces: part.pieces.slice(0, Math.ceil(part.pieces.length / 2)) };
}

function toolPart(asked: Asked, seed: number, call: number): ToolPart {
  const tools: readonly AskedTool[] = asked.tools.length > 0 ? asked.tools : [defaultTool];
  const tool = tools[call % tools.length] ?? defaultTool;
  const values = sampleArguments(tool.schema, seededRandom(seed, 100 + call));
  return {
    kind: 'tool',
    call,
    name: tool.name,
    arguments: values,
    pieces: tokenPieces(JSON.stringify(values)),
    isCut: false,
  };
}

/** What the request allows; an answer that is to be cut is, whatever was allowed. */
function tokensAllowed(behaviour: ChosenBehaviour, { maxTokens }: Asked, parts: readonly PlanPart[]): number {
  const allowed = maxTokens ?? Infinity;
  const tokens = tokensOf(parts);
  return behaviour === 'length' && allowed >= tokens ? Math.ceil(tokens / 2) : allowed;
}

export function tokensOf(parts: readonly PlanPart[]): number {
  return parts.reduce((sum, { pieces }) => sum + pieces.length, 0);
}

function cutAt(
  parts: readonly PlanPart[],
  tokens: number,
): { readonly parts: readonly PlanPart[]; readonly isCut: boolean } {
  const kept: PlanPart[] = [];
  let left = tokens;
  for (const part of parts) {
    if (left === 0) return { parts: kept, isCut: true };
    if (part.pieces.length > left) {
      const pieces = part.pieces.slice(0, left);
      kept.push(part.kind === 'tool' ? { ...part, pieces, isCut: true } : { ...part, pieces });
      return { parts: kept, isCut: true };
    }
    kept.push(part);
    left -= part.pieces.length;
  }
  return { parts: kept, isCut: false };
}

/** All that the parts of a kind say. */
export function spokenOf(plan: AnswerPlan, kind: TextPart['kind']): string {
  return plan.parts.flatMap((part) => (part.kind === kind ? part.pieces : [])).join('');
}

/** The calls whose arguments are there to their end: what providers can say that send arguments as an object. */
export function wholeCalls(plan: AnswerPlan): readonly ToolPart[] {
  return plan.parts.filter((part): part is ToolPart => part.kind === 'tool' && !part.isCut);
}
