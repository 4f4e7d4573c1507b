import {
  isAlias,
  isMap,
  isScalar,
  isSeq,
  LineCounter,
  parseDocument,
  type Document,
  type Node,
  type Range,
} from 'yaml';
import { scenarioLimits } from '../../../shared/scenario.ts';
import type { ScenarioProblem } from '../../../shared/mock.ts';

/** Where something stands in a document: keys and indexes from its top. */
export type DocumentPath = readonly (string | number)[];

export interface SourceText {
  /** What the document says, as plain data. */
  readonly value: unknown;
  /** A problem with what stands at a path, or with the key that leads to it. */
  problemAt(path: DocumentPath, what: 'key' | 'value', message: string, suggestion?: string | null): ScenarioProblem;
}

export type SourceReading =
  | { readonly ok: true; readonly source: SourceText }
  | { readonly ok: false; readonly problems: readonly ScenarioProblem[] };

/** Faults of writing that are told at once; more would only repeat the first. */
const toldAtOnce = 20;
/** Open brackets beyond which the parser is not asked: it takes long to give up. */
const bracketsAtMost = 500;
const tooDeep = 'The document is nested too deeply to be read.';
/** Aliases may not blow a short document up. */
const aliasesAtMost = 100;

/** Reads JSON or YAML 1.2 (of which JSON is a part), and keeps where everything stands. */
export function readSource(text: string): SourceReading {
  const lines = new LineCounter();
  const refuse = (message: string, range?: Range | readonly number[]): SourceReading => ({
    ok: false,
    problems: [problem(lines, range, message, null)],
  });
  if (bracketDepth(text) > bracketsAtMost) return refuse(tooDeep);
  let document: Document.Parsed;
  try {
    document = parseDocument(text, { lineCounter: lines, prettyErrors: false, strict: true });
  } catch (error) {
    if (error instanceof RangeError) return refuse(tooDeep);
    throw error;
  }
  if (document.errors.some(({ message }) => message.includes('call stack'))) return refuse(tooDeep);
  if (document.errors.length > 0) {
    const problems = document.errors
      .slice(0, toldAtOnce)
      .map(({ message, pos }) => problem(lines, pos, sentence(message), null));
    return { ok: false, problems };
  }
  const { contents } = document;
  if (contents === null || !isMap(contents)) {
    return refuse('A scenario is a mapping with "steps" in it.', contents?.range ?? [0, text.length]);
  }
  const unusual = findUnusual(contents);
  if (unusual !== null) return refuse(unusual.message, unusual.node.range ?? undefined);
  let value: unknown;
  try {
    value = document.toJS({ maxAliasCount: aliasesAtMost });
  } catch (error) {
    if (error instanceof ReferenceError)
      return refuse(`Aliases stand for too much here, or for nothing: ${error.message}.`);
    throw error;
  }
  return {
    ok: true,
    source: {
      value,
      problemAt: (path, what, message, suggestion = null) =>
        problem(lines, rangeOf(contents, path, what), message, suggestion),
    },
  };
}

/** The most brackets that are open at once, as JSON counts them: those in double quotes are text. */
function bracketDepth(text: string): number {
  let depth = 0;
  let deepest = 0;
  for (const [found] of text.matchAll(/"(?:[^"\\\n]|\\.)*"|[[{]|[\]}]/g)) {
    if (found === '[' || found === '{') deepest = Math.max(deepest, ++depth);
    else if (found.length === 1) depth = Math.max(0, depth - 1);
  }
  return deepest;
}

/** What YAML can say and a scenario cannot: deep nesting, keys that are no text, and `{{…}}` without quotes. */
function findUnusual(top: Node): { readonly node: Node; readonly message: string } | null {
  const open: { readonly node: Node; readonly depth: number }[] = [{ node: top, depth: 1 }];
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    const { node, depth } = next;
    if (depth > scenarioLimits.depth) {
      return { node, message: `More than ${String(scenarioLimits.depth)} levels inside each other are not read.` };
    }
    if (isMap(node)) {
      for (const { key, value } of node.items) {
        if (isMap(key)) return { node, message: 'Put quotes around text with {{…}} in it: "{{i}}".' };
        if (!isScalar(key)) return { node, message: 'A key is a word here.' };
        if (isNode(value)) open.push({ node: value, depth: depth + 1 });
      }
    } else if (isSeq(node)) {
      for (const item of node.items) if (isNode(item)) open.push({ node: item, depth: depth + 1 });
    }
  }
  return null;
}

function isNode(value: unknown): value is Node {
  return isMap(value) || isSeq(value) || isScalar(value) || isAlias(value);
}

/** The range of what is at a path, or of the nearest thing around it that is there. */
function rangeOf(top: Node, path: DocumentPath, what: 'key' | 'value'): Range | undefined {
  let found: Node = top;
  for (const [depth, step] of path.entries()) {
    const isLast = depth === path.length - 1;
    let inner: unknown;
    if (isMap(found)) {
      const pair = found.items.find(({ key }) => isScalar(key) && String(key.value) === String(step));
      if (isLast && (what === 'key' || !isNode(pair?.value)) && isScalar(pair?.key)) return pair.key.range ?? undefined;
      inner = pair?.value;
    } else if (isSeq(found)) {
      inner = found.items[Number(step)];
    }
    if (!isNode(inner)) break;
    found = inner;
  }
  return found.range ?? undefined;
}

function problem(
  lines: LineCounter,
  range: Range | readonly number[] | undefined,
  message: string,
  suggestion: string | null,
): ScenarioProblem {
  const from = range?.[0] ?? 0;
  const to = Math.max(from, range?.[1] ?? from);
  const start = lines.linePos(from);
  const end = lines.linePos(to);
  // Before the first line is read there are none.
  const line = Math.max(1, start.line);
  const column = Math.max(1, start.col);
  return { line, column, endLine: Math.max(line, end.line), endColumn: Math.max(1, end.col), message, suggestion };
}

/** The parser's words as a sentence. */
function sentence(message: string): string {
  const text = message.replace(/\s+/g, ' ').trim();
  return /[.!?]$/.test(text) ? text : `${text}.`;
}
