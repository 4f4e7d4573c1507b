import { readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { childEnvironment, root } from '../run/checkout.mjs';
import { spawnChild } from '../run/child.mjs';
import { seconds } from './summary.mjs';

/**
 * @typedef {import('./report.d.ts').StepOutcome} StepOutcome
 * @typedef {import('./report.d.ts').TestReport} TestReport
 * @typedef {{ readonly program: string; readonly words: readonly string[];
 *   readonly environment?: Readonly<Record<string, string>> }} Command
 */

const stepLimitMillis = 20 * 60_000;

/** @param {string} message */
export function report(message) {
  console.log(message);
}

/**
 * Runs a command to its end. Its output is kept and shown only if it fails; meanwhile a line every ten seconds tells
 * that it lives.
 * @param {string} name
 * @param {Command} command
 */
async function runQuietly(name, { program, words, environment = {} }) {
  const started = performance.now();
  const elapsed = () => performance.now() - started;
  report(`▸ ${name}`);
  const heartbeat = setInterval(() => report(`  … ${name}, ${Math.round(elapsed() / 1000)} s`), 10_000);
  try {
    /** @type {{ code: number; output: string }} */
    const { code, output } = await new Promise((settle) => {
      const child = spawnChild(program, words, {
        cwd: root,
        env: childEnvironment({ CI: '1', NO_COLOR: '1', ...environment }),
        stdio: ['ignore', 'pipe', 'pipe'],
      });
      let text = '';
      const collect = (/** @type {string} */ piece) => (text += piece);
      child.stdout?.setEncoding('utf8').on('data', collect);
      child.stderr?.setEncoding('utf8').on('data', collect);
      const limit = setTimeout(() => {
        text += `\n${name} was ended after ${seconds(stepLimitMillis)}.\n`;
        child.kill('SIGTERM');
      }, stepLimitMillis);
      const finish = (/** @type {number} */ exit, /** @type {string} */ more) => {
        clearTimeout(limit);
        settle({ code: exit, output: text + more });
      };
      child.once('error', (error) => finish(127, `${program} could not be started: ${error.message}\n`));
      child.once('close', (exit, signal) => finish(exit ?? 128, signal === null ? '' : `Ended by ${signal}.\n`));
    });
    if (code !== 0) report(output.trimEnd());
    report(`${code === 0 ? '✓' : '✗'} ${name} (${seconds(elapsed())})`);
    return { code, millis: elapsed() };
  } finally {
    clearInterval(heartbeat);
  }
}

/**
 * A step without tests: one check that passes or fails.
 * @param {string} name
 * @param {Command} command
 * @returns {Promise<readonly StepOutcome[]>}
 */
export async function checkStep(name, command) {
  const { code, millis } = await runQuietly(name, command);
  return [{ step: name, millis, passed: code === 0 ? 1 : 0, failed: code === 0 ? 0 : 1, skipped: [] }];
}

/**
 * A step that cannot be run here.
 * @param {string} name
 * @param {string} reason
 * @returns {readonly StepOutcome[]}
 */
export function skipStep(name, reason) {
  report(`– ${name} skipped: ${reason}`);
  return [{ step: name, millis: 0, passed: 0, failed: 0, skipped: [{ name: 'all of it', reason }] }];
}

/**
 * A step whose runner writes a TestReport. Every named suite answers: one that ran no test failed.
 * @param {string} name
 * @param {readonly string[]} suites
 * @param {Command} command
 * @returns {Promise<readonly StepOutcome[]>}
 */
export async function testStep(name, suites, command) {
  const path = join(root, 'test', 'output', `report-${name}.json`);
  rmSync(path, { force: true });
  const environment = { ...command.environment, STREAMSCOPE_TEST_REPORT: path };
  const { code, millis } = await runQuietly(name, { ...command, environment });
  const { tests, errors } = readReport(path);
  for (const error of errors) report(`✗ outside a test: ${error}`);
  const outcomes = suites.map((suite) => {
    const own = tests.filter((test) => test.suite === suite);
    if (own.length === 0) report(`✗ ${suite}: no test ran`);
    return {
      step: suite,
      millis: suites.length === 1 ? millis : 0,
      passed: own.filter(({ state }) => state === 'passed').length,
      failed: own.length === 0 ? 1 : own.filter(({ state }) => state === 'failed').length,
      skipped: own
        .filter(({ state }) => state === 'skipped')
        .map((test) => ({ name: test.name, reason: test.note ?? 'no reason given' })),
    };
  });
  const alreadyFailed = outcomes.some((outcome) => outcome.failed > 0);
  // The runner's own verdict counts even where no test carries the failure.
  const elsewhere = errors.length > 0 ? errors.length : code !== 0 && !alreadyFailed ? 1 : 0;
  if (suites.length === 1 && elsewhere === 0) return outcomes;
  return [...outcomes, { step: `${name} (run)`, millis, passed: 0, failed: elsewhere, skipped: [] }];
}

/** @param {string} path */
function readReport(path) {
  try {
    const written = /** @type {TestReport} */ (JSON.parse(readFileSync(path, 'utf8')));
    return written;
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    return /** @type {TestReport} */ ({ tests: [], errors: [`the runner left no report: ${reason}`] });
  }
}
