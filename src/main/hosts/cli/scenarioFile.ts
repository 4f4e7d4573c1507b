import { readFileSync, watch } from 'node:fs';
import path from 'node:path';
import type { MockEndpoint } from '../../../engine/mock/endpoint.ts';
import { builtInAt } from '../../../engine/mock/endpoints.ts';
import { explain } from '../../../engine/mock/scenario/explain.ts';
import { readScenario } from '../../../engine/mock/scenario/readScenario.ts';
import { scenarioEndpoint } from '../../../engine/mock/scenario/scenarioEndpoint.ts';
import type { ScenarioProblem } from '../../../shared/mock.ts';

/** An editor writes a file in several steps. */
const settleMillis = 100;

export type ScenarioFileReading =
  | { readonly ok: true; readonly endpoint: MockEndpoint; readonly explanation: string; readonly text: string }
  /** Lines for a person. */
  | { readonly ok: false; readonly complaints: readonly string[]; readonly text: string | null };

/** Reads the scenario in a file; it is performed at /scenarios/ and the file's name where it names no other path. */
export function readScenarioFile(file: string): ScenarioFileReading {
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    return { ok: false, complaints: [`${file}: cannot be read: ${reason}`], text: null };
  }
  const read = readScenario(text, { takenBy: builtInAt });
  if (!read.ok) return { ok: false, complaints: read.problems.map((problem) => complaint(file, problem)), text };
  return {
    ok: true,
    text,
    endpoint: scenarioEndpoint(nameOf(file), read.scenario),
    explanation: explain(read.scenario),
  };
}

/** Tells when a file was written or replaced. @returns ends that */
export function watchFile(file: string, changed: () => void): () => void {
  let waiting: NodeJS.Timeout | null = null;
  // The folder, because editors put another file in its place.
  const watcher = watch(path.dirname(path.resolve(file)), (_event, name) => {
    if (name !== null && name !== path.basename(file)) return;
    waiting ??= setTimeout(() => {
      waiting = null;
      changed();
    }, settleMillis);
  });
  // A folder that is taken away is not watched any more; what is performed goes on.
  watcher.on('error', () => watcher.close());
  return () => {
    watcher.close();
    if (waiting !== null) clearTimeout(waiting);
  };
}

function complaint(file: string, { line, column, message, suggestion }: ScenarioProblem): string {
  const hint = suggestion === null ? '' : ` Did you mean ${suggestion}?`;
  return `${file}:${String(line)}:${String(column)}: ${message}${hint}`;
}

function nameOf(file: string): string {
  const plain = path
    .basename(file, path.extname(file))
    .toLowerCase()
    .replace(/[^a-z0-9._-]+/g, '-')
    .replace(/^[^a-z0-9]+/, '')
    .slice(0, 64);
  return plain === '' ? 'scenario' : plain;
}
