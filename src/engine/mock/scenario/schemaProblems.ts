import type { z } from 'zod';
import { nearest } from '../../../shared/nearest.ts';
import { grouped } from '../../../shared/grouped.ts';
import type { ScenarioProblem } from '../../../shared/mock.ts';
import { scenarioSchema, type ScenarioDocument } from '../../../shared/scenario.ts';
import { knownKeys } from './schemaKeys.ts';
import type { DocumentPath, SourceText } from './sourceText.ts';

type Issue = z.core.$ZodIssue;

/** What a document is by its form, or everything that is wrong with that. */
export function checkForm(
  source: SourceText,
):
  | { readonly ok: true; readonly document: ScenarioDocument }
  | { readonly ok: false; readonly problems: readonly ScenarioProblem[] } {
  const read = scenarioSchema.safeParse(source.value);
  if (read.success) return { ok: true, document: read.data };
  const problems: ScenarioProblem[] = [];
  for (const issue of read.error.issues) describe(issue, [], source, problems);
  return { ok: false, problems };
}

function describe(issue: Issue, above: DocumentPath, source: SourceText, problems: ScenarioProblem[]): void {
  const path = [...above, ...issue.path.map((step) => (typeof step === 'number' ? step : String(step)))];
  const found = valueAt(source.value, path);
  const name = path.findLast((step) => typeof step === 'string') ?? 'A scenario';
  const add = (message: string, suggestion: string | null = null): void => {
    problems.push(source.problemAt(path, 'value', message, suggestion));
  };
  switch (issue.code) {
    case 'unrecognized_keys': {
      const known = knownKeys(scenarioSchema, path, found);
      for (const key of issue.keys) {
        const message = `There is no ${quoted(key)} here. What may stand here: ${known.join(', ')}.`;
        problems.push(source.problemAt([...path, key], 'key', message, nearest(key, known)));
      }
      return;
    }
    case 'invalid_union':
      if (isStepPlace(path) && describeStep(path, found, source, problems)) return;
      describeUnion(issue, path, found, source, problems);
      return;
    case 'invalid_value': {
      const words = issue.values.map(String);
      const meant = typeof found === 'string' ? nearest(found, words) : null;
      add(`${name} is one of ${words.join(', ')}, not ${shown(found)}.`, meant);
      return;
    }
    case 'invalid_type':
      if (found === undefined) add(`${name} is missing here.`);
      else add(`${name} is ${kinds[issue.expected] ?? issue.expected}, not ${shown(found)}.`);
      return;
    case 'too_small':
    case 'too_big': {
      const isSmall = issue.code === 'too_small';
      const limit = grouped(Number(isSmall ? issue.minimum : issue.maximum));
      const unit = issue.origin === 'array' ? ' items' : issue.origin === 'string' ? ' characters' : '';
      add(`${name} has to be at ${isSmall ? 'least' : 'most'} ${limit}${unit}.`);
      return;
    }
    case 'invalid_format':
      add(
        `${name} is ${issue.message === 'Invalid string' ? 'not written like that' : `${issue.message}, not ${shown(found)}`}.`,
      );
      return;
    case 'invalid_key':
      problems.push(
        source.problemAt(path, 'key', `${quoted(String(path.at(-1)))} is not ${issue.issues[0]?.message ?? 'a name'}.`),
      );
      return;
    case 'invalid_element':
    case 'not_multiple_of':
    case 'custom':
      add(`${name}: ${issue.message}.`);
      return;
  }
}

const kinds: Readonly<Record<string, string>> = {
  string: 'text',
  number: 'a number',
  int: 'a whole number',
  boolean: 'true or false',
  array: 'a list',
  object: 'a mapping',
  record: 'a mapping',
  null: 'empty',
};

/** The words that say what a step does; the others say how. */
const stepWords = ['head', 'send', 'template', 'wait', 'repeat', 'fault', 'end'] as const;

