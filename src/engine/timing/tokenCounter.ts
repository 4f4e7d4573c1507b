/** Counts the tokens of a text as one tokenizer would. */
export interface TokenCounter {
  /** Of the tokenizer, for a person: an estimate is shown with it. */
  readonly name: string;
  count(text: string): number;
}

/** UTF-16 units that are counted in one go, and of one run without white space among them. */
const sliceUnits = 8_192;
const runUnits = 512;

/**
 * Bounds the work of a tokenizer whose time grows with the square of a word's length: long texts are counted in slices
 * that end before white space, and words of more than 512 units in pieces. Real text is counted as it is, up to one
 * token a slice.
 */
export function boundedTokenCounter(name: string, countTokens: (text: string) => number): TokenCounter {
  return {
    name,
    count: (text) => {
      let tokens = 0;
      for (let from = 0; from < text.length;) {
        const to = sliceEnd(text, from);
        tokens += countTokens(text.slice(from, to));
        from = to;
      }
      return tokens;
    },
  };
}

function sliceEnd(text: string, from: number): number {
  const limit = Math.min(text.length, from + sliceUnits);
  let runFrom = from;
  let lastBreak = -1;
  for (let at = from; at < limit; at++) {
    const code = text.charCodeAt(at);
    if (code === 0x20 || code === 0x0a || code === 0x09 || code === 0x0d) {
      if (at > from) lastBreak = at;
      runFrom = at + 1;
    } else if (at - runFrom >= runUnits) {
      return isSecondHalf(code) ? at - 1 : at;
    }
  }
  if (limit === text.length) return limit;
  if (lastBreak > 0) return lastBreak;
  return isSecondHalf(text.charCodeAt(limit)) ? limit - 1 : limit;
}

/** True between the halves of a surrogate pair, where no cut may be. */
function isSecondHalf(code: number): boolean {
  return code >= 0xdc00 && code < 0xe000;
}
