import { join } from 'node:path';
import process from 'node:process';
import { build, isBuildCurrent } from '../run/build.mjs';
import { packageScript, projectNode, root } from '../run/checkout.mjs';
import { askForElectron } from '../run/electron.mjs';
import { checkStep, report, skipStep, testStep } from './step.mjs';
import {
  findProgram,
  packagesOfEndToEnd,
  packagesOfSocketTests,
  provideSystemPackages,
  versionOf,
} from './systemPackages.mjs';

/**
 * @typedef {import('./report.d.ts').StepOutcome} StepOutcome
 * @typedef {{ readonly chosen: ReadonlySet<string>; readonly deep: boolean;
 *   readonly runtimes: Record<string, string> }} Session
 */

const vitestSuites = Object.freeze(['unit', 'contract', 'io', 'conformance', 'architecture']);

/** Names that `npm test -- NAME` takes, in the order they run. */
export const stepNames = Object.freeze([
  'types',
  'lint',
  'format',
  'unused',
  'layers',
  'build',
  ...vitestSuites,
  'e2e-electron',
  'e2e-web',
]);

/**
 * @param {string} script
 * @param {readonly string[]} words
 * @param {Readonly<Record<string, string>>} environment
 */
const node = (script, words, environment = {}) => ({ program: projectNode(), words: [script, ...words], environment });

const staticSteps = Object.freeze([
  // Whole, without what an earlier run left: an incremental build overlooks a changed lib, and what the types of one file
  // mean for the lint of another is in no cache's key.
  { name: 'types', command: () => node(packageScript('@typescript/native', 'bin/tsc'), ['-b', '--force']) },
  { name: 'lint', command: () => node(packageScript('eslint', 'bin/eslint.js'), ['.', '--max-warnings=0']) },
  {
    name: 'format',
    command: () => node(packageScript('prettier', 'bin/prettier.cjs'), ['--check', '.', '--cache', '--log-level=warn']),
  },
  { name: 'unused', command: () => node(packageScript('knip', 'bin/knip.js'), ['--no-progress']) },
  { name: 'layers', command: () => node(join(root, 'scripts', 'layers.mjs'), []) },
]);

/**
 * @param {Session} session
 * @returns {Promise<readonly StepOutcome[]>}
 */
export async function runStaticSteps({ chosen }) {
  // Lint works on one core and takes as long as the others together, so those run beside it.
  const lanes = [staticSteps.filter(({ name }) => name === 'lint'), staticSteps.filter(({ name }) => name !== 'lint')];
  const runLane = async (/** @type {typeof staticSteps} */ steps) => {
    const outcomes = [];
    for (const { name, command } of steps) {
      if (chosen.has(name)) outcomes.push(...(await checkStep(name, command())));
    }
    return outcomes;
  };
  const [lint = [], others = []] = await Promise.all(lanes.map(runLane));
  // In the order of their names in the list, whichever ended first.
  return [...others, ...lint].toSorted((a, b) => stepNames.indexOf(a.step) - stepNames.indexOf(b.step));
}

/** @param {readonly string[]} packages of the system; what is missing then makes tests skip, by name */
async function provide(packages) {
  const complaint = await provideSystemPackages(packages, (message) => report(`  ${message}`));
  if (complaint !== undefined) report(`  ${complaint}`);
}

/**
 * @param {Session} session
 * @param {boolean} built
 * @returns {Promise<readonly StepOutcome[]>}
 */
export async function runVitest({ chosen, deep }, built) {
  const suites = vitestSuites.filter((suite) => chosen.has(suite));
  if (suites.length === 0) return [];
  if (chosen.has('io')) await provide(packagesOfSocketTests);
  const words = ['run', '--reporter=default', '--reporter=./scripts/check/vitestReporter.mjs'];
  const projects = suites.map((suite) => `--project=${suite}`);
  return testStep(
    suites.length === 1 ? (suites[0] ?? 'vitest') : 'vitest',
    suites,
    node(packageScript('vitest', 'vitest.mjs'), [...words, ...projects], {
      // Hundreds of tests start the program: what was built starts in half the time that its sources take.
      ...(built && isBuildCurrent() ? { STREAMSCOPE_CLI: join(root, 'out', 'main', 'cli.js') } : {}),
      // Others start parts of it, whose types would be stripped each time.
      NODE_COMPILE_CACHE: join(root, 'node_modules', '.cache', 'compiled'),
      ...(deep ? { STREAMSCOPE_DEEP: '1' } : {}),
    }),
  );
}

