const wholeWord = 'REDACTED';

/**
 * What stands where a secret was: `REDACTED1xxxx`, exactly as long, and the same for the same secret. Letters and digits
 * alone, which mean nothing in JSON, in a URL, in base64 or in a header.
 * @param secret its number, from 0
 */
export function label(secret: number, length: number): string {
  const number = String(secret + 1);
  const word = [wholeWord, 'R'].find((each) => each.length + number.length <= length);
  return (word === undefined ? '' : `${word}${number}`).padEnd(length, 'x');
}

/** True for what `label` makes: it is no secret any more. */
export function isLabel(text: string): boolean {
  return /^(?:REDACTED\d+|R\d+)?x*$/.test(text);
}
