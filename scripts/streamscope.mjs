/** `npm run streamscope -- …`: the command line from a checkout, built if it is not. Its stdout is the command's alone. */
import { join } from 'node:path';
import process from 'node:process';
import { buildIfNeeded } from './run/build.mjs';
import { projectNode, root } from './run/checkout.mjs';
import { endWithChildren, run } from './run/child.mjs';
import { installIfNeeded } from './run/install.mjs';

const report = (/** @type {string} */ message) => console.error(`streamscope: ${message}`);

endWithChildren();
try {
  await installIfNeeded(report);
  await buildIfNeeded(report);
  const { code, signalName } = await run(projectNode(), [join(root, 'out/main/cli.js'), ...process.argv.slice(2)]);
  process.exitCode = signalName === 'SIGINT' ? 130 : code;
} catch (error) {
  report(error instanceof Error ? error.message : String(error));
  process.exitCode = 1;
}
