import { describe, expect, it } from 'vitest';
import { codesOf, events, lines, read } from './reading.ts';

const start = (id: string): object => ({
  type: 'message_start',
  message: { id, model: 'claude', usage: { input_tokens: 4, output_tokens: 1 } },
});
const block = (index: number, content_block: object): object => ({ type: 'content_block_start', index, content_block });
const delta = (index: number, value: object): object => ({ type: 'content_block_delta', index, delta: value });
const text = (index: number, value: string): object => delta(index, { type: 'text_delta', text: value });
const stop = { type: 'message_stop' };
const finish = (reason: string): object => ({
  type: 'message_delta',
  delta: { stop_reason: reason },
  usage: { output_tokens: 9, input_tokens: null },
});

describe('Anthropic Messages', () => {
  it('is known by the types in the data where a proxy drops event names', () => {
    const { ai, decision } = read(
      events(start('m1'), block(0, { type: 'text', text: '' }), text(0, 'Hi'), finish('end_turn'), stop),
    );
    expect(decision?.dialect).toBe('anthropic');
    expect(ai).toMatchObject({ id: 'm1', model: 'claude', text: 'Hi', finishReason: 'end_turn', terminated: true });
    expect(ai.usage).toMatchObject({ input: 4, output: 9, raw: { input_tokens: 4, output_tokens: 9 } });
  });

  it('goes on with a second message that was spliced in, and says so', () => {
    const run = read(
      events(
        start('m1'),
        block(0, { type: 'text', text: '' }),
        text(0, 'a'),
        start('m2'),
        block(0, { type: 'text', text: '' }),
        text(0, 'b'),
        finish('end_turn'),
        stop,
      ),
    );
    expect(run.ai).toMatchObject({ id: 'm1', text: 'ab' });
    expect(codesOf(run)).toEqual(['ai/out-of-order']);
  });

  it('keeps what belongs to a block that never began', () => {
    const run = read(
      events(start('m1'), delta(3, { type: 'input_json_delta', partial_json: '{"a":1}' }), finish('tool_use'), stop),
    );
    expect(run.ai.toolCalls).toEqual([{ id: null, name: null, arguments: '{"a":1}' }]);
    expect(codesOf(run)).toEqual(['ai/out-of-order']);
  });

  it('takes the input a call begins with where no delta comes', () => {
    const tool = block(0, { type: 'tool_use', id: 't', name: 'f', input: { a: 1 } });
    const { ai } = read(events(start('m1'), tool, { type: 'content_block_stop', index: 0 }, finish('tool_use'), stop));
    expect(ai.toolCalls).toEqual([{ id: 't', name: 'f', arguments: '{"a":1}' }]);
  });

  it('leaves a summary of compacted context out of the answer', () => {
    const { ai } = read(
      events(
        start('m1'),
        block(0, { type: 'compaction' }),
        delta(0, { type: 'compaction_delta', content: 'long' }),
        block(1, { type: 'text', text: '' }),
        text(1, 'short'),
        finish('end_turn'),
        stop,
      ),
    );
    expect(ai.text).toBe('short');
  });

  it('ends with an error instead of its end sign, told once', () => {
    const run = read(
      events(start('m1'), { type: 'error', error: { type: 'overloaded_error', message: 'Overloaded' } }),
    );
    expect(run.ai.errors).toEqual([{ code: 'overloaded_error', message: 'Overloaded' }]);
    expect(codesOf(run)).toEqual(['ai/error-in-stream']);
  });
});

describe('OpenAI Responses', () => {
  const event = (type: string, more: object): object => ({ type: `response.${type}`, ...more });

  it('knows items by their place, and compares the final text with the pieces', () => {
    const run = read(
      events(
        event('output_item.added', {
          output_index: 1,
          item: { type: 'function_call', id: 'i1', call_id: 'c1', name: 'f' },
        }),
        event('function_call_arguments.delta', { output_index: 1, item_id: 'i2', delta: '{"a"' }),
        event('function_call_arguments.delta', { output_index: 1, item_id: 'i3', delta: ':1}' }),
        event('output_text.delta', { output_index: 2, content_index: 0, delta: 'abc' }),
        event('output_text.done', { output_index: 2, content_index: 0, text: 'abX' }),
        event('incomplete', {
          response: {
            id: 'r',
            model: 'm',
            status: 'incomplete',
            incomplete_details: { reason: 'max_output_tokens' },
            usage: { input_tokens: 1, output_tokens: 2 },
          },
        }),
      ),
    );
    expect(run.ai).toMatchObject({
      id: 'r',
      text: 'abc',
      finishReason: 'incomplete:max_output_tokens',
      terminated: true,
    });
    expect(run.ai.toolCalls).toEqual([{ id: 'c1', name: 'f', arguments: '{"a":1}' }]);
    expect(run.findings).toEqual([
      'ai/final-text-differs 4 {"at":3}',
      'ai/cut-by-length 5 {"reason":"incomplete:max_output_tokens"}',
    ]);
  });

  it('tells an error that several events report once', () => {
    const error = { code: 'server_error', message: 'no' };
    const run = read(
      events(
        { type: 'error', sequence_number: 1, ...error },
        event('failed', { response: { id: 'r', status: 'failed', error } }),
      ),
    );
    expect([run.ai.errors, run.ai.finishReason]).toEqual([[error], 'failed']);
    expect(codesOf(run)).toEqual(['ai/error-in-stream']);
  });

  it('shows a refusal apart from the text', () => {
    const run = read(
      events(
        event('refusal.delta', { output_index: 0, content_index: 0, delta: 'I cannot' }),
        event('completed', { response: { status: 'completed' } }),
      ),
    );
    expect([run.ai.refusal, run.ai.text]).toEqual(['I cannot', '']);
    expect(codesOf(run)).toEqual(['ai/refusal']);
  });
});

