import type { grains } from '../../../shared/scenario.ts';
import type { SeededRandom } from '../random.ts';

/** What a careless reader thinks cannot be cut. */
export type Grain = (typeof grains)[number];

const quote = 0x22;
const backslash = 0x5c;

/**
 * Chunk borders where a careless reader breaks: inside every character of several bytes, inside every CR LF and
 * every blank line, inside every JSON string. Where there is nothing of it, one border in the middle. One that is not
 * behind the one before it is none.
 */
export function* bordersAgainst(
  bytes: Uint8Array,
  grainList: readonly Grain[],
  random: SeededRandom,
): Generator<number, void, undefined> {
  const splitsCharacters = grainList.includes('utf8');
  const splitsLineEnds = grainList.includes('crlf');
  const splitsStrings = grainList.includes('json');
  let borders = 0;
  let stringFrom = -1;
  for (let i = 0; i < bytes.length; i++) {
    const value = bytes[i] ?? 0;
    if (splitsCharacters && value >= 0xc2) {
      const length = value >= 0xf0 ? 4 : value >= 0xe0 ? 3 : 2;
      borders++;
      yield i + 1 + random.below(length - 1);
    }
    if (splitsLineEnds && i > 0 && value === 0x0a && isLineEnd(bytes[i - 1])) {
      borders++;
      yield i;
    }
    if (!splitsStrings) continue;
    if (value === backslash && stringFrom >= 0) {
      // Between the backslash and what it escapes.
      borders++;
      yield i + 1;
      i++;
    } else if (value === quote) {
      if (stringFrom >= 0 && i - stringFrom > 1) {
        borders++;
        yield (stringFrom + 1 + i) >> 1;
      }
      stringFrom = stringFrom >= 0 ? -1 : i;
    } else if (isLineEnd(value)) {
      stringFrom = -1;
    }
  }
  if (borders === 0 && bytes.length > 1) yield bytes.length >> 1;
}

const isLineEnd = (value: number | undefined): boolean => value === 0x0a || value === 0x0d;
