import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  behaviours,
  chooseBehaviour,
  mockModels,
  statusOf,
} from '../../../../../src/engine/mock/providers/behaviours.ts';
import { tokensOf } from '../../../../../src/engine/mock/providers/answerPlan.ts';
import { planMoments } from '../../../../../src/engine/mock/providers/planMoments.ts';
import { sampleArguments } from '../../../../../src/engine/mock/providers/sampleArguments.ts';
import { seededRandom } from '../../../../../src/engine/mock/random.ts';
import { readDialect } from '../../../../conformance/dialectRun.ts';
import { ask, bytesOf, headerOf, plainAsked, planOf, textOfAnswer } from './asking.ts';

const tools = [{ name: 'find', schema: { type: 'object', properties: { at: { type: 'integer' } } } }];

describe('what an answer does', () => {
  it('is what the knob says, else the model, else the prompt, else what the request asks for', () => {
    const loud = { ...plainAsked, model: 'mock-refusal', prompt: 'Say [[length]]', tools };
    expect(chooseBehaviour('filter', loud)).toBe('filter');
    expect(chooseBehaviour('auto', loud)).toBe('refusal');
    expect(chooseBehaviour('auto', { ...loud, model: 'any' })).toBe('length');
    expect(chooseBehaviour('auto', { ...plainAsked, tools, wantsReasoning: true })).toBe('tools');
    expect(chooseBehaviour('auto', { ...plainAsked, wantsReasoning: true })).toBe('reasoning');
    expect(chooseBehaviour('auto', plainAsked)).toBe('text');
  });

  it('is named by every model that is listed, and by every word in a prompt', () => {
    for (const behaviour of behaviours.filter((one) => one !== 'auto')) {
      const model = `mock-${behaviour}`;
      expect(mockModels).toContain(model);
      expect(chooseBehaviour('auto', { ...plainAsked, model: `vendor/${model}-2026` })).toBe(behaviour);
      expect(chooseBehaviour('auto', { ...plainAsked, prompt: `please [[${behaviour}]]` })).toBe(behaviour);
    }
    expect(chooseBehaviour('auto', { ...plainAsked, model: 'mock-1' })).toBe('text');
  });

  it('is a final answer once the results of tools are there, whoever asked for calls', () => {
    const answered = { ...plainAsked, tools, hasToolResults: true };
    expect(chooseBehaviour('auto', answered)).toBe('text');
    expect(chooseBehaviour('tools', answered)).toBe('text');
    expect(chooseBehaviour('auto', { ...answered, model: 'mock-parallel-tools' })).toBe('text');
    expect(chooseBehaviour('auto', { ...answered, model: 'mock-refusal' })).toBe('refusal');
  });

  it('comes with a status where it is an error from the start', () => {
    expect(statusOf('error-529')).toBe(529);
    expect(statusOf('error')).toBeNull();
    expect(statusOf('text')).toBeNull();
  });
});

describe('knobs in headers', () => {
  const target = '/openai/v1/chat/completions';
  const body = { model: 'mock-1', stream: true, messages: [{ role: 'user', content: 'Why?' }] };

  it('count like those in the query, which win', () => {
    const inQuery = textOfAnswer(ask(`${target}?behaviour=refusal&n=9&seed=4`, body));
    const inHeaders = ask(target, body, { 'x-mock-behaviour': 'refusal', 'x-mock-knobs': 'n=9&seed=4' });
    expect(textOfAnswer(inHeaders)).toBe(inQuery);
    const both = ask(`${target}?behaviour=refusal`, body, {
      'x-mock-behaviour': 'tools',
      'x-mock-knobs': 'behaviour=text&n=9&seed=4',
    });
    expect(textOfAnswer(both)).toBe(inQuery);
  });

  it('are refused where they are misspelt, while parameters of clients are left alone', () => {
    expect(ask(`${target}?api-version=2026-01-01`, body)).toMatchObject({ kind: 'stream' });
    expect(ask(`${target}?behaviour=refuse`, body)).toMatchObject({ kind: 'whole', status: 400 });
    expect(ask(target, body, { 'x-mock-behaviour': 'refuse' })).toMatchObject({ status: 400 });
    const misspelt = ask(target, body, { 'x-mock-knobs': 'delay=5' });
    expect(misspelt).toMatchObject({ status: 400 });
    expect(textOfAnswer(misspelt)).toContain('behaviour, n, delayMs, seed');
  });

  it('do not help a body that is none', () => {
    for (const broken of ['{', '[]', '{"messages":5}', '{"max_tokens":0}']) {
      const answer = ask(target, broken);
      expect(answer).toMatchObject({ kind: 'whole', status: 400 });
      expect(textOfAnswer(answer)).toContain('"invalid_request_error"');
    }
    expect(headerOf(ask(target, '{'), 'x-request-id')).toMatch(/^req_/);
  });
});

