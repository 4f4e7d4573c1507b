import { afterEach, beforeEach, expect, vi } from 'vitest';
import {
  type AnswerPlan,
  planAnswer,
  spokenOf,
  type ToolPart,
} from '../../../../src/engine/mock/providers/answerPlan.ts';
import type { Asked } from '../../../../src/engine/mock/providers/asked.ts';
import type { ChosenBehaviour } from '../../../../src/engine/mock/providers/behaviours.ts';
import { createMockServer, type MockServer } from '../../../../src/main/servers/mock/mockServer.ts';

/** The real server on a real socket, with clients that have nothing to complain about. */
export interface Provider {
  readonly url: string;
  readonly server: MockServer;
}

/** A server for each test of the file. Fails a test for whatever its client says aloud. */
export function useProvider(): Provider {
  let current: Provider | undefined;
  let expectNoComplaints = (): void => {};
  beforeEach(async () => {
    expectNoComplaints = listenForComplaints();
    const server = createMockServer({ port: 0 });
    const { url } = await server.start();
    current = { url, server };
  });
  afterEach(async () => {
    await current?.server.stop();
    expectNoComplaints();
  });
  const running = (): Provider => {
    if (current === undefined) throw new Error('only inside a test');
    return current;
  };
  return {
    get url() {
      return running().url;
    },
    get server() {
      return running().server;
    },
  };
}

/** On the console, or as a warning of the process. */
function listenForComplaints(): () => void {
  const complaints: unknown[] = [];
  const spies = (['log', 'info', 'warn', 'error', 'debug'] as const).map((name) =>
    vi.spyOn(console, name).mockImplementation((...said) => void complaints.push(said)),
  );
  const onWarning = (warning: Error): void => void complaints.push(warning);
  process.on('warning', onWarning);
  return () => {
    process.off('warning', onWarning);
    for (const spy of spies) spy.mockRestore();
    expect(complaints).toEqual([]);
  };
}

export const question = 'Why?';
export const model = 'mock-1';
const knobs = { n: 24, delayMs: 0, seed: 3 };

/** Headers that choose what the answer does, for clients that have no query to set. */
export function mockHeaders(behaviour?: string, more = ''): Record<string, string> {
  return {
    'x-mock-knobs': `n=${knobs.n}&delayMs=${knobs.delayMs}&seed=${knobs.seed}${more}`,
    ...(behaviour !== undefined && { 'x-mock-behaviour': behaviour }),
  };
}

/** The plan behind an answer to the question. */
export function planOf(behaviour: ChosenBehaviour, asked: Partial<Asked> = {}): AnswerPlan {
  const plain: Asked = {
    model,
    prompt: question,
    tools: [],
    hasToolResults: false,
    wantsReasoning: false,
    maxTokens: null,
    stream: true,
  };
  return planAnswer(behaviour, { ...plain, ...asked }, knobs);
}

export function textOf(plan: AnswerPlan): string {
  return spokenOf(plan, 'text');
}

export function reasoningOf(plan: AnswerPlan): string {
  return spokenOf(plan, 'reasoning');
}

export function callsOf(plan: AnswerPlan): { name: string; arguments: unknown }[] {
  return plan.parts
    .filter((part): part is ToolPart => part.kind === 'tool')
    .map(({ name, arguments: values }) => ({ name, arguments: values }));
}

/** A tool with a schema that has something of everything. */
export const orderTool = {
  name: 'find_order',
  description: 'Finds an order.',
  schema: {
    type: 'object',
    properties: {
      number: { type: 'integer' },
      city: { type: 'string' },
      states: { type: 'array', items: { type: 'string', enum: ['paid', 'packed'] } },
      exact: { type: 'boolean' },
    },
    required: ['number', 'city', 'states', 'exact'],
    additionalProperties: false,
  },
} as const;

export const askedTools = [{ name: orderTool.name, schema: orderTool.schema }] as const;

/** What a client threw; fails where it did not. */
export async function thrownBy(act: () => Promise<unknown>): Promise<Error & { readonly status?: unknown }> {
  const outcome = await act().then(
    (value: unknown) => ({ threw: false as const, value }),
    (error: unknown) => ({ threw: true as const, error }),
  );
  if (!outcome.threw) throw new Error('nothing was thrown');
  expect(outcome.error).toBeInstanceOf(Error);
  return outcome.error as Error;
}

/** Waits until the server has counted the client that left, and nothing is performed any more. */
export async function expectLeft({ server }: Provider): Promise<void> {
  await vi.waitFor(() => expect(server.status()).toMatchObject({ active: 0, aborted: 1 }));
}
