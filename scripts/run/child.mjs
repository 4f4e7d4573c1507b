import { spawn } from 'node:child_process';
import process from 'node:process';
import { childEnvironment, root } from './checkout.mjs';

/**
 * @typedef {{
 *   readonly environment?: Readonly<Record<string, string>>;
 *   readonly output?: 'inherit' | 'collect';
 *   readonly signal?: AbortSignal;
 * }} RunOptions
 * @typedef {{ readonly code: number; readonly signalName: string | null; readonly stdout: string }} RunResult
 */

/** @type {Set<import('node:child_process').ChildProcess>} */
const running = new Set();

/**
 * Runs a program in the repository's root with the project's Node first on PATH. stdin and stderr are ours; stdout is
 * too, or is collected.
 * @param {string} program
 * @param {readonly string[]} words
 * @param {RunOptions} options
 * @returns {Promise<RunResult>} `code` is 128 + the signal's number convention where a signal ended it; a program that
 *   cannot be started rejects
 */
export function run(program, words, { environment = {}, output = 'inherit', signal } = {}) {
  return new Promise((settle, reject) => {
    const child = spawn(program, words, {
      cwd: root,
      env: childEnvironment(environment),
      stdio: ['inherit', output === 'inherit' ? 'inherit' : 'pipe', 'inherit'],
      ...(signal === undefined ? {} : { signal }),
    });
    running.add(child);
    let stdout = '';
    child.stdout?.setEncoding('utf8').on('data', (/** @type {string} */ text) => (stdout += text));
    child.once('error', (error) => {
      running.delete(child);
      reject(error);
    });
    child.once('close', (code, signalName) => {
      running.delete(child);
      settle({ code: code ?? 128, signalName, stdout });
    });
  });
}

/**
 * Hands a termination on to the children and ends only after them, so that nothing is left behind. Ctrl+C reaches them
 * by itself, because they are in our process group.
 */
export function endWithChildren() {
  process.on('SIGTERM', () => {
    for (const child of running) child.kill('SIGTERM');
  });
  process.on('SIGINT', () => {
    if (running.size === 0) process.exit(130);
  });
}
