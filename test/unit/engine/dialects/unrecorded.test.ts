import { describe, expect, it } from 'vitest';
import type { AiObject } from '../../../../src/engine/dialects/aiObject.ts';
import { readDialect, type DialectRun } from '../../../conformance/dialectRun.ts';

/** Dialects of which no recorded stream is at hand: their streams are written here as their documents describe them. */

function events(...list: readonly (readonly [event: string, data: unknown])[]): string {
  return list
    .map(([event, data]) => {
      const name = event === '' ? '' : `event: ${event}\n`;
      if (data === undefined) return `${name}\n`;
      const lines = (typeof data === 'string' ? data : JSON.stringify(data)).split('\n');
      return `${name}${lines.map((line) => `data: ${line}\n`).join('')}\n`;
    })
    .join('');
}

/** Read whole and byte by byte, with nothing but the bytes, unless a dialect is chosen; both must say the same. */
function read(body: string, dialect: string | null = null): DialectRun & { readonly ai: AiObject } {
  const bytes = Buffer.from(body);
  const run = readDialect([bytes], { contentType: null, dialect });
  const pieces = Array.from({ length: bytes.length }, (_, i) => bytes.subarray(i, i + 1));
  expect(readDialect(pieces, { contentType: null, dialect })).toEqual(run);
  if (run.ai === null) throw new Error('no dialect was found');
  return { ...run, ai: run.ai };
}

describe('LangGraph', () => {
  it('adds up the pieces of messages and their tool calls, in subgraphs as well', () => {
    const chunk = (more: object): unknown => [
      { type: 'AIMessageChunk', id: 'm1', content: '', ...more },
      { node: 'a' },
    ];
    const { ai, decision } = read(
      events(
        ['metadata', { run_id: 'run-1', attempt: 1 }],
        ['messages', chunk({ content: 'Hel' })],
        ['messages|agent:1', chunk({ content: [{ type: 'text', text: 'lo' }] })],
        ['messages', chunk({ tool_call_chunks: [{ index: 0, id: 'c1', name: 'add', args: '{"a"' }] })],
        ['messages', chunk({ tool_call_chunks: [{ index: 0, id: null, name: null, args: ':1}' }] })],
        ['messages', chunk({ response_metadata: { finish_reason: 'tool_calls', model_name: 'gpt-x' } })],
        ['messages', chunk({ usage_metadata: { input_tokens: 5, output_tokens: 7 } })],
        ['values', { messages: [] }],
        ['end', null],
      ),
    );
    expect(decision?.dialect).toBe('langgraph');
    expect(ai).toMatchObject({
      id: 'run-1',
      model: 'gpt-x',
      text: 'Hello',
      toolCalls: [{ id: 'c1', name: 'add', arguments: '{"a":1}' }],
      finishReason: 'tool_calls',
      usage: { input: 5, output: 7 },
      terminated: true,
    });
  });

  it('takes of cumulative messages only what is new', () => {
    const partial = (content: string): unknown => [{ type: 'ai', id: 'm1', content, tool_calls: [] }];
    const { ai } = read(
      events(
        ['messages/metadata', { m1: {} }],
        ['messages/partial', partial('One')],
        ['messages/partial', partial('One two')],
        ['messages/complete', partial('One two three')],
        ['error', { error: 'ValueError', message: 'no more' }],
      ),
    );
    expect(ai.text).toBe('One two three');
    expect(ai.errors).toEqual([{ code: null, message: 'no more' }]);
    expect(ai.terminated).toBe(false);
  });
});

describe('LangServe', () => {
  it('reads pieces of text and ends with the event that has no data', () => {
    const { ai, decision } = read(
      events(['metadata', { run_id: 'r' }], ['data', '"Hel"'], ['data', '"lo\\n"'], ['end', undefined]),
    );
    expect(decision?.dialect).toBe('langserve');
    expect(ai).toMatchObject({ id: 'r', text: 'Hello\n', terminated: true, errors: [] });
  });

  it('reads JSON patches of a log without saying a piece twice', () => {
    const add = (path: string, value: unknown): object => ({ op: 'add', path, value });
    const { ai } = read(
      events(
        ['data', { ops: [{ op: 'replace', path: '', value: {} }] }],
        ['data', { ops: [add('/streamed_output_str/-', 'Hi'), add('/streamed_output/-', 'Hi')] }],
        ['data', { ops: [add('/streamed_output/-', { type: 'AIMessageChunk', content: '!' })] }],
        ['end', undefined],
      ),
    );
    expect(ai.text).toBe('Hi!');
  });

  it('reports the error of a chain', () => {
    const { ai } = read(
      events(['metadata', { run_id: 'r' }], ['error', { status_code: 500, message: 'Internal Server Error' }]),
    );
    expect(ai.errors).toEqual([{ code: '500', message: 'Internal Server Error' }]);
  });
});