/**
 * The end-to-end suites drive what was built, and the tests of the command line do where there is a build, so they ask
 * for one that is current.
 * @param {Session} session
 * @returns {Promise<readonly StepOutcome[]>}
 */
export async function runBuild({ chosen }) {
  const users = ['io', 'e2e-electron', 'e2e-web'];
  const wanted = chosen.has('build') || (users.some((name) => chosen.has(name)) && !isBuildCurrent());
  if (!wanted) return [];
  report('▸ build');
  const started = performance.now();
  const code = await build();
  const millis = performance.now() - started;
  report(`${code === 0 ? '✓' : '✗'} build (${(millis / 1000).toFixed(1)} s)`);
  return [{ step: 'build', millis, passed: code === 0 ? 1 : 0, failed: code === 0 ? 0 : 1, skipped: [] }];
}

/** @returns {string | undefined} */
function findChromium() {
  const named = process.env.STREAMSCOPE_CHROMIUM;
  return findProgram(named ? [named] : ['chromium', 'chromium-browser', 'google-chrome-stable', 'google-chrome']);
}

/** @param {string} project */
const playwright = (project) => [
  packageScript('playwright', 'cli.js'),
  'test',
  `--project=${project}`,
  '--reporter=list,./scripts/check/playwrightReporter.mjs',
];

/**
 * @param {Session} session
 * @returns {Promise<readonly StepOutcome[]>}
 */
async function runInElectron({ runtimes, deep }) {
  const electron = await askForElectron();
  if (electron.kind === 'none') return skipStep('e2e-electron', electron.why);
  if (electron.missingLibraries.length > 0) {
    return skipStep('e2e-electron', `the system lacks ${electron.missingLibraries.join(', ')}`);
  }
  report(`  Electron ${electron.version} (${electron.why})`);
  runtimes['Electron'] = `${electron.version}, ${electron.kind} (${electron.why})`;
  const browser = findChromium();
  const environment = {
    STREAMSCOPE_ELECTRON: electron.executable,
    ...(browser === undefined ? {} : { STREAMSCOPE_CHROMIUM: browser }),
    ...(deep ? { STREAMSCOPE_DEEP: '1' } : {}),
  };
  const words = playwright('electron');
  if (process.platform !== 'linux') {
    return testStep('e2e-electron', ['e2e-electron'], { program: projectNode(), words, environment });
  }
  const xvfb = findProgram(['xvfb-run']);
  if (xvfb === undefined && !process.env.DISPLAY) {
    return skipStep('e2e-electron', 'no display and no xvfb-run; on Debian: apt-get install xvfb xauth');
  }
  if (xvfb === undefined)
    return testStep('e2e-electron', ['e2e-electron'], { program: projectNode(), words, environment });
  const screen = ['-a', '-s', '-screen 0 1600x1000x24', projectNode()];
  return testStep('e2e-electron', ['e2e-electron'], { program: xvfb, words: [...screen, ...words], environment });
}

/**
 * @param {Session} session
 * @returns {Promise<readonly StepOutcome[]>}
 */
async function runInChromium({ runtimes, deep }) {
  const browser = findChromium();
  if (browser === undefined) return skipStep('e2e-web', 'no Chromium on PATH; on Debian: apt-get install chromium');
  runtimes['Chromium'] = await versionOf(browser);
  const [program, ...words] = [projectNode(), ...playwright('web')];
  const environment = { STREAMSCOPE_CHROMIUM: browser, ...(deep ? { STREAMSCOPE_DEEP: '1' } : {}) };
  return testStep('e2e-web', ['e2e-web'], { program, words, environment });
}

/**
 * @param {Session} session
 * @param {boolean} built
 * @returns {Promise<readonly StepOutcome[]>}
 */
export async function runEndToEnd(session, built) {
  const wanted = ['e2e-electron', 'e2e-web'].filter((name) => session.chosen.has(name));
  if (wanted.length === 0) return [];
  if (!built) return wanted.flatMap((name) => skipStep(name, 'the build failed'));
  await provide(packagesOfEndToEnd);
  return [
    ...(session.chosen.has('e2e-electron') ? await runInElectron(session) : []),
    ...(session.chosen.has('e2e-web') ? await runInChromium(session) : []),
  ];
}
