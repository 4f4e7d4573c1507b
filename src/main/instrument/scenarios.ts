import { builtInAt } from '../../engine/mock/endpoints.ts';
import type { MockEndpoint } from '../../engine/mock/endpoint.ts';
import { explain } from '../../engine/mock/scenario/explain.ts';
import { scenarioJsonSchema } from '../../engine/mock/scenario/jsonSchema.ts';
import type { Scenario } from '../../engine/mock/scenario/model.ts';
import { previewScenario } from '../../engine/mock/scenario/preview.ts';
import { problemWords, readScenario } from '../../engine/mock/scenario/readScenario.ts';
import { scenarioEndpoint, scenarioPath } from '../../engine/mock/scenario/scenarioEndpoint.ts';
import { FailureError } from '../../shared/failure.ts';
import type { ScenarioCheck, ScenarioLine } from '../../shared/mock.ts';
import type { EpochMillis } from '../../shared/words.ts';
import type { ScenarioFile, ScenarioFiles } from '../store/scenarioFiles.ts';

interface Kept {
  readonly text: string;
  readonly changedAt: EpochMillis;
  /** What is performed: the newest version that can be; null: there was none yet. */
  readonly served: { readonly scenario: Scenario; readonly endpoint: MockEndpoint } | null;
  readonly problem: string | null;
}

/**
 * Saved scenarios: files that the mock server performs. One that was changed by hand so that it cannot be performed any
 * more says why, and the version before goes on.
 */
export class Scenarios {
  readonly #files: ScenarioFiles;
  readonly #changed: () => void;
  readonly #kept = new Map<string, Kept>();
  readonly #stopWatching: () => void;

  /** @param changed told when another program changed a file */
  constructor(files: ScenarioFiles, { watches, changed }: { readonly watches: boolean; readonly changed: () => void }) {
    this.#files = files;
    this.#changed = changed;
    this.#readAll();
    this.#stopWatching = watches ? files.watch(() => this.#readAgain()) : () => undefined;
  }

  endpoints(): readonly MockEndpoint[] {
    return [...this.#kept.values()].flatMap(({ served }) => (served === null ? [] : [served.endpoint]));
  }

  lines(): readonly ScenarioLine[] {
    return [...this.#kept].map(([name, kept]) => lineOf(name, kept));
  }

  check(text: string): ScenarioCheck {
    const read = readScenario(text, { takenBy: builtInAt });
    if (!read.ok) return { problems: read.problems, explanation: null, preview: null };
    return { problems: [], explanation: explain(read.scenario), preview: previewScenario(read.scenario) };
  }

  schema(): { readonly text: string } {
    return { text: scenarioJsonSchema() };
  }

  /** @throws FailureError where there is none of that name */
  read(name: string): { readonly text: string } {
    const file = this.#files.read(name);
    if (file === null) throw notFound(name);
    return { text: file.text };
  }

  /** @throws FailureError for what cannot be performed; the scenario before goes on */
  save(name: string, text: string): ScenarioLine {
    const read = this.#judged(name, text);
    if (!read.ok) {
      const [first] = read.problems;
      const more = read.problems.length > 1 ? ` There are ${String(read.problems.length - 1)} more problems.` : '';
      throw new FailureError({
        code: 'scenario/invalid',
        message: `The scenario was not saved, because it cannot be performed: ${first === undefined ? '' : problemWords(first)}${more}`,
        ...(first !== undefined && {
          data: {
            line: first.line,
            column: first.column,
            ...(first.suggestion !== null && { suggestion: first.suggestion }),
          },
        }),
      });
    }
    this.#files.write(name, text);
    const file = this.#files.read(name) ?? { name, text, changedAt: Date.now() };
    this.#take(file);
    this.#changed();
    return lineOf(name, this.#kept.get(name) ?? keptOf(file, null));
  }

  /** @throws FailureError where there is none of that name */
  remove(name: string): void {
    if (!this.#files.remove(name)) throw notFound(name);
    this.#kept.delete(name);
    this.#changed();
  }

  close(): void {
    this.#stopWatching();
  }

  #judged(name: string, text: string) {
    return readScenario(text, {
      takenBy: (method, path) => {
        const other = [...this.#kept].find(
          ([known, { served }]) =>
            known !== name &&
            served !== null &&
            served.scenario.method === method &&
            scenarioPath(served.scenario, known) === path,
        );
        return other === undefined ? builtInAt(method, path) : `where the scenario ${other[0]} is`;
      },
    });
  }

  #readAll(): void {
    for (const file of this.#files.all()) this.#take(file);
  }

  /** After somebody changed something in the folder. */
  #readAgain(): void {
    const files = new Map(this.#files.all().map((file) => [file.name, file]));
    let isNew = false;
    for (const name of this.#kept.keys()) {
      if (files.has(name)) continue;
      this.#kept.delete(name);
      isNew = true;
    }
    for (const file of files.values()) {
      if (this.#kept.get(file.name)?.text === file.text) continue;
      this.#take(file);
      isNew = true;
    }
    if (isNew) this.#changed();
  }

  #take(file: ScenarioFile): void {
    const read = this.#judged(file.name, file.text);
    const before = this.#kept.get(file.name)?.served ?? null;
    if (!read.ok) {
      const [first] = read.problems;
      this.#kept.set(file.name, keptOf(file, before, first === undefined ? null : problemWords(first)));
      return;
    }
    const { scenario } = read;
    this.#kept.set(file.name, keptOf(file, { scenario, endpoint: scenarioEndpoint(file.name, scenario) }));
  }
}

function keptOf({ text, changedAt }: ScenarioFile, served: Kept['served'], problem: string | null = null): Kept {
  return { text, changedAt, served, problem };
}

function lineOf(name: string, { served, changedAt, problem }: Kept): ScenarioLine {
  return {
    name,
    method: served?.scenario.method ?? 'GET',
    path: served === null ? `/scenarios/${name}` : scenarioPath(served.scenario, name),
    explanation: served === null ? 'It cannot be performed.' : explain(served.scenario),
    changedAt,
    problem,
  };
}

function notFound(name: string): FailureError {
  return new FailureError({ code: 'scenario/not-found', message: `There is no scenario "${name}".` });
}
