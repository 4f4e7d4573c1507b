import { fromLatin1 } from '../bytes/latin1.ts';

/** Bits of the code of each byte value, then of EOS (RFC 7541 Appendix B). The code is canonical: lengths say it all. */
const codeLengths = [
  13, 23, 28, 28, 28, 28, 28, 28, 28, 24, 30, 28, 28, 30, 28, 28, 28, 28, 28, 28, 28, 28, 30, 28, 28, 28, 28, 28, 28,
  28, 28, 28, 6, 10, 10, 12, 13, 6, 8, 11, 10, 10, 8, 11, 8, 6, 6, 6, 5, 5, 5, 6, 6, 6, 6, 6, 6, 6, 7, 8, 15, 6, 12, 10,
  13, 6, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 8, 7, 8, 13, 19, 13, 14, 6, 15, 5, 6, 5, 6,
  5, 6, 6, 6, 5, 7, 7, 6, 6, 6, 5, 6, 7, 6, 5, 5, 6, 7, 7, 7, 7, 7, 15, 11, 14, 13, 28, 20, 22, 20, 20, 22, 22, 22, 23,
  22, 23, 23, 23, 23, 23, 24, 23, 24, 24, 22, 23, 24, 23, 23, 23, 23, 21, 22, 23, 22, 23, 23, 24, 22, 21, 20, 22, 22,
  23, 23, 21, 23, 22, 22, 24, 21, 22, 23, 23, 21, 21, 22, 21, 23, 22, 23, 23, 20, 22, 22, 22, 23, 22, 22, 23, 26, 26,
  20, 19, 22, 23, 22, 25, 26, 26, 26, 27, 27, 26, 24, 25, 19, 21, 26, 27, 27, 26, 27, 24, 21, 21, 26, 26, 28, 27, 27,
  27, 20, 24, 20, 21, 22, 21, 21, 23, 22, 22, 25, 25, 24, 24, 26, 23, 26, 27, 26, 26, 27, 27, 27, 27, 27, 28, 27, 27,
  27, 27, 27, 26, 30,
] as const;

const endOfString = 256;
const longestCode = 30;
/** An accepted padding is shorter than a byte (RFC 7541 §5.2). */
const mostPaddingBits = 7;

interface CodeTable {
  /** Symbols by length of their code, then by value: the order of the codes. */
  readonly symbols: readonly number[];
  /** For each length: its first code, how many there are, and where they begin in `symbols`. */
  readonly first: readonly number[];
  readonly count: readonly number[];
  readonly offset: readonly number[];
}

const table = makeTable();

function makeTable(): CodeTable {
  const symbols: number[] = [];
  const first: number[] = [0];
  const count: number[] = [0];
  const offset: number[] = [0];
  let code = 0;
  for (let length = 1; length <= longestCode; length += 1) {
    code *= 2;
    first.push(code);
    offset.push(symbols.length);
    codeLengths.forEach((bits, symbol) => {
      if (bits === length) symbols.push(symbol);
    });
    const found = symbols.length - (offset[length] ?? 0);
    count.push(found);
    code += found;
  }
  return { symbols, first, count, offset };
}

/** The text (a byte a character) of a Huffman-coded string, or null where it breaks RFC 7541 §5.2. */
export function decodeHuffman(bytes: Uint8Array): string | null {
  const decoded: number[] = [];
  let code = 0;
  let length = 0;
  for (const byte of bytes) {
    for (let bit = 7; bit >= 0; bit -= 1) {
      code = code * 2 + ((byte >> bit) & 1);
      length += 1;
      const index = code - (table.first[length] ?? 0);
      if (index < (table.count[length] ?? 0)) {
        const symbol = table.symbols[(table.offset[length] ?? 0) + index] ?? endOfString;
        if (symbol === endOfString) return null;
        decoded.push(symbol);
        code = 0;
        length = 0;
      }
    }
  }
  // What is left must be the beginning of EOS, which is all ones.
  if (length > mostPaddingBits || code !== 2 ** length - 1) return null;
  return fromLatin1(Uint8Array.from(decoded));
}
