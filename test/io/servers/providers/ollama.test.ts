import { Ollama } from 'ollama';
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

function client(behaviour?: string, more?: string): Ollama {
  return new Ollama({ host: `${provider.url}/ollama`, headers: mockHeaders(behaviour, more) });
}

const messages = [{ role: 'user', content: question }];
const tools = [
  { type: 'function', function: { name: orderTool.name, description: '', parameters: orderTool.schema as never } },
];

async function streamed(ollama: Ollama, more: object = {}, of = model) {
  const stream = await ollama.chat({ model: of, messages, ...more, stream: true });
  const said = { text: '', thinking: '', calls: [] as { name: string; arguments: unknown }[] };
  let last;
  for await (const chunk of stream) {
    last = chunk;
    said.text += chunk.message.content;
    said.thinking += chunk.message.thinking ?? '';
    said.calls.push(
      ...(chunk.message.tool_calls ?? []).map((call) => ({
        name: call.function.name,
        arguments: call.function.arguments,
      })),
    );
  }
  return { ...said, last };
}

describe('Ollama', () => {
  it('assembles text, thinking, counts and times', async () => {
    const plan = planOf('reasoning');
    const { text, thinking, last } = await streamed(client(), { think: true });
    expect(text).toBe(textOf(plan));
    expect(thinking).toBe(reasoningOf(plan));
    expect(last).toMatchObject({
      done: true,
      done_reason: 'stop',
      prompt_eval_count: plan.usage.input,
      eval_count: plan.usage.output,
    });
    expect(last?.total_duration).toBeGreaterThan(last?.eval_duration ?? Infinity);
  });

  it('calls tools, and answers when their results are brought', async () => {
    const { calls } = await streamed(client(), { tools });
    expect(calls.map(({ name, arguments: values }) => ({ name, arguments: values }))).toEqual(
      callsOf(planOf('tools', { tools: askedTools })),
    );
    const second = await streamed(client(), {
      tools,
      messages: [...messages, { role: 'assistant', content: '' }, { role: 'tool', content: 'It is packed.' }],
    });
    expect(second.text).toBe(textOf(planOf('text')));
    expect((await streamed(client('parallel-tools'), { tools })).calls).toHaveLength(2);
  });

  it('is cut where num_predict says so', async () => {
    const { last } = await streamed(client(), { options: { num_predict: 6 } });
    expect(last).toMatchObject({ done_reason: 'length', eval_count: 6 });
  });

  it('throws before a stream and in the middle of one', async () => {
    for (const status of [400, 404, 429, 503]) {
      const error = await thrownBy(() => streamed(client(), {}, `mock-error-${status}`));
      expect(error).toHaveProperty('status_code', status);
      expect(error.message).toMatch(/^The mock was asked/);
    }
    const during = await thrownBy(() => streamed(client('error')));
    expect(during.message).toMatch(/overloaded in the middle/);
  });

  it('is missed when it leaves', async () => {
    const stream = await client('text', '&n=20000&delayMs=20').chat({ model, messages, stream: true });
    await thrownBy(async () => {
      for await (const _chunk of stream) stream.abort();
    });
    await expectLeft(provider);
  });

  it('generates, answers in one piece, and lists its models', async () => {
    const text = textOf(planOf('text'));
    let generated = '';
    for await (const chunk of await client().generate({ model, prompt: question, stream: true }))
      generated += chunk.response ?? '';
    expect(generated).toBe(text);
    expect((await client().chat({ model, messages })).message.content).toBe(text);
    expect((await client().list()).models.map(({ name }) => name)).toContain('mock-tools');
  });
});
