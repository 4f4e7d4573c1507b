import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { filterOf } from '../../../../src/renderer/frames/filterSession.ts';
import { typeChoice, typeWord, withTypeChoice } from '../../../../src/renderer/frames/filterText.ts';
import { useView } from '../../../../src/renderer/state/view.ts';
import { AnsweringEngine, settled } from '../answeringEngine.ts';

describe('types in the text of a filter', () => {
  test('a type is shown alone, hidden or neither', () => {
    expect(withTypeChoice('gap>200ms', 'type:price', 'only')).toBe('gap>200ms type:price');
    expect(withTypeChoice('gap>200ms type:price', 'type:price', 'neither')).toBe('gap>200ms');
    expect(withTypeChoice('type:price', 'type:price', 'hidden')).toBe('-type:price');
    expect(withTypeChoice('', 'type:price', 'hidden')).toBe('-type:price');
  });

  test('one shown alone takes the place of another; hidden ones stay hidden', () => {
    expect(withTypeChoice('type:a -type:c x', 'type:b', 'only')).toBe('-type:c x type:b');
  });

  test('only whole words count, and spaces in quotes stay', () => {
    expect(typeChoice('type:prices "type:price  x"', 'type:price')).toBe('neither');
    expect(withTypeChoice('"two  spaces"', 'type:a.b', 'only')).toBe('"two  spaces" type:a.b');
    expect(typeChoice('x type:a.b', 'type:a.b')).toBe('only');
    expect(typeChoice('x type:aXb', 'type:a.b')).toBe('neither');
  });

  test('a type without a name goes by its kind; one with spaces cannot be asked for', () => {
    expect(typeWord({ kind: 'comment', type: '', count: 1 })).toBe('type:comment');
    expect(typeWord({ kind: 'event', type: 'two words', count: 1 })).toBeNull();
  });
});

/** The time after the last key has passed, and what it started is under way. */
async function typingIsOver(): Promise<void> {
  vi.runAllTimers();
  await settled();
}

describe('session', () => {
  beforeEach(() => void vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] }));
  afterEach(() => void vi.useRealTimers());

  test('is opened once typing is over, and closed for the next', async () => {
    const engine = new AnsweringEngine();
    const session = filterOf(engine);
    session.wish('a', '');
    for (const text of ['r', 're', 'ret']) session.wish('a', text);
    expect(engine.calls).toHaveLength(0);
    await typingIsOver();
    expect(engine.calls[0]).toMatchObject({ name: 'filter.open', input: { id: 'a', expression: 'ret' } });
    await engine.calls[0]!.answer({ filterId: '1' });
    expect(useView.getState().filterId).toBe('1');
    session.wish('a', 'retr');
    await typingIsOver();
    await engine.calls[1]!.answer({ filterId: '2' });
    expect(engine.calls[2]).toMatchObject({ name: 'filter.close', input: { filterId: '1' } });
    expect(session.state()).toMatchObject({ filterId: '2', text: 'retr', done: false });
  });

  test('news that come before the answer are not lost', async () => {
    const engine = new AnsweringEngine();
    const session = filterOf(engine);
    session.wish('a', 'x');
    await typingIsOver();
    engine.emit('filter.advanced', {
      id: 'a',
      filterId: '5',
      matches: 12,
      scannedFrames: 90,
      partlySearched: 0,
      done: true,
    });
    await engine.calls[0]!.answer({ filterId: '5' });
    expect(session.state()).toMatchObject({ filterId: '5', matches: 12, scannedFrames: 90, done: true });
  });

  test('what is wrong is told with its position, and the rows are all rows again', async () => {
    const engine = new AnsweringEngine();
    const session = filterOf(engine);
    session.wish('a', 'x /(/');
    await typingIsOver();
    await engine.calls[0]!.fail({ code: 'filter/invalid', message: 'Not a regular expression.', data: { at: 2 } });
    expect(session.state()).toMatchObject({ filterId: null, problem: { message: 'Not a regular expression.', at: 2 } });
    expect(useView.getState()).toMatchObject({ filterId: null, filterProblem: 'Not a regular expression.' });
  });

  test('another recording or an empty text close it at once', async () => {
    const engine = new AnsweringEngine();
    const session = filterOf(engine);
    session.wish('a', 'x');
    await typingIsOver();
    await engine.calls[0]!.answer({ filterId: '1' });
    session.wish('b', '');
    await settled();
    expect(engine.calls[1]).toMatchObject({ name: 'filter.close', input: { filterId: '1' } });
    expect(session.state()).toMatchObject({ filterId: null, done: true });
  });
});
