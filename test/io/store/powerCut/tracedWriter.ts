/**
 * Run as a process of its own, traced: makes recordings one after another and says of each, in a file of the traced
 * folder, how many bytes it handed over when its ending was told to be saved. Arguments: folder, announcements' file, ids.
 */
import { openSync, writeSync } from 'node:fs';
import { openLibrary } from '../../../../src/main/store/library.ts';
import { ending, factsOf, patternBytes, summaryOf } from '../sampleFacts.ts';

const [folder, announcements, ...ids] = process.argv.slice(2);
if (folder === undefined || announcements === undefined) throw new Error('arguments are missing');
const log = openSync(announcements, 'a');
const opened = openLibrary(folder);
if (!opened.ok) throw new Error(opened.failure.message);
const library = opened.value;

for (const [n, id] of ids.entries()) {
  const facts = factsOf(id);
  const created = library.create(facts, summaryOf(facts));
  if (!created.ok) throw new Error(created.failure.message);
  const writer = created.value;
  let handed = 0;
  // Commits of a few bytes, sealed segments, a flush a second after the first: each has its turn.
  const rounds = [130, 3, 40, 0][n % 4] ?? 0;
  for (; handed < rounds * 9_000; handed += 9_000) {
    writer.chunk(handed, patternBytes(handed, 9_000), false);
    await new Promise((resolve) => setTimeout(resolve, 9));
  }
  const ended = { ...facts, ending };
  const finished = await writer.finish(ended, summaryOf(ended));
  if (!finished.ok) throw new Error(finished.failure.message);
  writeSync(log, `${id} ${String(handed)}\n`);
  writer.close();
  const said = await library.change([id], { addTags: ['said'] });
  if (!said.ok) throw new Error(said.failure.message);
  writeSync(log, `${id} tagged\n`);
}
await library.close();
