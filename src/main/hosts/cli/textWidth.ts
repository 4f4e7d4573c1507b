/** Characters that a terminal shows two columns wide (Unicode Standard Annex 11, wide and fullwidth). */
const wide =
  /^[\u1100-\u115f\u2e80-\u303e\u3041-\ua4cf\ua960-\ua97c\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60\uffe0-\uffe6\u{1f300}-\u{1faff}\u{20000}-\u{3fffd}]/u;
const graphemes = new Intl.Segmenter('en', { granularity: 'grapheme' });

/** The beginning of a text that fits into so many columns of a terminal, with `…` where something is left out. */
export function fitColumns(text: string, columns: number): string {
  let used = 0;
  let fitting = 0;
  for (const { segment, index } of graphemes.segment(text)) {
    const width = wide.test(segment) || /\p{Emoji_Presentation}/u.test(segment) ? 2 : /^\p{M}/u.test(segment) ? 0 : 1;
    if (used + width <= columns - 1) fitting = index + segment.length;
    used += width;
    if (used > columns) return `${text.slice(0, fitting)}…`;
  }
  return text;
}
