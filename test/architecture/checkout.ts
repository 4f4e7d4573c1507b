import { spawn } from 'node:child_process';
import { cp, mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';

export const root = resolve(import.meta.dirname, '../..');

export interface ProgramResult {
  readonly code: number;
  readonly output: string;
}

/** Runs a script with the Node that runs the tests; stdout and stderr come back as one text. */
export function runScript(script: string, words: readonly string[], directory: string): Promise<ProgramResult> {
  return new Promise((settle, reject) => {
    const child = spawn(process.execPath, [join(root, script), ...words], { cwd: directory });
    let output = '';
    const collect = (text: string): void => {
      output += text;
    };
    child.stdout.setEncoding('utf8').on('data', collect);
    child.stderr.setEncoding('utf8').on('data', collect);
    child.once('error', reject);
    child.once('close', (code) => {
      settle({ code: code ?? 128, output });
    });
  });
}

/** A directory of our own that resolves packages as the repository does, with the given files in it. */
export async function plant(files: Readonly<Record<string, string>>): Promise<AsyncDisposable & { path: string }> {
  const path = await mkdtemp(join(tmpdir(), 'streamscope-planted-'));
  await symlink(join(root, 'node_modules'), join(path, 'node_modules'));
  await cp(join(root, 'package.json'), join(path, 'package.json'));
  for (const [name, content] of Object.entries(files)) {
    await mkdir(dirname(join(path, name)), { recursive: true });
    await writeFile(join(path, name), content);
  }
  return { path, [Symbol.asyncDispose]: () => rm(path, { recursive: true, force: true }) };
}
