import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { latestWins, paced, pullCall } from '../../../../src/renderer/state/pull.ts';
import { settled, stubEngine } from './stubEngine.ts';

describe('a pull', () => {
  it('has at most one in flight and answers all wishes of the meantime with one more', async () => {
    const waiting: (() => void)[] = [];
    let started = 0;
    const pull = latestWins(async () => {
      started++;
      await new Promise<void>((resolve) => waiting.push(resolve));
    });
    pull.ask();
    pull.ask();
    pull.ask();
    expect(started).toBe(1);
    waiting.shift()?.();
    await settled();
    expect(started).toBe(2);
    waiting.shift()?.();
    await settled();
    expect(started).toBe(2);
    expect(pull.running).toBe(false);
  });

  it('asks with what is wanted when it is its turn', async () => {
    const engine = stubEngine({ 'recording.frameAt': ({ micros }) => ({ frame: micros }) });
    let micros = 1;
    const told: unknown[] = [];
    const pull = pullCall(
      engine,
      'recording.frameAt',
      () => ({ id: 'a', micros }),
      (result) => told.push(result),
      () => {},
    );
    pull.ask();
    micros = 2;
    pull.ask();
    micros = 3;
    pull.ask();
    await settled();
    expect(told).toEqual([{ frame: 1 }, { frame: 3 }]);
    expect(engine.calls).toHaveLength(2);
  });

  it('says nothing once it was given up', async () => {
    const engine = stubEngine({ 'mock.describe': () => Promise.reject(new Error('not reached')) });
    const told: unknown[] = [];
    const pull = pullCall(
      engine,
      'engine.describe',
      () => ({}),
      () => told.push('result'),
      (failure) => told.push(failure.code),
    );
    pull.ask();
    await settled();
    expect(told).toEqual(['call/unknown']);
    pull.end();
    pull.ask();
    await settled();
    expect(told).toHaveLength(1);
  });
});

describe('a paced pull', () => {
  beforeEach(() => {
    vi.useFakeTimers();
  });
  afterEach(() => {
    vi.useRealTimers();
  });

  it('asks at once, then once for all that came meanwhile, and no more when it has ended', () => {
    let asked = 0;
    const pull = paced(
      {
        ask: () => {
          asked++;
        },
        running: false,
        end: () => undefined,
      },
      100,
    );
    pull.ask();
    pull.ask();
    pull.ask();
    expect(asked).toBe(1);
    vi.advanceTimersByTime(100);
    expect(asked).toBe(2);
    vi.advanceTimersByTime(1_000);
    expect(asked).toBe(2);
    pull.ask();
    pull.ask();
    pull.end();
    vi.advanceTimersByTime(1_000);
    expect(asked).toBe(3);
  });
});
