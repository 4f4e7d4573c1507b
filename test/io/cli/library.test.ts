import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { lines, runCli, type CliRun } from './runCli.ts';
import { openLibrary } from '../../../src/main/store/library.ts';
import { ending, factsOf, newId, summaryOf, value } from '../store/sampleRecordings.ts';

let home: string;
beforeEach(() => {
  home = mkdtempSync(path.join(tmpdir(), 'streamscope-cli-'));
});
afterEach(() => {
  rmSync(home, { recursive: true, force: true });
});

function cli(...words: readonly string[]): Promise<CliRun> {
  return runCli(words, { home });
}

async function record(name: string, body: string): Promise<string> {
  const library = value(openLibrary(home));
  const facts = factsOf(newId());
  const writer = value(library.create(facts, summaryOf(facts, { name })));
  writer.chunk(1, new TextEncoder().encode(body), false);
  const ended = { ...facts, ending };
  value(await writer.finish(ended, summaryOf(ended, { name, framing: 'sse' })));
  writer.close();
  await library.close();
  return facts.id;
}

describe('the library on the command line', { timeout: 120_000 }, () => {
  it('is searched by words in lines and in text, and filtered; what was found is told as data', async () => {
    const orders = await record('orders', 'data: a needle in it\n\n');
    const prices = await record('prices', 'data: 1\n\n');
    const found = await cli('search', 'needle');
    expect(found.code).toBe(0);
    expect(lines(found.stdout)).toMatchObject([{ id: orders, name: 'orders', excerpt: 'data: a needle in it ' }]);
    expect(lines((await cli('list')).stdout).map(({ id }) => id)).toEqual(expect.arrayContaining([orders, prices]));
    expect(lines((await cli('list', 'is:ended', '-needle', '--json')).stdout)).toMatchObject([{ id: prices }]);
    expect(lines((await cli('list', '--sort', 'name')).stdout).map(({ name }) => name)).toEqual(['orders', 'prices']);
    expect(await cli('search', 'nowhere')).toMatchObject({ code: 0, stdout: '' });
    expect(await cli('search', 'is:odd')).toMatchObject({
      code: 3,
      stderr: expect.stringMatching(/library\/invalid-search: is: knows starred/) as unknown,
    });
    expect((await cli('list', '--sort', 'odd')).code).toBe(2);
  });

  it('takes what its user says of a recording, and finds it by that', async () => {
    const id = await record('orders', 'x');
    const tagged = await cli('tag', id, 'slow', 'bug 12', '--name', 'Ours', '--star', '--note', 'see #12');
    expect(lines(tagged.stdout)).toMatchObject([{ id, name: 'Ours', tags: ['slow', 'bug 12'], starred: true }]);
    expect(lines((await cli('list', 'tag:bug 12', 'is:starred')).stdout)).toMatchObject([{ id }]);
    const changed = await cli('tag', id, '--no-star', '--name', '', 'new', '-slow');
    expect(lines(changed.stdout)).toMatchObject([
      { name: 'orders', tags: ['bug 12', 'new'], starred: false, note: 'see #12' },
    ]);
    expect(await cli('tag', id)).toMatchObject({ code: 2, stderr: expect.stringMatching(/Say which tags/) as unknown });
    expect(await cli('tag', id, '--starr')).toMatchObject({ code: 2 });
    expect(await cli('tag', '20260101-000000-ffffff', 'x')).toMatchObject({
      code: 3,
      stderr: expect.stringMatching(/recording\/not-found/) as unknown,
    });
  });

  it('lets go of recordings, all or none, and only when told so', async () => {
    const first = await record('a', 'x');
    const second = await record('b', 'x');
    expect(await cli('rm', first)).toMatchObject({
      code: 2,
      stderr: expect.stringMatching(/rm wants --yes/) as unknown,
    });
    expect(await cli('rm', '--yes', first, '20260101-000000-ffffff')).toMatchObject({ code: 3 });
    expect(lines((await cli('list')).stdout)).toHaveLength(2);
    expect(await cli('rm', '--yes', first, first)).toMatchObject({ code: 0, stderr: '1 recording deleted.\n' });
    expect(lines((await cli('list')).stdout)).toMatchObject([{ id: second }]);
    expect((await cli('show', first)).code).toBe(3);
  });
});