describe('Replicate', () => {
  it('joins plain text, empty pieces and line breaks included', () => {
    const { ai, decision } = read(
      `: hi\n\n${events(['output', 'Sure'], ['output', ''], ['output', ', two\nlines'], ['logs', 'x'], ['done', {}])}`,
    );
    expect(decision?.dialect).toBe('replicate');
    expect(ai).toMatchObject({ text: 'Sure, two\nlines', finishReason: 'done', terminated: true });
  });

  it('says that a prediction was cancelled or failed', () => {
    const { ai, findings } = read(
      events(['output', 'A'], ['error', '{"detail":"out of memory"}'], ['done', { reason: 'error' }]),
    );
    expect(ai.errors).toEqual([{ code: null, message: 'out of memory' }]);
    expect(ai.finishReason).toBe('error');
    expect(findings.join()).toContain('ai/error-in-stream');
  });
});

describe('native servers', () => {
  it('llama.cpp: answers of several prompts are told apart, counts and times are the server’s', () => {
    const piece = (index: number, content: string): unknown => ({
      index,
      content,
      tokens: [1],
      stop: false,
      id_slot: 0,
    });
    const last = { index: 0, content: '', stop: true, stop_type: 'limit', model: 'm', tokens_evaluated: 9 };
    const { ai, decision, findings } = read(
      events(
        ['', piece(0, 'a')],
        ['', piece(1, 'x')],
        ['', piece(0, 'b')],
        ['', { ...last, tokens_predicted: 2, timings: { predicted_ms: 12.5 } }],
      ),
    );
    expect(decision?.dialect).toBe('llamacpp-completion');
    expect(ai).toMatchObject({ text: 'ab', model: 'm', finishReason: 'limit', usage: { input: 9, output: 2 } });
    expect(ai.others).toMatchObject([{ index: 1, text: 'x' }]);
    expect(findings.join()).toContain('ai/cut-by-length');
  });

  it('LM Studio: messages, reasoning, tools it ran itself, and statistics', () => {
    const { ai, decision } = read(
      events(
        ['chat.start', { type: 'chat.start', model_instance_id: 'qwen' }],
        ['prompt_processing.progress', { type: 'prompt_processing.progress', progress: 0.5 }],
        ['reasoning.delta', { type: 'reasoning.delta', content: 'hm' }],
        ['tool_call.start', { type: 'tool_call.start', tool: 'search' }],
        ['tool_call.arguments', { type: 'tool_call.arguments', tool: 'search', arguments: { q: 1 } }],
        ['tool_call.success', { type: 'tool_call.success', output: 'found' }],
        ['message.delta', { type: 'message.delta', content: 'Yes' }],
        [
          'chat.end',
          { type: 'chat.end', result: { response_id: 'r1', stats: { input_tokens: 3, total_output_tokens: 4 } } },
        ],
      ),
    );
    expect(decision?.dialect).toBe('lmstudio-chat');
    expect(ai).toMatchObject({
      id: 'r1',
      model: 'qwen',
      text: 'Yes',
      reasoning: 'hm',
      toolCalls: [],
      serverTools: [{ name: 'search', arguments: '{"q":1}', status: 'success' }],
      usage: { input: 3, output: 4 },
      terminated: true,
    });
  });
});

describe('conversations and sessions', () => {
  it('Mistral: text in both forms, function calls in pieces', () => {
    const output = (content: unknown): readonly [string, unknown] => [
      'message.output.delta',
      { type: 'message.output.delta', content, output_index: 0, content_index: 0, model: 'mistral-x' },
    ];
    const call = (args: string): readonly [string, unknown] => [
      'function.call.delta',
      { type: 'function.call.delta', name: 'add', tool_call_id: 't1', arguments: args },
    ];
    const { ai, decision } = read(
      events(
        ['conversation.response.started', { type: 'conversation.response.started', conversation_id: 'c1' }],
        output('Sum'),
        output({ type: 'text', text: ': ' }),
        call('{"a":'),
        call('1}'),
        [
          'conversation.response.done',
          { type: 'conversation.response.done', usage: { prompt_tokens: 1, completion_tokens: 2 } },
        ],
      ),
    );
    expect(decision?.dialect).toBe('mistral-conversations');
    expect(ai).toMatchObject({
      id: 'c1',
      model: 'mistral-x',
      text: 'Sum: ',
      toolCalls: [{ id: 't1', name: 'add', arguments: '{"a":1}' }],
      usage: { input: 1, output: 2 },
      terminated: true,
    });
  });

  it('Anthropic sessions: what the agent says and which tools it uses; previews are not said twice', () => {
    const { ai, decision } = read(
      events(
        ['session.status_running', { type: 'session.status_running' }],
        ['event_start', { type: 'event_start', event: { id: 'e1', type: 'agent.message' } }],
        ['event_delta', { type: 'event_delta', event_id: 'e1', delta: { type: 'content_delta', text: 'Do' } }],
        ['agent.message', { type: 'agent.message', id: 'e1', content: [{ type: 'text', text: 'Done.' }] }],
        ['agent.custom_tool_use', { type: 'agent.custom_tool_use', id: 't1', name: 'ask', input: { a: 1 } }],
        ['session.status_idle', { type: 'session.status_idle' }],
      ),
    );
    expect(decision?.dialect).toBe('anthropic-sessions');
    expect(ai).toMatchObject({
      text: 'Done.',
      toolCalls: [{ id: 't1', name: 'ask', arguments: '{"a":1}' }],
      terminated: true,
    });
  });
});

