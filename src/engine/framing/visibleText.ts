/** Marks and formatting characters that change how other text looks without being seen themselves. */
const invisible = /[\u0080-\u009f\u00ad\u061c\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb]/u;
const needsCare = /[\u0000-\u001f\u007f]/u;

/**
 * Text on one line, nothing in it hidden: line breaks as `↵`, tabs as `⇥`, other controls as their symbols, characters
 * that are invisible or turn the direction of text as their number.
 * @param maxChars of the result in UTF-16 units; longer text ends in `…`
 */
export function oneLine(text: string, maxChars: number): string {
  const head = text.length > maxChars ? cutBetweenCharacters(text, maxChars) : text;
  if (!needsCare.test(head) && !invisible.test(head)) return head.length < text.length ? `${head}…` : head;
  let line = '';
  let isCut = head.length < text.length;
  for (const character of head.replaceAll('\r\n', '\n')) {
    const shown = visible(character);
    if (line.length + shown.length > maxChars) {
      isCut = true;
      break;
    }
    line += shown;
  }
  return isCut ? `${line}…` : line;
}

function visible(character: string): string {
  const code = character.codePointAt(0) ?? 0;
  if (character === '\n') return '↵';
  if (character === '\t') return '⇥';
  if (code < 0x20) return String.fromCodePoint(0x2400 + code);
  if (code === 0x7f) return '␡';
  return invisible.test(character) ? `⟨${code.toString(16).toUpperCase().padStart(4, '0')}⟩` : character;
}

function cutBetweenCharacters(text: string, length: number): string {
  const last = text.charCodeAt(length - 1);
  return text.slice(0, last >= 0xd800 && last <= 0xdbff ? length - 1 : length);
}
