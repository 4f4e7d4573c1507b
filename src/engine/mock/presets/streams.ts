import { streamAnswer } from '../answer.ts';
import { logLineAt } from '../content/logLines.ts';
import { quoteAt, readingAt } from '../content/measurements.ts';
import { userAt } from '../content/users.ts';
import { defineEndpoint, type MockEndpoint } from '../endpoint.ts';
import { answerSeries } from '../eventSeries.ts';
import { inChunks } from '../inChunks.ts';
import { flag, type KnobTable, wholeNumber } from '../knobs.ts';
import { errorPosition } from '../orders.ts';
import { seededRandom } from '../random.ts';
import { type MockStep, textStep } from '../step.ts';
import { taskAnnouncements } from '../taskScript.ts';
import { chunkSizeKnob, commonKnobs, delayKnob, errorKnob, maxCount } from './commonKnobs.ts';
import { jsonSequence, readingsStream, snapshotBoundary, snapshots } from './streamScripts.ts';

const group = 'Streams';

const dataKnobs = {
  n: wholeNumber(0, maxCount, 60, 'How many readings.'),
  delayMs: delayKnob(60, 'two readings'),
  chunkSize: chunkSizeKnob,
  includeMetadata: flag(false, 'A line about the stream before its data, and one with the sum at its end.'),
  error: errorKnob,
  ...commonKnobs,
} as const satisfies KnobTable;

const tickerKnobs = {
  n: wholeNumber(0, maxCount, 60, 'How many quotes.'),
  delayMs: delayKnob(80, 'two quotes'),
  chunkSize: chunkSizeKnob,
  error: errorKnob,
  ...commonKnobs,
} as const satisfies KnobTable;

const logKnobs = {
  ...tickerKnobs,
  n: wholeNumber(0, maxCount, 50, 'How many lines.'),
  delayMs: delayKnob(90, 'two lines, on average'),
} as const satisfies KnobTable;

const progressKnobs = {
  ...tickerKnobs,
  n: wholeNumber(1, maxCount, 40, 'How many steps.'),
  delayMs: delayKnob(100, 'two steps'),
} as const satisfies KnobTable;

const arrayKnobs = {
  n: wholeNumber(0, maxCount, 200, 'How many users.'),
  delayMs: delayKnob(20, 'two users'),
  chunkSize: chunkSizeKnob,
  ...commonKnobs,
} as const satisfies KnobTable;

const sequenceKnobs = {
  ...arrayKnobs,
  n: wholeNumber(0, maxCount, 60, 'How many readings.'),
  delayMs: delayKnob(60, 'two readings'),
} as const satisfies KnobTable;

const snapshotKnobs = {
  ...arrayKnobs,
  n: wholeNumber(1, maxCount, 24, 'How many snapshots.'),
  delayMs: delayKnob(200, 'two snapshots'),
} as const satisfies KnobTable;

const tickerProblem = { code: 'EXCHANGE_UNREACHABLE', message: 'One exchange does not answer; the others go on.' };
const logProblem = { code: 'LINES_LOST', message: 'The log was written faster than it was read: 12 lines are lost.' };
const taskProblem = { code: 'STEP_FAILED', message: 'The step failed: the disk of the worker is full.' };

