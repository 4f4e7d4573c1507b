import type { Proof, Sample } from './ruleSample.ts';

function events(...payloads: readonly (object | string)[]): Sample {
  const body = payloads
    .map((payload) => `data: ${typeof payload === 'string' ? payload : JSON.stringify(payload)}\n\n`)
    .join('');
  return { contentType: 'text/event-stream', body };
}

const done = '[DONE]';
const chunk = (choice: object, more: object = {}): object => ({
  id: 'chatcmpl-1',
  object: 'chat.completion.chunk',
  model: 'm',
  choices: [{ index: 0, delta: {}, finish_reason: null, ...choice }],
  ...more,
});
const content = (text: string): object => chunk({ delta: { content: text } });
const finish = (reason: string): object => chunk({ finish_reason: reason });
const usage = { ...chunk({}), choices: [], usage: { prompt_tokens: 1, completion_tokens: 2, total_tokens: 3 } };
const call = (text: string): object =>
  chunk({
    delta: { tool_calls: [{ index: 0, id: 'c1', type: 'function', function: { name: 'add', arguments: text } }] },
  });

const responses = (...types: readonly (readonly [string, object])[]): Sample =>
  events(...types.map(([type, more], n) => ({ type, sequence_number: n, ...more })));
const created = ['response.created', { response: { id: 'r', model: 'm', status: 'in_progress' } }] as const;
const delta = (text: string) =>
  ['response.output_text.delta', { output_index: 0, content_index: 0, item_id: 'i', delta: text }] as const;
const textDone = (text: string) =>
  ['response.output_text.done', { output_index: 0, content_index: 0, item_id: 'i', text }] as const;
const completed = [
  'response.completed',
  { response: { id: 'r', status: 'completed', output: [], usage: { input_tokens: 1, output_tokens: 2 } } },
] as const;

const anthropic = (...payloads: readonly object[]): Sample => events(...payloads);
const messageStart = {
  type: 'message_start',
  message: { id: 'msg', model: 'm', role: 'assistant', content: [], usage: { input_tokens: 1, output_tokens: 1 } },
};
const blockStart = { type: 'content_block_start', index: 0, content_block: { type: 'text', text: '' } };
const blockDelta = { type: 'content_block_delta', index: 0, delta: { type: 'text_delta', text: 'Hi' } };
const blockStop = { type: 'content_block_stop', index: 0 };
const messageDelta = { type: 'message_delta', delta: { stop_reason: 'end_turn' }, usage: { output_tokens: 2 } };
const messageStop = { type: 'message_stop' };

const healthy: readonly Sample[] = [
  events(content('Hel'), content('lo'), finish('stop'), usage, done),
  events(call('{"a":1}'), finish('tool_calls'), usage, done),
  responses(created, delta('Hel'), delta('lo'), textDone('Hello'), completed),
  anthropic(messageStart, blockStart, { type: 'ping' }, blockDelta, blockStop, messageDelta, messageStop),
];

const fires = (...samples: readonly Sample[]): Proof => ({ fires: samples, silent: healthy });

/** Token streams that each rule of `ai/` fires on; all of them stay silent on the healthy ones. */
export const aiProofs: Readonly<Record<string, Proof>> = {
  'ai/error-in-stream': fires(
    events(content('Hel'), { error: { message: 'overloaded', type: 'server_error' } }),
    anthropic(messageStart, { type: 'error', error: { type: 'overloaded_error', message: 'Overloaded' } }),
  ),
  'ai/missing-terminator': {
    fires: [events(content('Hel'), finish('stop'), usage), anthropic(messageStart, blockStart, blockDelta)],
    // A transfer that was cut says so itself.
    silent: [...healthy, { ...events(content('Hel')), ending: { isWhole: false } }],
  },
  'ai/missing-finish': fires(events(content('Hel'), usage, done)),
  'ai/missing-usage': fires(events(content('Hel'), finish('stop'), done)),
  'ai/truncated-tool-arguments': fires(events(call('{"a":'), finish('length'), usage, done)),
  'ai/cut-by-length': fires(events(content('Hel'), finish('length'), usage, done)),
  'ai/content-filter': fires(events(content('Hel'), finish('content_filter'), usage, done)),
  'ai/refusal': fires(anthropic(messageStart, { ...messageDelta, delta: { stop_reason: 'refusal' } }, messageStop)),
  'ai/unknown-event': fires(
    responses(created, ['response.something_new.delta', { delta: 'x' }], delta('Hi'), textDone('Hi'), completed),
  ),
  'ai/out-of-order': fires(anthropic(messageStart, blockDelta, messageDelta, messageStop)),
  'ai/final-text-differs': fires(responses(created, delta('Hel'), textDone('Hello'), completed)),
  'ai/invalid-payload': fires(events(content('Hel'), '{"choices":[', content('lo'), finish('stop'), usage, done)),
  'ai/unexpected-value': fires(
    events(content('Hel'), finish('stop'), { ...usage, usage: { prompt_tokens: '1', completion_tokens: '2' } }, done),
  ),
};
