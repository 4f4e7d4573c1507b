/** Run as a process of its own: makes ended recordings in a folder that another process uses. */
import { randomBytes } from 'node:crypto';
import { openLibrary } from '../../../src/main/store/library.ts';
import { ending, factsOf, patternBytes, summaryOf } from './sampleFacts.ts';

const [folder, countText] = process.argv.slice(2);
if (folder === undefined || countText === undefined) throw new Error('arguments are missing');
const opened = openLibrary(folder);
if (!opened.ok) throw new Error(opened.failure.message);
for (let i = 0; i < Number(countText); i++) {
  const facts = factsOf(`20261121-100000-${randomBytes(3).toString('hex')}`);
  const created = opened.value.create(facts, summaryOf(facts));
  if (!created.ok) throw new Error(created.failure.message);
  created.value.chunk(1, patternBytes(0, 100), false);
  const ended = { ...facts, ending };
  const finished = await created.value.finish(ended, summaryOf(ended));
  if (!finished.ok) throw new Error(finished.failure.message);
  created.value.close();
}
await opened.value.close();
