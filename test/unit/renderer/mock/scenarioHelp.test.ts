import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { scenarioHelp } from '../../../../src/renderer/mock/scenarioHelp.ts';
import { templates } from '../../../../src/renderer/mock/templates.ts';
import { yamlPlace } from '../../../../src/renderer/mock/yamlPlace.ts';
import { scenarioSchema } from '../../../../src/shared/scenario.ts';
import { scenarioName } from '../../../../src/shared/mock.ts';
import { parse } from 'yaml';

const help = scenarioHelp(JSON.stringify(z.toJSONSchema(scenarioSchema)));

/** What is proposed where `|` stands. */
function proposed(marked: string): readonly string[] {
  const before = marked.slice(0, marked.indexOf('|')).split('\n');
  const text = marked.replace('|', '');
  return help.complete(text, before.length, (before.at(-1) ?? '').length + 1).map(({ label }) => label);
}

describe('the place of the cursor in YAML', () => {
  it('follows keys and items inwards', () => {
    const text = 'steps:\n  - repeat: 3\n    steps:\n    - send: x\n      pa';
    expect(yamlPlace(text, 5, 9)).toEqual({
      path: [{ key: 'steps' }, 'item', { key: 'steps' }, 'item'],
      writes: 'key',
      siblings: ['send'],
      fromColumn: 7,
    });
  });

  it('goes out again where a line stands further left', () => {
    const text = 'steps:\n  - head:\n      status: 200\n  - s';
    expect(yamlPlace(text, 4, 6)).toMatchObject({ path: [{ key: 'steps' }, 'item'], siblings: [], fromColumn: 5 });
    expect(yamlPlace(`${text}\nse`, 5, 3)).toMatchObject({ path: [], siblings: ['steps'], fromColumn: 1 });
  });

  it('knows nothing inside of braces and comments', () => {
    expect(yamlPlace('steps: { a', 1, 11)).toBeNull();
    expect(yamlPlace('# ti', 1, 5)).toBeNull();
  });
});

describe('completion of scenarios', () => {
  it('proposes the keys of a scenario that are not there yet', () => {
    const keys = proposed('title: x\n|');
    expect(keys).toEqual(expect.arrayContaining(['steps', 'pace', 'chunks', 'seed', 'knobs']));
    expect(keys).not.toContain('title');
  });

  it('proposes steps in a list, then only what goes with the one that was begun', () => {
    expect(proposed('steps:\n  - |')).toEqual(
      expect.arrayContaining(['head', 'send', 'template', 'wait', 'repeat', 'fault']),
    );
    expect(proposed('steps:\n  - send: hello\n    |')).toEqual(['pace', 'chunks']);
    expect(proposed('steps:\n  - repeat: 3\n    steps:\n      - send:\n          sse:\n            |')).toEqual(
      expect.arrayContaining(['event', 'id', 'data', 'retry', 'comment']),
    );
  });

  it('proposes the words that a key takes, each with its meaning', () => {
    expect(proposed('chunks: |')).toEqual(expect.arrayContaining(['words', 'records', 'bytes']));
    expect(proposed('steps:\n  - head:\n      coding: |')).toEqual(['gzip', 'deflate', 'br']);
    const [first] = help.complete('chunks: ', 1, 9);
    expect(first).toMatchObject({ kind: 'value', fromColumn: 9 });
    expect(first?.sentence).not.toBe('');
  });
});

describe('templates', () => {
  it.each(templates.map(({ name, text }) => [name, text] as const))('%s is a scenario', (name, text) => {
    expect(scenarioName.safeParse(name).success).toBe(true);
    expect(scenarioSchema.safeParse(parse(text)).error).toBeUndefined();
  });
});
