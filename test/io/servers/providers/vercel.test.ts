import { createOpenAI } from '@ai-sdk/openai';
import { createOpenRouter } from '@openrouter/ai-sdk-provider';
import {
  APICallError,
  DefaultChatTransport,
  jsonSchema,
  type LanguageModel,
  readUIMessageStream,
  stepCountIs,
  streamText,
  tool,
  type UIMessage,
} from 'ai';
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

type ModelOf = (behaviour?: string, more?: string) => LanguageModel;

function openai(behaviour?: string, more?: string) {
  return createOpenAI({
    apiKey: 'any',
    baseURL: `${provider.url}/openai/v1`,
    headers: mockHeaders(behaviour, more),
  });
}

const models: readonly { readonly name: string; readonly of: ModelOf; readonly hasReasoning: boolean }[] = [
  { name: 'openai, responses', of: (...how) => openai(...how).responses(model), hasReasoning: true },
  { name: 'openai, chat', of: (...how) => openai(...how).chat(model), hasReasoning: false },
  {
    name: 'openrouter',
    of: (behaviour, more) =>
      createOpenRouter({
        apiKey: 'any',
        baseURL: `${provider.url}/openrouter/api/v1`,
        headers: mockHeaders(behaviour, more),
      }).chat(model),
    hasReasoning: true,
  },
];

describe.each(models)('AI SDK with $name', ({ of, hasReasoning }) => {
  const quiet = { prompt: question, maxRetries: 0, onError: () => {} };
  const tools = {
    [orderTool.name]: tool({
      description: orderTool.description,
      inputSchema: jsonSchema<Record<string, unknown>>(orderTool.schema as never),
      execute: () => ({ state: 'packed' }),
    }),
  };

  it('assembles text, reasoning and usage', async () => {
    const plan = planOf('reasoning');
    const result = streamText({ model: of('reasoning'), ...quiet });
    expect(await result.text).toBe(textOf(plan));
    expect(await result.reasoningText).toBe(hasReasoning ? reasoningOf(plan) : undefined);
    expect(await result.finishReason).toBe('stop');
    expect(await result.usage).toMatchObject({ inputTokens: plan.usage.input, outputTokens: plan.usage.output });
    expect((await result.usage).outputTokenDetails.reasoningTokens).toBe(plan.usage.reasoning);
    expect(await result.warnings).toEqual([]);
  });

  it('calls tools, brings their results, and gets a final answer', async () => {
    const result = streamText({ model: of(), tools, stopWhen: stepCountIs(4), ...quiet });
    const steps = await result.steps;
    expect(steps.map(({ finishReason }) => finishReason)).toEqual(['tool-calls', 'stop']);
    expect(steps[0]?.toolCalls.map(({ toolName, input }) => ({ name: toolName, arguments: input }))).toEqual(
      callsOf(planOf('tools', { tools: askedTools })),
    );
    expect(await result.text).toBe(textOf(planOf('text')));
  });

  it('knows a cut and a filter', async () => {
    expect(await streamText({ model: of('length'), ...quiet }).finishReason).toBe('length');
    expect(await streamText({ model: of('filter'), ...quiet }).finishReason).toBe('content-filter');
  });

  it('fails before a stream and in the middle of one', async () => {
    for (const status of [401, 429, 503]) {
      const errors: unknown[] = [];
      const failing = { ...quiet, onError: ({ error }: { error: unknown }) => void errors.push(error) };
      const result = streamText({ model: of(`error-${status}`), ...failing });
      await thrownBy(async () => result.text);
      expect(APICallError.isInstance(errors[0]) && errors[0].statusCode).toBe(status);
    }
    const errors: unknown[] = [];
    let text = '';
    const failing = { ...quiet, onError: ({ error }: { error: unknown }) => void errors.push(error) };
    for await (const piece of streamText({ model: of('error'), ...failing }).textStream) text += piece;
    expect(JSON.stringify(errors)).toMatch(/overloaded in the middle/);
    expect(text).not.toBe('');
    expect(textOf(planOf('error')).startsWith(text)).toBe(true);
  });

  it('is missed when it leaves', async () => {
    const leaving = new AbortController();
    const endless = of('text', '&n=20000&delayMs=20');
    const { textStream } = streamText({ model: endless, ...quiet, abortSignal: leaving.signal });
    for await (const _piece of textStream) leaving.abort();
    await expectLeft(provider);
  });
});

describe('UI message stream', () => {
  const messages: UIMessage[] = [{ id: '1', role: 'user', parts: [{ type: 'text', text: question }] }];

  async function send(behaviour?: string, more?: string, abortSignal?: AbortSignal, sent = messages) {
    const transport = new DefaultChatTransport({
      api: `${provider.url}/vercel-ui/api/chat`,
      headers: mockHeaders(behaviour, more),
    });
    const about = { chatId: 'c', messageId: undefined, trigger: 'submit-message' } as const;
    return transport.sendMessages({ ...about, messages: sent, abortSignal });
  }

  /** The message as it stands at the end. */
  async function received(behaviour?: string, sent = messages): Promise<UIMessage> {
    let message: UIMessage | undefined;
    const stream = await send(behaviour, undefined, undefined, sent);
    for await (const state of readUIMessageStream({ stream, terminateOnError: true })) message = state;
    if (message === undefined) throw new Error('no message came');
    return message;
  }

  it('assembles text, reasoning and usage', async () => {
    const plan = planOf('reasoning');
    const message = await received('reasoning');
    expect(message.parts).toMatchObject([
      { type: 'step-start' },
      { type: 'reasoning', text: reasoningOf(plan), state: 'done' },
      { type: 'text', text: textOf(plan), state: 'done' },
    ]);
    expect(message.metadata).toMatchObject({
      model,
      usage: { inputTokens: plan.usage.input, outputTokens: plan.usage.output },
    });
  });

  it('calls tools, and answers when their results are brought', async () => {
    const message = await received('parallel-tools');
    const calls = message.parts.flatMap((part) =>
      'toolCallId' in part && part.state === 'input-available' ? [{ type: part.type, input: part.input }] : [],
    );
    expect(calls).toEqual(
      callsOf(planOf('parallel-tools')).map((call) => ({ type: `tool-${call.name}`, input: call.arguments })),
    );
    const answered = message.parts.map((part) =>
      'toolCallId' in part ? ({ ...part, state: 'output-available', output: {} } as typeof part) : part,
    );
    const second = await received('tools', [...messages, { ...message, parts: answered }]);
    expect(second.parts.at(-1)).toMatchObject({ type: 'text', text: textOf(planOf('text')) });
  });

  it('carries its header', async () => {
    const response = await fetch(`${provider.url}/vercel-ui/api/chat`, {
      method: 'POST',
      headers: mockHeaders(),
      body: JSON.stringify({ messages }),
    });
    expect(response.headers.get('x-vercel-ai-ui-message-stream')).toBe('v1');
    expect(await response.text()).toMatch(/data: \[DONE\]\n\n$/);
  });

  it('fails before a stream and in the middle of one', async () => {
    expect((await thrownBy(() => received('error-429'))).message).toMatch(/ask too often/);
    expect((await thrownBy(() => received('error'))).message).toMatch(/overloaded in the middle/);
  });

  it('is missed when it leaves', async () => {
    const leaving = new AbortController();
    const reader = (await send('text', '&n=20000&delayMs=20', leaving.signal)).getReader();
    await reader.read();
    leaving.abort();
    await expectLeft(provider);
  });
});
