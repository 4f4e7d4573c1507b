import { CohereClientV2, CohereError } from 'cohere-ai';
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

function client(): CohereClientV2 {
  return new CohereClientV2({ token: 'any', environment: `${provider.url}/cohere` });
}

const request = { model, messages: [{ role: 'user' as const, content: question }] };
const tools = [
  { type: 'function' as const, function: { name: orderTool.name, parameters: orderTool.schema as never } },
];

function optionsOf(behaviour?: string, more?: string) {
  return { headers: mockHeaders(behaviour, more), maxRetries: 0 };
}

async function streamed(behaviour?: string, more: object = {}) {
  const stream = await client().chatStream({ ...request, ...more }, optionsOf(behaviour));
  const said = { text: '', thinking: '', calls: [] as { name: string; arguments: string }[] };
  let end;
  for await (const event of stream) {
    switch (event.type) {
      case 'content-delta':
        said.text += event.delta?.message?.content?.text ?? '';
        said.thinking += event.delta?.message?.content?.thinking ?? '';
        break;
      case 'tool-call-start':
        said.calls.push({ name: event.delta?.message?.toolCalls?.function?.name ?? '', arguments: '' });
        break;
      case 'tool-call-delta':
        said.calls.at(-1)!.arguments += event.delta?.message?.toolCalls?.function?.arguments ?? '';
        break;
      case 'message-end':
        end = event.delta;
        break;
      default:
    }
  }
  return { ...said, end };
}

describe('Cohere', () => {
  it('assembles text, thinking and usage', async () => {
    const plan = planOf('reasoning');
    const { text, thinking, end } = await streamed(undefined, { thinking: { type: 'enabled' } });
    expect(text).toBe(textOf(plan));
    expect(thinking).toBe(reasoningOf(plan));
    expect(end).toMatchObject({
      finishReason: 'COMPLETE',
      usage: { tokens: { inputTokens: plan.usage.input, outputTokens: plan.usage.output } },
    });
  });

  it('calls tools, and answers when their results are brought', async () => {
    const plan = planOf('tools', { tools: askedTools });
    const { calls, end } = await streamed(undefined, { tools });
    expect(calls.map((call) => ({ ...call, arguments: JSON.parse(call.arguments) as unknown }))).toEqual(callsOf(plan));
    expect(end?.finishReason).toBe('TOOL_CALL');
    const toolCalls = [{ id: 'call-1', type: 'function', function: { name: orderTool.name, arguments: '{}' } }];
    const second = await streamed(undefined, {
      tools,
      messages: [
        ...request.messages,
        { role: 'assistant', toolCalls },
        { role: 'tool', toolCallId: 'call-1', content: 'It is packed.' },
      ],
    });
    expect(second.text).toBe(textOf(planOf('text')));
    expect((await streamed('parallel-tools', { tools })).calls).toHaveLength(2);
  });

  it('is cut where the request says so', async () => {
    expect(await streamed(undefined, { maxTokens: 4 })).toMatchObject({ end: { finishReason: 'MAX_TOKENS' } });
  });

  it('throws before a stream, and tells of an error in the middle of one', async () => {
    for (const status of [400, 401, 429, 503]) {
      const error = await thrownBy(() => streamed(`error-${status}`));
      expect(error).toBeInstanceOf(CohereError);
      expect(error).toHaveProperty('statusCode', status);
    }
    const { text, end } = await streamed('error');
    expect(end).toMatchObject({ finishReason: 'ERROR', error: expect.stringMatching(/in the middle/) as string });
    expect(textOf(planOf('error')).startsWith(text)).toBe(true);
  });

  it('is missed when it leaves', async () => {
    const leaving = new AbortController();
    const stream = await client().chatStream(request, {
      ...optionsOf('text', '&n=20000&delayMs=20'),
      abortSignal: leaving.signal,
    });
    await thrownBy(async () => {
      for await (const _event of stream) leaving.abort();
    });
    await expectLeft(provider);
  });

  it('answers in one piece', async () => {
    const { message } = await client().chat(request, optionsOf());
    expect(message.content).toMatchObject([{ type: 'text', text: textOf(planOf('text')) }]);
  });
});
