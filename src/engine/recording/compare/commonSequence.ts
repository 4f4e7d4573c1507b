import { diffArrays } from 'diff';

/** A run of two sequences: `count` elements that both have, that only the left one has, or that only the right one has. */
export interface SequenceRun {
  readonly kind: 'same' | 'removed' | 'added';
  readonly left: number;
  readonly right: number;
  readonly count: number;
}

/**
 * What two sequences have in common, with the fewest insertions and removals (Myers 1986). Elements are compared with
 * `===`. Exchanging left and right exchanges removed and added and changes nothing else. Works in turns of the event
 * loop, so that nothing waits for it.
 * @param editsAtMost insertions and removals that are looked for: time grows with their square
 * @returns undefined where more would be needed
 */
export async function commonSequence<T extends string | number>(
  left: readonly T[],
  right: readonly T[],
  editsAtMost: number,
): Promise<readonly SequenceRun[] | undefined> {
  const shorter = Math.min(left.length, right.length);
  let start = 0;
  while (start < shorter && left[start] === right[start]) start++;
  let end = 0;
  while (end < shorter - start && left[left.length - 1 - end] === right[right.length - 1 - end]) end++;
  const a = left.slice(start, left.length - end);
  const b = right.slice(start, right.length - end);
  const middle = await differ(a, b, editsAtMost);
  if (middle === undefined) return undefined;
  const runs: SequenceRun[] = [];
  let atLeft = 0;
  let atRight = 0;
  const add = (kind: SequenceRun['kind'], count: number): void => {
    if (count === 0) return;
    const last = runs.at(-1);
    if (last?.kind === kind) runs[runs.length - 1] = { ...last, count: last.count + count };
    else runs.push({ kind, left: atLeft, right: atRight, count });
    if (kind !== 'added') atLeft += count;
    if (kind !== 'removed') atRight += count;
  };
  add('same', start);
  for (const [kind, count] of middle) add(kind, count);
  add('same', end);
  return runs;
}

type Step = readonly [SequenceRun['kind'], number];

async function differ<T extends string | number>(
  a: readonly T[],
  b: readonly T[],
  editsAtMost: number,
): Promise<readonly Step[] | undefined> {
  if (a.length === 0 || b.length === 0) {
    return [...steps('removed', a.length), ...steps('added', b.length)];
  }
  if (leastEdits(a, b) > editsAtMost) return undefined;
  // Of several shortest ways one is chosen by which sequence comes first: always the same one makes it symmetric.
  const isMirrored = comesAfter(a, b);
  const [first, second] = isMirrored ? [b, a] : [a, b];
  const found = await new Promise<readonly { added: boolean; removed: boolean; count: number }[] | undefined>(
    (resolve) => {
      diffArrays([...first], [...second], { maxEditLength: editsAtMost, callback: resolve });
    },
  );
  if (found === undefined) return undefined;
  return removedFirst(
    found.map(({ added, removed, count }) => {
      if (!added && !removed) return ['same', count];
      return [added === isMirrored ? 'removed' : 'added', count];
    }),
  );
}

/** Edits that are needed whatever the order: elements that one has more often than the other. */
function leastEdits<T>(a: readonly T[], b: readonly T[]): number {
  const counts = new Map<T, number>();
  for (const element of a) counts.set(element, (counts.get(element) ?? 0) + 1);
  for (const element of b) counts.set(element, (counts.get(element) ?? 0) - 1);
  let edits = 0;
  for (const count of counts.values()) edits += Math.abs(count);
  return edits;
}

function steps(kind: SequenceRun['kind'], count: number): readonly Step[] {
  return count === 0 ? [] : [[kind, count]];
}

function comesAfter<T extends string | number>(a: readonly T[], b: readonly T[]): boolean {
  if (a.length !== b.length) return a.length > b.length;
  for (let i = 0; i < a.length; i++) {
    const x = a[i] as T;
    const y = b[i] as T;
    if (x !== y) return x > y;
  }
  return false;
}

/** Between two common runs: everything that was removed, then everything that was added. */
function removedFirst(found: readonly Step[]): readonly Step[] {
  const ordered: Step[] = [];
  let removed = 0;
  let added = 0;
  const flush = (): void => {
    ordered.push(...steps('removed', removed), ...steps('added', added));
    removed = 0;
    added = 0;
  };
  for (const step of found) {
    const [kind, count] = step;
    if (kind === 'removed') removed += count;
    else if (kind === 'added') added += count;
    else {
      flush();
      ordered.push(step);
    }
  }
  flush();
  return ordered;
}
