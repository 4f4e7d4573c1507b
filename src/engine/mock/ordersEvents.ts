import { errorPosition, orderAt, orderProblemAfter } from './orders.ts';
import type { OrdersScript } from './ordersStream.ts';
import { type MockStep, textStep } from './step.ts';

const progressEvery = 5;
const heartbeatEvery = 10;
const retryMillis = 2000;

/**
 * Event ids are whole numbers from 1, in order, for every event (`order`, `error`, `progress`, `done`): the place to
 * resume at can be computed, so that resuming near the end of ten million orders costs nothing.
 */
interface Numbering {
  /** Id of the last event that belongs to order `number` (counted from 1); 0 for `number` 0. */
  readonly lastIdOf: (number: number) => number;
  readonly doneId: number;
}

function numberEvents(n: number, errorAfter: number): Numbering {
  const lastIdOf = (number: number): number =>
    number +
    (errorAfter !== 0 && number >= errorAfter ? 1 : 0) +
    Math.floor(number / progressEvery) +
    (number === n && n % progressEvery !== 0 ? 1 : 0);
  return { lastIdOf, doneId: lastIdOf(n) + 1 };
}

/** The first order (from 1) that still has an event after `lastId`; `n + 1` when only `done` is left. */
function firstOrderAfter(lastId: number, n: number, { lastIdOf }: Numbering): number {
  let low = 1;
  let high = n + 1;
  while (low < high) {
    const middle = Math.floor((low + high) / 2);
    if (lastIdOf(middle) > lastId) high = middle;
    else low = middle + 1;
  }
  return low;
}

/** How a server that is asked to resume behaves: `repeat` and `skip` are off by two events. */
export const resumeBehaviours = ['exact', 'repeat', 'skip', 'ignore'] as const;
export type ResumeBehaviour = (typeof resumeBehaviours)[number];

const offBy = 2;
const fromStart = { kind: 'start', unknownId: false } as const;

export type OrdersResumption =
  /** From the start; `unknownId` when the client named an id that this stream never gave. */
  | { readonly kind: 'start'; readonly unknownId: boolean }
  | { readonly kind: 'after'; readonly lastId: number }
  /** The client has seen the last event: answer 204, which tells an EventSource to stop (HTML Standard §9.2.3). */
  | { readonly kind: 'finished' };

/** What a `Last-Event-ID` header means for the stream that these knobs describe. */
export function resumeOrders(
  lastEventId: string | null,
  { n, error }: OrdersScript,
  behaviour: ResumeBehaviour = 'exact',
): OrdersResumption {
  if (behaviour === 'ignore' || lastEventId === null || lastEventId === '') return fromStart;
  const { doneId } = numberEvents(n, errorPosition(n, error));
  const lastId = /^[1-9]\d{0,9}$/.test(lastEventId) ? Number(lastEventId) : Number.NaN;
  if (Number.isNaN(lastId) || lastId > doneId) return { kind: 'start', unknownId: true };
  if (lastId === doneId) return { kind: 'finished' };
  if (behaviour === 'repeat') return lastId > offBy ? { kind: 'after', lastId: lastId - offBy } : fromStart;
  return { kind: 'after', lastId: behaviour === 'skip' ? Math.min(lastId + offBy, doneId - 1) : lastId };
}

/**
 * SSE (HTML Standard §9.2): an `order` event each, `progress` every fifth, an `error` event after the middle order,
 * comments as heartbeats half-way between two orders, `done` with what this connection really carried.
 * @param cutAt the connection is lost behind the event with this id; 0: never
 */
export function* ordersEvents(
  script: OrdersScript,
  resumption: Exclude<OrdersResumption, { kind: 'finished' }>,
  cutAt = 0,
): Generator<MockStep, void, undefined> {
  const { n, delayMs, seed, error } = script;
  const errorAfter = errorPosition(n, error);
  const numbering = numberEvents(n, errorAfter);
  const lastId = resumption.kind === 'after' ? resumption.lastId : 0;
  const first = firstOrderAfter(lastId, n, numbering);

  let id = numbering.lastIdOf(first - 1);
  let orders = 0;
  let errors = 0;
  // A block of `retry` alone would carry no data, so the first event brings it along.
  let preamble = `retry: ${retryMillis}\n`;
  const event = (delayMillis: number, name: string, data: object): MockStep | undefined => {
    id++;
    if (id <= lastId) return undefined;
    if (name === 'order') orders++;
    if (name === 'error') errors++;
    const step = textStep(delayMillis, `${preamble}id: ${id}\nevent: ${name}\ndata: ${JSON.stringify(data)}\n\n`);
    preamble = '';
    return step;
  };

  for (const step of steps()) {
    yield id === cutAt && id > 0 ? { ...step, isLast: 'cut' } : step;
    if (id === cutAt && id > 0) return;
  }

  function* steps(): Generator<MockStep, void, undefined> {
    yield textStep(0, `: ${greeting(resumption, n)}\n\n`);
    let delayMillis = delayMs;
    for (let number = first; number <= n; number++) {
      const order = event(delayMillis, 'order', orderAt(seed, number - 1));
      delayMillis = delayMs;
      if (order) yield order;
      if (number === errorAfter) {
        const problem = event(0, 'error', orderProblemAfter(number));
        if (problem) yield problem;
      }
      if (number % progressEvery === 0 || number === n) {
        const percent = Math.floor((number / n) * 100);
        const progress = event(0, 'progress', { processed: number, total: n, percent });
        if (progress) yield progress;
      }
      if (number % heartbeatEvery === 0 && number < n) {
        yield textStep(delayMs / 2, ': heartbeat\n\n');
        delayMillis = delayMs / 2;
      }
    }
    const done = event(0, 'done', {
      totalProcessed: orders,
      errors,
      ...(resumption.kind === 'after' && { resumedAfter: lastId }),
    });
    if (done) yield done;
  }
}

function greeting(resumption: Exclude<OrdersResumption, { kind: 'finished' }>, n: number): string {
  if (resumption.kind === 'after') return `resumed after event ${resumption.lastId}`;
  if (resumption.unknownId) return 'the Last-Event-ID is not one of this stream: it starts over';
  return `${n} orders follow`;
}
