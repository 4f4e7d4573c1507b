import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type AnswerPlan, spokenOf, type ToolPart } from '../../../../../src/engine/mock/providers/answerPlan.ts';
import type { ChosenBehaviour } from '../../../../../src/engine/mock/providers/behaviours.ts';
import { readDialect } from '../../../../conformance/dialectRun.ts';
import { ask, bytesOf, planOf } from './asking.ts';
import { type ProviderRow, providerRows } from './providerTable.ts';

const knobs = { n: 30, delayMs: 0, seed: 5 };
const headers = { 'mcp-session-id': 'mock-session-test' };

function streamOf({ target, body }: ProviderRow, behaviour: ChosenBehaviour): Uint8Array {
  const query = `behaviour=${behaviour}&n=${knobs.n}&delayMs=${knobs.delayMs}&seed=${knobs.seed}`;
  const answer = ask(`${target}${target.includes('?') ? '&' : '?'}${query}`, body, headers);
  expect(answer.kind).toBe('stream');
  return Buffer.concat(bytesOf(answer));
}

/** What nothing but the bytes say; whole, byte by byte and in random pieces, which must all say the same. */
function read(bytes: Uint8Array) {
  const bare = { contentType: null };
  const { framesToDecide: _early, ...run } = readDialect([bytes], bare);
  const sameIn = (pieces: readonly Uint8Array[]): void => {
    const { framesToDecide: _also, ...again } = readDialect(pieces, bare);
    expect(again).toEqual(run);
  };
  sameIn(Array.from(bytes, (_, i) => bytes.subarray(i, i + 1)));
  const places = fc.uniqueArray(fc.integer({ min: 1, max: bytes.length - 1 }), { minLength: 1, maxLength: 40 });
  fc.assert(
    fc.property(places, (cuts) => {
      const borders = [0, ...[...cuts].sort((a, b) => a - b), bytes.length];
      sameIn(borders.slice(1).map((end, i) => bytes.subarray(borders[i], end)));
    }),
    { numRuns: 12, seed: 1 },
  );
  const codes = run.findings.map((finding) => finding.split(' ', 1)[0]);
  return { ...run, codes, ai: run.ai! };
}

/** What the stream of a plan is expected to say. */
function expectedOf(row: ProviderRow, plan: AnswerPlan) {
  const refusal = spokenOf(plan, 'refusal');
  const calls = plan.parts.filter((part): part is ToolPart => part.kind === 'tool');
  const isBlocked = refusal !== '' && row.refusal === null;
  return {
    text: spokenOf(plan, 'text') + (row.refusal === 'text' ? refusal : ''),
    reasoning: row.reasoning && !isBlocked ? spokenOf(plan, 'reasoning') : '',
    refusal: row.refusal === 'refusal' && refusal !== '' ? refusal : null,
    calls: row.tools === 'none' ? [] : calls.map(({ name, pieces }) => ({ name, arguments: pieces.join('') })),
  };
}

function usageOf({ usage }: ProviderRow, plan: AnswerPlan) {
  const { input, output, reasoning } = plan.usage;
  switch (usage) {
    case 'all':
      return { input, output, reasoning };
    case 'no-reasoning':
      return { input, output, reasoning: null };
    case 'apart':
      return { input, output: output - reasoning, reasoning: reasoning === 0 ? null : reasoning };
    case 'none':
      return null;
  }
}

function healthyBehaviours({ tools }: ProviderRow): readonly ChosenBehaviour[] {
  const spoken: readonly ChosenBehaviour[] = ['text', 'reasoning', 'refusal', 'filter', 'length'];
  return tools === 'none' ? spoken : [...spoken, 'tools', 'parallel-tools'];
}

describe.each(providerRows)('$name', (row) => {
  it.each(healthyBehaviours(row))('%s is read as it is meant, by its bytes alone', (behaviour) => {
    const plan = planOf(behaviour, knobs, { hasToolResults: row.dialect === 'mcp' });
    const { ai, codes, decision } = read(streamOf(row, behaviour));
    const expected = expectedOf(row, plan);
    expect(decision?.dialect).toBe(row.dialect);
    expect(ai.text).toBe(expected.text);
    expect(ai.reasoning).toBe(expected.reasoning);
    expect(ai.refusal).toBe(expected.refusal);
    expect(ai.toolCalls.map(({ name, arguments: text }) => ({ name, arguments: text }))).toEqual(expected.calls);
    expect(ai.finishReason).toBe(row.finish[plan.ending]);
    expect(ai.errors).toEqual([]);
    expect(ai.terminated).toBe(true);
    const usage = usageOf(row, plan);
    if (usage === null) expect(ai.usage).toBeNull();
    else if (expected.text !== '' || expected.refusal !== null || expected.calls.length > 0) {
      expect(ai.usage).toMatchObject(usage);
    }
    const unusual = behaviour === 'refusal' || behaviour === 'filter' || behaviour === 'length';
    expect(codes).toEqual(unusual ? row.codes[behaviour] : []);
  });

  it('an error in mid-stream is found, and what came before it is kept', () => {
    const plan = planOf('error', knobs);
    const { ai, codes, decision } = read(streamOf(row, 'error'));
    expect(decision?.dialect).toBe(row.dialect);
    if (row.error === 'message') expect(ai.errors.map(({ message }) => message)).toEqual([plan.failure?.message]);
    else expect(ai).toMatchObject({ errors: [], finishReason: 'error' });
    expect(codes).toEqual(['ai/error-in-stream']);
    const text = spokenOf(plan, 'text');
    expect(text.startsWith(ai.text)).toBe(true);
    // A tool of MCP has nothing to say but its result.
    if (row.dialect !== 'mcp') expect(ai.text.length).toBeGreaterThan(text.length / 4);
  });

  it('the same seed gives the same bytes, another seed others', () => {
    const bytes = streamOf(row, 'text');
    expect(streamOf(row, 'text')).toEqual(bytes);
    const target = `${row.target}${row.target.includes('?') ? '&' : '?'}behaviour=text&n=30&seed=6`;
    expect(Buffer.concat(bytesOf(ask(target, row.body, headers)))).not.toEqual(bytes);
  });
});

describe.each(providerRows.filter(({ named }) => named))('$name', (row) => {
  it('an error before the stream is found, where the address says whose it is', () => {
    for (const status of [400, 401, 429, 529]) {
      const target = `${row.target}${row.target.includes('?') ? '&' : '?'}behaviour=error-${status}`;
      const answer = ask(target, row.body, headers);
      expect(answer).toMatchObject({ kind: 'whole', status });
      const hints = {
        url: `http://127.0.0.2:4010${target}`,
        headers: new Map(answer.headers.map(([name, value]) => [name.toLowerCase(), value])),
      };
      const { decision, ai, findings } = readDialect(bytesOf(answer), { contentType: null, hints });
      expect(decision?.dialect).toBe(row.dialect);
      expect(ai?.errors.map(({ message }) => message)).toEqual([expect.stringMatching(/^The mock was asked/)]);
      expect(findings.map((finding) => finding.split(' ', 1)[0])).toEqual(['ai/error-in-stream']);
    }
  });
});
