/** Where reasoning that a model writes into its text begins and ends; `to` is the text's length while it goes on. */
export interface InlineReasoning {
  readonly from: number;
  readonly to: number;
  /** Where the answer begins. */
  readonly answerFrom: number;
}

const opening = /^\s*<think>\n?/;
const closing = '</think>';

/** Reasoning between `<think>` and `</think>` at the beginning of a text, or null for none. The text itself stays as it is. */
export function inlineReasoning(text: string): InlineReasoning | null {
  const found = opening.exec(text);
  if (found === null) return null;
  const from = found[0].length;
  const to = text.indexOf(closing, from);
  if (to < 0) return { from, to: text.length, answerFrom: text.length };
  const after = /^\n*/.exec(text.slice(to + closing.length))?.[0].length ?? 0;
  return { from, to, answerFrom: to + closing.length + after };
}
