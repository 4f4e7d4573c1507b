import { describe, expect, it } from 'vitest';
import { createLogTail } from '../../../../../src/main/hosts/desktop/logTail.ts';

describe('the tail of a log', () => {
  it('is all of a short one', () => {
    const log = createLogTail(100);
    log.push(Buffer.from('one\ntw'));
    log.push(Buffer.from('o\n'));
    expect(log.text()).toBe('one\ntwo\n');
  });

  it('is the last whole lines of a long one, whatever its pieces', () => {
    const log = createLogTail(20);
    for (let line = 0; line < 1_000; line++) log.push(Buffer.from(`line ${String(line)}\n`));
    expect(log.text()).toBe('line 998\nline 999\n');
    log.push(Buffer.from(`${'x'.repeat(50)}\nend é\n`));
    expect(log.text()).toBe('end é\n');
  });

  it('is empty after a new start', () => {
    const log = createLogTail(20);
    log.push(Buffer.from('x'.repeat(30)));
    log.clear();
    expect(log.text()).toBe('');
  });
});
