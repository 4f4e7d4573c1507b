/** Run as a process of its own: opens and closes the library of a folder over and over until its input ends. */
import { openLibrary } from '../../../src/main/store/library.ts';

const [folder] = process.argv.slice(2);
if (folder === undefined) throw new Error('an argument is missing');
const input = { ended: false };
process.stdin.on('end', () => (input.ended = true)).resume();
for (let rounds = 0; !input.ended; rounds++) {
  const opened = openLibrary(folder);
  if (!opened.ok) throw new Error(opened.failure.message);
  await opened.value.close();
  if (rounds === 0) process.stdout.write('opening');
  await new Promise((resolve) => setImmediate(resolve));
}
