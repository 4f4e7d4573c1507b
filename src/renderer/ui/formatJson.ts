/**
 * JSON text with one value a line, two spaces a level. Only whitespace outside of strings changes: numbers keep every
 * digit, keys their order and their doubles. What is not JSON comes out readable, too, with nothing left out.
 * Linear in the text; no recursion, so depth does not matter.
 */
export function formatJson(text: string): string {
  const pieces: string[] = [];
  let depth = 0;
  let i = 0;
  const breakLine = (): void => {
    pieces.push(`\n${indent(depth)}`);
  };
  while (i < text.length) {
    const character = text.charAt(i);
    switch (character) {
      case '"': {
        const end = endOfString(text, i);
        pieces.push(text.slice(i, end));
        i = end;
        continue;
      }
      case '{':
      case '[': {
        const close = skipSpace(text, i + 1);
        const empty = text.charAt(close) === (character === '{' ? '}' : ']');
        if (empty) {
          pieces.push(character, text.charAt(close));
          i = close + 1;
          continue;
        }
        pieces.push(character);
        depth++;
        breakLine();
        i = close;
        continue;
      }
      case '}':
      case ']':
        depth = Math.max(0, depth - 1);
        breakLine();
        pieces.push(character);
        break;
      case ',':
        pieces.push(character);
        breakLine();
        i = skipSpace(text, i + 1);
        continue;
      case ':':
        pieces.push(': ');
        i = skipSpace(text, i + 1);
        continue;
      case ' ':
      case '\t':
      case '\r':
      case '\n':
        break;
      default: {
        const end = endOfToken(text, i);
        pieces.push(text.slice(i, end));
        i = end;
        continue;
      }
    }
    i++;
  }
  return pieces.join('');
}

/** Deeper levels are not indented further, or a thousand of them would be all indentation. */
const deepestIndent = 100;
const indents: string[] = [];

function indent(depth: number): string {
  const level = Math.min(depth, deepestIndent);
  return (indents[level] ??= '  '.repeat(level));
}

function skipSpace(text: string, from: number): number {
  let i = from;
  while (i < text.length && ' \t\r\n'.includes(text.charAt(i))) i++;
  return i;
}

function endOfString(text: string, from: number): number {
  for (let i = from + 1; i < text.length; i++) {
    const character = text.charAt(i);
    if (character === '\\') i++;
    else if (character === '"') return i + 1;
  }
  return text.length;
}

function endOfToken(text: string, from: number): number {
  let i = from;
  while (i < text.length && !'"{}[],: \t\r\n'.includes(text.charAt(i))) i++;
  return i;
}
