import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Delta } from '../../../../src/engine/dialects/delta.ts';
import { noHints, type DialectHints } from '../../../../src/engine/dialects/dialect.ts';
import { DialectReader } from '../../../../src/engine/dialects/reader.ts';
import { dialects } from '../../../../src/engine/dialects/registry.ts';
import { shownDeltas } from '../../../../src/engine/dialects/shownDeltas.ts';
import { defaultLimits } from '../../../../src/shared/limits.ts';
import { codesOf, events, lines, read, readAll } from './reading.ts';

const chunk = (content: string): object => ({
  object: 'chat.completion.chunk',
  choices: [{ index: 0, delta: { content } }],
});
const hintsOf = (url: string): DialectHints => ({ ...noHints, url });

describe('finding the dialect', () => {
  it('finds none in a stream that is none', () => {
    const streams = [
      lines({ type: 'order', id: 1 }, { type: 'ping' }, { type: 'error', message: 'late' }, { value: 'x' }),
      lines({ value: 'a' }, { value: 'b' }, { value: 'c' }),
      events({ time: 1 }, { type: 'ping' }, { error: { message: 'no', type: 'x' } }, { done: true }),
      events('hello', 'world'),
      '[{"id":1},{"id":2}]',
      'plain text\nof two lines\n',
    ];
    for (const body of streams) expect(readAll(body).decision).toBeNull();
  });

  it('decodes from the first frame again when a stronger proof comes', () => {
    // Both of the first frames could be anybody's; the third has a name.
    const run = read(
      events(
        { choices: [], usage: { prompt_tokens: 1 } },
        { type: 'ping' },
        { type: 'message_start', message: { id: 'm' } },
      ),
    );
    expect([run.decision?.dialect, run.ai.id]).toEqual(['anthropic', 'm']);
    expect(run.findings.some((finding) => finding.startsWith('ai/unknown-event 0'))).toBe(true);
  });

  it('lets the URL decide where the frames are an error and nothing else', () => {
    const body = events({ error: { message: 'no', type: 'x', code: 'y' } });
    const ofUrl = (url: string) => read(body, { hints: hintsOf(url) }).decision;
    expect(ofUrl('https://a/v1/messages')?.dialect).toBe('anthropic');
    expect(ofUrl('https://api.deepseek.com/chat/completions')).toMatchObject({
      dialect: 'openai-chat',
      variant: 'deepseek',
    });
    expect(read(body).decision?.dialect).toBe('openai-chat');
  });

  it('takes the dialect that the user chooses, whatever the frames are', () => {
    const run = read(events(chunk('a'), { type: 'message_stop' }), { dialect: 'anthropic' });
    expect(run.decision).toMatchObject({ dialect: 'anthropic', by: 'user' });
    expect(run.ai.terminated).toBe(true);
  });

  it('shows the frames of another dialect in mid-stream as unknown and assembles the rest', () => {
    const run = read(events(chunk('a'), { type: 'content_block_delta', delta: { text: 'b' } }, chunk('c'), '[DONE]'));
    expect(run.ai.text).toBe('ac');
    expect(codesOf(run)).toContain('ai/unknown-event');
  });

  it('leaves a stream alone that is none after its first frames', () => {
    const reader = new DialectReader({ framing: 'ndjson', hints: noHints, limits: defaultLimits, dialect: null });
    const frame = new TextEncoder().encode('{"a":1}');
    let n = 0;
    while (!reader.isIdle && n < 1_000) reader.push(n++, 'record', frame);
    expect(n).toBe(64);
  });
});

