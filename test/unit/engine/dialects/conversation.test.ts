import { describe, expect, it } from 'vitest';
import { carriesOn, newTurns, readConversation, shownTurn } from '../../../../src/engine/dialects/conversation.ts';

const read = (body: object) => readConversation(JSON.stringify(body));
/** `role: text` of each turn, with names of calls. */
const told = (body: object) =>
  read(body)?.turns.map(({ role, text, calls }) =>
    [`${role}: ${text}`, ...calls.map((call) => `${call.name ?? ''}(${call.arguments})`)].join(' '),
  );

/** System, question, call, result, question: as each API writes it. */
const shapes: readonly (readonly [string, object])[] = [
  [
    'OpenAI chat, Mistral, Cohere v2',
    {
      model: 'm',
      messages: [
        { role: 'system', content: 'Be brief.' },
        { role: 'user', content: [{ type: 'text', text: 'Job 7?' }] },
        {
          role: 'assistant',
          content: null,
          tool_calls: [{ id: 'c1', type: 'function', function: { name: 'job', arguments: '{"id":7}' } }],
        },
        { role: 'tool', tool_call_id: 'c1', content: 'done' },
      ],
    },
  ],
  [
    'OpenAI Responses',
    {
      model: 'm',
      instructions: 'Be brief.',
      input: [
        { role: 'user', content: [{ type: 'input_text', text: 'Job 7?' }] },
        { type: 'reasoning', summary: [] },
        { type: 'function_call', call_id: 'c1', name: 'job', arguments: '{"id":7}' },
        { type: 'function_call_output', call_id: 'c1', output: 'done' },
      ],
    },
  ],
  [
    'Anthropic Messages',
    {
      model: 'm',
      system: [{ type: 'text', text: 'Be brief.' }],
      messages: [
        { role: 'user', content: 'Job 7?' },
        {
          role: 'assistant',
          content: [
            { type: 'thinking', thinking: 'Hm.' },
            { type: 'tool_use', id: 'c1', name: 'job', input: { id: 7 } },
          ],
        },
        {
          role: 'user',
          content: [{ type: 'tool_result', tool_use_id: 'c1', content: [{ type: 'text', text: 'done' }] }],
        },
      ],
    },
  ],
  [
    'Ollama',
    {
      model: 'm',
      messages: [
        { role: 'system', content: 'Be brief.' },
        { role: 'user', content: 'Job 7?' },
        { role: 'assistant', content: '', tool_calls: [{ function: { name: 'job', arguments: { id: 7 } } }] },
        { role: 'tool', tool_name: 'job', content: 'done' },
      ],
    },
  ],
  [
    'Mistral conversations',
    {
      model: 'm',
      instructions: 'Be brief.',
      inputs: [
        { role: 'user', content: 'Job 7?', type: 'message.input' },
        { type: 'function.call', name: 'job', arguments: '{"id":7}' },
        { type: 'function.result', result: 'done' },
      ],
    },
  ],
];

describe('turns of a request', () => {
  it.each(shapes)('of %s', (_name, body) => {
    expect(told(body)).toEqual(['system: Be brief.', 'user: Job 7?', 'assistant:  job({"id":7})', 'tool: done']);
    expect(read(body)?.model).toBe('m');
  });

  it('of Gemini', () => {
    const body = {
      systemInstruction: { parts: [{ text: 'Be brief.' }] },
      contents: [
        { role: 'user', parts: [{ text: 'Job 7?' }, { inlineData: { mimeType: 'image/png', data: 'AA' } }] },
        { role: 'model', parts: [{ text: 'Hm.', thought: true }, { functionCall: { name: 'job', args: { id: 7 } } }] },
        { role: 'user', parts: [{ functionResponse: { name: 'job', response: { state: 'done' } } }] },
      ],
    };
    expect(told(body)).toEqual([
      'system: Be brief.',
      'user: Job 7?',
      'assistant:  job({"id":7})',
      'tool: {"state":"done"}',
    ]);
    expect(read(body)?.turns[1]?.media).toBe(1);
  });

  it('of Cohere v1, and of a prompt', () => {
    const history = [
      { role: 'USER', message: 'Hi' },
      { role: 'CHATBOT', message: 'Hello' },
    ];
    expect(told({ preamble: 'Be brief.', chat_history: history, message: 'Job 7?' })).toEqual([
      'system: Be brief.',
      'user: Hi',
      'assistant: Hello',
      'user: Job 7?',
    ]);
    expect(told({ model: 'm', prompt: 'Job 7?' })).toEqual(['user: Job 7?']);
  });

  it.each(['', '[1]', '{"a":1}', '{"messages":', '"text"'])('are none in %j', (body) => {
    expect(readConversation(body)).toBeNull();
  });

  it('are read from whatever stands where a turn should', () => {
    expect(told({ messages: [null, 7, 'x', { role: 9 }, { content: { text: 'y' } }, { content: [null, 3] }] })).toEqual(
      ['user: ', 'user: y', 'user: '],
    );
  });

  it('are shown cut, with their whole length', () => {
    const turn = read({ prompt: 'x'.repeat(20_000) })?.turns[0];
    expect(turn === undefined ? null : shownTurn(turn)).toMatchObject({ length: 20_000 });
    expect(turn === undefined ? '' : shownTurn(turn).text).toHaveLength(16_384);
  });
});

describe('requests that carry each other on', () => {
  const user = (content: string) => ({ role: 'user', content });
  const assistant = (content: string) => ({ role: 'assistant', content });
  const first = read({ messages: [user('a')] });
  const second = read({ messages: [user('a'), assistant('b'), user('c')] });
  if (first === null || second === null) throw new Error('no conversation');

  it('begin with the turns before and go on with an answer', () => {
    expect(carriesOn(first, second)).toBe(true);
    expect(carriesOn(second, first)).toBe(false);
    expect(carriesOn(first, first)).toBe(false);
    const other = read({ messages: [user('a'), user('b')] });
    expect(other !== null && carriesOn(first, other)).toBe(false);
    const edited = read({ messages: [user('A'), assistant('b'), user('c')] });
    expect(edited !== null && carriesOn(first, edited)).toBe(false);
  });

  it('add what no exchange before sent or answered', () => {
    expect(newTurns(second, first.turns.length).map(({ text }) => text)).toEqual(['c']);
    expect(newTurns(first, 0).map(({ text }) => text)).toEqual(['a']);
  });
});
