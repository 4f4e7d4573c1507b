import { create } from 'zustand';
import type { EngineClient } from '../../shared/calls.ts';
import type { MockDescription } from '../../shared/mock.ts';
import type { Failure } from '../../shared/failure.ts';
import { failureOf, isCancelled } from './failureOf.ts';
import { pullCall } from './pull.ts';

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

/** Starts or stops the mock server. What goes wrong is kept in the store, where the panel shows it. */
export async function setMockRunning(engine: EngineClient, running: boolean): Promise<void> {
  useMockStore.setState({ changing: true, failure: null });
  try {
    const mock = await engine.call(running ? 'mock.start' : 'mock.stop', {});
    useMockStore.setState({ mock });
  } catch (error) {
    if (!isCancelled(error)) useMockStore.setState({ failure: failureOf(error) });
  } finally {
    useMockStore.setState({ changing: false });
  }
}

/** Keeps the store at what the mock server does. Returns the function that ends it. */
export function followMock(engine: EngineClient): () => void {
  const pull = pullCall(
    engine,
    'mock.describe',
    () => ({}),
    (mock) => useMockStore.setState({ mock, failure: null }),
    (failure) => useMockStore.setState({ failure }),
  );
  const end = engine.subscribe('mock.changed', () => pull.ask());
  pull.ask();
  return () => {
    end();
    pull.end();
  };
}
