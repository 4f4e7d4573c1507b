import OpenAI from 'openai';
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

function client(behaviour?: string, more?: string): OpenAI {
  return new OpenAI({
    apiKey: 'any',
    baseURL: `${provider.url}/openai/v1`,
    maxRetries: 0,
    defaultHeaders: mockHeaders(behaviour, more),
  });
}

const chat = {
  model,
  messages: [{ role: 'user', content: question }],
  stream_options: { include_usage: true },
} as const;
const tools = [
  {
    type: 'function',
    function: { name: orderTool.name, description: orderTool.description, parameters: orderTool.schema },
  },
] as const;
type ChatParams = OpenAI.ChatCompletionCreateParamsStreaming;

describe('chat completions', () => {
  async function streamed(openai: OpenAI, more: Partial<ChatParams> = {}) {
    const runner = openai.chat.completions.stream({ ...chat, ...more, stream: true } as ChatParams);
    const completion = await runner.finalChatCompletion();
    return { completion, choice: completion.choices[0]!, usage: await runner.totalUsage() };
  }

  it('assembles the text and the usage of the plan', async () => {
    const plan = planOf('text');
    const { choice, usage } = await streamed(client());
    expect(choice.message.content).toBe(textOf(plan));
    expect(choice.finish_reason).toBe('stop');
    expect(usage).toMatchObject({ prompt_tokens: plan.usage.input, completion_tokens: plan.usage.output });
  });

  it('assembles calls, and answers when their results are brought', async () => {
    const plan = planOf('tools', { tools: askedTools });
    const { choice } = await streamed(client(), { tools: [...tools] });
    const calls = choice.message.tool_calls ?? [];
    expect(
      calls.map((call) => call.type === 'function' && [call.function.name, JSON.parse(call.function.arguments)]),
    ).toEqual(callsOf(plan).map((call) => [call.name, call.arguments]));
    expect(choice.finish_reason).toBe('tool_calls');
    const second = await streamed(client(), {
      tools: [...tools],
      messages: [
        ...chat.messages,
        { role: 'assistant', tool_calls: calls },
        { role: 'tool', tool_call_id: calls[0]!.id, content: 'It is packed.' },
      ],
    });
    expect(second.choice.message.content).toBe(textOf(planOf('text')));
  });

  it('assembles parallel calls', async () => {
    const { choice } = await streamed(client('parallel-tools'), { tools: [...tools] });
    expect(choice.message.tool_calls).toHaveLength(2);
  });

  it('keeps a refusal apart from the text, and knows a filter and a cut', async () => {
    const refused = await streamed(client('refusal'));
    expect(refused.choice.message.refusal).toMatch(/^I will not help/);
    expect(refused.choice.message.content).toBe('');
    // The SDK throws for an answer that is cut or filtered where it is asked for the final message.
    const reasons: (string | null)[] = [];
    for (const behaviour of ['filter', 'length']) {
      const stream = await client(behaviour).chat.completions.create({
        ...chat,
        stream: true,
      } as unknown as ChatParams);
      for await (const chunk of stream) reasons.push(chunk.choices[0]?.finish_reason ?? null);
    }
    expect(reasons.filter((reason) => reason !== null)).toEqual(['content_filter', 'length']);
  });

  it('throws the error of its status before a stream', async () => {
    for (const [status, kind] of [
      [400, OpenAI.BadRequestError],
      [401, OpenAI.AuthenticationError],
      [429, OpenAI.RateLimitError],
      [503, OpenAI.InternalServerError],
    ] as const) {
      const error = await thrownBy(() => streamed(client(`error-${status}`)));
      expect(error).toBeInstanceOf(kind);
      expect(error.status).toBe(status);
    }
    const named = await thrownBy(() => streamed(client(), { model: 'mock-error-404' }));
    expect(named).toMatchObject({ status: 404, code: 'model_not_found' });
    expect(provider.server.status().active).toBe(0);
  });

  it('throws in the middle of a stream', async () => {
    let text = '';
    const error = await thrownBy(async () => {
      const stream = await client('error').chat.completions.create({ ...chat, stream: true } as unknown as ChatParams);
      for await (const chunk of stream) text += chunk.choices[0]?.delta.content ?? '';
    });
    expect(error).toBeInstanceOf(OpenAI.APIError);
    expect(error.message).toMatch(/overloaded in the middle/);
    expect(textOf(planOf('error')).startsWith(text)).toBe(true);
    expect(text).not.toBe('');
  });

  it('is missed when it leaves', async () => {
    const stream = await client('text', '&n=20000&delayMs=20').chat.completions.create({
      ...chat,
      stream: true,
    } as unknown as ChatParams);
    for await (const chunk of stream) if (chunk.choices.length > 0) break;
    await expectLeft(provider);
  });

  it('answers in one piece, and lists its models', async () => {
    const plan = planOf('text');
    const { messages } = chat;
    const completion = await client().chat.completions.create({ model, messages: [...messages] });
    expect(completion.choices[0]?.message.content).toBe(textOf(plan));
    expect(completion.usage?.completion_tokens).toBe(plan.usage.output);
    const ids = (await client().models.list()).data.map(({ id }) => id);
    expect(ids).toContain('mock-error-529');
  });
});

