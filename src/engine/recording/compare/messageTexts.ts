import type { ComparedText } from '../../../shared/compare.ts';
import type { Assembly } from '../../dialects/assemble.ts';
import type { Pieces } from '../../dialects/pieces.ts';
import type { AssembledCall } from '../../dialects/toolCall.ts';
import { compareTexts, type TextDifference } from './texts.ts';

/** Answers and calls of a message whose texts are compared. */
const answersAtMost = 64;
const callsAtMost = 256;
const textParts = ['text', 'reasoning', 'refusal'] as const;

interface TextPair {
  readonly part: ComparedText['part'];
  readonly index: number;
  readonly leftName: string | null;
  readonly rightName: string | null;
  readonly left: Pieces | null;
  readonly right: Pieces | null;
}

export interface TextComparison extends Omit<ComparedText, 'runs'> {
  readonly runs: TextDifference['runs'];
}

/**
 * The texts of two messages beside each other: answers by their index, tool calls by their order. Texts that neither
 * side has are left out.
 * @param left null where it is no token stream
 */
export async function compareMessageTexts(
  left: Assembly | null,
  right: Assembly | null,
): Promise<{ readonly texts: readonly TextComparison[]; readonly beyond: number }> {
  const { pairs, beyond } = pairTexts(left, right);
  const texts: TextComparison[] = [];
  for (const { left: a, right: b, ...pair } of pairs) {
    const { granularity, runs } = await compareTexts(a?.text ?? '', b?.text ?? '');
    texts.push({
      ...pair,
      leftLength: a?.length ?? null,
      rightLength: b?.length ?? null,
      isSame: pair.leftName === pair.rightName && (a?.text ?? '') === (b?.text ?? '') && a?.omitted === b?.omitted,
      granularity,
      runs,
      omitted: (a?.omitted ?? 0) + (b?.omitted ?? 0),
    });
  }
  return { texts, beyond };
}

function pairTexts(
  left: Assembly | null,
  right: Assembly | null,
): { readonly pairs: readonly TextPair[]; readonly beyond: number } {
  const pairs: TextPair[] = [];
  const indexes = [...new Set([...(left?.choices.keys() ?? []), ...(right?.choices.keys() ?? [])])].sort(
    (a, b) => a - b,
  );
  for (const index of indexes.slice(0, answersAtMost)) {
    const a = left?.choices.get(index);
    const b = right?.choices.get(index);
    for (const part of textParts) {
      const ofLeft = filled(a?.[part]);
      const ofRight = filled(b?.[part]);
      if (ofLeft === null && ofRight === null) continue;
      pairs.push({ part, index, leftName: null, rightName: null, left: ofLeft, right: ofRight });
    }
  }
  const leftCalls = left?.calls ?? [];
  const rightCalls = right?.calls ?? [];
  const calls = Math.max(leftCalls.length, rightCalls.length);
  for (let index = 0; index < Math.min(calls, callsAtMost); index++) {
    const a = leftCalls[index];
    const b = rightCalls[index];
    pairs.push({
      part: 'arguments',
      index,
      leftName: nameOf(a),
      rightName: nameOf(b),
      left: a?.arguments ?? null,
      right: b?.arguments ?? null,
    });
  }
  return { pairs, beyond: Math.max(0, indexes.length - answersAtMost) + Math.max(0, calls - callsAtMost) };
}

function filled(pieces: Pieces | undefined): Pieces | null {
  return pieces === undefined || pieces.length === 0 ? null : pieces;
}

function nameOf(call: AssembledCall | undefined): string | null {
  return call === undefined ? null : (call.name ?? call.kind);
}
