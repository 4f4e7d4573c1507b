/**
 * Run as a process of its own, to be killed, beside `killedWriter.ts`: appends the same bytes at the same rate to a bare
 * file, a write every 8 ms from another thread as the store does, and tells when it had handed over how many.
 * Arguments: folder, log file, id (not looked at), bytes per millisecond, bytes of a chunk.
 */
import { openSync, write, writeSync } from 'node:fs';
import path from 'node:path';
import { patternBytes } from '../io/store/sampleFacts.ts';

const [folder, logFile, , rateText, chunkText] = process.argv.slice(2);
if (folder === undefined || logFile === undefined) throw new Error('arguments are missing');
const bytesPerMilli = Number(rateText);
const chunkBytes = Number(chunkText);
const handOverMillis = 8;
const log = openSync(logFile, 'w');
const file = openSync(path.join(folder, 'bytes'), 'w');
const start = performance.now();
let handed = 0;
let written = 0;
let isWriting = false;

function step(): void {
  const due = Math.min(Math.floor((performance.now() - start) * bytesPerMilli) - handed, 262_144);
  handed += Math.floor(Math.max(0, due) / chunkBytes) * chunkBytes;
  writeSync(log, `${String(performance.now())} ${String(handed)} ${String(written)}\n`);
  setTimeout(step, 1);
}

setInterval(() => {
  if (isWriting || handed === written) return;
  isWriting = true;
  const until = handed;
  write(file, patternBytes(written, until - written), 0, until - written, null, (error) => {
    if (error !== null) throw error;
    isWriting = false;
    written = until;
  });
}, handOverMillis);
step();