describe('responses', () => {
  const request = { model, input: question } as const;
  const functions = [
    { type: 'function', name: orderTool.name, parameters: orderTool.schema, strict: true },
  ] as unknown as OpenAI.Responses.FunctionTool[];

  it('assembles text, reasoning and usage', async () => {
    const plan = planOf('reasoning');
    const response = await client()
      .responses.stream({ ...request, reasoning: { effort: 'low', summary: 'auto' } })
      .finalResponse();
    expect(response.output_text).toBe(textOf(plan));
    const thought = response.output.find((item) => item.type === 'reasoning');
    expect(thought?.summary.map(({ text }) => text).join('')).toBe(reasoningOf(plan));
    expect(response.usage).toMatchObject({
      input_tokens: plan.usage.input,
      output_tokens: plan.usage.output,
      output_tokens_details: { reasoning_tokens: plan.usage.reasoning },
    });
  });

  it('assembles calls, and answers when their results are brought', async () => {
    const plan = planOf('tools', { tools: askedTools });
    const response = await client()
      .responses.stream({ ...request, tools: functions })
      .finalResponse();
    const [call] = response.output.filter((item) => item.type === 'function_call');
    expect({ name: call?.name, arguments: JSON.parse(call?.arguments ?? '') as unknown }).toEqual(callsOf(plan)[0]);
    const second = await client()
      .responses.stream({
        model,
        tools: functions,
        input: [
          { role: 'user', content: question },
          { type: 'function_call', call_id: call!.call_id, name: call!.name, arguments: call!.arguments },
          { type: 'function_call_output', call_id: call!.call_id, output: 'It is packed.' },
        ],
      })
      .finalResponse();
    expect(second.output_text).toBe(textOf(planOf('text')));
  });

  it('knows a refusal, a cut and a filter', async () => {
    const refused = await client('refusal').responses.stream(request).finalResponse();
    expect(JSON.stringify(refused.output)).toContain('"type":"refusal"');
    const reasons: unknown[] = [];
    for (const behaviour of ['length', 'filter']) {
      const stream = await client(behaviour).responses.create({ ...request, stream: true });
      for await (const event of stream) {
        if (event.type === 'response.incomplete') reasons.push(event.response.incomplete_details?.reason);
      }
    }
    expect(reasons).toEqual(['max_output_tokens', 'content_filter']);
  });

  it('fails before a stream and in the middle of one', async () => {
    const before = await thrownBy(() => client('error-429').responses.stream(request).finalResponse());
    expect(before).toBeInstanceOf(OpenAI.RateLimitError);
    const during = await thrownBy(() => client('error').responses.stream(request).finalResponse());
    expect(during.message).toMatch(/overloaded in the middle/);
  });

  it('is missed when it leaves', async () => {
    const stream = await client('text', '&n=20000&delayMs=20').responses.create({ ...request, stream: true });
    for await (const event of stream) if (event.type === 'response.output_text.delta') break;
    await expectLeft(provider);
  });

  it('answers in one piece', async () => {
    const response = await client().responses.create(request);
    expect(response.output_text).toBe(textOf(planOf('text')));
  });
});
