import { afterEach, describe, expect, it } from 'vitest';
import {
  byGroup,
  commandForKey,
  registerCommands,
  runCommand,
  setCommandContext,
  type Command,
} from '../../../../src/renderer/state/commands.ts';
import { stubEngine } from './stubEngine.ts';

const plain = { ctrlKey: false, metaKey: false, altKey: false, shiftKey: false };
const ends: (() => void)[] = [];
afterEach(() => {
  for (const end of ends.splice(0)) end();
});

function register(...commands: readonly Command[]): void {
  ends.push(registerCommands(commands));
}

function command(id: string, rest: Partial<Command> = {}): Command {
  return { id, title: id, group: 'Test', run: () => {}, ...rest };
}

describe('commands', () => {
  it('run with the engine, and only while they can be done', () => {
    const engine = stubEngine({});
    let possible = false;
    const seen: unknown[] = [];
    register(command('test.run', { when: () => possible, run: (context) => seen.push(context.engine) }));
    ends.push(setCommandContext({ engine }));
    expect(runCommand('test.run')).toBe(false);
    possible = true;
    expect(runCommand('test.run')).toBe(true);
    expect(seen).toEqual([engine]);
    expect(runCommand('test.unknown')).toBe(false);
  });

  it('do nothing while there is no engine', () => {
    let ran = 0;
    register(
      command('test.count', {
        run: () => {
          ran++;
        },
      }),
    );
    expect(runCommand('test.count')).toBe(false);
    expect(ran).toBe(0);
  });

  it('are found by their key; a text field keeps the keys that type', () => {
    ends.push(setCommandContext({ engine: stubEngine({}) }));
    register(command('test.next', { keys: ['j'] }), command('test.palette', { keys: ['Mod+K'] }));
    const j = { ...plain, key: 'j' };
    const modK = { ...plain, key: 'k', ctrlKey: true };
    expect(commandForKey(j, 'linux', false)?.id).toBe('test.next');
    expect(commandForKey(j, 'linux', true)).toBeUndefined();
    expect(commandForKey(modK, 'linux', true)?.id).toBe('test.palette');
  });

  it('share a key when only one of them can be done', () => {
    ends.push(setCommandContext({ engine: stubEngine({}) }));
    register(
      command('test.first', { keys: ['Escape'], when: () => false }),
      command('test.second', { keys: ['Escape'] }),
    );
    expect(commandForKey({ ...plain, key: 'Escape' }, 'linux', true)?.id).toBe('test.second');
  });

  it('refuse a second command of the same id', () => {
    register(command('test.twice'));
    expect(() => registerCommands([command('test.twice')])).toThrow('test.twice');
  });

  it('come under their headings, unknown headings last', () => {
    const groups = byGroup([
      command('a', { group: 'Other' }),
      command('b', { group: 'Timeline' }),
      command('c', { group: 'Request' }),
      command('d', { group: 'Timeline' }),
    ]);
    expect(groups.map(([group, list]) => [group, list.map(({ id }) => id)])).toEqual([
      ['Request', ['c']],
      ['Timeline', ['b', 'd']],
      ['Other', ['a']],
    ]);
  });
});
