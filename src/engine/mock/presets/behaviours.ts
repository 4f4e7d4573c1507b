import { crc32 } from '../../bytes/crc32.ts';
import { errorAnswer, jsonAnswer, type MockAnswer, type MockCall, type MockHeader, streamAnswer } from '../answer.ts';
import { quoteAt, readingAt } from '../content/measurements.ts';
import { defineEndpoint, type MockEndpoint } from '../endpoint.ts';
import { answerSeries } from '../eventSeries.ts';
import { choice, freeText, type KnobTable, type KnobValues, wholeNumber } from '../knobs.ts';
import { malformed, malformations, malformedContentType } from '../malformed.ts';
import type { WorkKind } from '../memory.ts';
import { negotiatedCoding } from '../negotiatedCoding.ts';
import { type MockStep, textStep } from '../step.ts';
import { watchedWork } from '../watchedWork.ts';
import { chunkSizeKnob, commonKnobs, delayKnob, maxCount, maxHeldCount } from './commonKnobs.ts';

const group = 'Behaviours';

const readingKnobs = {
  n: wholeNumber(0, maxCount, 60, 'How many readings.'),
  delayMs: delayKnob(60, 'two readings'),
  ...commonKnobs,
} as const satisfies KnobTable;

const rateKnobs = {
  limit: wholeNumber(0, 1_000, 3, 'Requests that are answered in a window.'),
  windowMs: wholeNumber(1, 3_600_000, 10_000, 'Milliseconds that a window lasts, from its first request.'),
  client: freeText(64, '', 'Who asks: every name has a window of its own.'),
  ...readingKnobs,
  n: wholeNumber(0, maxCount, 20, 'How many readings.'),
} as const satisfies KnobTable;

const coding = choice(
  ['auto', 'gzip', 'br', 'deflate'],
  'auto',
  'auto: the best that Accept-Encoding names; the others whether it names them or not.',
);

const compressedKnobs = {
  coding,
  flush: choice(
    ['each', 'none'],
    'each',
    'each: what was said is sent at once; none: the coder waits until it has enough.',
  ),
  ...readingKnobs,
} as const satisfies KnobTable;

const heavyKnobs = {
  ...readingKnobs,
  n: wholeNumber(0, maxCount, 2_000, 'How many records.'),
  delayMs: delayKnob(0, 'two records'),
  recordSize: wholeNumber(64, 65_536, 16_384, 'Bytes a record, about.'),
} as const satisfies KnobTable;

const workKnobs = {
  ...readingKnobs,
  n: wholeNumber(0, maxCount, 200, 'How many steps of work.'),
  delayMs: delayKnob(50, 'two steps'),
} as const satisfies KnobTable;

const ending = choice(['close', 'cut'], 'close', 'close: each connection is ended as it should be; cut: it is lost.');

const reconnectingKnobs = {
  perConnection: wholeNumber(1, maxCount, 8, 'Events that one connection brings.'),
  ending,
  retryMs: wholeNumber(0, 60_000, 500, 'Milliseconds that clients are told to wait before they ask again.'),
  ...readingKnobs,
  n: wholeNumber(0, maxCount, 40, 'How many quotes in all.'),
  delayMs: delayKnob(80, 'two quotes'),
  chunkSize: chunkSizeKnob,
} as const satisfies KnobTable;

const malformedKnobs = {
  what: choice(malformations, 'ndjson-line', 'What is wrong, half-way through or at the end.'),
  ...readingKnobs,
  n: wholeNumber(2, maxHeldCount, 20, 'How many records.'),
} as const satisfies KnobTable;

const trailerKnobs = {
  ...readingKnobs,
  n: wholeNumber(0, maxHeldCount, 60, 'How many readings.'),
} as const satisfies KnobTable;

const ndjson = 'application/x-ndjson';

function* readings({ n, delayMs, seed }: KnobValues<typeof readingKnobs>): Generator<MockStep, void, undefined> {
  for (let index = 0; index < n; index++) yield textStep(delayMs, `${JSON.stringify(readingAt(seed, index))}\n`);
}

function* heavyRecords(values: KnobValues<typeof heavyKnobs>): Generator<MockStep, void, undefined> {
  const { n, delayMs, seed, recordSize } = values;
  const padding = '·';
  for (let index = 0; index < n; index++) {
    const record = JSON.stringify(readingAt(seed, index));
    // Two bytes each.
    const length = Math.max(0, Math.floor((recordSize - record.length) / 2));
    yield textStep(delayMs, `${record.slice(0, -1)},"payload":"${padding.repeat(length)}"}\n`);
  }
}

/** RFC 9110 §10.2.3 and the fields of draft-ietf-httpapi-ratelimit-headers, in their older form and in the one in RFC 9651's words. */
function rateHeaders(limit: number, windowMs: number, count: number, leftMillis: number): MockHeader[] {
  const left = String(Math.max(0, limit - count));
  const seconds = String(Math.ceil(leftMillis / 1_000));
  return [
    ['RateLimit-Policy', `"mock";q=${String(limit)};w=${String(Math.ceil(windowMs / 1_000))}`],
    ['RateLimit', `"mock";r=${left};t=${seconds}`],
    ['RateLimit-Limit', String(limit)],
    ['RateLimit-Remaining', left],
    ['RateLimit-Reset', seconds],
  ];
}

