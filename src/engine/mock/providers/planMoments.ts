import { firstTokenDelays, naturalDelay } from '../pace.ts';
import { seededRandom } from '../random.ts';
import { type AnswerPlan, type PlanFailure, type PlanPart, tokensOf } from './answerPlan.ts';

/** One moment of an answer that is being given. `delayMillis` is the time since the moment before. */
export type PlanMoment =
  | { readonly kind: 'start'; readonly delayMillis: number }
  | PartMoment
  /** Instead of what is left of the answer; nothing follows. */
  | { readonly kind: 'failure'; readonly delayMillis: number; readonly failure: PlanFailure }
  | { readonly kind: 'end'; readonly delayMillis: number };

export type PartMoment =
  | (InPart & { readonly kind: 'part-start' })
  | (InPart & {
      readonly kind: 'piece';
      readonly text: string;
      /** Tokens so far, with those of this piece. */
      readonly tokens: number;
    })
  | (InPart & { readonly kind: 'part-end' });

interface InPart {
  readonly delayMillis: number;
  readonly part: PlanPart;
  /** Of the part among the parts, from 0. */
  readonly index: number;
}

/**
 * Gives an answer moment by moment at the pace of a model.
 * @param piecesAtOnce how many pieces come together: some services send blocks of several tokens
 */
export function* planMoments(plan: AnswerPlan, piecesAtOnce = 1): Generator<PlanMoment, void, undefined> {
  const { delayMs, failure, parts } = plan;
  const random = seededRandom(plan.seed, 1);
  const failsAfter = failure === null ? Infinity : Math.floor(tokensOf(parts) / 2);
  let tokens = 0;
  yield { kind: 'start', delayMillis: delayMs * firstTokenDelays };
  for (const [index, part] of parts.entries()) {
    yield { kind: 'part-start', delayMillis: 0, part, index };
    for (let at = 0; at < part.pieces.length; at += piecesAtOnce) {
      if (failure !== null && tokens >= failsAfter) {
        yield { kind: 'failure', delayMillis: delayMs, failure };
        return;
      }
      const pieces = part.pieces.slice(at, at + piecesAtOnce);
      tokens += pieces.length;
      const delayMillis = pieces.length * naturalDelay(delayMs, random);
      yield { kind: 'piece', delayMillis, part, index, text: pieces.join(''), tokens };
    }
    yield { kind: 'part-end', delayMillis: 0, part, index };
  }
  // An answer of nothing has no middle to fail in.
  if (failure !== null) yield { kind: 'failure', delayMillis: delayMs, failure };
  else yield { kind: 'end', delayMillis: delayMs / 4 };
}
