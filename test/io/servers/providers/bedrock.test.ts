import { createRequire } from 'node:module';
import {
  BedrockRuntimeClient,
  type BedrockRuntimeClientConfig,
  ConverseStreamCommand,
  type ConverseStreamCommandInput,
  InvokeModelWithResponseStreamCommand,
} from '@aws-sdk/client-bedrock-runtime';
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

// The handler for HTTP/1.1 that comes with the SDK, which speaks HTTP/2 by prior knowledge unless it is given another.
const ofSdk = createRequire(import.meta.resolve('@aws-sdk/client-bedrock-runtime'));
const { NodeHttpHandler } = ofSdk('@smithy/node-http-handler') as {
  readonly NodeHttpHandler: new () => Handler;
};
type Handler = NonNullable<BedrockRuntimeClientConfig['requestHandler']>;

const protocols: readonly { readonly protocol: string; readonly client: ClientOf }[] = [
  { protocol: 'HTTP/2', client: (...how) => clientWith(null, ...how) },
  { protocol: 'HTTP/1.1', client: (...how) => clientWith(new NodeHttpHandler(), ...how) },
];

type ClientOf = (behaviour?: string, more?: string) => BedrockRuntimeClient;

function clientWith(handler: Handler | null, behaviour?: string, more?: string): BedrockRuntimeClient {
  const bedrock = new BedrockRuntimeClient({
    region: 'eu-central-1',
    endpoint: `${provider.url}/bedrock`,
    credentials: { accessKeyId: 'any', secretAccessKey: 'any' },
    maxAttempts: 1,
    ...(handler !== null && { requestHandler: handler }),
  });
  bedrock.middlewareStack.add(
    (next) => (args) => {
      Object.assign((args.request as { headers: Record<string, string> }).headers, mockHeaders(behaviour, more));
      return next(args);
    },
    { step: 'build', name: 'mockHeaders' },
  );
  return bedrock;
}

const messages: ConverseStreamCommandInput['messages'] = [{ role: 'user', content: [{ text: question }] }];
const toolConfig: ConverseStreamCommandInput['toolConfig'] = {
  tools: [{ toolSpec: { name: orderTool.name, inputSchema: { json: orderTool.schema as never } } }],
};

async function streamed(bedrock: BedrockRuntimeClient, more: Partial<ConverseStreamCommandInput> = {}) {
  const { stream } = await bedrock.send(new ConverseStreamCommand({ modelId: model, messages, ...more }));
  const said = { text: '', reasoning: '', stop: '', calls: [] as { id: string; name: string; input: string }[] };
  let usage;
  for await (const event of stream ?? []) {
    const { toolUse } = event.contentBlockStart?.start ?? {};
    if (toolUse !== undefined) said.calls.push({ id: toolUse.toolUseId ?? '', name: toolUse.name ?? '', input: '' });
    const { delta } = event.contentBlockDelta ?? {};
    said.text += delta?.text ?? '';
    said.reasoning += delta?.reasoningContent?.text ?? '';
    if (delta?.toolUse?.input !== undefined) said.calls.at(-1)!.input += delta.toolUse.input;
    said.stop = event.messageStop?.stopReason ?? said.stop;
    usage = event.metadata?.usage ?? usage;
  }
  return { ...said, usage };
}