describe('Gemini', () => {
  const parts = (...list: readonly object[]): object => ({ candidates: [{ content: { parts: list }, index: 0 }] });

  it('puts arguments together that come value by value, also where the last empty call is missing', () => {
    const { ai } = read(
      events(
        parts({ functionCall: { name: 'f', willContinue: true } }),
        parts({
          functionCall: {
            partialArgs: [{ jsonPath: '$.items[0].name', stringValue: 'Os', willContinue: true }],
            willContinue: true,
          },
        }),
        parts({
          functionCall: {
            partialArgs: [
              { jsonPath: '$.items[0].name', stringValue: 'lo' },
              { jsonPath: "$['n b']", numberValue: 2 },
            ],
            willContinue: true,
          },
        }),
        { candidates: [{ finishReason: 'STOP' }] },
      ),
    );
    expect(ai.toolCalls).toEqual([{ id: null, name: 'f', arguments: '{"items":[{"name":"Oslo"}],"n b":2}' }]);
  });

  it('lets no path of a stream reach a prototype', () => {
    const evil = { partialArgs: [{ jsonPath: '$.__proto__.polluted', boolValue: true }], willContinue: false };
    const { ai } = read(
      events(parts({ functionCall: { name: 'f', willContinue: true } }), parts({ functionCall: evil })),
    );
    expect(ai.toolCalls[0]?.arguments).toBe('{"__proto__":{"polluted":true}}');
    expect('polluted' in {}).toBe(false);
  });

  it('tells a prompt that was blocked, and misses nothing more', () => {
    const run = read(events({ promptFeedback: { blockReason: 'SAFETY' } }));
    expect(codesOf(run)).toEqual(['ai/content-filter']);
    expect(run.ai).toMatchObject({ text: '', finishReason: null });
  });

  it('reads the elements of an array as they come', () => {
    const { ai } = read(
      `[${JSON.stringify(parts({ text: 'a' }))}\n,\r\n${JSON.stringify(parts({ text: 'b', thought: true }))}\n,`,
    );
    expect([ai.text, ai.reasoning, ai.terminated]).toEqual(['a', 'b', false]);
  });
});

describe('Ollama', () => {
  it('gives counts and the server’s own times', () => {
    const { ai, decision } = read(
      lines(
        { model: 'q', message: { role: 'assistant', content: 'Hi', thinking: 'hm' }, done: false },
        {
          model: 'q',
          message: { content: '', tool_calls: [{ function: { name: 'f', arguments: { a: 1 } } }] },
          done: false,
        },
        {
          model: 'q',
          message: { content: '' },
          done: true,
          done_reason: 'stop',
          total_duration: 5_000,
          prompt_eval_count: 2,
          eval_count: 3,
        },
      ),
    );
    expect(decision?.dialect).toBe('ollama');
    expect(ai).toMatchObject({ model: 'q', text: 'Hi', reasoning: 'hm', finishReason: 'stop', terminated: true });
    expect(ai.toolCalls).toEqual([{ id: null, name: 'f', arguments: '{"a":1}' }]);
    expect(ai.usage).toEqual({
      input: 2,
      output: 3,
      reasoning: null,
      raw: { total_duration: 5_000, prompt_eval_count: 2, eval_count: 3 },
    });
  });

  it('reports an error line in mid-stream', () => {
    const run = read(lines({ model: 'q', response: 'a', done: false }, { error: 'out of memory' }));
    expect([run.ai.text, run.ai.errors]).toEqual(['a', [{ code: null, message: 'out of memory' }]]);
  });
});

describe('Cloudflare Workers AI', () => {
  it('is known by its padding, and has no finish reason to miss', () => {
    const usage = { prompt_tokens: 2, completion_tokens: 3 };
    const run = read(events({ response: 'Hi', p: 'abc' }, { response: '', usage, p: 'a' }, '[DONE]'));
    expect(run.decision?.dialect).toBe('workers-ai');
    expect(run.ai).toMatchObject({ text: 'Hi', finishReason: null, usage: { input: 2, output: 3 }, terminated: true });
    expect(codesOf(run)).toEqual([]);
  });
});
