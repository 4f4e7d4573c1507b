import Anthropic from '@anthropic-ai/sdk';
import { describe, expect, it } from 'vitest';
import {
  askedTools,
  callsOf,
  expectLeft,
  mockHeaders,
  model,
  orderTool,
  planOf,
  question,
  reasoningOf,
  textOf,
  thrownBy,
  useProvider,
} from './provider.ts';

const provider = useProvider();

function client(behaviour?: string, more?: string): Anthropic {
  return new Anthropic({
    apiKey: 'any',
    baseURL: `${provider.url}/anthropic`,
    maxRetries: 0,
    defaultHeaders: mockHeaders(behaviour, more),
  });
}

const request = { model, max_tokens: 1024, messages: [{ role: 'user' as const, content: question }] };
const tools: Anthropic.Tool[] = [
  { name: orderTool.name, input_schema: orderTool.schema as unknown as Anthropic.Tool.InputSchema },
];

describe('Anthropic messages', () => {
  it('assembles the text and the usage of the plan', async () => {
    const plan = planOf('text');
    const message = await client().messages.stream(request).finalMessage();
    expect(message.content).toMatchObject([{ type: 'text', text: textOf(plan) }]);
    expect(message.usage).toMatchObject({ input_tokens: plan.usage.input, output_tokens: plan.usage.output });
    expect(message.stop_reason).toBe('end_turn');
  });

  it('thinks before it speaks, with a signature', async () => {
    const plan = planOf('reasoning');
    const message = await client()
      .messages.stream({ ...request, max_tokens: 4096, thinking: { type: 'enabled', budget_tokens: 1024 } })
      .finalMessage();
    const [thinking, text] = message.content;
    expect(thinking).toMatchObject({ type: 'thinking', thinking: reasoningOf(plan) });
    expect(thinking?.type === 'thinking' && thinking.signature).toMatch(/^\w{44}$/);
    expect(text).toMatchObject({ type: 'text', text: textOf(plan) });
  });

  it('assembles calls, and answers when their results are brought', async () => {
    const plan = planOf('tools', { tools: askedTools });
    const message = await client()
      .messages.stream({ ...request, tools })
      .finalMessage();
    const [call] = message.content;
    if (call?.type !== 'tool_use') throw new Error('no call');
    expect({ name: call.name, arguments: call.input }).toEqual(callsOf(plan)[0]);
    expect(message.stop_reason).toBe('tool_use');
    const result = { type: 'tool_result' as const, tool_use_id: call.id, content: 'It is packed.' };
    const second = await client()
      .messages.stream({
        ...request,
        tools,
        messages: [
          ...request.messages,
          { role: 'assistant', content: message.content },
          { role: 'user', content: [result] },
        ],
      })
      .finalMessage();
    expect(second.stop_reason).toBe('end_turn');
  });

  it('assembles parallel calls', async () => {
    const message = await client('parallel-tools')
      .messages.stream({ ...request, tools })
      .finalMessage();
    expect(message.content.map(({ type }) => type)).toEqual(['tool_use', 'tool_use']);
  });

  it('knows a refusal and a cut, the latter by the limit of the request', async () => {
    const refused = await client('refusal').messages.stream(request).finalMessage();
    expect(refused.stop_reason).toBe('refusal');
    const cut = await client()
      .messages.stream({ ...request, max_tokens: 5 })
      .finalMessage();
    expect(cut.stop_reason).toBe('max_tokens');
    expect(cut.usage.output_tokens).toBe(5);
  });

  it('throws the error of its status before a stream', async () => {
    for (const [status, type] of [
      [400, 'invalid_request_error'],
      [401, 'authentication_error'],
      [429, 'rate_limit_error'],
      [529, 'overloaded_error'],
    ] as const) {
      const error = await thrownBy(() =>
        client()
          .messages.stream({ ...request, model: `mock-error-${status}` })
          .finalMessage(),
      );
      expect(error).toBeInstanceOf(Anthropic.APIError);
      expect(error).toMatchObject({ status, error: { type: 'error', error: { type } } });
      expect(error).toHaveProperty('requestID', expect.stringMatching(/^req_/));
    }
  });

  it('throws in the middle of a stream', async () => {
    const stream = client('error').messages.stream(request);
    let text = '';
    stream.on('text', (piece) => (text += piece));
    const error = await thrownBy(() => stream.finalMessage());
    expect(error.message).toMatch(/overloaded in the middle/);
    expect(text).not.toBe('');
    expect(textOf(planOf('error')).startsWith(text)).toBe(true);
  });

  it('is missed when it leaves', async () => {
    const stream = await client('text', '&n=20000&delayMs=20').messages.create({
      ...request,
      max_tokens: 30_000,
      stream: true,
    });
    for await (const event of stream) if (event.type === 'content_block_delta') break;
    await expectLeft(provider);
  });

  it('answers in one piece, and lists its models', async () => {
    const message = await client().messages.create(request);
    expect(message.content).toMatchObject([{ type: 'text', text: textOf(planOf('text')) }]);
    const { data } = await client().models.list();
    expect(data.map(({ id }) => id)).toContain('mock-refusal');
  });
});
