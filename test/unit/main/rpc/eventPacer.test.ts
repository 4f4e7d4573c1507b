import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { paceEvents } from '../../../../src/main/rpc/eventPacer.ts';

describe('pacing', () => {
  let delivered: string[];
  beforeEach(() => {
    vi.useFakeTimers();
    delivered = [];
  });
  afterEach(() => {
    vi.useRealTimers();
  });
  const pacer = () => paceEvents<string>((message) => delivered.push(message));

  it('lets a few pass at once', () => {
    const events = pacer();
    for (let n = 0; n < 60; n++) events.offer(`subject ${n}`, `message ${n}`);
    expect(delivered).toHaveLength(60);
    events.close();
  });

  it('bounds what many subjects say in all, and tells the last of each', () => {
    const events = pacer();
    const seconds = 10;
    for (let millis = 0; millis < seconds * 1_000; millis += 50) {
      for (let n = 0; n < 500; n++) events.offer(`subject ${n}`, `${n} at ${millis}`);
      vi.advanceTimersByTime(50);
    }
    expect(delivered.length).toBeLessThan(seconds * 250 + 64);
    expect(new Set(delivered.map((message) => message.split(' ')[0])).size).toBe(500);
    vi.advanceTimersByTime(5_000);
    for (let n = 0; n < 500; n++) expect(delivered).toContain(`${n} at ${seconds * 1_000 - 50}`);
  });

  it('keeps no timer once it is quiet', () => {
    const events = pacer();
    for (let n = 0; n < 100; n++) events.offer(`subject ${n}`, 'x');
    vi.advanceTimersByTime(5_000);
    expect(delivered).toHaveLength(100);
    expect(vi.getTimerCount()).toBe(0);
  });

  it('forgets what is not wanted any more, and everything at its end', () => {
    const events = pacer();
    for (let n = 0; n < 100; n++) events.offer(`subject ${n}`, n % 2 === 0 ? 'even' : 'odd');
    const before = delivered.length;
    events.forget((message) => message === 'odd');
    vi.advanceTimersByTime(5_000);
    expect(delivered.slice(before).every((message) => message === 'even')).toBe(true);
    events.offer('late', 'late');
    events.close();
    expect(vi.getTimerCount()).toBe(0);
  });
});
