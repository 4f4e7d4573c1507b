import type { ComparedText, TextRun } from '../../../shared/compare.ts';
import { commonSequence } from './commonSequence.ts';

/** Units of a text up to which it is compared word by word, and line by line. */
const wordUnits = 1_000_000;
const lineUnits = 16_000_000;
const wordEdits = 2_000;
const lineEdits = 1_000;
/** Longer runs are told in several, so that they can be pulled in parts. */
const runUnits = 65_536;

/**
 * A word with the spaces behind it, a sign, or a line break. Scripts that write no spaces are taken character by
 * character.
 */
const wordForm =
  /\r?\n|(?:(?![\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Thai}])[\p{L}\p{M}\p{N}_])+[^\S\n]*|[^\n][^\S\n]*/gu;
const lineForm = /[^\n]*\n|[^\n]+/g;

export interface TextDifference {
  readonly granularity: ComparedText['granularity'];
  readonly runs: readonly TextRun[];
}

/**
 * What two texts have in common. The runs that are not `added` make the left text, those that are not `removed` the
 * right one. Long or very different texts are compared line by line, and beyond that only where they begin and end.
 */
export async function compareTexts(left: string, right: string): Promise<TextDifference> {
  const longest = Math.max(left.length, right.length);
  if (left === right) return { granularity: 'words', runs: runsOf([['same', left]]) };
  if (longest <= wordUnits) {
    const runs = await byPieces(left, right, wordForm, wordEdits);
    if (runs !== undefined) return { granularity: 'words', runs };
  }
  if (longest <= lineUnits) {
    const runs = await byPieces(left, right, lineForm, lineEdits);
    if (runs !== undefined) return { granularity: 'lines', runs };
  }
  return { granularity: 'ends', runs: byEnds(left, right) };
}

async function byPieces(
  left: string,
  right: string,
  form: RegExp,
  editsAtMost: number,
): Promise<readonly TextRun[] | undefined> {
  const a = left.match(form) ?? [];
  const b = right.match(form) ?? [];
  const found = await commonSequence(a, b, editsAtMost);
  if (found === undefined) return undefined;
  return runsOf(
    found.map((run) => {
      const [pieces, from] = run.kind === 'added' ? [b, run.right] : [a, run.left];
      return [run.kind, pieces.slice(from, from + run.count).join('')];
    }),
  );
}

function byEnds(left: string, right: string): readonly TextRun[] {
  const shorter = Math.min(left.length, right.length);
  let start = 0;
  while (start < shorter && left.charCodeAt(start) === right.charCodeAt(start)) start++;
  if (isInsidePair(left, start) || isInsidePair(right, start)) start--;
  let end = 0;
  while (end < shorter - start && left.charCodeAt(left.length - 1 - end) === right.charCodeAt(right.length - 1 - end)) {
    end++;
  }
  if (isInsidePair(left, left.length - end) || isInsidePair(right, right.length - end)) end--;
  return runsOf([
    ['same', left.slice(0, start)],
    ['removed', left.slice(start, left.length - end)],
    ['added', right.slice(start, right.length - end)],
    ['same', left.slice(left.length - end)],
  ]);
}

/** Whether a cut at `at` would part a surrogate pair. */
function isInsidePair(text: string, at: number): boolean {
  return at > 0 && isBetween(text.charCodeAt(at - 1), 0xd800, 0xdbff) && isBetween(text.charCodeAt(at), 0xdc00, 0xdfff);
}

function isBetween(code: number, low: number, high: number): boolean {
  return code >= low && code <= high;
}

function runsOf(parts: readonly (readonly [TextRun['kind'], string])[]): readonly TextRun[] {
  const runs: TextRun[] = [];
  for (const [kind, text] of parts) {
    for (let from = 0; from < text.length;) {
      let to = Math.min(text.length, from + runUnits);
      if (isInsidePair(text, to)) to--;
      runs.push({ kind, text: text.slice(from, to) });
      from = to;
    }
  }
  return runs;
}
