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
let terminated = false;

/**
 * Starts a program that `endWithChildren` knows of.
 * @param {string} program
 * @param {readonly string[]} words
 * @param {import('node:child_process').SpawnOptions} options
 * @throws {Error} after our own termination was asked for
 */
export function spawnChild(program, words, options) {
  if (terminated) throw new Error('terminated');
  const child = spawn(program, words, options);
  running.add(child);
  const forget = () => running.delete(child);
  child.once('error', forget);
  child.once('close', forget);
  return child;
}

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
    const child = spawnChild(program, words, {
      cwd: root,
      env: childEnvironment(environment),
      stdio: ['inherit', output === 'inherit' ? 'inherit' : 'pipe', 'inherit'],
      ...(signal === undefined ? {} : { signal }),
    });
    let stdout = '';
    child.stdout?.setEncoding('utf8').on('data', (/** @type {string} */ text) => (stdout += text));
    child.once('error', reject);
    child.once('close', (code, signalName) => {
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
    terminated = true;
    if (running.size === 0) process.exit(143);
    for (const child of running) child.kill('SIGTERM');
  });
  process.on('SIGINT', () => {
    if (running.size === 0) process.exit(130);
  });
}
