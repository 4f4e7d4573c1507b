import { orderAt } from './orders.ts';
import type { OrdersScript } from './ordersStream.ts';
import { type MockStep, textStep } from './step.ts';

/** One JSON array, an element at a time. An error record has no place in it: an export is whole or it is cut. */
export function* ordersExport({ n, delayMs, seed }: Omit<OrdersScript, 'error'>): Generator<MockStep, void, undefined> {
  yield textStep(0, '[');
  for (let index = 0; index < n; index++) {
    yield textStep(delayMs, `${index === 0 ? '\n' : ',\n'}${JSON.stringify(orderAt(seed, index))}`);
  }
  yield textStep(0, n === 0 ? ']\n' : '\n]\n');
}
