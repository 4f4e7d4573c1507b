import { create } from 'zustand';
import type { EngineClient } from '../../shared/calls.ts';
import type { MockDescription } from '../../shared/mock.ts';
import type { Failure } from '../../shared/failure.ts';
import { failureOf, isCancelled } from './failureOf.ts';
import { paced, pullCall } from './pull.ts';
import { useView } from './view.ts';

interface MockState {
  readonly mock: MockDescription | null;
  /** A start or stop is under way. */
  readonly changing: boolean;
  readonly failure: Failure | null;
}

const useMockStore = create<MockState>()(() => ({ mock: null, changing: false, failure: null }));

export function useMock(): MockState {
  return useMockStore();
}

export function mockNow(): MockDescription | null {
  return useMockStore.getState().mock;
}

/** Starts (on the port it had, or on another) or stops the mock server. What goes wrong is kept for the panel to show. */
export async function setMockRunning(engine: EngineClient, running: boolean, port?: number): Promise<void> {
  useMockStore.setState({ changing: true, failure: null });
  try {
    const mock = running
      ? await engine.call('mock.start', port === undefined ? {} : { port })
      : await engine.call('mock.stop', {});
    useMockStore.setState({ mock });
  } catch (error) {
    if (!isCancelled(error)) useMockStore.setState({ failure: failureOf(error) });
  } finally {
    useMockStore.setState({ changing: false });
  }
}

let describeAgain: (() => void) | null = null;

/** Asks once more what the mock server is, for a button that tries again. */
export function refreshMock(): void {
  describeAgain?.();
}

/** While the panel is shown its counters run, without the description of every endpoint at every request. */
const countersEveryMillis = 250;

/** Keeps the store at what the mock server does. Returns the function that ends it. */
export function followMock(engine: EngineClient): () => void {
  const pull = pullCall(
    engine,
    'mock.describe',
    () => ({}),
    (mock) => useMockStore.setState({ mock, failure: null }),
    (failure) => useMockStore.setState({ failure }),
  );
  const counters = paced(pull, countersEveryMillis);
  const isShown = (): boolean => useView.getState().panel === 'mock';
  const ends = [
    engine.subscribe('mock.changed', () => pull.ask()),
    engine.subscribe('mock.requested', () => {
      if (isShown()) counters.ask();
    }),
    useView.subscribe(({ panel }, before) => {
      if (panel !== before.panel && isShown()) counters.ask();
    }),
    () => counters.end(),
  ];
  describeAgain = () => pull.ask();
  pull.ask();
  return () => {
    for (const end of ends) end();
    describeAgain = null;
  };
}
