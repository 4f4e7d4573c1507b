import { type Expression, parseExpression, textOf } from './expression.ts';
import type { TemplateScope, TemplateValue } from './templateFunctions.ts';

/** A value with places in it, ready to be filled in. */
export type Template = (scope: TemplateScope) => TemplateValue;

/** Told where something in a template cannot be read. `path` leads from the template's top to the text. */
export type TemplateComplaint = (
  path: readonly (string | number)[],
  message: string,
  suggestion: string | null,
) => void;

/** What stands between `{{` and `}}`; quotes hide braces. */
const place = /\{\{((?:'[^']{0,1000}'|"[^"]{0,1000}"|[^'"}]|\}(?!\})){0,1000})\}\}/g;

/**
 * Reads a value whose texts, keys included, may hold `{{…}}`. A text that is one place and nothing else becomes what the
 * place gives: a number stays a number.
 */
export function compileTemplate(value: unknown, names: readonly string[], complain: TemplateComplaint): Template {
  const compile = (inner: unknown, path: readonly (string | number)[]): Template => {
    if (typeof inner === 'string') return compileText(inner, names, (message, meant) => complain(path, message, meant));
    if (Array.isArray(inner)) {
      const items = (inner as readonly unknown[]).map((item, i) => compile(item, [...path, i]));
      return (scope) => items.map((item) => item(scope));
    }
    if (typeof inner === 'object' && inner !== null) {
      const entries = Object.entries(inner).map(
        ([key, item]) =>
          [
            compileText(key, names, (message, meant) => complain([...path, key], message, meant)),
            compile(item, [...path, key]),
          ] as const,
      );
      return (scope) => Object.fromEntries(entries.map(([key, item]) => [textOf(key(scope)), item(scope)]));
    }
    const plain = typeof inner === 'number' || typeof inner === 'boolean' ? inner : null;
    return () => plain;
  };
  return compile(value, []);
}

/** Text with places. */
export function compileText(
  text: string,
  names: readonly string[],
  complain: (message: string, suggestion: string | null) => void,
): Template {
  const pieces: (string | Expression)[] = [];
  let from = 0;
  for (const found of text.matchAll(place)) {
    if (found.index > from) pieces.push(text.slice(from, found.index));
    const read = parseExpression(found[1] ?? '', names);
    if (read.ok) pieces.push(read.expression);
    else complain(read.message, read.suggestion);
    from = found.index + found[0].length;
  }
  const rest = text.slice(from);
  if (rest.includes('{{')) complain(`A {{ is never closed: ${JSON.stringify(rest.slice(0, 40))}.`, null);
  if (rest !== '') pieces.push(rest);
  const [only] = pieces;
  if (pieces.length === 0) return () => '';
  if (pieces.length === 1 && only !== undefined) return typeof only === 'string' ? () => only : only;
  return (scope) => pieces.map((piece) => (typeof piece === 'string' ? piece : textOf(piece(scope)))).join('');
}

export function hasPlaces(text: string): boolean {
  return text.includes('{{');
}
