import { describe, expect, it } from 'vitest';
import { codesOf, events, read } from './reading.ts';

const chunk = (delta: object, more: object = {}, choice: object = {}): object => ({
  id: 'chatcmpl-1',
  object: 'chat.completion.chunk',
  model: 'm',
  choices: [{ index: 0, delta, finish_reason: null, ...choice }],
  ...more,
});
const end = (reason: string): object => chunk({}, {}, { finish_reason: reason });
const call = (value: object): object => chunk({ tool_calls: [value] });

describe('OpenAI Chat Completions', () => {
  it('begins a new call where one index carries another id, and goes on where the id repeats', () => {
    const { ai } = read(
      events(
        call({ index: 0, id: 'a', function: { name: 'one', arguments: '{"x":' } }),
        call({ index: 0, id: 'a', function: { name: 'one', arguments: '1}' } }),
        call({ index: 0, id: 'b', function: { name: 'two', arguments: '{}' } }),
        end('tool_calls'),
        '[DONE]',
      ),
    );
    expect(ai.toolCalls).toEqual([
      { id: 'a', name: 'one', arguments: '{"x":1}' },
      { id: 'b', name: 'two', arguments: '{}' },
    ]);
  });

  it('takes arguments as text, object, null or nothing, and calls without index or id', () => {
    const { ai } = read(
      events(
        chunk({
          tool_calls: [
            { id: 'a', function: { name: 'object', arguments: { y: 2 } } },
            { index: 1, function: { name: 'none', arguments: null } },
            { function: { name: 'placed', arguments: '' } },
          ],
        }),
        '[DONE]',
      ),
    );
    expect(ai.toolCalls).toEqual([
      { id: 'a', name: 'object', arguments: '{"y":2}' },
      { id: null, name: 'none', arguments: '{}' },
      { id: null, name: 'placed', arguments: '{}' },
    ]);
  });

  it('keeps answers apart and counts them', () => {
    const of = (index: number, content: string): object => chunk({ content }, {}, { index });
    const { ai } = read(events(of(1, 'B'), of(0, 'A'), of(1, 'b'), of(0, 'a'), end('stop'), '[DONE]'));
    expect(ai).toMatchObject({ text: 'Aa', choices: 2, others: [{ index: 1, text: 'Bb', finishReason: null }] });
  });

  it('reads content that is a list of parts in turn with text, thoughts apart', () => {
    const thinking = { type: 'thinking', thinking: [{ type: 'text', text: 'hm' }] };
    const { ai } = read(
      events(
        chunk({ content: [thinking] }),
        chunk({ content: 'a' }),
        chunk({ content: [{ type: 'text', text: 'b' }] }),
        '[DONE]',
      ),
    );
    expect(ai).toMatchObject({ text: 'ab', reasoning: 'hm' });
  });

  it('says reasoning once where it comes in two forms', () => {
    const details = [{ type: 'reasoning.text', text: 'why' }];
    const { ai } = read(
      events(chunk({ reasoning: 'why', reasoning_details: details }), chunk({ reasoning_details: details })),
    );
    expect(ai.reasoning).toBe('whywhy');
  });

  it('takes the last usage and never adds', () => {
    const usage = (tokens: number): object => ({ prompt_tokens: 3, completion_tokens: tokens });
    const { ai } = read(
      events(chunk({ content: 'a' }, { usage: usage(1) }), chunk({ content: 'b' }, { usage: usage(2) }), '[DONE]'),
    );
    expect(ai.usage).toEqual({ input: 3, output: 2, reasoning: null, raw: usage(2) });
  });

  it('does not guess at usage that is sent as text', () => {
    const run = read(
      events(chunk({ content: 'a' }, { usage: { prompt_tokens: '3', completion_tokens: '4' } }), end('stop'), '[DONE]'),
    );
    expect(run.ai.usage).toMatchObject({ input: null, output: null });
    expect(codesOf(run)).toEqual(['ai/unexpected-value']);
  });

  it.each([
    ['a member of a chunk', events(chunk({ content: 'a' }), { error: { message: 'no', code: 5 } }), '5'],
    [
      'the first frame',
      events({ error: { message: 'no', type: 'server_error', param: null, code: null } }),
      'server_error',
    ],
    [
      'an event of its own',
      `${events(chunk({ content: 'a' }))}event: error\ndata: {"error":{"message":"no","code":"x"}}\n\n`,
      'x',
    ],
    [
      'an old object',
      events(chunk({ content: 'a' }), { object: 'error', message: 'no', type: 'BadRequest' }),
      'BadRequest',
    ],
    ['a text', events(chunk({ content: 'a' }), { error: 'no' }), null],
    [
      'a line that is no event',
      `${events(chunk({ content: 'a' }))}error: {"error":{"message":"no","code":"y"}}\n\n`,
      'y',
    ],
  ])('reports an error as %s once', (_, body, code) => {
    const run = read(body);
    expect(run.ai.errors).toEqual([{ code, message: 'no' }]);
    expect(codesOf(run)).toEqual(['ai/error-in-stream']);
  });

  it('says where arguments are cut off, and that the limit did it', () => {
    const run = read(
      events(call({ index: 0, id: 'a', function: { name: 'f', arguments: '{"x":"' } }), end('length'), '[DONE]'),
    );
    expect(run.ai.toolCalls).toEqual([{ id: 'a', name: 'f', arguments: '{"x":"' }]);
    expect(codesOf(run)).toEqual(['ai/cut-by-length', 'ai/truncated-tool-arguments']);
  });

  it('takes an error for one where nothing but the finish reason says so', () => {
    const run = read(events(chunk({ content: 'a' }), end('error'), '[DONE]'));
    expect(run.findings).toEqual(['ai/error-in-stream 1 {"message":"error"}']);
    const both = read(events({ ...chunk({ content: 'a' }), error: { message: 'Gone.' } }, end('error')));
    expect(both.findings).toEqual(['ai/error-in-stream 0 {"message":"Gone."}']);
  });

  it('tells a missing end sign, and none where the provider never sends one', () => {
    expect(codesOf(read(events(chunk({ content: 'a' }), end('stop'))))).toEqual(['ai/missing-terminator']);
    const perplexity = events(chunk({ content: 'a' }, { citations: ['u'] }), end('stop'));
    const run = read(perplexity);
    expect([codesOf(run), run.ai.terminated, run.decision?.variant]).toEqual([[], true, 'perplexity']);
  });

  it('assembles the rest where one frame is broken', () => {
    const run = read(
      events(chunk({ content: 'a' }), '{"choices":[{"delta":', chunk({ content: 'b' }), end('stop'), '[DONE]'),
    );
    expect(run.ai.text).toBe('ab');
    expect(codesOf(run)).toEqual(['ai/invalid-payload']);
  });

  it('notes an unknown event once a name and goes on', () => {
    const run = read(
      events(chunk({ content: 'a' }), { object: 'new.thing' }, { object: 'new.thing' }, end('stop'), '[DONE]'),
    );
    expect(run.findings.filter((finding) => !finding.startsWith('ai/missing-usage'))).toEqual([
      'ai/unknown-event 1 {"name":"new.thing"}',
    ]);
  });
});
