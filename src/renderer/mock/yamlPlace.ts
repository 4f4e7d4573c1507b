import type { SchemaStep } from './jsonSchema.ts';

/** Where the cursor is in a YAML document, as far as indentation tells. */
export interface YamlPlace {
  /** From the document to what is being written. */
  readonly path: readonly SchemaStep[];
  readonly writes: 'key' | 'value';
  /** Keys that the map the cursor is in has already. */
  readonly siblings: readonly string[];
  /** Where the word begins that is being written, from 1. */
  readonly fromColumn: number;
}

interface Level {
  readonly indent: number;
  readonly step: SchemaStep;
}

const keyed = /^(["']?)([\w./ -]+?)\1:(?:\s+|$)/;

/**
 * Reads the block structure above the cursor. Null inside of braces, brackets, comments and long texts, where indentation
 * says nothing.
 *
 * @param line @param column from 1
 */
export function yamlPlace(text: string, line: number, column: number): YamlPlace | null {
  const lines = text.split('\n').slice(0, line);
  const last = (lines.pop() ?? '').slice(0, column - 1);
  if (/[[{#]|[|>]\s*$/.test(last)) return null;
  const levels: Level[] = [];
  for (const each of lines) readLine(levels, each);

  let indent = indentOf(last);
  let content = last.slice(indent);
  const beginsItem = /^-(\s|$)/.test(content);
  leave(levels, indent, beginsItem);
  while (/^-(\s|$)/.test(content)) {
    levels.push({ indent, step: 'item' });
    const width = /^-\s*/.exec(content)?.[0].length ?? 1;
    indent += width;
    content = content.slice(width);
  }
  const path = levels.map(({ step }) => step);
  const key = keyed.exec(content);
  if (key !== null) {
    const fromColumn = indent + key[0].length + 1;
    return { path: [...path, { key: key[2] ?? '' }], writes: 'value', siblings: [], fromColumn };
  }
  if (/\s/.test(content)) return null;
  return { path, writes: 'key', siblings: beginsItem ? [] : siblingsAt(lines, indent), fromColumn: indent + 1 };
}

function indentOf(line: string): number {
  return /^ */.exec(line)?.[0].length ?? 0;
}

/** Leaves the levels that a line of this indentation is not inside of; an item of a list may stand as far left as its key. */
function leave(levels: Level[], indent: number, isItem: boolean): void {
  for (let top = levels.at(-1); top !== undefined; top = levels.at(-1)) {
    const isOwnKey = isItem && top.indent === indent && top.step !== 'item';
    if (top.indent < indent || isOwnKey) return;
    levels.pop();
  }
}

function readLine(levels: Level[], line: string): void {
  let indent = indentOf(line);
  let content = line.slice(indent);
  if (content === '' || content.startsWith('#')) return;
  leave(levels, indent, content.startsWith('-'));
  while (/^-(\s|$)/.test(content)) {
    levels.push({ indent, step: 'item' });
    const width = /^-\s*/.exec(content)?.[0].length ?? 1;
    indent += width;
    content = content.slice(width);
  }
  const key = keyed.exec(content);
  if (key !== null) levels.push({ indent, step: { key: key[2] ?? '' } });
}

/** Keys of the map that a line of this indentation belongs to, as they stand above it. */
function siblingsAt(lines: readonly string[], indent: number): readonly string[] {
  const found: string[] = [];
  for (const line of lines.toReversed()) {
    if (line.trim() === '') continue;
    const dashes = /^( *(?:- +)+)/.exec(line)?.[0];
    const starts = dashes?.length ?? indentOf(line);
    if (starts < indent) break;
    if (starts > indent) continue;
    const key = keyed.exec(line.slice(starts));
    if (key !== null) found.push(key[2] ?? '');
    // The line with the dash is the first of its item.
    if (dashes !== undefined) break;
  }
  return found;
}
