import { errorAnswer, type MockAnswer, streamAnswer } from '../answer.ts';
import { activityAt } from '../content/activity.ts';
import { userAt } from '../content/users.ts';
import { cursorAt, positionOf } from '../cursor.ts';
import { defineEndpoint, type MockEndpoint } from '../endpoint.ts';
import { inChunks } from '../inChunks.ts';
import { freeText, type KnobTable, type KnobValues, wholeNumber } from '../knobs.ts';
import { type MockStep, textStep } from '../step.ts';
import { chunkSizeKnob, commonKnobs, delayKnob, maxCount, metadataKnob } from './commonKnobs.ts';

const group = 'Streams';
const usersPath = '/stream/users';
const resultsPath = '/stream/database-results';
const maxBatch = 1_000;

const batchKnobs = {
  n: wholeNumber(0, maxCount, 120, 'How many records in all.'),
  batchSize: wholeNumber(1, maxBatch, 10, 'Records a batch.'),
  delayMs: delayKnob(300, 'two batches: fetching one takes a while, its records come at once'),
  cursor: freeText(40, '', 'Goes on behind this place, which an answer named before.'),
  cutAt: wholeNumber(
    0,
    maxCount,
    0,
    'The connection is lost behind this record, unless the request has a cursor. 0: never.',
  ),
  includeMetadata: metadataKnob,
  chunkSize: chunkSizeKnob,
  ...commonKnobs,
} as const satisfies KnobTable;

type BatchValues = KnobValues<typeof batchKnobs>;

interface Batch {
  readonly number: number;
  /** Positions of its records. */
  readonly from: number;
  readonly to: number;
  readonly cursor: string;
  /** Where to ask for the rest; null: there is none. */
  readonly next: string | null;
}

function* batchesFrom(path: string, from: number, { n, batchSize, seed, delayMs }: BatchValues): Generator<Batch> {
  for (let at = from; at < n; at += batchSize) {
    const to = Math.min(n, at + batchSize);
    const cursor = cursorAt(seed, to);
    const query = new URLSearchParams({
      n: String(n),
      batchSize: String(batchSize),
      delayMs: String(delayMs),
      seed: String(seed),
      cursor,
    });
    const next = to < n ? `${path}?${query.toString()}` : null;
    yield { number: Math.floor(at / batchSize) + 1, from: at, to, cursor, next };
  }
}

type BatchScript = (from: number, values: BatchValues) => Iterable<MockStep>;

const jsonLine = (delayMillis: number, record: object) => textStep(delayMillis, `${JSON.stringify(record)}\n`);

/** NDJSON with a line a batch: its users, its cursor, and where the next one is. */
function* usersInBatches(from: number, values: BatchValues): Generator<MockStep, void, undefined> {
  const { n, batchSize, seed, delayMs, includeMetadata } = values;
  if (includeMetadata) yield jsonLine(0, { type: 'metadata', users: n, batchSize, startsBehind: from });
  for (const { number, from: first, to, cursor, next } of batchesFrom(usersPath, from, values)) {
    const users = Array.from({ length: to - first }, (_, i) => userAt(seed, first + i));
    yield jsonLine(delayMs, { type: 'batch', number, users, cursor, next });
  }
}

/** NDJSON with a line a row, and a line with the cursor behind each batch of them. */
function* resultsInBatches(from: number, values: BatchValues): Generator<MockStep, void, undefined> {
  const { n, batchSize, seed, delayMs, includeMetadata } = values;
  if (includeMetadata) {
    const query = 'SELECT * FROM activity ORDER BY id';
    yield jsonLine(0, { type: 'metadata', query, columns: Object.keys(activityAt(seed, 0)), rows: n, batchSize });
  }
  for (const { from: first, to, cursor, next } of batchesFrom(resultsPath, from, values)) {
    for (let index = first; index < to; index++) {
      yield jsonLine(index === first ? delayMs : 0, { type: 'row', row: activityAt(seed, index) });
    }
    yield jsonLine(0, { type: 'cursor', cursor, next });
  }
  if (includeMetadata) yield jsonLine(0, { type: 'stream-end', totalProcessed: Math.max(0, n - from) });
}

/** Steps up to the one that brings record number `cutAt`, which is the last. */
function* cutBehind(steps: Iterable<MockStep>, lastStep: number): Generator<MockStep, void, undefined> {
  let count = 0;
  for (const step of steps) {
    count++;
    if (count === lastStep) {
      yield { ...step, isLast: 'cut' };
      return;
    }
    yield step;
  }
}

function answerBatches(values: BatchValues, script: BatchScript, stepOf: (record: number) => number): MockAnswer {
  const { cursor, seed, n, cutAt, chunkSize } = values;
  const from = cursor === '' ? 0 : positionOf(seed, cursor);
  if (from === null || from > n) {
    return errorAnswer(
      400,
      'bad-cursor',
      `"${cursor}" is no cursor of this list: take one from an answer with the same seed and n.`,
      { cursor },
    );
  }
  const steps = script(from, values);
  const isCut = cursor === '' && cutAt > 0;
  return streamAnswer('application/x-ndjson', inChunks(isCut ? cutBehind(steps, stepOf(cutAt)) : steps, chunkSize));
}

/** Lists too long to be read at once: in batches, each with a cursor to go on from. */
export const batchPresets: readonly MockEndpoint[] = [
  defineEndpoint({
    method: 'GET',
    group,
    path: usersPath,
    title: 'Users as NDJSON, a batch a line, each with the cursor to go on from and the address of the rest.',
    example: `${usersPath}?n=120&batchSize=10&delayMs=300`,
    knobs: batchKnobs,
    answer: (values) =>
      answerBatches(
        values,
        usersInBatches,
        (record) => Number(values.includeMetadata) + Math.ceil(record / values.batchSize),
      ),
  }),
  defineEndpoint({
    method: 'GET',
    group,
    path: resultsPath,
    title: 'Rows of a query as NDJSON, fetched in batches: a line a row, and a cursor behind each batch.',
    example: `${resultsPath}?n=120&batchSize=10&delayMs=300`,
    knobs: batchKnobs,
    answer: (values) =>
      answerBatches(
        values,
        resultsInBatches,
        (record) => Number(values.includeMetadata) + record + Math.floor((record - 1) / values.batchSize),
      ),
  }),
];
