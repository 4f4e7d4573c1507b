/**
 * `npm test`: everything that has to hold, from a fresh clone. `npm test -- unit lint` or `--only unit,lint` runs those
 * alone, `--deep` the long versions. Runs on any Node ≥20.
 */
import process from 'node:process';
import { report } from './check/step.mjs';
import { runBuild, runEndToEnd, runStaticSteps, runVitest, stepNames } from './check/steps.mjs';
import { summarise } from './check/summary.mjs';
import { projectNode } from './run/checkout.mjs';
import { endWithChildren, run } from './run/child.mjs';
import { installIfNeeded } from './run/install.mjs';

/**
 * @param {readonly string[]} words
 * @throws {Error} for a word that is no step
 */
function readCommandLine(words) {
  const deep = words.includes('--deep');
  const names = words
    .filter((word) => word !== '--deep' && word !== '--only')
    .flatMap((word) => word.replace(/^--only=/, '').split(','))
    .flatMap((name) => (name === 'e2e' ? ['e2e-electron', 'e2e-web'] : [name]));
  for (const name of names) {
    if (!stepNames.includes(name)) throw new Error(`unknown step "${name}"; there are: ${stepNames.join(' ')} e2e`);
  }
  return { deep, chosen: new Set(names.length === 0 ? stepNames : names) };
}

/** @param {readonly string[]} words */
async function test(words) {
  const { chosen, deep } = readCommandLine(words);
  const started = performance.now();
  await installIfNeeded(report);
  const { stdout } = await run(projectNode(), ['--version'], { output: 'collect' });
  /** @type {Record<string, string>} */
  const runtimes = {
    Node: `${stdout.trim()} (started by ${process.version})`,
    system: `${process.platform} ${process.arch}`,
  };
  const session = { chosen, deep, runtimes };
  const outcomes = [...(await runStaticSteps(session))];
  const building = await runBuild(session);
  const built = building.every(({ failed }) => failed === 0);
  outcomes.push(...building, ...(await runVitest(session, built)), ...(await runEndToEnd(session, built)));
  for (const line of ['', ...summarise(outcomes, runtimes, performance.now() - started)]) console.log(line);
  return outcomes.some(({ failed }) => failed > 0) ? 1 : 0;
}

endWithChildren();
try {
  process.exitCode = await test(process.argv.slice(2));
} catch (error) {
  console.error(`npm test: ${error instanceof Error ? error.message : String(error)}`);
  process.exitCode = 2;
}
