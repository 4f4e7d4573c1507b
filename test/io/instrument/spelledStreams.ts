import { event as awsEvent } from '../../unit/engine/framing/awsMessages.ts';
import { readMessage } from '../../../src/engine/framing/awsMessage.ts';

/** A stream that spells a text piece by piece, and how its text is put together again by somebody else. */
export interface SpellingStream {
  readonly name: string;
  readonly fileName: string;
  write(pieces: readonly string[]): Uint8Array;
  /** @throws where a frame is not valid any more */
  read(body: Buffer): string;
}

const json = JSON.stringify;
const ids = { id: 'chatcmpl-1', object: 'chat.completion.chunk', created: 1, model: 'm' };
const data = (value: unknown): string => `data: ${json(value)}\n\n`;
const named = (type: string, value: object): string => `event: ${type}\ndata: ${json({ type, ...value })}\n\n`;
const bytes = (...parts: readonly string[]): Uint8Array => new TextEncoder().encode(parts.join(''));

/** Texts at a path of each payload, joined; what has none adds nothing. */
function joined(payloads: readonly string[], path: readonly (string | number)[]): string {
  return payloads
    .map((payload) => {
      let value = JSON.parse(payload) as unknown;
      for (const key of path) value = (value as Record<string | number, unknown> | null | undefined)?.[key];
      return typeof value === 'string' ? value : '';
    })
    .join('');
}

function sseData(body: Buffer): readonly string[] {
  return [...body.toString().matchAll(/^data: (.*)$/gm)]
    .map(([, payload = '']) => payload)
    .filter((payload) => payload !== '[DONE]');
}

const lines = (body: Buffer): readonly string[] => body.toString().trimEnd().split('\n');

function chat(name: string, delta: (piece: string) => object, path: readonly (string | number)[]): SpellingStream {
  return {
    name,
    fileName: 'chat.sse',
    write: (pieces) =>
      bytes(
        data({ ...ids, choices: [{ index: 0, delta: { role: 'assistant', content: '' }, finish_reason: null }] }),
        ...pieces.map((piece) => data({ ...ids, choices: [{ index: 0, delta: delta(piece), finish_reason: null }] })),
        data({ ...ids, choices: [{ index: 0, delta: {}, finish_reason: 'stop' }] }),
        'data: [DONE]\n\n',
      ),
    read: (body) => joined(sseData(body), ['choices', 0, 'delta', ...path]),
  };
}

function anthropic(name: string, block: object, type: string, field: string): SpellingStream {
  const message = { id: 'msg_1', type: 'message', role: 'assistant', content: [], model: 'claude', usage: {} };
  return {
    name,
    fileName: 'anthropic.sse',
    write: (pieces) =>
      bytes(
        named('message_start', { message }),
        named('content_block_start', { index: 0, content_block: block }),
        ...pieces.map((piece) => named('content_block_delta', { index: 0, delta: { type, [field]: piece } })),
        named('content_block_stop', { index: 0 }),
        named('message_delta', { delta: { stop_reason: 'end_turn' }, usage: { output_tokens: 9 } }),
        named('message_stop', {}),
      ),
    read: (body) => joined(sseData(body), ['delta', field]),
  };
}

/** Two texts in turns, each of them spelled in every second frame. */
const twoChoices: SpellingStream = {
  name: 'two answers in turns',
  fileName: 'two.sse',
  write: (pieces) =>
    bytes(
      ...pieces.flatMap((content) =>
        [0, 1].map((index) => data({ ...ids, choices: [{ delta: { content }, finish_reason: null, index }] })),
      ),
      'data: [DONE]\n\n',
    ),
  read(body) {
    const payloads = sseData(body);
    const of = (index: number): string =>
      joined(
        payloads.filter((payload) => payload.includes(`"index":${String(index)}`)),
        ['choices', 0, 'delta', 'content'],
      );
    if (of(0) !== of(1)) throw new Error('both say the same');
    return of(1);
  },
};

const bedrock: SpellingStream = {
  name: 'Bedrock, base64 in AWS messages',
  fileName: 'bedrock.bin',
  write: (pieces) =>
    Buffer.concat(
      [
        { type: 'message_start', message: { id: 'msg_1', type: 'message', role: 'assistant', content: [], usage: {} } },
        { type: 'content_block_start', index: 0, content_block: { type: 'text', text: '' } },
        ...pieces.map((text) => ({ type: 'content_block_delta', index: 0, delta: { type: 'text_delta', text } })),
        { type: 'message_stop' },
      ].map((value) => awsEvent('chunk', json({ bytes: Buffer.from(json(value)).toString('base64') }))),
    ),
  read(body) {
    const payloads: string[] = [];
    for (let at = 0; at < body.length; at += body.readUInt32BE(at)) {
      const message = readMessage(new Uint8Array(body.subarray(at, at + body.readUInt32BE(at))));
      const { bytes: coded } = JSON.parse(Buffer.from(message?.payload ?? []).toString()) as { readonly bytes: string };
      payloads.push(Buffer.from(coded, 'base64').toString());
    }
    return joined(payloads, ['delta', 'text']);
  },
};

export const spellingStreams: readonly SpellingStream[] = [
  chat('OpenAI chat', (content) => ({ content }), ['content']),
  chat('OpenAI chat, reasoning', (piece) => ({ reasoning_content: piece }), ['reasoning_content']),
  chat(
    'OpenAI chat, arguments of a tool',
    (piece) => ({ tool_calls: [{ index: 0, function: { arguments: piece } }] }),
    ['tool_calls', 0, 'function', 'arguments'],
  ),
  twoChoices,
  anthropic('Anthropic', { type: 'text', text: '' }, 'text_delta', 'text'),
  anthropic(
    'Anthropic, arguments of a tool',
    { type: 'tool_use', id: 'toolu_1', name: 'run', input: {} },
    'input_json_delta',
    'partial_json',
  ),
  {
    name: 'OpenAI responses',
    fileName: 'responses.sse',
    write: (pieces) =>
      bytes(
        named('response.created', { response: { id: 'resp_1', object: 'response', status: 'in_progress' } }),
        ...pieces.map((delta, i) =>
          named('response.output_text.delta', { item_id: 'm', output_index: 0, content_index: 0, delta, seq: i }),
        ),
        named('response.completed', { response: { id: 'resp_1', object: 'response', status: 'completed' } }),
      ),
    read: (body) => joined(sseData(body), ['delta']),
  },
  {
    name: 'Ollama',
    fileName: 'ollama.ndjson',
    write: (pieces) =>
      bytes(
        ...pieces.map((content) => `${json({ model: 'm', message: { role: 'assistant', content }, done: false })}\n`),
        `${json({ model: 'm', message: { role: 'assistant', content: '' }, done: true, done_reason: 'stop' })}\n`,
      ),
    read: (body) => joined(lines(body), ['message', 'content']),
  },
  {
    name: 'records of no dialect',
    fileName: 'own.ndjson',
    write: (pieces) => bytes(...pieces.map((part, seq) => `${json({ seq, level: 'info', log: { part } })}\n`)),
    read: (body) => joined(lines(body), ['log', 'part']),
  },
  {
    name: 'event stream of plain text',
    fileName: 'plain.sse',
    write: (pieces) => bytes(...pieces.map((piece) => `data: ${piece}\n\n`)),
    read: (body) => sseData(body).join(''),
  },
  bedrock,
];
