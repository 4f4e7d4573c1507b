import { type AgentSubscriber, HttpAgent } from '@ag-ui/client';
import { describe, expect, it } from 'vitest';
import {
  askedTools,
  callsOf,
  expectLeft,
  mockHeaders,
  orderTool,
  planOf,
  question,
  reasoningOf,
  textOf,
  thrownBy,
  useProvider,
} from './provider.ts';

const provider = useProvider();

function agent(behaviour?: string, more?: string): HttpAgent {
  return new HttpAgent({
    url: `${provider.url}/ag-ui`,
    headers: mockHeaders(behaviour, more),
    threadId: 'thread',
    initialMessages: [{ id: 'm1', role: 'user', content: question }],
  });
}

const tools = [{ name: orderTool.name, description: orderTool.description, parameters: orderTool.schema }];

describe('AG-UI', () => {
  it('assembles reasoning, text and usage', async () => {
    const plan = planOf('reasoning');
    const usages: unknown[] = [];
    const { newMessages } = await agent('reasoning').runAgent(
      {},
      { onRunFinishedEvent: ({ event }) => void usages.push(event.usage) },
    );
    expect(newMessages).toMatchObject([
      { role: 'reasoning', content: reasoningOf(plan) },
      { role: 'assistant', content: textOf(plan) },
    ]);
    const { input, output, reasoning } = plan.usage;
    expect(usages).toMatchObject([[{ inputTokens: input, outputTokens: output, reasoningTokens: reasoning }]]);
  });

  it('calls tools, and answers when their results are brought', async () => {
    const talk = agent();
    const { newMessages } = await talk.runAgent({ tools });
    const [message] = newMessages;
    const calls = message?.role === 'assistant' ? (message.toolCalls ?? []) : [];
    expect(
      calls.map(({ function: call }) => ({ name: call.name, arguments: JSON.parse(call.arguments) as unknown })),
    ).toEqual(callsOf(planOf('tools', { tools: askedTools })));
    talk.addMessage({ id: 'm3', role: 'tool', toolCallId: calls[0]!.id, content: 'It is packed.' });
    const second = await talk.runAgent({ tools });
    expect(second.newMessages).toMatchObject([{ role: 'assistant', content: textOf(planOf('text')) }]);
    const parallel = await agent('parallel-tools').runAgent({ tools });
    const both = parallel.newMessages.flatMap((one) => (one.role === 'assistant' ? (one.toolCalls ?? []) : []));
    expect(both).toHaveLength(2);
  });

  it('fails before a stream and in the middle of one', async () => {
    const before = await thrownBy(() => failing('error-429'));
    expect(before).toHaveProperty('status', 429);
    const during = await thrownBy(() => failing('error'));
    expect(during.message).toMatch(/overloaded in the middle/);
  });

  it('is missed when it leaves', async () => {
    const talk = agent('text', '&n=20000&delayMs=20');
    await talk.runAgent({}, { onTextMessageContentEvent: () => talk.abortRun() }).catch(() => undefined);
    await expectLeft(provider);
  });

  /** Throws what a run failed with; unless it is stopped from telling, the client writes that to the console. */
  async function failing(behaviour: string): Promise<void> {
    let failure: unknown;
    const subscriber = {
      onRunFailed: ({ error }: { readonly error: Error }) => {
        failure = error;
        return { stopPropagation: true };
      },
      onRunErrorEvent: ({ event }: { readonly event: { readonly message: string } }) => {
        failure = new Error(event.message);
      },
    };
    await agent(behaviour).runAgent({}, subscriber as AgentSubscriber);
    if (failure !== undefined) throw failure as Error;
  }
});