function answerRateLimited(values: KnobValues<typeof rateKnobs>, { memory }: MockCall): MockAnswer {
  const { limit, windowMs, client } = values;
  const key = `${String(limit)}/${String(windowMs)}/${client}`;
  const { count, leftMillis } = memory?.visit(key, windowMs) ?? { count: 1, leftMillis: windowMs };
  const headers = rateHeaders(limit, windowMs, count, leftMillis);
  if (count <= limit) {
    const answer = streamAnswer(ndjson, readings(values));
    return { ...answer, headers: [...answer.headers, ...headers] };
  }
  const seconds = Math.ceil(leftMillis / 1_000);
  const message = `Request ${String(count)} of ${String(limit)} in this window: ask again in ${String(seconds)} s.`;
  return errorAnswer(429, 'rate-limited', message, { retryAfterSeconds: seconds }, [
    ['Retry-After', String(seconds)],
    ['Cache-Control', 'no-store'],
    ...headers,
  ]);
}

function answerCompressed(values: KnobValues<typeof compressedKnobs>, { headers }: MockCall): MockAnswer {
  const name = values.coding === 'auto' ? negotiatedCoding(headers['accept-encoding'] ?? '') : values.coding;
  const plain = streamAnswer(ndjson, readings(values));
  const answer = { ...plain, headers: [...plain.headers, ['Vary', 'Accept-Encoding'] as const] };
  return name === null ? answer : { ...answer, coding: { name, flushes: values.flush === 'each' } };
}

function answerWithTrailers(values: KnobValues<typeof trailerKnobs>): MockAnswer {
  let checksum = 0;
  for (const { bytes } of readings(values)) checksum = crc32(bytes, 0, bytes.length, checksum);
  const trailers: MockHeader[] = [
    ['X-Record-Count', String(values.n)],
    ['X-Content-CRC32', checksum.toString(16).padStart(8, '0')],
  ];
  return { ...streamAnswer(ndjson, readings(values)), trailers };
}

function statusEndpoint(kind: WorkKind, title: string): MockEndpoint {
  const path = `/demo/${kind}/status`;
  const none = { running: 0, finished: 0, cancelled: 0, latest: [] };
  return defineEndpoint({
    method: 'GET',
    group,
    path,
    title,
    example: path,
    knobs: {},
    answer: (_values, { memory }) => jsonAnswer(200, memory?.works(kind) ?? none, [['Cache-Control', 'no-store']]),
  });
}

/** What servers and what is between them and a client do to streams. */
export const behaviourPresets: readonly MockEndpoint[] = [
  defineEndpoint({
    method: 'GET',
    group,
    path: '/demo/rate-limited',
    title: 'Answers a few requests in a window, then 429 with Retry-After; every answer has RateLimit headers.',
    example: '/demo/rate-limited?limit=3&windowMs=10000',
    knobs: rateKnobs,
    answer: answerRateLimited,
  }),
  defineEndpoint({
    method: 'GET',
    group,
    path: '/demo/compressed',
    title: 'Readings in gzip or brotli: with a flush after each, or without, which is how compression buffers streams.',
    example: '/demo/compressed?flush=none',
    knobs: compressedKnobs,
    answer: answerCompressed,
  }),
  defineEndpoint({
    method: 'GET',
    group,
    path: '/demo/backpressured',
    title:
      'Large records as fast as the client reads: while it does not, none are made. See /demo/backpressured/status.',
    example: '/demo/backpressured?n=2000',
    knobs: heavyKnobs,
    answer: (values, { memory }) =>
      streamAnswer(ndjson, watchedWork(memory, 'backpressured', values.n, heavyRecords(values))),
  }),
  statusEndpoint('backpressured', 'How far the producers of /demo/backpressured are.'),
  defineEndpoint({
    method: 'GET',
    group,
    path: '/demo/cancellable',
    title: 'Work that stops when its client leaves, and is counted. See /demo/cancellable/status.',
    example: '/demo/cancellable?n=200&delayMs=50',
    knobs: workKnobs,
    answer: (values, { memory }) =>
      streamAnswer(ndjson, watchedWork(memory, 'cancellable', values.n, readings(values))),
  }),
  statusEndpoint('cancellable', 'How many pieces of work of /demo/cancellable were finished, and how many cancelled.'),
  defineEndpoint({
    method: 'GET',
    group,
    path: '/demo/reconnecting',
    title: 'Events over many short connections: each brings a few, and the next one goes on behind Last-Event-ID.',
    example: '/demo/reconnecting?n=40&perConnection=8',
    knobs: reconnectingKnobs,
    answer: ({ n, delayMs, seed, chunkSize, perConnection, retryMs, ...values }, { lastEventId }) =>
      answerSeries(
        {
          count: n,
          event: (index) => ({ name: 'quote', data: quoteAt(seed, index), delayMillis: delayMs }),
          retryMillis: retryMs,
          perConnection: { count: perConnection, ending: values.ending },
        },
        lastEventId,
        chunkSize,
      ),
  }),
  defineEndpoint({
    method: 'GET',
    group,
    path: '/demo/malformed',
    title: 'A stream with one thing wrong in it, as bugs make them; the transfer itself is sound.',
    example: '/demo/malformed?what=ndjson-line',
    knobs: malformedKnobs,
    answer: ({ what, n, delayMs, seed }) => streamAnswer(malformedContentType(what), malformed(what, n, delayMs, seed)),
  }),
  defineEndpoint({
    method: 'GET',
    group,
    path: '/demo/trailers',
    title: 'Readings with trailers behind them: how many there were, and the checksum of their bytes.',
    example: '/demo/trailers?n=60&delayMs=60',
    knobs: trailerKnobs,
    answer: answerWithTrailers,
  }),
];
