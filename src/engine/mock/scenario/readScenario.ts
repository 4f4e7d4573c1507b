import type { ScenarioProblem } from '../../../shared/mock.ts';
import { compileScenario } from './compile.ts';
import type { Scenario } from './model.ts';
import { checkForm } from './schemaProblems.ts';
import { readSource } from './sourceText.ts';

export type ScenarioReading =
  | { readonly ok: true; readonly scenario: Scenario }
  /** At least one, in the order of the document. */
  | { readonly ok: false; readonly problems: readonly ScenarioProblem[] };

/** Problems that are told at once. */
const toldAtOnce = 100;

/** What of a document is judged by what else there is. */
export interface ScenarioCircumstances {
  /** What is at a path already, in words; null: nothing. */
  takenBy(method: string, path: string): string | null;
}

/** Reads a scenario document, JSON or YAML: what can be performed, or all that speaks against it. */
export function readScenario(text: string, circumstances?: ScenarioCircumstances): ScenarioReading {
  const read = readSource(text);
  if (!read.ok) return read;
  const formed = checkForm(read.source);
  if (!formed.ok) return { ok: false, problems: ordered(formed.problems) };
  const compiled = compileScenario(formed.document, read.source);
  if (!compiled.ok) return { ok: false, problems: ordered(compiled.problems) };
  const { method, path } = compiled.scenario;
  const taken = path === null ? null : (circumstances?.takenBy(method, path) ?? null);
  if (taken === null) return compiled;
  const message = `${path ?? ''} is ${taken} already: name another path, or none.`;
  return { ok: false, problems: [read.source.problemAt(['path'], 'value', message)] };
}

/** A problem as one line for a person: where, what, and what was probably meant. */
export function problemWords({ line, column, message, suggestion }: ScenarioProblem): string {
  const hint = suggestion === null ? '' : ` Did you mean ${suggestion}?`;
  return `line ${String(line)}, column ${String(column)}: ${message}${hint}`;
}

function ordered(problems: readonly ScenarioProblem[]): readonly ScenarioProblem[] {
  return [...problems].sort((a, b) => a.line - b.line || a.column - b.column).slice(0, toldAtOnce);
}
