import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { coalesceEvents } from '../../../../src/main/rpc/coalesceEvents.ts';
import type { EventMessage } from '../../../../src/shared/envelope.ts';

const mock = (url: string): EventMessage => ({ type: 'event', event: 'mock.changed', payload: { running: true, url } });
const gone = (id: string): EventMessage => ({
  type: 'event',
  event: 'library.changed',
  payload: { id, summary: null },
});

function urls(delivered: readonly EventMessage[]) {
  return delivered.map((message) => (message.event === 'mock.changed' ? message.payload.url : message.event));
}

describe('coalescing', () => {
  let delivered: EventMessage[];
  beforeEach(() => {
    vi.useFakeTimers();
    delivered = [];
  });
  afterEach(() => {
    vi.useRealTimers();
  });
  const coalescer = () => coalesceEvents((message) => delivered.push(message));

  it('delivers the first at once and the last when the interval is over', () => {
    const events = coalescer();
    for (const url of ['1', '2', '3']) events.offer(mock(url));
    expect(urls(delivered)).toEqual(['1']);
    vi.advanceTimersByTime(34);
    expect(urls(delivered)).toEqual(['1', '3']);
  });

  it('never sends more than 30 a second of one subject, and always the last', () => {
    const events = coalescer();
    for (let millis = 0; millis < 1_000; millis++) {
      events.offer(mock(String(millis)));
      vi.advanceTimersByTime(1);
    }
    expect(delivered.length).toBeLessThanOrEqual(30);
    vi.advanceTimersByTime(100);
    expect(urls(delivered).at(-1)).toBe('999');
  });

  it('keeps subjects apart', () => {
    const events = coalescer();
    events.offer(gone('a'));
    events.offer(gone('b'));
    events.offer(mock('1'));
    expect(delivered).toHaveLength(3);
  });

  it('lets what comes slowly pass as it comes, and keeps no timer', () => {
    const events = coalescer();
    for (const url of ['1', '2', '3']) {
      events.offer(mock(url));
      vi.advanceTimersByTime(50);
    }
    expect(urls(delivered)).toEqual(['1', '2', '3']);
    expect(vi.getTimerCount()).toBe(0);
  });

  it('tells of the recording that is looked at without waiting for others', () => {
    const events = coalescer();
    events.lookAt('looked at');
    for (let n = 0; n < 500; n++) events.offer(gone(`other ${n}`));
    const before = delivered.length;
    expect(before).toBeLessThan(100);
    events.offer(gone('looked at'));
    expect(delivered.slice(before)).toEqual([gone('looked at')]);
    events.close();
  });

  it('forgets what waits of an event that is no longer wanted', () => {
    const events = coalescer();
    events.offer(mock('1'));
    events.offer(mock('2'));
    events.forget('mock.changed');
    vi.advanceTimersByTime(100);
    expect(urls(delivered)).toEqual(['1']);
  });

  it('delivers nothing after its end', () => {
    const events = coalescer();
    events.offer(mock('1'));
    events.offer(mock('2'));
    events.close();
    vi.advanceTimersByTime(100);
    expect(urls(delivered)).toEqual(['1']);
    expect(vi.getTimerCount()).toBe(0);
  });
});