describe('media', () => {
  it('counts sound and pictures and keeps none of them', () => {
    const speech = read(
      events(
        ['', { type: 'speech.audio.delta', audio: 'AAAA' }],
        ['', { type: 'speech.audio.done', usage: { input_tokens: 1, output_tokens: 2 } }],
      ),
    );
    expect(speech.decision?.dialect).toBe('openai-speech');
    expect(speech.ai).toMatchObject({ text: '', finishReason: 'done', usage: { input: 1, output: 2 } });
    const image = read(
      events(
        ['', { type: 'image_generation.partial_image', b64_json: 'AAAA', partial_image_index: 0 }],
        ['', { type: 'image_generation.completed', b64_json: 'AAAA' }],
      ),
    );
    expect(image.decision?.dialect).toBe('openai-images');
    expect(image.ai.terminated).toBe(true);
  });
});

describe('a dialect of the user’s own', () => {
  it('takes the text at a path', () => {
    const { ai } = read('{"out":[{"t":"a"}]}\n{"out":[{"t":"b"}]}\n{"meta":1}\n', 'generic:out.0.t');
    expect(ai).toMatchObject({ text: 'ab', terminated: true });
  });

  it('takes whole payloads where no path is given', () => {
    expect(read(events(['', 'Hello '], ['', 'you']), 'generic:').ai.text).toBe('Hello you');
  });

  it('does not look into what an object only inherits', () => {
    expect(read('{"a":1}\n{"a":2}\n', 'generic:constructor.name').ai.text).toBe('');
  });
});

describe('broken streams', () => {
  const streams: Readonly<Record<string, string>> = {
    'ag-ui': events(
      ['', { type: 'RUN_STARTED', runId: 1 }],
      ['', { type: 'TOOL_CALL_RESULT', toolCallId: 'never seen', content: 'x' }],
      ['', { type: 'TEXT_MESSAGE_CONTENT', messageId: null, delta: 7 }],
      ['', '{"type":"TEXT_MESSAGE_CONTENT",'],
      ['', { type: 'TEXT_MESSAGE_CONTENT', messageId: 'm', delta: 'rest' }],
    ),
    'vercel-ui-message-stream': events(
      ['', { type: 'start-step' }],
      ['', { type: 'tool-output-available', toolCallId: 'never seen', output: 1 }],
      ['', '{"type":"text-delta",'],
      ['', { type: 'text-delta', id: 3, delta: 'rest' }],
      ['', { type: 'something-new' }],
    ),
    mcp: events(
      ['message', { jsonrpc: '2.0', method: 'notifications/progress', params: null }],
      ['message', '{"jsonrpc":'],
      ['message', { jsonrpc: '2.0', id: 1, result: { content: [null, 5, { type: 'text', text: 'rest' }] } }],
    ),
    a2a: events(
      ['', { jsonrpc: '2.0', id: 1, result: { kind: 'status-update', taskId: 't', status: null } }],
      ['', '{"jsonrpc":'],
      [
        '',
        {
          jsonrpc: '2.0',
          id: 1,
          result: { kind: 'artifact-update', artifact: { parts: [{ kind: 'text', text: 'rest' }, 4] } },
        },
      ],
    ),
  };

  it.each(Object.entries(streams))('%s: the rest is put together', (dialect, body) => {
    const { ai, decision, findings } = read(body);
    expect(decision?.dialect).toBe(dialect);
    expect(ai.text).toBe('rest');
    expect(findings.filter((finding) => finding.startsWith('ai/invalid-payload'))).toHaveLength(1);
  });
});
