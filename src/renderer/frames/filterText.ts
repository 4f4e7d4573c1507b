import type { FrameTypeCount } from '../../shared/recording.ts';

/** What a filter's text says about one type of frame. */
export type TypeChoice = 'only' | 'hidden' | 'neither';

/** The word that names a type in a filter; null for a name that the filter's language cannot spell. */
export function typeWord(type: FrameTypeCount): string | null {
  const name = type.type === '' ? type.kind : type.type;
  return /\s/.test(name) ? null : `type:${name}`;
}

export function typeChoice(text: string, word: string): TypeChoice {
  if (wordPattern(escaped(word)).test(text)) return 'only';
  return wordPattern(`-${escaped(word)}`).test(text) ? 'hidden' : 'neither';
}

/**
 * The filter's text with a type shown alone, hidden or neither. Showing one alone takes the place of another shown
 * alone: no frame is of two types.
 */
export function withTypeChoice(text: string, word: string, choice: TypeChoice): string {
  let kept = text.replace(wordPattern(`-?${escaped(word)}`), '$1');
  if (choice === 'only') kept = kept.replace(wordPattern(String.raw`type:\S+`), '$1');
  const added = choice === 'only' ? ` ${word}` : choice === 'hidden' ? ` -${word}` : '';
  return (kept.trim() + added).trim();
}

/** Whole words only: between spaces or the ends of the text. */
function wordPattern(word: string): RegExp {
  return new RegExp(String.raw`(^|\s)${word}(?=\s|$)`, 'g');
}

function escaped(text: string): string {
  return text.replace(/[\\^$.*+?()[\]{}|/-]/g, String.raw`\$&`);
}
