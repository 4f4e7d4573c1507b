import { streamAnswer } from '../answer.ts';
import { defineEndpoint, type MockEndpoint } from '../endpoint.ts';
import { choice, type KnobTable, wholeNumber } from '../knobs.ts';
import { ordersEvents, resumeBehaviours, resumeOrders } from '../ordersEvents.ts';
import { ordersExport } from '../ordersExport.ts';
import { ordersStream } from '../ordersStream.ts';
import { commonKnobs, delayKnob, maxCount } from './commonKnobs.ts';

const exportKnobs = {
  n: wholeNumber(0, maxCount, 50, 'How many orders.'),
  delayMs: delayKnob(100, 'two orders'),
  ...commonKnobs,
} as const satisfies KnobTable;

const error = choice(['middle', 'none'], 'middle', 'middle: an error in the stream, after half of the orders.');

const ordersKnobs = { ...exportKnobs, error } as const satisfies KnobTable;

const eventsKnobs = {
  ...ordersKnobs,
  cutAt: wholeNumber(0, maxCount, 0, 'The connection is lost behind this event, unless the request resumes. 0: never.'),
  resume: choice(
    resumeBehaviours,
    'exact',
    'What a request with Last-Event-ID gets: repeat and skip are off by two events.',
  ),
} as const satisfies KnobTable;

/** One shop's orders in three framings. */
export const orderPresets: readonly MockEndpoint[] = [
  defineEndpoint({
    method: 'GET',
    group: 'Orders',
    path: '/v1/orders/stream',
    title: 'Orders as NDJSON: metadata, a line an order, an error in the middle, an end line with the sums.',
    example: '/v1/orders/stream?n=50&delayMs=100',
    knobs: ordersKnobs,
    answer: (values) => streamAnswer('application/x-ndjson', ordersStream(values)),
  }),
  defineEndpoint({
    method: 'GET',
    group: 'Orders',
    path: '/v1/orders/events',
    title: 'Orders as Server-Sent Events with ids, progress, heartbeats and an error; resumes after Last-Event-ID.',
    example: '/v1/orders/events?n=50&delayMs=100',
    knobs: eventsKnobs,
    answer: ({ cutAt, resume, ...values }, { lastEventId }) => {
      const resumption = resumeOrders(lastEventId, values, resume);
      if (resumption.kind === 'finished') return { kind: 'whole', status: 204, headers: [], text: '' };
      return streamAnswer('text/event-stream', ordersEvents(values, resumption, lastEventId === null ? cutAt : 0));
    },
  }),
  defineEndpoint({
    method: 'GET',
    group: 'Orders',
    path: '/v1/orders/export',
    title: 'Orders as one JSON array, sent an element at a time.',
    example: '/v1/orders/export?n=50&delayMs=100',
    knobs: exportKnobs,
    answer: (values) => streamAnswer('application/json', ordersExport(values)),
  }),
];
