/**
 * Run as a process of its own, to be killed: records pattern bytes at a rate and tells, in a log, when it had handed
 * over how many and how many of them were committed. Arguments: folder, log file, id, bytes per millisecond, and, unless
 * bytes come as one chunk whenever there are any, bytes of a chunk.
 */
import { openSync, writeSync } from 'node:fs';
import { openLibrary } from '../../../src/main/store/library.ts';
import { factsOf, patternBytes, summaryOf } from './sampleFacts.ts';

const [folder, logFile, id, rateText, chunkText] = process.argv.slice(2);
if (folder === undefined || logFile === undefined || id === undefined || rateText === undefined) {
  throw new Error('arguments are missing');
}
const bytesPerMilli = Number(rateText);
const chunkBytes = chunkText === undefined ? undefined : Number(chunkText);
const log = openSync(logFile, 'w');

const facts = factsOf(id);
const opened = openLibrary(folder);
if (!opened.ok) throw new Error(opened.failure.message);
await opened.value.prepareToWrite();
const created = opened.value.create(facts, summaryOf(facts));
if (!created.ok) throw new Error(created.failure.message);
const writer = created.value;

const start = performance.now();
let handed = 0;

function step(): void {
  const now = performance.now();
  const due = Math.min(Math.floor((now - start) * bytesPerMilli) - handed, 262_144);
  const size = chunkBytes ?? due;
  for (let left = due; left > 0 && left >= size && writer.unwrittenBytes < 4_194_304; left -= size) {
    writer.chunk(Math.floor((now - start) * 1_000), patternBytes(handed, size), false);
    handed += size;
  }
  writeSync(log, `${String(performance.now())} ${String(handed)} ${String(handed - writer.unwrittenBytes)}\n`);
  setTimeout(step, 1);
}
step();