function isStepPlace(path: DocumentPath): boolean {
  return typeof path.at(-1) === 'number' && path.at(-2) === 'steps';
}

/** What is wrong with a step of which it cannot be told what it does. False: that can be told. */
function describeStep(path: DocumentPath, found: unknown, source: SourceText, problems: ScenarioProblem[]): boolean {
  const words: readonly string[] = stepWords;
  if (typeof found === 'string') {
    const message = `A step is "end" or a mapping such as "wait: 100ms", not ${shown(found)}.`;
    problems.push(source.problemAt(path, 'value', message, nearest(found, words)));
    return true;
  }
  if (!isRecord(found)) {
    problems.push(source.problemAt(path, 'value', `A step is a mapping such as "wait: 100ms", not ${shown(found)}.`));
    return true;
  }
  const said = Object.keys(found).filter((key) => words.includes(key));
  if (said.length === 1) return false;
  if (said.length > 1) {
    const message = `A step does one thing; this one has ${said.join(' and ')}. Make them steps of their own.`;
    problems.push(source.problemAt([...path, said[1] ?? ''], 'key', message));
    return true;
  }
  const [key] = Object.keys(found);
  const message = `A step says one of ${words.join(', ')}${key === undefined ? '' : `; ${quoted(key)} is none of them`}.`;
  const meant = key === undefined ? null : nearest(key, words);
  problems.push(source.problemAt(key === undefined ? path : [...path, key], 'key', message, meant));
  return true;
}

/** Tells what is wrong with the alternative that was probably meant. */
function describeUnion(
  issue: Extract<Issue, { readonly code: 'invalid_union' }>,
  path: DocumentPath,
  found: unknown,
  source: SourceText,
  problems: ScenarioProblem[],
): void {
  const ranked = issue.errors
    .map((issues) => ({ issues, distance: issues.reduce((sum, each) => sum + distanceOf(each, found), 0) }))
    .sort((a, b) => a.distance - b.distance);
  const [best, second] = ranked;
  if (best === undefined) return;
  // None fits better than another, because none is of this kind at all.
  if (best.distance >= foreignKind && second?.distance === best.distance) {
    const wanted = issue.errors.flatMap(([first]) =>
      first?.code === 'invalid_type' ? [kinds[first.expected] ?? first.expected] : [],
    );
    const name = path.findLast((step) => typeof step === 'string') ?? 'This';
    const message = `${name} is ${[...new Set(wanted)].join(' or ')}, not ${shown(found)}.`;
    problems.push(source.problemAt(path, 'value', message));
    return;
  }
  for (const inner of best.issues) describe(inner, path, source, problems);
}

const foreignKind = 100;

/** How far an issue is from what was meant: a misspelt key is near, another kind of value is far. */
function distanceOf(issue: Issue, found: unknown): number {
  if (issue.path.length === 0) {
    if (issue.code === 'unrecognized_keys') return 2 * issue.keys.length;
    if (issue.code === 'invalid_type') return foreignKind;
    return issue.code === 'invalid_value' && typeof found !== 'string' ? foreignKind : 1;
  }
  return valueAt(found, issue.path.map(String)) === undefined ? 3 : 0.5;
}

function valueAt(value: unknown, path: DocumentPath): unknown {
  let at = value;
  for (const step of path) {
    if (Array.isArray(at)) at = (at as readonly unknown[])[Number(step)];
    else at = isRecord(at) ? at[String(step)] : undefined;
  }
  return at;
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function quoted(text: string): string {
  return JSON.stringify(text.length <= 60 ? text : `${text.slice(0, 60)}…`);
}

function shown(value: unknown): string {
  if (typeof value === 'string') return quoted(value);
  if (typeof value === 'number' || typeof value === 'boolean') return String(value);
  if (value === null || value === undefined) return 'empty';
  return Array.isArray(value) ? 'a list' : 'a mapping';
}
