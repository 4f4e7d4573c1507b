import { answerTokens, tokenPieces } from './chatAnswer.ts';
import { firstTokenDelays, naturalDelay } from './pace.ts';
import { seededRandom } from './random.ts';

export interface ChatScriptKnobs {
  readonly n: number;
  readonly delayMs: number;
  readonly seed: number;
  /** Characters a piece; 0: pieces of the size of tokens. */
  readonly chunkSize: number;
}

export interface ChatPiece {
  readonly text: string;
  readonly delayMillis: number;
}

/** An answer to a prompt, piece by piece at the pace of a model. Returns how it ended and how many tokens it had. */
export function* chatPieces(
  prompt: string,
  { n, delayMs, seed, chunkSize }: ChatScriptKnobs,
): Generator<ChatPiece, { readonly finish: 'stop' | 'length'; readonly tokens: number }, undefined> {
  const random = seededRandom(seed, 1);
  let isFirst = true;
  const piece = (text: string): ChatPiece => {
    const delayMillis = isFirst ? delayMs * firstTokenDelays : naturalDelay(delayMs, random);
    isFirst = false;
    return { text, delayMillis };
  };
  const source = answerTokens(seed, prompt, n);
  let tokens = 0;
  let held: string[] = [];
  for (let next = source.next(); ; next = source.next()) {
    if (next.done === true) {
      if (held.length > 0) yield piece(held.join(''));
      return { finish: next.value, tokens };
    }
    tokens++;
    if (chunkSize === 0) {
      yield piece(next.value);
      continue;
    }
    held.push(...Array.from(next.value));
    while (held.length >= chunkSize) {
      yield piece(held.slice(0, chunkSize).join(''));
      held = held.slice(chunkSize);
    }
  }
}

/** Tokens of a prompt, as `chatPieces` counts those of its answer. */
export function promptTokens(prompt: string): number {
  return tokenPieces(prompt).length;
}

/** Pieces of an answer that fails half-way: those before it does. Infinity: it does not fail. */
export function piecesBeforeError(prompt: string, knobs: ChatScriptKnobs, error: 'none' | 'middle'): number {
  if (error === 'none') return Number.POSITIVE_INFINITY;
  const countable = { ...knobs, n: Math.min(knobs.n, 10_000) };
  let count = 0;
  for (const _piece of chatPieces(prompt, countable)) count++;
  return Math.ceil(count / 2);
}

export const chatProblem = {
  code: 'MODEL_OVERLOADED',
  message: 'The model is overloaded. What it said so far is all there is; ask again in a moment.',
} as const;
