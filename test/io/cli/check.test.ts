import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { XMLParser } from 'fast-xml-parser';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { lines, runCli, type CliRun } from './runCli.ts';

let home = '';
let server: Server;
let base = '';

beforeAll(async () => {
  home = await mkdtemp(path.join(tmpdir(), 'streamscope-check-'));
  server = createServer((request, response) => {
    if (request.url === '/hang') {
      response.writeHead(200, { 'content-type': 'application/x-ndjson' });
      response.write('{"n":1}\n');
    } else if (request.url === '/cut') {
      response.writeHead(200, { 'content-type': 'text/event-stream', 'cache-control': 'no-cache' });
      response.write('data: 1\n\nda', () => request.socket.resetAndDestroy());
    } else {
      response.writeHead(200, { 'content-type': 'application/x-ndjson' });
      response.end('{"n":1}\n{"n":2}\n{"n":3}\n');
    }
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  base = `http://127.0.0.1:${String((server.address() as AddressInfo).port)}`;
});

afterAll(async () => {
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
  await rm(home, { recursive: true, force: true });
});

const check = (words: readonly string[], stdin?: string): Promise<CliRun> =>
  runCli(['check', ...words], stdin === undefined ? { home } : { home, stdin });

const oneOrMore = <T extends z.ZodType>(schema: T) =>
  z.preprocess((value): readonly unknown[] => (Array.isArray(value) ? value : [value]), z.array(schema));
const problem = z.object({ type: z.string(), message: z.string() });
const count = z.string().regex(/^\d+$/);
const seconds = z.string().regex(/^\d+\.\d+$/);

/** The common shape of JUnit reports, as CI servers read it. */
const reportSchema = z.object({
  testsuites: z.object({
    name: z.string(),
    tests: count,
    failures: count,
    errors: count,
    testsuite: oneOrMore(
      z.object({
        name: z.string(),
        tests: count,
        failures: count,
        errors: count,
        skipped: count,
        time: seconds,
        timestamp: z.string().regex(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d$/),
        testcase: oneOrMore(
          z.object({
            name: z.string(),
            classname: z.string(),
            time: seconds,
            failure: problem.optional(),
            error: problem.optional(),
          }),
        ),
        'system-out': z.string(),
      }),
    ),
  }),
});

async function report(file: string) {
  const xml = await readFile(file, 'utf8');
  expect(xml).not.toMatch(/[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f-\u009f\ufffe\uffff]/);
  const parser = new XMLParser({ ignoreAttributes: false, attributeNamePrefix: '', parseAttributeValue: false });
  return reportSchema.parse(parser.parse(xml)).testsuites;
}

describe('check', () => {
  it('holds where everything holds: a line an assertion, exit 0', async () => {
    const words = [
      '--max-first-byte',
      '20s',
      '--max-duration',
      '30',
      '--frames',
      '3',
      '--min-bytes',
      '24',
      '--no-stalls',
    ];
    const more = ['--status', '2xx', '--content-type-is', 'application/x-ndjson', '--framing-is', 'ndjson'];
    const last = ['--contains', '"n":2', '--not-contains', 'absent', '--no-diagnostic', 'ndjson/invalid-json'];
    const { code, stdout } = await check([`${base}/fine`, ...words, ...more, ...last]);
    expect(stdout.trim().split('\n')).toHaveLength(11);
    expect(stdout).not.toContain('FAIL');
    expect(code).toBe(0);
  });

  it('fails where one fails, and says what was measured', async () => {
    const { code, stdout } = await check([`${base}/fine`, '--min-frames', '4', '--status', '404', '--no-errors']);
    expect(code).toBe(1);
    expect(stdout).toBe('FAIL  --min-frames 4: 3 frames\nFAIL  --status 404: 200\nok    --no-errors: 0 errors\n');
  });

  it('without an assertion wants a whole stream without errors', async () => {
    expect((await check([`${base}/fine`])).code).toBe(0);
    const cut = await check([`${base}/cut`]);
    expect(cut.code).toBe(1);
    expect(cut.stdout).toContain('FAIL  --ending complete: cut (end/no-last-chunk)');
    const asserted = await check([`${base}/cut`, '--ending', 'cut,timeout']);
    expect(asserted.code).toBe(0);
  });

  it('never lets pass what is unknown', async () => {
    const ttft = await check([`${base}/fine`, '--max-ttft', '10s']);
    expect(ttft).toMatchObject({ code: 1 });
    expect(ttft.stdout).toContain('unknown');
    const file = await check(['-', '--max-gap', '1s', '--no-stalls', '--status', '200'], '{"a":1}\n');
    expect(file.code).toBe(1);
    expect(file.stdout.match(/^FAIL .*unknown/gm)).toHaveLength(3);
  });

  it('prints objects where they are asked for', async () => {
    const { stdout } = await check(['-', '--output', 'json', '--min-frames', '2', '--no-errors'], '{"a":1}\n');
    expect(lines(stdout)).toEqual([
      { target: '-', assertion: '--min-frames 2', ok: false, measured: '1 frame', value: 1, limit: 2 },
      { target: '-', assertion: '--no-errors', ok: true, measured: '0 errors', value: 0, limit: 0 },
    ]);
  });

  it('is exit 3 where nothing answers, unless that is what is asserted', async () => {
    expect((await check(['http://127.0.0.1:1/x'])).code).toBe(3);
    expect((await check(['http://127.0.0.1:1/x', '--ending', 'refused'])).code).toBe(0);
    expect((await check(['/no/such/file.sse'])).code).toBe(3);
  });

  it('takes the silence in which a stream was given up for a gap', async () => {
    const run = await check([`${base}/hang`, '--max-time', '600ms', '--max-gap', '50ms']);
    expect(run.code).toBe(1);
    expect(run.stdout).toMatch(/^FAIL {2}--max-gap 50 ms: silent until it was over: \d+ ms$/m);
  });

  it('finds a text that the borders of pieces divide', async () => {
    const found = await check(['-', '--chunk-bytes', '1', '--contains', 'é漢😀'], 'data: é漢😀\n\n');
    expect(found.code).toBe(0);
  });

  it('counts a stop that was asked for as complete', async () => {
    expect((await check([`${base}/fine`, '--max-frames', '2'])).code).toBe(0);
  });

  it.each([
    [['--no-diagnostic', 'sse/unterminated'], 'Did you mean sse/unterminated-event'],
    [['--ending', 'finished'], 'nothing ends as'],
    [['--status', 'ok'], '200 or 2xx'],
    [['--max-gap', 'soon'], '800ms'],
  ])('%j is wrong usage: %s', async (words, said) => {
    const run = await check(['-', ...words]);
    expect(run.code).toBe(2);
    expect(run.stderr).toContain(said);
  });
});

describe('the JUnit report', () => {
  it('has a suite a target and a case an assertion, in the common shape', async () => {
    const file = path.join(home, 'report.xml');
    const run = await check([
      `${base}/fine`,
      `${base}/cut`,
      '/no/such.sse',
      '--no-errors',
      '--frames',
      '3',
      '--junit',
      file,
    ]);
    expect(run.code).toBe(3);
    const suites = await report(file);
    expect(suites).toMatchObject({ tests: '5', failures: '1', errors: '1' });
    expect(suites.testsuite.map(({ name }) => name)).toEqual([`${base}/fine`, `${base}/cut`, '/no/such.sse']);
    expect(suites.testsuite[1]?.testcase[1]?.failure?.message).toBe('2 frames');
    expect(suites.testsuite[2]?.testcase[0]?.error?.message).toContain('no file');
  });

  it('holds no control character, whatever the stream and the command line hold', async () => {
    const file = path.join(home, 'controls.xml');
    const dump = path.join(home, 'controls <&" \u0007.txt');
    await writeFile(dump, 'HTTP/1.1 200 OK\r\nContent-Type: text/\u001b[31m\u0085\u0001;x="]]>&<\r\n\r\nx');
    const run = await check([
      dump,
      '--content-type-is',
      'text/\u001b',
      '--contains',
      '\u0000\u001b]]>'.slice(1),
      '--junit',
      file,
    ]);
    expect(run.code).toBe(1);
    expect(run.stdout).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u007f-\u009f]/);
    const [suite] = (await report(file)).testsuite;
    expect(suite?.name).toContain('\\u0007');
    expect(suite?.testcase).toHaveLength(2);
  });

  it('that cannot be written is wrong usage', async () => {
    const run = await check(['-', '--junit', path.join(home, 'no', 'folder.xml')], 'x');
    expect(run).toMatchObject({ code: 2 });
  });
});
