/** The words of a search as they were typed, quotes and all. */
export function termsOf(expression: string): readonly string[] {
  return expression.match(/-?(?:[a-z]+:)?"[^"]*"?|\S+/gi) ?? [];
}

export function hasTerm(expression: string, term: string): boolean {
  return termsOf(expression).includes(term);
}

/** The search with a term switched on or off. */
export function withTerm(expression: string, term: string, on: boolean): string {
  const others = termsOf(expression).filter((known) => known !== term);
  return (on ? [...others, term] : others).join(' ');
}

/** A term for a value that may hold spaces. A quotation mark in it cannot be asked for, and is left out. */
export function namedTerm(name: string, value: string): string {
  const text = value.replaceAll('"', '');
  return /\s/.test(text) ? `${name}:"${text}"` : `${name}:${text}`;
}

const named =
  /^(?:is|has|ending|framing|source|host|tag|dialect|model|route|client|method|status|before|after):|^size[<>]/i;

/** The words that are looked for in names and texts: what is highlighted. */
export function searchedWords(expression: string): readonly string[] {
  return termsOf(expression)
    .filter((term) => !term.startsWith('-') && !named.test(term))
    .map((term) => term.replaceAll('"', '').toLowerCase())
    .filter((word) => word !== '');
}

/** A text in pieces, those that were searched for marked; they do not overlap. */
export function markedPieces(
  text: string,
  words: readonly string[],
): readonly { readonly text: string; readonly found: boolean }[] {
  const lower = text.toLowerCase();
  // In a few scripts small letters are longer than capitals: then positions say nothing.
  if (words.length === 0 || lower.length !== text.length) return [{ text, found: false }];
  const pieces: { text: string; found: boolean }[] = [];
  let from = 0;
  while (from < text.length) {
    const next = words
      .map((word) => ({ at: lower.indexOf(word, from), length: word.length }))
      .filter(({ at }) => at >= 0)
      .toSorted((a, b) => a.at - b.at || b.length - a.length)[0];
    if (next === undefined) break;
    if (next.at > from) pieces.push({ text: text.slice(from, next.at), found: false });
    pieces.push({ text: text.slice(next.at, next.at + next.length), found: true });
    from = next.at + next.length;
  }
  if (from < text.length) pieces.push({ text: text.slice(from), found: false });
  return pieces;
}