/** What developers learn streams with: a framing and a shape each. */
export const streamPresets: readonly MockEndpoint[] = [
  defineEndpoint({
    method: 'GET',
    group,
    path: '/stream/data',
    title: 'Readings of sensors as NDJSON, one a line.',
    example: '/stream/data?n=60&delayMs=60',
    knobs: dataKnobs,
    answer: ({ chunkSize, ...values }) =>
      streamAnswer('application/x-ndjson', inChunks(readingsStream(values), chunkSize)),
  }),
  defineEndpoint({
    method: 'GET',
    group,
    path: '/stream/events',
    title: 'A task as Server-Sent Events: progress, step by step, then done.',
    example: '/stream/events?n=40&delayMs=100',
    knobs: progressKnobs,
    answer: ({ n, delayMs, seed, chunkSize, error }, { lastEventId }) => {
      const { progress, done } = taskAnnouncements(seed, n);
      const event = (index: number) =>
        index < n
          ? { name: 'progress', data: progress(index), delayMillis: delayMs }
          : { name: 'done', data: done(), delayMillis: 0 };
      return answerSeries(
        {
          count: n + 1,
          event,
          retryMillis: 3_000,
          error: { after: errorPosition(n, error), data: taskProblem, isLast: true },
        },
        lastEventId,
        chunkSize,
      );
    },
  }),
  defineEndpoint({
    method: 'GET',
    group,
    path: '/stream/stock-ticker',
    title: 'Quotes of companies that do not exist as Server-Sent Events; resumes after Last-Event-ID.',
    example: '/stream/stock-ticker?n=60&delayMs=80',
    knobs: tickerKnobs,
    answer: ({ n, delayMs, seed, chunkSize, error }, { lastEventId }) =>
      answerSeries(
        {
          count: n,
          event: (index) => ({ name: 'quote', data: quoteAt(seed, index), delayMillis: delayMs }),
          retryMillis: 1_000,
          heartbeatEvery: 20,
          error: { after: errorPosition(n, error), data: tickerProblem, isLast: false },
        },
        lastEventId,
        chunkSize,
      ),
  }),
  defineEndpoint({
    method: 'GET',
    group,
    path: '/stream/live-logs',
    title: 'Lines of a log as Server-Sent Events, as irregular as logs are; resumes after Last-Event-ID.',
    example: '/stream/live-logs?n=50&delayMs=90',
    knobs: logKnobs,
    answer: ({ n, delayMs, seed, chunkSize, error }, { lastEventId }) =>
      answerSeries(
        {
          count: n,
          event: (index) => ({
            name: 'log',
            data: logLineAt(seed, index),
            delayMillis: delayMs * seededRandom(seed, -1 - index).pick(irregular),
          }),
          retryMillis: 1_000,
          heartbeatEvery: 25,
          error: { after: errorPosition(n, error), data: logProblem, isLast: false },
        },
        lastEventId,
        chunkSize,
      ),
  }),
  defineEndpoint({
    method: 'GET',
    group,
    path: '/stream/large-array',
    title: 'Users as one JSON array, sent an element at a time: no element has to wait for the last bracket.',
    example: '/stream/large-array?n=200&delayMs=20',
    knobs: arrayKnobs,
    answer: ({ n, delayMs, seed, chunkSize }) =>
      streamAnswer('application/json', inChunks(arrayOfUsers(n, delayMs, seed), chunkSize)),
  }),
  defineEndpoint({
    method: 'GET',
    group,
    path: '/stream/json-seq',
    title: 'Readings as a JSON text sequence (RFC 7464): a record separator before each, a line feed behind it.',
    example: '/stream/json-seq?n=60&delayMs=60',
    knobs: sequenceKnobs,
    answer: ({ n, delayMs, seed, chunkSize }) =>
      streamAnswer(
        'application/json-seq',
        inChunks(
          jsonSequence(n, delayMs, (i) => readingAt(seed, i)),
          chunkSize,
        ),
      ),
  }),
  defineEndpoint({
    method: 'GET',
    group,
    path: '/stream/snapshots',
    title: 'A dashboard as multipart/x-mixed-replace: each part replaces the one before it, as cameras send pictures.',
    example: '/stream/snapshots?n=24&delayMs=200',
    knobs: snapshotKnobs,
    answer: ({ n, delayMs, seed, chunkSize }) =>
      streamAnswer(
        `multipart/x-mixed-replace; boundary=${snapshotBoundary}`,
        inChunks(snapshots(n, delayMs, seed), chunkSize),
      ),
  }),
];

/** Shares of the delay between two lines of a log; they are 1 on average. */
const irregular = [0, 0.3, 0.6, 1, 1, 1.3, 2.8] as const;

function* arrayOfUsers(n: number, delayMs: number, seed: number): Generator<MockStep, void, undefined> {
  yield textStep(0, '[');
  for (let index = 0; index < n; index++) {
    yield textStep(delayMs, `${index === 0 ? '\n' : ',\n'}${JSON.stringify(userAt(seed, index))}`);
  }
  yield textStep(0, n === 0 ? ']\n' : '\n]\n');
}
