/**
 * Run as a process of its own, to be killed: records pattern bytes at a rate and tells, in a log, when it had handed
 * over how many and how many of them were committed. Arguments: folder, log file, id, bytes per millisecond.
 */
import { openSync, writeSync } from 'node:fs';
import { openLibrary } from '../../../src/main/store/library.ts';
import { defaultRequestOptions } from '../../../src/shared/request.ts';
import type { ExchangeFacts, RecordingSummary } from '../../../src/shared/recording.ts';

const [folder, logFile, id, rateText] = process.argv.slice(2);
if (folder === undefined || logFile === undefined || id === undefined || rateText === undefined) {
  throw new Error('arguments are missing');
}
const bytesPerMilli = Number(rateText);
const log = openSync(logFile, 'w');

const facts: ExchangeFacts = {
  id,
  source: 'request',
  startedAt: Date.now(),
  request: {
    method: 'GET',
    url: 'http://127.0.0.1/endless',
    headers: [],
    body: { kind: 'none' },
    auth: { kind: 'none' },
    options: defaultRequestOptions,
  },
  sentHeaders: [],
  marks: [],
  head: null,
  trailers: [],
  ending: null,
  timesKnown: true,
  framingOverride: null,
  uncertaintyMicros: null,
};
const summary: RecordingSummary = {
  id,
  state: 'live',
  source: 'request',
  startedAt: facts.startedAt,
  method: 'GET',
  url: 'http://127.0.0.1/endless',
  name: 'endless',
  status: null,
  framing: null,
  dialect: null,
  httpVersion: null,
  endingKind: null,
  durationMicros: null,
  counts: {
    chunks: 0,
    frames: 0,
    wireBytes: 0,
    bodyBytes: 0,
    diagnostics: { error: 0, warning: 0, info: 0 },
    stalls: 0,
    heartbeats: 0,
  },
  sample: false,
};

const opened = openLibrary(folder);
if (!opened.ok) throw new Error(opened.failure.message);
const created = opened.value.create(facts, summary);
if (!created.ok) throw new Error(created.failure.message);
const writer = created.value;

const start = performance.now();
let handed = 0;

function patternBytes(offset: number, length: number): Uint8Array {
  const bytes = new Uint8Array(length);
  for (let i = 0; i < length; i++) {
    const position = offset + i;
    bytes[i] = (position ^ (position >>> 8) ^ (position >>> 16)) & 0xff;
  }
  return bytes;
}

function step(): void {
  const now = performance.now();
  const due = Math.min(Math.floor((now - start) * bytesPerMilli) - handed, 262_144);
  if (due > 0 && writer.unwrittenBytes < 4_194_304) {
    const bytes = patternBytes(handed, due);
    writer.chunk(Math.floor((now - start) * 1_000), bytes);
    handed += due;
  }
  writeSync(log, `${String(performance.now())} ${String(handed)} ${String(handed - writer.unwrittenBytes)}\n`);
  setTimeout(step, 1);
}
step();
