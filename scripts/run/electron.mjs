import { join } from 'node:path';
import { projectNode, root } from './checkout.mjs';
import { run } from './child.mjs';

/**
 * Asks the finder in a process of its own, because it needs the installed packages and a newer Node than may run us.
 * @param {readonly string[]} words
 * @returns {Promise<import('../electron/find.mjs').FoundElectron | import('../electron/find.mjs').NoElectron>}
 */
export async function askForElectron(words = []) {
  const finder = join(root, 'scripts', 'electron', 'find.mjs');
  const { code, stdout } = await run(projectNode(), [finder, ...words], { output: 'collect' });
  if (code !== 0) return { kind: 'none', why: `the search for it ended with exit ${code}` };
  const answer =
    /** @type {import('../electron/find.mjs').FoundElectron | import('../electron/find.mjs').NoElectron} */ (
      JSON.parse(stdout)
    );
  return answer;
}
