import { errorPosition, orderAt, orderProblemAfter } from './orders.ts';
import { type MockStep, textStep } from './step.ts';

export interface OrdersScript {
  /** Orders to send. */
  readonly n: number;
  readonly delayMs: number;
  readonly seed: number;
  readonly error: 'middle' | 'none';
}

/** NDJSON: one metadata line, a line an order, an error record after the middle one, and an end line whose sums hold. */
export function* ordersStream({ n, delayMs, seed, error }: OrdersScript): Generator<MockStep, void, undefined> {
  const line = (delayMillis: number, record: object) => textStep(delayMillis, `${JSON.stringify(record)}\n`);
  const errorAfter = errorPosition(n, error);

  yield line(0, { type: 'metadata', schema: 'orders/1', totalRecords: n, seed });
  for (let number = 1; number <= n; number++) {
    yield line(delayMs, { type: 'data', data: orderAt(seed, number - 1) });
    if (number === errorAfter) yield line(delayMs, { type: 'error', error: orderProblemAfter(number) });
  }
  yield line(0, { type: 'stream-end', totalProcessed: n, errors: errorAfter === 0 ? 0 : 1 });
}
