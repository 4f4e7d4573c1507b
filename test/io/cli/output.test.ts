import { existsSync } from 'node:fs';
import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { frameKeys, frameLineSchema, summaryKeys, summaryLineSchema } from './outputSchema.ts';
import { lines, runCli } from './runCli.ts';

const samples = fileURLToPath(new URL('../../../resources/samples/', import.meta.url));
const streams = fileURLToPath(new URL('../../../../shared/conformance/streams/', import.meta.url));
let home = '';

beforeAll(async () => {
  home = await mkdtemp(path.join(tmpdir(), 'streamscope-cli-output-'));
});

afterAll(async () => {
  await rm(home, { recursive: true, force: true });
});

type Line = Readonly<Record<string, unknown>>;

async function printed(words: readonly string[]): Promise<readonly Line[]> {
  const run = await runCli(['inspect', ...words], { home });
  expect(run.stderr).not.toContain('cannot be read');
  return lines(run.stdout);
}

function expectInOrder(line: Line, keys: readonly string[]): void {
  const places = Object.keys(line).map((key) => keys.indexOf(key));
  expect(places).toEqual([...places].sort((a, b) => a - b));
}

const withoutChunks = (all: readonly Line[]): readonly Line[] =>
  all.map((line) => ({
    ...line,
    ...('chunk' in line ? { chunk: 1 } : {}),
    ...('chunks' in line ? { chunks: 1 } : {}),
  }));

async function targetsIn(folder: string): Promise<string[]> {
  return (await readdir(folder)).sort().map((name) => path.join(folder, name));
}

describe('output of inspect', () => {
  it('tells each finding once beside few frames, those of printed frames at the end', async () => {
    const chunk = (choice: object): string =>
      `data: ${JSON.stringify({ object: 'chat.completion.chunk', choices: [{ index: 0, ...choice }] })}\n\n`;
    const call = { index: 0, id: 'c', function: { name: 'f', arguments: '{"a' } };
    const body = `${chunk({ delta: { tool_calls: [call] } })}${chunk({ delta: {}, finish_reason: 'length' })}data: [DONE]\n\n`;
    const file = path.join(home, 'cutCall.sse');
    await writeFile(file, body);
    const { stdout } = await runCli(['inspect', file, '--output', 'pretty'], { home });
    expect(stdout.match(/ai\/cut-by-length/g)).toHaveLength(1);
    expect(stdout).toMatch(/ai\/truncated-tool-arguments: .*\(frame 1\)/);
  });

  it('keeps the contract for every sample, whatever pieces its file comes in', async () => {
    const targets = await targetsIn(samples);
    for (const [mode, schema, keys] of [
      ['frames', frameLineSchema, frameKeys],
      ['summary', summaryLineSchema, summaryKeys],
    ] as const) {
      const whole = await printed([...targets, '--output', mode]);
      expect(whole.length).toBeGreaterThanOrEqual(targets.length);
      for (const line of whole) {
        schema.parse(line);
        expectInOrder(line, keys);
      }
      expect(new Set(whole.map(({ target }) => target)).size).toBe(targets.length);
      for (const feeding of [
        ['--chunk-bytes', '1'],
        ['--chunk-seed', '11'],
      ]) {
        expect(await printed([...targets, '--output', mode, ...feeding])).toEqual(whole);
      }
    }
  });

  it('keeps the contract for recorded streams of every dialect, whatever pieces they come in', async (context) => {
    context.skip(!existsSync(streams), 'the conformance data is not beside this checkout');
    const words: string[] = [];
    for (const dialect of (await readdir(streams)).sort()) {
      const folder = path.join(streams, dialect);
      const [meta] = (await readdir(folder)).filter((name) => name.endsWith('.meta.json')).sort();
      if (meta === undefined) continue;
      const body = (await readdir(folder)).find(
        (name) => name !== meta && name.startsWith(`${meta.slice(0, -'.meta.json'.length)}.`),
      );
      if (body !== undefined) words.push(path.join(folder, body));
    }
    expect(words.length).toBeGreaterThan(3);
    for (const [mode, schema, keys] of [
      ['frames', frameLineSchema, frameKeys],
      ['summary', summaryLineSchema, summaryKeys],
    ] as const) {
      const whole = await printed([...words, '--output', mode]);
      for (const line of whole) {
        schema.parse(line);
        expectInOrder(line, keys);
      }
      const split = await printed([...words, '--output', mode, '--chunk-seed', '3']);
      expect(withoutChunks(split)).toEqual(withoutChunks(whole));
    }
  });

  it('stops exactly at the frames and the bytes that were asked for', async () => {
    const file = path.join(home, 'ten.ndjson');
    await writeFile(file, '{"n":1}\n'.repeat(10));
    expect(await printed([file, '--max-frames', '3', '--output', 'frames'])).toHaveLength(3);
    const [frames] = await printed([file, '--max-frames', '3', '--output', 'summary']);
    expect(frames).toMatchObject({ frames: 3, ending: { kind: 'stopped', code: 'end/limit' } });
    const [bytes] = await printed([file, '--max-bytes', '20', '--output', 'summary']);
    expect(bytes).toMatchObject({ bytes: { wire: 20, body: 20 }, ending: { code: 'end/byte-limit' } });
    const run = await runCli(['inspect', file, '--max-bytes', '20', '--output', 'raw'], { home });
    expect(run).toMatchObject({ code: 0, stdout: '{"n":1}\n{"n":1}\n{"n"' });
  });
});