describe.each(protocols)('Bedrock ConverseStream over $protocol', ({ client }) => {
  it('assembles text, reasoning and usage', async () => {
    const plan = planOf('reasoning');
    const { text, reasoning, usage, stop } = await streamed(client('reasoning'));
    expect(text).toBe(textOf(plan));
    expect(reasoning).toBe(reasoningOf(plan));
    expect(stop).toBe('end_turn');
    expect(usage).toMatchObject({ inputTokens: plan.usage.input, outputTokens: plan.usage.output });
  });

  it('calls tools, and answers when their results are brought', async () => {
    const { calls, stop } = await streamed(client(), { toolConfig });
    expect(calls.map(({ name, input }) => ({ name, arguments: JSON.parse(input) as unknown }))).toEqual(
      callsOf(planOf('tools', { tools: askedTools })),
    );
    expect(stop).toBe('tool_use');
    const [call] = calls;
    const second = await streamed(client(), {
      toolConfig,
      messages: [
        ...messages,
        { role: 'assistant', content: [{ toolUse: { toolUseId: call!.id, name: call!.name, input: {} } }] },
        { role: 'user', content: [{ toolResult: { toolUseId: call!.id, content: [{ text: 'It is packed.' }] } }] },
      ],
    });
    expect(second.stop).toBe('end_turn');
    expect((await streamed(client('parallel-tools'), { toolConfig })).calls).toHaveLength(2);
  });

  it('knows a guardrail, a filter and a cut', async () => {
    expect((await streamed(client('filter'))).stop).toBe('guardrail_intervened');
    expect((await streamed(client('refusal'))).stop).toBe('content_filtered');
    expect(await streamed(client(), { inferenceConfig: { maxTokens: 4 } })).toMatchObject({
      stop: 'max_tokens',
      usage: { outputTokens: 4 },
    });
  });

  it('throws before a stream and in the middle of one, each by its name', async () => {
    for (const [status, name] of [
      [400, 'ValidationException'],
      [401, 'UnrecognizedClientException'],
      [429, 'ThrottlingException'],
      [503, 'ServiceUnavailableException'],
    ] as const) {
      const error = await thrownBy(() => streamed(client(), { modelId: `mock-error-${status}` }));
      expect(error).toMatchObject({ name, $metadata: { httpStatusCode: status } });
    }
    const during = await thrownBy(() => streamed(client('error')));
    expect(during.name).toBe('ServiceUnavailableException');
    expect(during.message).toMatch(/overloaded in the middle/);
  });

  it('is missed when it leaves', async () => {
    const leaving = new AbortController();
    const command = new ConverseStreamCommand({ modelId: model, messages });
    const { stream } = await client('text', '&n=20000&delayMs=20').send(command, { abortSignal: leaving.signal });
    // Over HTTP/2 the SDK ends the stream without a word, over HTTP/1.1 it throws.
    const reading = async () => {
      for await (const _event of stream ?? []) leaving.abort();
    };
    await reading().catch(() => undefined);
    expect(leaving.signal.aborted).toBe(true);
    await expectLeft(provider);
  });
});

describe.each(protocols)('Bedrock InvokeModelWithResponseStream over $protocol', ({ client }) => {
  async function invoked(bedrock: BedrockRuntimeClient) {
    const body = JSON.stringify({
      anthropic_version: 'bedrock-2023-05-31',
      max_tokens: 1024,
      messages: [{ role: 'user', content: question }],
    });
    const command = new InvokeModelWithResponseStreamCommand({ modelId: 'anthropic.mock:0', body });
    const { body: stream } = await bedrock.send(command);
    const events: { type: string; delta?: { text?: string } }[] = [];
    for await (const { chunk } of stream ?? []) {
      if (chunk?.bytes !== undefined) events.push(JSON.parse(Buffer.from(chunk.bytes).toString('utf8')) as never);
    }
    return events;
  }

  it('carries the events of Anthropic', async () => {
    const events = await invoked(client());
    expect(events.map(({ delta }) => delta?.text ?? '').join('')).toBe(textOf(planOf('text')));
    expect(events.at(-1)).toMatchObject({ type: 'message_stop', 'amazon-bedrock-invocationMetrics': {} });
  });

  it('throws before a stream and in the middle of one', async () => {
    expect((await thrownBy(() => invoked(client('error-429')))).name).toBe('ThrottlingException');
    expect((await thrownBy(() => invoked(client('error')))).name).toBe('ModelStreamErrorException');
  });
});
