import { streamAnswer } from '../answer.ts';
import { defineEndpoint, type MockEndpoint } from '../endpoint.ts';
import { type KnobTable, wholeNumber } from '../knobs.ts';
import { ordersStream } from '../ordersStream.ts';
import { wholeAtOnce } from '../wholeAtOnce.ts';
import { commonKnobs, delayKnob, maxHeldCount } from './commonKnobs.ts';

const comparisonKnobs = {
  n: wholeNumber(0, maxHeldCount, 50, 'How many orders.'),
  delayMs: delayKnob(100, 'two orders'),
  ...commonKnobs,
} as const satisfies KnobTable;

/** The same bytes twice: sent when they are ready, and held back. */
export const comparisonPresets: readonly MockEndpoint[] = [
  defineEndpoint({
    method: 'GET',
    group: 'Comparison',
    path: '/demo/comparison/streamed',
    title: 'Orders as NDJSON, each sent when it is ready: compare with /demo/comparison/buffered.',
    example: '/demo/comparison/streamed?n=50&delayMs=40',
    knobs: comparisonKnobs,
    answer: (values) => streamAnswer('application/x-ndjson', ordersStream({ ...values, error: 'none' })),
  }),
  defineEndpoint({
    method: 'GET',
    group: 'Comparison',
    path: '/demo/comparison/buffered',
    title: 'The same bytes, held back until the last order is ready and then sent at once.',
    example: '/demo/comparison/buffered?n=50&delayMs=40',
    knobs: comparisonKnobs,
    answer: (values) => streamAnswer('application/x-ndjson', wholeAtOnce(ordersStream({ ...values, error: 'none' }))),
  }),
];
