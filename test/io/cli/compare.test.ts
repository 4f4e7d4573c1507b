import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { lines, runCli } from './runCli.ts';
import { createMockServer } from '../../../src/main/servers/mock/mockServer.ts';

const chunk = (id: string, content: string): string =>
  `data: {"id":"${id}","object":"chat.completion.chunk","choices":[{"index":0,"delta":{"content":"${content}"}}]}\n\n`;
const said = (id: string, ...words: readonly string[]): string =>
  `${words.map((word) => chunk(id, word)).join('')}data: [DONE]\n\n`;

let home = '';

beforeEach(async () => {
  home = await mkdtemp(path.join(tmpdir(), 'streamscope-cli-compare-'));
});

afterEach(async () => {
  await rm(home, { recursive: true, force: true });
});

async function file(name: string, text: string): Promise<string> {
  const at = path.join(home, name);
  await writeFile(at, text);
  return at;
}

const compare = (...words: readonly string[]) => runCli(['compare', ...words], { home: path.join(home, 'library') });

describe('compare', () => {
  it('finds a file the same as itself, with exit code 0', async () => {
    const same = await file('a.sse', said('1', 'Hello ', 'world'));
    const { code, stdout } = await compare(same, same);
    expect(code).toBe(0);
    expect(lines(stdout)[0]).toMatchObject({ same: true, frames: { left: 3, same: 3, first: { bytes: null } } });
  });

  it('ignores ids unless it is told which keys to ignore', async () => {
    const left = await file('a.sse', said('1', 'Hello ', 'world'));
    const right = await file('b.sse', said('2', 'Hello ', 'world'));
    expect((await compare(left, right)).code).toBe(0);
    expect((await compare(left, right, '--ignore', '')).code).toBe(1);
    expect((await compare(left, right, '--ignore', 'object')).code).toBe(1);
    expect((await compare(left, right, '--ignore', 'object', '--ignore', 'id')).code).toBe(0);
    expect((await compare(left, right, '--by', 'payload')).code).toBe(1);
  });

  it('shows a person the first differing frame and the words that changed', async () => {
    const left = await file('a.sse', said('1', 'Hello ', 'good ', 'world'));
    const right = await file('b.sse', said('1', 'Hello ', 'bad ', 'world'));
    const { code, stdout } = await compare(left, right, '--output', 'text');
    expect(code).toBe(1);
    expect(stdout).toContain('first difference: frame 2 left, frame 2 right');
    expect(stdout).toContain('/choices/0/delta/content  "good " → "bad "');
    expect(stdout).toContain('Hello [-good -]{+bad +}world');
  });

  it('lets no control character of a stream reach the terminal', async () => {
    const left = await file('a.sse', said('1', 'Hello \\u001b[2J'));
    const right = await file('b.sse', said('1', 'Hello \\u009b31m'));
    const { stdout } = await compare(left, right, '--output', 'text');
    expect(stdout).toContain('Hello');
    expect(stdout.replaceAll('\n', '')).not.toMatch(/[\u0000-\u001f\u007f-\u009f]/);
  });

  it('takes ids of recordings, and shows what buffering did to the first byte', async () => {
    const server = createMockServer({ port: 0 });
    const { url } = await server.start();
    try {
      const ids: string[] = [];
      for (const how of ['buffered', 'streamed']) {
        const address = new URL(`/demo/comparison/${how}?n=5&delayMs=20`, url).href;
        const { stdout } = await runCli(['record', address], { home: path.join(home, 'library') });
        ids.push(/\d{8}-\d{6}-[\da-f]{6}/.exec(stdout)?.[0] ?? '');
      }
      const { code, stdout } = await compare(ids[0] ?? '', ids[1] ?? '');
      expect(code).toBe(0);
      const figures = lines(stdout)[0]?.['figures'] as Readonly<Record<string, { readonly difference: number | null }>>;
      expect(figures['first-byte']?.difference).toBeLessThan(0);
      expect(lines(stdout)[0]).toMatchObject({
        same: true,
        figures: { 'wire-bytes': { difference: 0 }, ttft: { left: null, difference: null } },
      });
    } finally {
      await server.stop();
    }
  });

  it('says 3 for what it cannot open and 2 for what it does not take, and leaves nothing behind', async () => {
    const there = await file('a.sse', said('1', 'x'));
    const before = (await readdir(tmpdir())).filter((name) => name.startsWith('streamscope-compared-files-'));
    const missing = await compare(there, path.join(home, 'no-such.sse'));
    expect([missing.code, missing.stderr]).toEqual([3, expect.stringContaining('There is no file') as string]);
    expect((await compare(there, '20260101-000000-abcdef')).code).toBe(3);
    expect((await compare(there, 'http://127.0.0.1/')).code).toBe(2);
    expect((await compare(there)).code).toBe(2);
    expect((await compare(there, there, '--align', 'middle')).code).toBe(2);
    expect((await readdir(tmpdir())).filter((name) => name.startsWith('streamscope-compared-files-'))).toEqual(before);
  });
});
