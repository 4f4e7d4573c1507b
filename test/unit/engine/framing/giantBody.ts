/**
 * A program of its own, so that its memory is nobody else's: feeds one giant body to a framer and prints what that took.
 * `node --expose-gc giantBody.ts NAME MEGABYTES`.
 */
import { isUtf8 } from 'node:buffer';
import process from 'node:process';
import { createFramer } from '../../../../src/engine/framing/createFramer.ts';
import { defaultLimits } from '../../../../src/shared/limits.ts';
import { giants } from './giants.ts';

const [name = '', megabytes = '1'] = process.argv.slice(2);
const giant = giants.find((known) => known.name === name);
if (giant === undefined) throw new Error(`no giant ${name}`);

/** What is held now, with all that is garbage taken away. */
function heldBytes(): number {
  globalThis.gc?.();
  const { heapUsed, arrayBuffers } = process.memoryUsage();
  return heapUsed + arrayBuffers;
}

const piece = Buffer.from(giant.piece.repeat(Math.ceil(65_536 / giant.piece.length)));
const pieces = Math.ceil(((giant.megabytes ?? Number(megabytes)) * 1_048_576) / piece.length);
const found = { frames: 0, diagnostics: 0, codes: new Set<string>() };
const framer = createFramer(
  giant.framing,
  { limits: defaultLimits, contentType: 'multipart/mixed; boundary=b', jsonPath: giant.jsonPath ?? null },
  {
    frame: () => {
      found.frames++;
    },
    typeId: () => 1,
    diagnostic: (code) => {
      found.diagnostics++;
      found.codes.add(code);
    },
  },
  { isUtf8 },
);
const before = heldBytes();
const rssBefore = process.memoryUsage.rss();
let most = before;
const started = performance.now();
let firstHalfMillis = 0;
framer.push(Buffer.from(giant.before));
for (let n = 0; n < pieces; n++) {
  framer.push(piece);
  if (n === Math.floor(pieces / 2)) firstHalfMillis = performance.now() - started;
  if (n % Math.ceil(pieces / 16) === 0) most = Math.max(most, heldBytes());
}
const lastHalfMillis = performance.now() - started - firstHalfMillis;
framer.push(Buffer.from(giant.after));
framer.end();
most = Math.max(most, heldBytes());
const { frames, diagnostics, codes } = found;
const rssBytes = process.resourceUsage().maxRSS * 1_024 - rssBefore;
const told = {
  grownBytes: most - before,
  rssBytes,
  firstHalfMillis,
  lastHalfMillis,
  frames,
  diagnostics,
  codes: [...codes],
};
process.stdout.write(JSON.stringify(told));