describe('frames of every kind', () => {
  it('offers what a last unterminated event says, and is silent about one that is cut', () => {
    const whole = read(events(chunk('a')) + `data: ${JSON.stringify(chunk('b'))}`);
    expect(whole.ai.text).toBe('ab');
    const cut = read(events(chunk('a')) + 'data: {"choices":[{"del');
    expect(cut.ai.text).toBe('a');
    expect(codesOf(cut)).toEqual(['ai/missing-terminator']);
  });

  it('does not parse what is nested too deep, and says so', () => {
    const deep = `{"choices":${'['.repeat(60_000)}${']'.repeat(60_000)}}`;
    const reader = new DialectReader({ framing: 'sse', hints: noHints, limits: defaultLimits, dialect: 'openai-chat' });
    const deltas = reader.push(0, 'event', new TextEncoder().encode(`data: ${deep}\n\n`));
    expect(deltas).toEqual([
      { type: 'fault', code: 'ai/invalid-payload', details: { reason: 'it is nested deeper than the limit for JSON' } },
    ]);
  });

  it('knows frames of content from those without, for the times of the first and last', () => {
    const reader = new DialectReader({ framing: 'sse', hints: noHints, limits: defaultLimits, dialect: null });
    const role = { choices: [{ index: 0, delta: { role: 'assistant', content: '' } }] };
    const reasoning = { choices: [{ index: 0, delta: { reasoning: 'hm' } }] };
    const all = [role, reasoning, chunk('a'), chunk('b'), { choices: [], usage: { prompt_tokens: 1 } }];
    all.forEach((value, n) => reader.push(n, 'event', new TextEncoder().encode(events(value))));
    reader.end();
    const { firstContentFrame, firstOutputFrame, lastContentFrame } = reader.message;
    expect([firstContentFrame, firstOutputFrame, lastContentFrame]).toEqual([1, 2, 3]);
  });
});

describe('whatever a frame holds', () => {
  const names = [
    ...[
      'type',
      'event',
      'event_type',
      'object',
      'choices',
      'delta',
      'message',
      'content',
      'text',
      'index',
      'id',
      'usage',
    ],
    ...['error', 'response', 'item', 'output_index', 'candidates', 'parts', 'functionCall', 'partialArgs', 'jsonPath'],
    ...[
      'tool_calls',
      'function',
      'arguments',
      'done',
      'results',
      'data',
      'bytes',
      'content_block',
      'jsonrpc',
      'result',
    ],
  ];
  const words = [
    ...['message_start', 'content_block_start', 'content_block_delta', 'tool_use', 'text_delta', 'input_json_delta'],
    ...[
      'response.completed',
      'response.output_item.added',
      'response.function_call_arguments.delta',
      'chat.completion.chunk',
    ],
    ...[
      'text-delta',
      'message-end',
      'tool-call-delta',
      'RUN_STARTED',
      'TOOL_CALL_ARGS',
      'thread.message.delta',
      '$.a[0].b',
      '',
    ],
  ];
  const { json } = fc.letrec((tie) => ({
    json: fc.oneof(
      { depthSize: 'medium', maxDepth: 5 },
      fc.constantFrom<unknown>(null, true, 0, -1, 1e308, 2.5),
      fc.constantFrom(...words),
      fc.array(tie('json'), { maxLength: 3 }),
      fc.dictionary(fc.constantFrom(...names), tie('json'), { maxKeys: 5 }),
    ),
  }));
  const frame = fc.record({ event: fc.constantFrom('', ...words), json });

  it.each(dialects.map((dialect) => [dialect.name, dialect] as const))(
    '%s never throws and drops no frame',
    (_, dialect) => {
      fc.assert(
        fc.property(fc.array(frame, { maxLength: 6 }), (frames) => {
          const decoder = dialect.create();
          frames.forEach((value, n) => {
            const out: Delta[] = [];
            const text = JSON.stringify(value.json);
            const one = { n, event: value.event, messageType: '', text, json: value.json };
            expect(dialect.recognise(one)).toBeGreaterThanOrEqual(0);
            dialect.variant?.(one);
            decoder.decode(one, out);
            expect(out.length).toBeGreaterThan(0);
          });
          decoder.end?.([]);
        }),
        { numRuns: 300, seed: 5 },
      );
    },
  );

  it('is the same message however the bytes come', () => {
    fc.assert(
      fc.property(fc.array(frame, { maxLength: 6 }), (frames) => {
        const body = frames
          .map(({ event, json: value }) => `event: ${event}\ndata: ${JSON.stringify(value)}\n\n`)
          .join('');
        readAll(body);
        readAll(body, { dialect: 'openai-responses' });
      }),
      { numRuns: 60, seed: 9 },
    );
  });
});

describe('deltas as the command line prints them', () => {
  it('name an answer only where it is not the first, and leave faults to the diagnostics', () => {
    const deltas: Delta[] = [
      { type: 'text', choice: 0, part: 3, text: 'Hel' },
      { type: 'text', choice: 1, part: 0, text: 'lo' },
      { type: 'fault', code: 'ai/invalid-payload', details: {} },
    ];
    expect(JSON.stringify(shownDeltas(deltas))).toBe(
      '[{"type":"text","text":"Hel"},{"type":"text","choice":1,"text":"lo"}]',
    );
  });
});
