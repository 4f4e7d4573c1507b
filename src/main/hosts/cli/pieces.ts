import { seededRandom } from '../../../engine/mock/random.ts';

/** How a file is cut into pieces before it is fed: the output must not depend on it. */
export type PieceRule =
  { readonly by: 'bytes'; readonly bytes: number } | { readonly by: 'seed'; readonly seed: number };

const largestRandomPiece = 4_096;

/** The bytes of `source`, cut by the rule; as they come where there is none. */
export async function* pieces(
  source: AsyncIterable<unknown> | Iterable<unknown>,
  rule: PieceRule | null,
): AsyncGenerator<Uint8Array, void, undefined> {
  const nextLength = rule === null ? () => Infinity : rule.by === 'bytes' ? () => rule.bytes : randomLengths(rule.seed);
  let wanted = nextLength();
  let held: Uint8Array[] = [];
  let heldLength = 0;
  for await (const read of source) {
    if (!(read instanceof Uint8Array)) throw new TypeError('a stream of bytes was expected');
    let rest: Uint8Array = read;
    if (wanted === Infinity) {
      yield rest;
      continue;
    }
    while (heldLength + rest.length >= wanted) {
      const taken = wanted - heldLength;
      held.push(rest.subarray(0, taken));
      yield joined(held, wanted);
      rest = rest.subarray(taken);
      held = [];
      heldLength = 0;
      wanted = nextLength();
    }
    if (rest.length > 0) {
      held.push(rest);
      heldLength += rest.length;
    }
  }
  if (heldLength > 0) yield joined(held, heldLength);
}

function joined(parts: readonly Uint8Array[], length: number): Uint8Array {
  const [only] = parts;
  if (parts.length === 1 && only !== undefined) return only;
  const whole = new Uint8Array(length);
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}

/** Mostly short pieces, so that every border a stream has is hit, with longer ones between. */
function randomLengths(seed: number): () => number {
  const random = seededRandom(seed);
  return () => {
    const longest = random.fraction() < 0.7 ? 16 : largestRandomPiece;
    return 1 + random.below(longest);
  };
}
