import { Mistral } from '@mistralai/mistralai';
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

function client(): Mistral {
  return new Mistral({ apiKey: 'any', serverURL: `${provider.url}/mistral`, retryConfig: { strategy: 'none' } });
}

const request = { model, messages: [{ role: 'user' as const, content: question }] };
const tools = [
  { type: 'function' as const, function: { name: orderTool.name, parameters: orderTool.schema as never } },
];

async function streamed(behaviour?: string, more: object = {}) {
  const stream = await client().chat.stream({ ...request, ...more }, { headers: mockHeaders(behaviour) });
  const said = { text: '', thinking: '', finish: '', calls: [] as { name: string; arguments: unknown }[] };
  let usage;
  for await (const { data } of stream) {
    const choice = data.choices[0];
    usage = data.usage ?? usage;
    said.finish = choice?.finishReason ?? said.finish;
    const content = choice?.delta.content ?? '';
    if (typeof content === 'string') said.text += content;
    else {
      for (const part of content) {
        if (part.type !== 'thinking') continue;
        for (const thought of part.thinking) if (thought.type === 'text') said.thinking += thought.text;
      }
    }
    for (const { function: call } of choice?.delta.toolCalls ?? []) {
      const values: unknown = typeof call.arguments === 'string' ? JSON.parse(call.arguments) : call.arguments;
      said.calls.push({ name: call.name, arguments: values });
    }
  }
  return { ...said, usage };
}

describe('Mistral', () => {
  it('assembles text, thinking and usage', async () => {
    const plan = planOf('reasoning');
    const { text, thinking, finish, usage } = await streamed('reasoning');
    expect(text).toBe(textOf(plan));
    expect(thinking).toBe(reasoningOf(plan));
    expect(finish).toBe('stop');
    expect(usage).toMatchObject({ promptTokens: plan.usage.input, completionTokens: plan.usage.output });
  });

  it('calls tools, and answers when their results are brought', async () => {
    const plan = planOf('tools', { tools: askedTools });
    const { calls, finish } = await streamed(undefined, { tools });
    expect(calls).toEqual(callsOf(plan));
    expect(finish).toBe('tool_calls');
    const toolCalls = [{ id: 'abcdefghi', function: { name: orderTool.name, arguments: '{}' } }];
    const second = await streamed(undefined, {
      tools,
      messages: [
        ...request.messages,
        { role: 'assistant', toolCalls },
        { role: 'tool', toolCallId: 'abcdefghi', content: 'It is packed.' },
      ],
    });
    expect(second.text).toBe(textOf(planOf('text')));
    expect((await streamed('parallel-tools', { tools })).calls).toHaveLength(2);
  });

  it('is cut where the request says so', async () => {
    expect(await streamed(undefined, { maxTokens: 4 })).toMatchObject({
      finish: 'length',
      usage: { completionTokens: 4 },
    });
  });

  it('throws before a stream, and tells of an error in the middle of one', async () => {
    for (const status of [400, 401, 429, 503]) {
      const error = await thrownBy(() => streamed(`error-${status}`));
      expect(error).toHaveProperty('statusCode', status);
    }
    const { text, finish } = await streamed('error');
    expect(finish).toBe('error');
    expect(textOf(planOf('error')).startsWith(text)).toBe(true);
  });

  it('is missed when it leaves', async () => {
    const stream = await client().chat.stream(request, { headers: mockHeaders('text', '&n=20000&delayMs=20') });
    for await (const _event of stream) break;
    await expectLeft(provider);
  });

  it('answers in one piece, with thinking and without', async () => {
    const plain = await client().chat.complete(request, { headers: mockHeaders() });
    expect(plain.choices[0]?.message?.content).toBe(textOf(planOf('text')));
    const thoughtful = await client().chat.complete(request, { headers: mockHeaders('reasoning') });
    expect(thoughtful.choices[0]?.message?.content).toMatchObject([{ type: 'thinking' }, { type: 'text' }]);
    expect((await client().models.list()).data?.length).toBeGreaterThan(5);
  });
});
