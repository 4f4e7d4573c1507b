import { mkdirSync, readdirSync, readFileSync, renameSync, rmSync, statSync, watch, writeFileSync } from 'node:fs';
import path from 'node:path';
import { FailureError } from '../../shared/failure.ts';
import { scenarioName } from '../../shared/mock.ts';
import type { EpochMillis } from '../../shared/words.ts';
import { writeFailure } from './storeFailure.ts';

const folderName = 'scenarios';
/** In the order in which they are looked for; the first is what is written. */
const endings = ['.yaml', '.yml', '.json'] as const;
/** As long as the contract takes. */
const bytesAtMost = 4_194_304 * 3;
/** An editor writes a file in several steps. */
const settleMillis = 100;

export interface ScenarioFile {
  readonly name: string;
  readonly text: string;
  readonly changedAt: EpochMillis;
}

/** Scenarios as files in the library's folder, `scenarios/<name>.yaml`, so that people and their tools can edit them. */
export class ScenarioFiles {
  readonly folder: string;

  constructor(recordingsFolder: string) {
    this.folder = path.join(recordingsFolder, folderName);
  }

  /** All files that have the name of a scenario, by name. What cannot be read is left out. */
  all(): readonly ScenarioFile[] {
    const files: ScenarioFile[] = [];
    for (const name of this.#names()) {
      const file = this.read(name);
      if (file !== null) files.push(file);
    }
    return files;
  }

  /** Null: there is none of that name. */
  read(name: string): ScenarioFile | null {
    const file = this.#fileOf(name);
    if (file === null) return null;
    try {
      const { size, mtimeMs } = statSync(file);
      if (size > bytesAtMost) return { name, text: '', changedAt: Math.round(mtimeMs) };
      return { name, text: readFileSync(file, 'utf8'), changedAt: Math.round(mtimeMs) };
    } catch (error) {
      if (isMissing(error)) return null;
      throw error;
    }
  }

  /** Writes a scenario, whole or not at all. @throws FailureError where the disk does not take it */
  write(name: string, text: string): void {
    const known = this.#fileOf(name);
    // What a person named .json goes on to be JSON while it is.
    const ending = known?.endsWith('.json') === true && !isJson(text) ? '.yaml' : path.extname(known ?? '.yaml');
    const file = path.join(this.folder, name + (known === null ? endings[0] : ending));
    const made = path.join(this.folder, `.${name}.${String(process.pid)}.tmp`);
    try {
      mkdirSync(this.folder, { recursive: true, mode: 0o700 });
      writeFileSync(made, text, { mode: 0o600, flush: true });
      renameSync(made, file);
      if (known !== null && known !== file) rmSync(known, { force: true });
    } catch (error) {
      rmSync(made, { force: true });
      throw new FailureError(writeFailure(error, this.folder), { cause: error });
    }
  }

  /** False: there was none of that name. */
  remove(name: string): boolean {
    const file = this.#fileOf(name);
    if (file === null) return false;
    for (const ending of endings) rmSync(path.join(this.folder, name + ending), { force: true });
    return true;
  }

  /** Tells when something in the folder changed, whoever did it. @returns ends that */
  watch(changed: () => void): () => void {
    let waiting: NodeJS.Timeout | null = null;
    const soon = (): void => {
      waiting ??= setTimeout(() => {
        waiting = null;
        changed();
      }, settleMillis);
    };
    try {
      mkdirSync(this.folder, { recursive: true, mode: 0o700 });
      const watcher = watch(this.folder, { persistent: false }, soon);
      // A folder that is taken away is not watched any more; what is served goes on.
      watcher.on('error', () => watcher.close());
      return () => {
        watcher.close();
        if (waiting !== null) clearTimeout(waiting);
      };
    } catch {
      // A system that watches nothing, or a folder that cannot be made: scenarios are read when the program starts.
      return () => undefined;
    }
  }

  #names(): readonly string[] {
    try {
      const files = readdirSync(this.folder).filter((file) => endings.some((ending) => file.endsWith(ending)));
      const names = files.map((file) => file.slice(0, -path.extname(file).length));
      return [...new Set(names)].filter((name) => scenarioName.safeParse(name).success).sort();
    } catch (error) {
      if (isMissing(error)) return [];
      throw error;
    }
  }

  #fileOf(name: string): string | null {
    if (!scenarioName.safeParse(name).success) return null;
    for (const ending of endings) {
      const file = path.join(this.folder, name + ending);
      if (statSync(file, { throwIfNoEntry: false })?.isFile() === true) return file;
    }
    return null;
  }
}

function isJson(text: string): boolean {
  return /^\s*\{/.test(text);
}

function isMissing(error: unknown): boolean {
  return error instanceof Error && 'code' in error && (error.code === 'ENOENT' || error.code === 'EACCES');
}
