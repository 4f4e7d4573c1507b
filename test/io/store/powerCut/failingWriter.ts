/**
 * Run as a process of its own, over a disk whose writes fail: records until it is told of the failure, or long enough,
 * ends the recording, and prints what it was told. Arguments: folder, id, the file while which writes fail.
 */
import { closeSync, openSync } from 'node:fs';
import { openLibrary } from '../../../../src/main/store/library.ts';
import type { Failure } from '../../../../src/shared/failure.ts';
import { ending, factsOf, patternBytes, summaryOf } from '../sampleFacts.ts';

const [folder, id, failing] = process.argv.slice(2);
if (folder === undefined || id === undefined || failing === undefined) throw new Error('arguments are missing');
const opened = openLibrary(folder);
if (!opened.ok) throw new Error(opened.failure.message);
// The thread that writes is there before anything fails: how long a busy machine takes to start it is not measured.
const first = factsOf(`${id}0`);
const begun = opened.value.create(first, summaryOf(first));
if (!begun.ok) throw new Error(begun.failure.message);
begun.value.chunk(0, patternBytes(0, 1), false);
await begun.value.finish({ ...first, ending }, summaryOf({ ...first, ending }));
begun.value.close();
opened.value.remove(first.id);
const facts = factsOf(id);
const created = opened.value.create(facts, summaryOf(facts));
if (!created.ok) throw new Error(created.failure.message);
const writer = created.value;
const told: Failure[] = [];
const isTold = (): boolean => told.length > 0;
writer.onFailure((failure) => {
  told.push(failure);
});
closeSync(openSync(failing, 'w'));
let handed = 0;
let longestMillis = 0;
let committed = 0;
let lastProgress = performance.now();
for (let rounds = 0; rounds < 400 && !isTold(); rounds++) {
  if (writer.chunk(rounds * 1_000, patternBytes(handed, 5_000), false)) handed += 5_000;
  await new Promise((resolve) => setTimeout(resolve, 2));
  const now = performance.now();
  const kept = handed - writer.unwrittenBytes;
  if (!isTold() && kept > committed) [committed, lastProgress] = [kept, now];
  longestMillis = Math.max(longestMillis, now - lastProgress);
}
const ended = { ...facts, ending };
const finished = await writer.finish(ended, summaryOf(ended));
writer.close();
await opened.value.close();
const code = told[0]?.code ?? (finished.ok ? null : finished.failure.code);
process.stdout.write(JSON.stringify({ handed, committed, code, finished: finished.ok, longestMillis }));
