import { readdirSync, readFileSync, statSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { conformancePath, hasConformanceData, whySkipped } from '../../conformance/conformanceData.ts';
import { reasons, type Member } from '../../conformance/dialectReasons.ts';
import { dialectOfFolder, dialectOfStream } from '../../conformance/dialectStreams.ts';
import { Inspection } from '../../../src/main/hosts/cli/inspection.ts';
import { defaultLimits } from '../../../src/shared/limits.ts';
import { lines, runCli } from './runCli.ts';

const call = z.object({ id: z.string().nullable(), name: z.string().nullable(), arguments: z.string() });
const expectedSchema = z.object({
  text: z.string().default(''),
  reasoning: z.string().default(''),
  tool_calls: z.array(call).default([]),
  usage: z.object({ input: z.number().nullable(), output: z.number().nullable() }).nullish(),
  finish_reason: z.string().nullish(),
  refusal: z.string().nullish(),
  errors: z.array(z.union([z.string(), z.looseObject({ message: z.string() })])).default([]),
  model: z.string().nullish(),
});
type Expected = z.infer<typeof expectedSchema>;
const metaSchema = z.object({
  file: z.string(),
  dialect: z.string(),
  content_type: z.string(),
  ambiguous: z.boolean().optional(),
  expected: expectedSchema,
  expected_strict_sse: expectedSchema.optional(),
});
const summarySchema = z.looseObject({
  target: z.string(),
  dialect: z.string().nullable(),
  ai: z
    .looseObject({
      text: z.string(),
      reasoning: z.string(),
      refusal: z.string().nullable(),
      toolCalls: z.array(call),
      finishReason: z.string().nullable(),
      usage: z.looseObject({ input: z.number().nullable(), output: z.number().nullable() }).nullable(),
      errors: z.array(z.looseObject({ message: z.string() })),
      model: z.string().nullable(),
    })
    .nullable(),
});
type Summary = z.infer<typeof summarySchema>;

interface RecordedStream {
  readonly name: string;
  readonly file: string;
  readonly dialect: string | null;
  readonly meta: z.infer<typeof metaSchema>;
}

const streams: readonly RecordedStream[] = hasConformanceData
  ? readdirSync(conformancePath('streams'), { recursive: true, encoding: 'utf8' })
      .filter((name) => name.endsWith('.meta.json'))
      .sort()
      .map((name) => {
        const meta = metaSchema.parse(JSON.parse(readFileSync(conformancePath(`streams/${name}`), 'utf8')));
        const file = conformancePath(`streams/${path.dirname(name)}/${meta.file}`);
        const dialect = dialectOfStream[name] ?? dialectOfFolder[meta.dialect] ?? null;
        return { name: name.slice(0, -'.meta.json'.length), file, dialect, meta };
      })
  : [];

function messageOf({ ai }: Summary): Record<string, unknown> {
  const { input = null, output = null } = ai?.usage ?? {};
  return {
    text: ai?.text ?? '',
    reasoning: ai?.reasoning ?? '',
    tool_calls: (ai?.toolCalls ?? []).map((one) => ({ ...one, arguments: compact(one.arguments) })),
    usage: input === null && output === null ? null : { input, output },
    finish_reason: ai?.finishReason ?? null,
    refusal: ai?.refusal ?? null,
    errors: (ai?.errors ?? []).map(({ message }) => message),
    model: ai?.model ?? null,
  };
}

function wantedOf(expected: Expected): Record<string, unknown> {
  const { input = null, output = null } = expected.usage ?? {};
  return {
    text: expected.text,
    reasoning: expected.reasoning,
    tool_calls: expected.tool_calls.map((one) => ({ ...one, arguments: compact(one.arguments) })),
    usage: input === null && output === null ? null : { input, output },
    finish_reason: expected.finish_reason ?? null,
    refusal: expected.refusal ?? null,
    errors: [...new Set(expected.errors.map((error) => (typeof error === 'string' ? error : error.message)))],
    model: expected.model ?? null,
  };
}

/** Object-valued arguments are written with spaces in the expectations and without by the product. */
function compact(json: string): string {
  try {
    return JSON.stringify(JSON.parse(json));
  } catch {
    return json;
  }
}

function without(message: Record<string, unknown>, left: readonly Member[]): Record<string, unknown> {
  return Object.fromEntries(Object.entries(message).filter(([name]) => !left.includes(name as Member)));
}

let home = '';
beforeAll(async () => {
  home = await mkdtemp(path.join(tmpdir(), 'streamscope-cli-conformance-'));
});
afterAll(async () => {
  await rm(home, { recursive: true, force: true });
});

/** Streams through the program in one run; what it printed of each, by file. */
async function printed(
  of: readonly RecordedStream[],
  words: readonly string[],
): Promise<ReadonlyMap<string, readonly Record<string, unknown>[]>> {
  const files = of.map(({ file }) => file);
  // With a second target every line names its own.
  const run = await runCli(['inspect', ...files, files[0] ?? '', ...words], { home });
  expect(run.stderr).not.toContain('cannot be read');
  const byTarget = new Map<string, Record<string, unknown>[]>();
  for (const line of lines(run.stdout)) {
    const target = String(line['target']);
    const own = byTarget.get(target) ?? [];
    own.push({ ...line, chunk: 0, chunks: 0 });
    byTarget.set(target, own);
  }
  return byTarget;
}

describe.skipIf(!hasConformanceData)(
  `recorded token streams from the command line (skipped where ${whySkipped})`,
  () => {
    it('give the message that their descriptions say', async () => {
      const summaries = new Map<string, readonly Record<string, unknown>[]>();
      for (const contentType of new Set(streams.map(({ meta }) => meta.content_type))) {
        const some = streams.filter(({ meta }) => meta.content_type === contentType);
        const own = await printed(some, ['--content-type', contentType, '--output', 'summary']);
        for (const [file, printedOf] of own) summaries.set(file, printedOf);
      }
      const differing: Record<string, unknown> = {};
      let compared = 0;
      for (const { name, file, dialect, meta } of streams) {
        if (dialect === null || meta.ambiguous === true) continue;
        const left = reasons[name]?.members ?? [];
        const summary = summarySchema.parse(summaries.get(file)?.[0]);
        const answers = [meta.expected, meta.expected_strict_sse].filter((answer) => answer !== undefined);
        const own = JSON.stringify(without(messageOf(summary), left));
        const wanted = answers.map((answer) => JSON.stringify(without(wantedOf(answer), left)));
        if (!left.includes('dialect') && summary.dialect !== dialect) differing[name] = summary.dialect;
        else if (!left.includes('dialect') && !wanted.includes(own)) differing[name] = { own, wanted };
        compared++;
      }
      expect(differing).toEqual({});
      expect(compared).toBeGreaterThan(190);
    }, 120_000);

    it('give the same summary and the same frames in pieces of one byte and in random pieces', async () => {
      const some = streams.filter(({ file }) => statSync(file).size < 24_576);
      expect(some.length).toBeGreaterThan(150);
      for (const mode of ['summary', 'frames']) {
        const whole = await printed(some, ['--output', mode]);
        for (const feeding of [
          ['--chunk-bytes', '1'],
          ['--chunk-seed', '5'],
        ]) {
          expect(await printed(some, ['--output', mode, ...feeding])).toEqual(whole);
        }
      }
    }, 300_000);

    it('tell the times of their content by the frames that brought it', () => {
      let withContent = 0;
      for (const { file, meta } of streams) {
        const micros: number[] = [];
        const ignored = (): void => undefined;
        const inspection = new Inspection(
          {
            request: null,
            framing: null,
            jsonPath: null,
            dialect: null,
            maxFrames: null,
            maxBytes: null,
            limits: defaultLimits,
            uncertaintyMicros: () => null,
          },
          {
            frame: ({ frame }) => micros.push(frame.micros),
            body: ignored,
            reconnecting: ignored,
            enough: ignored,
            cut: ignored,
            ended: ignored,
          },
        );
        inspection.origin({ request: null, startedAt: 0, timesKnown: true, contentType: meta.content_type });
        const body = readFileSync(file);
        for (let at = 0, n = 0; at < body.length; at += 40, n++) {
          inspection.chunk(n * 1_000, body.subarray(at, at + 40));
          inspection.body(n, body.subarray(at, at + 40));
        }
        inspection.ended({ kind: 'complete', code: 'end/complete', message: 'x', offset: null, atMicros: 1e9 });
        const message = inspection.analysis.dialect?.message;
        for (const n of [message?.firstContentFrame, message?.firstOutputFrame, message?.lastContentFrame]) {
          if (n === undefined || n < 0) continue;
          withContent++;
          expect(inspection.contentMicros(n)).toBe(micros[n]);
        }
      }
      expect(withContent).toBeGreaterThan(500);
    }, 60_000);
  },
);