describe('a limit of tokens', () => {
  const messages = [{ role: 'user', content: 'Why?' }];
  const functions = [{ type: 'function', function: { name: 'find', parameters: tools[0]?.schema } }];
  const cut = ['ai/cut-by-length', 'ai/truncated-tool-arguments'];

  it.each([
    ['/openai/v1/chat/completions', { stream: true, messages, tools: functions, max_completion_tokens: 2 }, cut],
    [
      '/openai/v1/responses',
      { stream: true, input: 'Why?', tools: [{ type: 'function', name: 'find' }], max_output_tokens: 1 },
      cut,
    ],
    [
      '/anthropic/v1/messages',
      { stream: true, messages, tools: [{ name: 'find', input_schema: {} }], max_tokens: 1 },
      cut,
    ],
    ['/cohere/v2/chat', { stream: true, messages, tools: functions, max_tokens: 2 }, cut],
    ['/vercel-ui/api/chat', { messages: [{ role: 'user', content: '[[tools]]' }] }, []],
    // Those that send calls whole send none that is not.
    ['/mistral/v1/chat/completions', { stream: true, messages, tools: functions, max_tokens: 2 }, cut.slice(0, 1)],
    ['/ollama/api/chat', { messages, tools: functions, options: { num_predict: 2 } }, cut.slice(0, 1)],
  ])('%s: cuts a call in the middle of its arguments', (target, body, codes) => {
    const { findings, ai } = readDialect(bytesOf(ask(target, body)), { contentType: null });
    const found = findings.map((finding) => finding.split(' ', 1)[0]).filter((code) => code !== 'ai/missing-usage');
    expect(found).toEqual(codes);
    expect(ai?.terminated).toBe(true);
  });

  it('is never passed, and only what is over it is cut', () => {
    const behaviour = fc.constantFrom('text', 'reasoning', 'tools', 'parallel-tools', 'refusal', 'filter');
    fc.assert(
      fc.property(behaviour, fc.integer({ min: 1, max: 90 }), fc.integer({ min: 1, max: 60 }), (does, maxTokens, n) => {
        const knobs = { n, delayMs: 0, seed: 2 };
        const free = planOf(does, knobs);
        const plan = planOf(does, knobs, { maxTokens });
        expect(plan.usage.output).toBe(tokensOf(plan.parts));
        expect(plan.usage.output).toBeLessThanOrEqual(maxTokens);
        const pieces = (of: typeof plan) => of.parts.flatMap((part) => part.pieces);
        expect(pieces(free).slice(0, plan.usage.output)).toEqual(pieces(plan));
        if (tokensOf(free.parts) > maxTokens) expect(plan.ending).toBe('length');
        else expect([plan.ending, plan.parts]).toEqual([free.ending, free.parts]);
      }),
    );
  });
});

describe('the pace', () => {
  it('is that of a model: a wait, then tokens around the median, never all alike', () => {
    const plan = planOf('text', { n: 400, delayMs: 20, seed: 1 });
    const moments = [...planMoments(plan)];
    expect(moments[0]).toEqual({ kind: 'start', delayMillis: 200 });
    const delays = moments.flatMap((moment) => (moment.kind === 'piece' ? [moment.delayMillis] : []));
    const sorted = [...delays].sort((a, b) => a - b);
    expect(sorted[Math.floor(sorted.length / 2)]).toBeGreaterThan(15);
    expect(sorted[Math.floor(sorted.length / 2)]).toBeLessThan(25);
    expect(sorted.at(-1)).toBeLessThanOrEqual(80);
    expect(new Set(delays).size).toBeGreaterThan(delays.length / 2);
  });

  it('is kept where several tokens come at once', () => {
    const plan = planOf('text', { n: 60, delayMs: 20, seed: 1 });
    const said = [...planMoments(plan, 6)].flatMap((moment) => (moment.kind === 'piece' ? [moment] : []));
    expect(said.length).toBe(Math.ceil(tokensOf(plan.parts) / 6));
    expect(said.at(-1)?.tokens).toBe(tokensOf(plan.parts));
  });
});

describe('arguments', () => {
  const random = () => seededRandom(1);

  it('fit the schema they are asked for with', () => {
    const values = sampleArguments(
      {
        type: 'OBJECT',
        properties: {
          kind: { enum: ['a', 'b'] },
          fixed: { const: 7 },
          when: { type: 'string', format: 'date' },
          either: { anyOf: [{ type: 'boolean' }, { type: 'null' }] },
          maybe: { type: ['null', 'number'], minimum: 40 },
          list: { type: 'array', items: { properties: { name: { type: 'string' } } } },
        },
      },
      random(),
    );
    expect(values).toMatchObject({ fixed: 7, when: '2026-11-16', list: [{ name: expect.any(String) as string }] });
    expect(['a', 'b']).toContain(values.kind);
    expect(typeof values.either).toBe('boolean');
    expect(values.maybe).toBeGreaterThanOrEqual(40);
  });

  it('are an object whatever the schema is, and end', () => {
    const endless: Record<string, unknown> = { type: 'object' };
    endless.properties = { again: endless };
    expect(JSON.stringify(sampleArguments(endless, random())).length).toBeLessThan(200);
    fc.assert(
      fc.property(fc.anything(), (schema) => {
        expect(Array.isArray(sampleArguments(schema, random()))).toBe(false);
        expect(typeof sampleArguments(schema, random())).toBe('object');
      }),
    );
  });
});
