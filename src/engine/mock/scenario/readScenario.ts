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

/** Reads a scenario document, JSON or YAML: what can be performed, or all that speaks against it. */
export function readScenario(text: string): ScenarioReading {
  const read = readSource(text);
  if (!read.ok) return read;
  const formed = checkForm(read.source);
  if (!formed.ok) return { ok: false, problems: ordered(formed.problems) };
  const compiled = compileScenario(formed.document, read.source);
  return compiled.ok ? compiled : { ok: false, problems: ordered(compiled.problems) };
}

function ordered(problems: readonly ScenarioProblem[]): readonly ScenarioProblem[] {
  return [...problems].sort((a, b) => a.line - b.line || a.column - b.column).slice(0, toldAtOnce);
}
