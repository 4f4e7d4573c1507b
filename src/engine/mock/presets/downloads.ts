import { errorAnswer, type MockHeader, type StreamAnswer, streamAnswer } from '../answer.ts';
import { answerRange, stepsBetween } from '../byteRange.ts';
import { activityAt } from '../content/activity.ts';
import { builtInFiles, filePieces } from '../content/files.ts';
import { largeFileSteps } from '../content/largeFile.ts';
import { userAt, userCsvHeader, userCsvLine } from '../content/users.ts';
import { defineEndpoint, type MockEndpoint } from '../endpoint.ts';
import { inChunks } from '../inChunks.ts';
import { type KnobTable, wholeNumber } from '../knobs.ts';
import { type MockStep, textStep } from '../step.ts';
import { chunkSizeKnob, commonKnobs, delayKnob, maxCount } from './commonKnobs.ts';

const group = 'Downloads';
const mebibyte = 1_048_576;
/** A terabyte: more than is ever waited for. */
const maxMebibytes = 1_048_576;
/** Its length is counted before its first byte is sent. */
const maxFileRecords = 20_000;

const largeFileKnobs = {
  n: wholeNumber(0, maxMebibytes, 32, 'How many MiB.'),
  delayMs: delayKnob(10, 'two chunks'),
  chunkSize: wholeNumber(1, mebibyte, 65_536, 'Bytes a chunk.'),
  ...commonKnobs,
} as const satisfies KnobTable;

const fileKnobs = {
  n: wholeNumber(0, maxFileRecords, 2_000, 'How many records.'),
  delayMs: delayKnob(20, 'two chunks'),
  chunkSize: wholeNumber(1, 65_536, 4_096, 'Bytes a chunk.'),
  ...commonKnobs,
} as const satisfies KnobTable;

const csvKnobs = {
  n: wholeNumber(0, maxCount, 200, 'How many users.'),
  delayMs: delayKnob(20, 'two lines'),
  chunkSize: chunkSizeKnob,
  ...commonKnobs,
} as const satisfies KnobTable;

const jsonlKnobs = { ...csvKnobs, n: wholeNumber(0, maxCount, 200, 'How many records.') } as const satisfies KnobTable;

const fileNames = Object.keys(builtInFiles).join(', ');

/** Bodies to keep: with a length and parts where the end is known, line by line where it is not. */
export const downloadPresets: readonly MockEndpoint[] = [
  defineEndpoint({
    method: 'GET',
    group,
    path: '/download/large-file',
    title: 'A file of any size with Content-Length, ETag and Range: each line begins with its own offset.',
    example: '/download/large-file?n=32&delayMs=10',
    knobs: largeFileKnobs,
    answer: ({ n, delayMs, chunkSize, seed }, call) =>
      answerRange(
        {
          contentType: 'application/octet-stream',
          length: n * mebibyte,
          tag: `large-${String(n)}-${String(seed)}`,
          fileName: `large-${String(n)}.txt`,
          steps: (from, to) => largeFileSteps(seed, from, to, chunkSize, delayMs),
        },
        call,
      ),
  }),
  defineEndpoint({
    method: 'GET',
    group,
    path: '/stream/file/{name}',
    title: `A file with Content-Length, so that its progress can be shown, and Range. The names are: ${fileNames}.`,
    example: '/stream/file/orders.ndjson?n=2000&delayMs=20',
    knobs: fileKnobs,
    answer: ({ n, delayMs, chunkSize, seed }, call) => {
      const name = call.parameters['name'] ?? '';
      const kind = Object.hasOwn(builtInFiles, name) ? builtInFiles[name] : undefined;
      if (kind === undefined) {
        const message = `There is no file of this name. The names are: ${fileNames}.`;
        return errorAnswer(404, 'no-such-file', message, { exists: Object.keys(builtInFiles) });
      }
      let length = 0;
      for (const { bytes } of filePieces(kind, n, seed)) length += bytes.length;
      const steps = (from: number, to: number): Iterable<MockStep> =>
        paced(inChunks(stepsBetween(filePieces(kind, n, seed), from, to), chunkSize), delayMs);
      const tag = `${name}-${String(n)}-${String(seed)}`;
      return answerRange({ contentType: kind.contentType, length, tag, fileName: null, steps }, call);
    },
  }),
  defineEndpoint({
    method: 'GET',
    group,
    path: '/export/users/csv',
    title: 'Users as CSV, a line at a time, with names that have to be quoted.',
    example: '/export/users/csv?n=200&delayMs=20',
    knobs: csvKnobs,
    answer: ({ n, delayMs, chunkSize, seed }) =>
      attachment(
        'users.csv',
        streamAnswer('text/csv; charset=utf-8', inChunks(csvOfUsers(n, delayMs, seed), chunkSize)),
      ),
  }),
  defineEndpoint({
    method: 'GET',
    group,
    path: '/export/data/jsonl',
    title: 'What people did in a shop as JSON lines.',
    example: '/export/data/jsonl?n=200&delayMs=20',
    knobs: jsonlKnobs,
    answer: ({ n, delayMs, chunkSize, seed }) =>
      attachment(
        'activity.jsonl',
        streamAnswer('application/jsonl', inChunks(activities(n, delayMs, seed), chunkSize)),
      ),
  }),
];

function attachment(fileName: string, answer: StreamAnswer): StreamAnswer {
  const disposition: MockHeader = ['Content-Disposition', `attachment; filename="${fileName}"`];
  return { ...answer, headers: [...answer.headers, disposition] };
}

/** The first at once, every other after the same delay. */
function* paced(steps: Iterable<MockStep>, delayMillis: number): Generator<MockStep, void, undefined> {
  let isFirst = true;
  for (const step of steps) {
    yield { ...step, delayMillis: isFirst ? 0 : delayMillis };
    isFirst = false;
  }
}

function* csvOfUsers(n: number, delayMs: number, seed: number): Generator<MockStep, void, undefined> {
  yield textStep(0, userCsvHeader);
  for (let index = 0; index < n; index++) yield textStep(delayMs, userCsvLine(userAt(seed, index)));
}

function* activities(n: number, delayMs: number, seed: number): Generator<MockStep, void, undefined> {
  for (let index = 0; index < n; index++) yield textStep(delayMs, `${JSON.stringify(activityAt(seed, index))}\n`);
}
