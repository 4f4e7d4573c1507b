import type { ComparedBody, ContentRules } from '../../../../../src/engine/recording/compare/frameContents.ts';
import { FrameComparison } from '../../../../../src/engine/recording/compare/frameComparison.ts';
import { FrameIndex } from '../../../../../src/engine/recording/frameIndex.ts';
import type { FrameCriterion } from '../../../../../src/shared/compare.ts';
import { defaultLimits } from '../../../../../src/shared/limits.ts';
import { frameKindCode } from '../../../../../src/shared/words.ts';

/** A body of NDJSON records, one a line; an empty line is a keep-alive. */
export function bodyOf(lines: readonly string[]): ComparedBody {
  const blocks: Uint8Array[] = [];
  const frames = new FrameIndex({
    put: (n, _summary, bytes) => void (blocks[n] = bytes),
    get: (n) => blocks[n] ?? new Uint8Array(0),
  });
  const bytes = new TextEncoder().encode(lines.map((line) => `${line}\n`).join(''));
  let offset = 0;
  for (const line of lines) {
    const length = new TextEncoder().encode(line).length + 1;
    const kind = line === '' ? frameKindCode.blank : frameKindCode.record;
    frames.append(kind, offset, length, 0, 0, 0, 0);
    offset += length;
  }
  return {
    frames,
    count: frames.count,
    framing: 'ndjson',
    typeName: () => '',
    read: (from, length) => bytes.subarray(from, from + length),
  };
}

export const noKeys: ContentRules = { ignored: new Set(), limits: defaultLimits };

/** The whole comparison, in slices of one pair. */
export async function compared(
  left: ComparedBody,
  right: ComparedBody,
  criterion: FrameCriterion,
  rules: ContentRules = noKeys,
) {
  const comparison = new FrameComparison(left, right, criterion, rules);
  while (!comparison.advance(() => false));
  return { first: comparison.first, pairing: await comparison.pairing() };
}
