import { readdirSync, readFileSync } from 'node:fs';
import fc from 'fast-check';
import { afterAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import type { AiObject } from '../../src/engine/dialects/aiObject.ts';
import { ruleOf } from '../../src/engine/diagnostics/catalogue.ts';
import { dialectNamed } from '../../src/engine/dialects/registry.ts';
import { byteByByte, split } from '../unit/engine/framing/collect.ts';
import { conformancePath, hasConformanceData, whySkipped } from './conformanceData.ts';
import { reasons, type Member } from './dialectReasons.ts';
import { readDialect, type DialectRun } from './dialectRun.ts';
import { dialectOfFolder, dialectOfStream } from './dialectStreams.ts';

const toolCallSchema = z.object({ id: z.string().nullable(), name: z.string().nullable(), arguments: z.string() });
const expectedSchema = z.object({
  text: z.string().default(''),
  reasoning: z.string().default(''),
  tool_calls: z.array(toolCallSchema).default([]),
  usage: z.object({ input: z.number().nullable(), output: z.number().nullable() }).nullish(),
  finish_reason: z.string().nullish(),
  refusal: z.string().nullish(),
  errors: z.array(z.union([z.string(), z.looseObject({ message: z.string() })])).default([]),
  id: z.string().nullish(),
  model: z.string().nullish(),
});
const metaSchema = z.object({
  file: z.string(),
  dialect: z.string(),
  content_type: z.string(),
  url_if_known: z.string().nullish(),
  response_headers: z.record(z.string(), z.string()).optional(),
  ambiguous: z.boolean().optional(),
  expected: z.unknown(),
  expected_strict_sse: z.unknown().optional(),
  utf8_split_offsets: z.array(z.number()).optional(),
});

interface RecordedStream {
  /** `<folder>/<file>`, without the ending of its description. */
  readonly name: string;
  readonly dialect: string | null;
  readonly meta: z.infer<typeof metaSchema>;
  readonly body: Buffer;
}

const streams: readonly RecordedStream[] = hasConformanceData
  ? readdirSync(conformancePath('streams'), { recursive: true, encoding: 'utf8' })
      .filter((name) => name.endsWith('.meta.json'))
      .sort()
      .map((name) => {
        const meta = metaSchema.parse(JSON.parse(readFileSync(conformancePath(`streams/${name}`), 'utf8')));
        const folder = name.slice(0, name.indexOf('/'));
        const dialect = dialectOfStream[name] ?? dialectOfFolder[meta.dialect];
        if (dialect === undefined) throw new Error(`no dialect is listed for ${meta.dialect}`);
        const body = readFileSync(conformancePath(`streams/${folder}/${meta.file}`));
        return { name: name.slice(0, -'.meta.json'.length), dialect, meta, body };
      })
  : [];

type Expected = z.infer<typeof expectedSchema>;

/** What is compared of a message and of an expectation, in one form. */
function comparable(expected: Expected): Readonly<Record<Exclude<Member, 'dialect'>, unknown>> {
  const { input = null, output = null } = expected.usage ?? {};
  return {
    text: expected.text,
    reasoning: expected.reasoning,
    tool_calls: expected.tool_calls,
    usage: input === null && output === null ? null : { input, output },
    finish_reason: expected.finish_reason ?? null,
    refusal: expected.refusal ?? null,
    errors: [...new Set(expected.errors.map((error) => (typeof error === 'string' ? error : error.message)))],
    id: expected.id ?? null,
    model: expected.model ?? null,
  };
}

function ofMessage(ai: AiObject, expected: Expected): ReturnType<typeof comparable> {
  const own = comparable({
    text: ai.text,
    reasoning: ai.reasoning,
    tool_calls: ai.toolCalls.map((call) => ({ ...call })),
    usage: ai.usage,
    finish_reason: ai.finishReason,
    refusal: ai.refusal,
    errors: ai.errors.map(({ message }) => message),
    id: ai.id,
    model: ai.model,
  });
  const calls = ai.toolCalls.map((call, i) => {
    const wanted = expected.tool_calls[i]?.arguments;
    // The expectations write object-valued arguments with spaces; the product writes compact JSON.
    const isSame = wanted !== undefined && wanted !== call.arguments && sameJson(wanted, call.arguments);
    return isSame ? { ...call, arguments: wanted } : call;
  });
  // Where the expectation says nothing of an id, or has an empty one, what the stream itself says is right.
  const hasId = expected.id !== undefined && expected.id !== '';
  return { ...own, tool_calls: calls, id: hasId ? own.id : (expected.id ?? null) };
}

function sameJson(a: string, b: string): boolean {
  try {
    const compact: string = JSON.stringify(JSON.parse(a));
    return compact === b;
  } catch {
    return false;
  }
}

function hintsOf({ meta }: RecordedStream) {
  const headers = new Map(
    Object.entries(meta.response_headers ?? {}).map(([name, value]) => [name.toLowerCase(), value]),
  );
  return { url: meta.url_if_known ?? null, headers };
}

const table = new Map<string, { ok: number; total: number; detected: number }>();
const skipped = new Map<string, number>();

function count(map: Map<string, number>, key: string): void {
  map.set(key, (map.get(key) ?? 0) + 1);
}

describe.skipIf(!hasConformanceData)(`recorded token streams (skipped where ${whySkipped})`, () => {
  afterAll(() => {
    const rows = [...table].sort(([a], [b]) => a.localeCompare(b));
    const lines = rows.map(
      ([folder, { ok, total, detected }]) =>
        `${folder.padEnd(28)} ${ok}/${total} equal, ${detected}/${total} detected by their bytes`,
    );
    const sum = rows.reduce((all, [, row]) => ({ ok: all.ok + row.ok, total: all.total + row.total }), {
      ok: 0,
      total: 0,
    });
    lines.push(`${'all'.padEnd(28)} ${sum.ok}/${sum.total}`);
    for (const [why, number] of skipped) lines.push(`skipped ${number}: ${why}`);
    process.stdout.write(`\n${lines.join('\n')}\n`);
  });

  for (const stream of streams) {
    const { name, dialect, meta, body } = stream;
    it(`${name} means what its description says, however it is split`, (context) => {
      const why =
        dialect === null
          ? 'no token stream'
          : meta.ambiguous === true
            ? 'ambiguous by its own description'
            : dialectNamed(dialect) === undefined
              ? `${dialect} is not implemented`
              : undefined;
      if (why !== undefined) count(skipped, why);
      context.skip(why !== undefined, why ?? '');
      const row = table.get(meta.dialect) ?? { ok: 0, total: 0, detected: 0 };
      table.set(meta.dialect, row);
      row.total++;

      const contentType = meta.content_type;
      const run = readDialect([body], { contentType, hints: hintsOf(stream) });
      const byBytes = readDialect([body], { contentType: null });
      if (byBytes.decision?.dialect === dialect) row.detected++;
      const left = reasons[name]?.members ?? [];
      if (!left.includes('dialect')) {
        expect(run.decision?.dialect).toBe(dialect);
        expect(byBytes.decision?.dialect).toBe(dialect);
        // A stream that is an error and nothing else is named by its end.
        if (byBytes.ai?.errors.length === 0) expect(byBytes.framesToDecide).toBeLessThanOrEqual(3);
      }
      if (endsWell(stream)) expect(errorsIn(run)).toEqual([]);
      compare(run, stream, left);
      for (const pieces of splittings(stream))
        expect(readDialect(pieces, { contentType, hints: hintsOf(stream) })).toEqual(run);
      row.ok++;
    });
  }

  it('says nothing about a stream that is none', () => {
    for (const { dialect, body } of streams.filter((stream) => stream.dialect === null)) {
      expect(dialect).toBeNull();
      expect(readDialect([body], { contentType: null }).decision).toBeNull();
    }
    expect(streams.length).toBe(206);
  });
});

/** The stream has a finish reason, no error of its own, and was not cut off. */
function endsWell({ meta }: RecordedStream): boolean {
  const expected = expectedSchema.parse(meta.expected);
  const isWhole = meta.expected_strict_sse === undefined;
  return isWhole && expected.errors.length === 0 && (expected.finish_reason ?? '') !== '';
}

function errorsIn({ findings }: DialectRun): readonly string[] {
  return findings.filter((finding) => ruleOf(finding.slice(0, finding.indexOf(' '))).severity === 'error');
}

/** An unterminated last block is discarded by the standard and offered by the product: either answer is right. */
function compare(run: DialectRun, { meta }: RecordedStream, left: readonly Member[]): void {
  const { ai } = run;
  if (ai === null) {
    expect(left).toContain('dialect');
    return;
  }
  const answers = [meta.expected, meta.expected_strict_sse].filter((answer) => answer !== undefined);
  const wanted = answers.map((answer) => expectedSchema.parse(answer));
  const own = wanted.map((expected) => without(ofMessage(ai, expected), left));
  const theirs = wanted.map((expected) => without(comparable(expected), left));
  const hit = own.findIndex((message, i) => JSON.stringify(message) === JSON.stringify(theirs[i]));
  if (hit < 0) expect(own[0]).toEqual(theirs[0]);
  expect(hit).toBeGreaterThanOrEqual(0);
}

function without(members: ReturnType<typeof comparable>, left: readonly Member[]): Readonly<Record<string, unknown>> {
  return Object.fromEntries(Object.entries(members).filter(([name]) => !left.includes(name as Member)));
}

function splittings({ meta, body }: RecordedStream): readonly (readonly Uint8Array[])[] {
  const random = fc.sample(fc.array(fc.nat(body.length), { minLength: 1, maxLength: 60 }), { seed: 206, numRuns: 20 });
  return [byteByByte(body), split(body, meta.utf8_split_offsets ?? []), ...random.map((cuts) => split(body, cuts))];
}
