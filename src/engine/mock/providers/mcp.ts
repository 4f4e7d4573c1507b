import { z } from 'zod';
import { assertNever } from '../../../shared/assertNever.ts';
import { type MockAnswer, type MockCall, type MockHeader, streamAnswer, type WholeAnswer } from '../answer.ts';
import type { MockEndpoint } from '../endpoint.ts';
import { type MockStep, textStep } from '../step.ts';
import { type AnswerPlan, type PlanFailure, spokenOf, tokensOf } from './answerPlan.ts';
import type { IdSource } from './ids.ts';
import { planMoments } from './planMoments.ts';
import { compactJson, providerEndpoint, retryHeaders } from './providerEndpoint.ts';
import { defaultTool } from './sampleArguments.ts';
import { eventStep } from './sse.ts';

/** Versions of the protocol with sessions, newest first. */
const versions = ['2025-11-25', '2025-06-18', '2025-03-26'] as const;
const sessionPrefix = 'mock-session-';

const requestId = z.union([z.string(), z.number()]);

const mcpRequest = z.looseObject({
  id: requestId.optional(),
  method: z.string().optional(),
  params: z
    .looseObject({
      name: z.string().optional(),
      arguments: z.record(z.string(), z.unknown()).optional(),
      protocolVersion: z.string().optional(),
      _meta: z.looseObject({ progressToken: requestId.optional() }).optional(),
    })
    .optional(),
});

type McpBody = z.infer<typeof mcpRequest>;

const tools = [
  {
    name: 'answer',
    title: 'Answer',
    description: 'Says what a mock can say, and reports its progress.',
    inputSchema: { type: 'object', properties: { prompt: { type: 'string' } } },
  },
  {
    name: defaultTool.name,
    title: 'Look up the weather',
    description: 'A result with a structure.',
    inputSchema: defaultTool.schema,
    outputSchema: {
      type: 'object',
      properties: { city: { type: 'string' }, celsius: { type: 'number' } },
      required: ['city', 'celsius'],
    },
  },
] as const;

function rpc(id: McpBody['id'], members: object): object {
  return { jsonrpc: '2.0', id: id ?? null, ...members };
}

function rpcError(id: McpBody['id'], code: number, message: string): object {
  return rpc(id, { error: { code, message } });
}

const overloadedCode = -32_000;
const unknownMethodCode = -32_601;
const badParametersCode = -32_602;
const unknownSessionCode = -32_001;

/** Tokens between two notifications of progress. */
const progressEvery = 8;

/** A call of a tool: progress as it goes, then the result or an error; both end the stream. */
function* callStream(plan: AnswerPlan, body: McpBody): Generator<MockStep, void, undefined> {
  const token = body.params?._meta?.progressToken;
  const total = tokensOf(plan.parts);
  for (const moment of planMoments(plan, progressEvery)) {
    const { delayMillis } = moment;
    switch (moment.kind) {
      case 'start':
        yield textStep(delayMillis, ': ping\n\n');
        break;
      case 'part-start':
      case 'part-end':
        break;
      case 'piece': {
        if (token === undefined) {
          yield textStep(delayMillis, ': ping\n\n');
          break;
        }
        const params = {
          progressToken: token,
          progress: moment.tokens,
          total,
          message: `${moment.tokens} of ${total}`,
        };
        yield eventStep(delayMillis, 'message', { jsonrpc: '2.0', method: 'notifications/progress', params });
        break;
      }
      case 'failure':
        yield eventStep(delayMillis, 'message', rpcError(body.id, overloadedCode, moment.failure.message));
        return;
      case 'end':
        yield eventStep(delayMillis, 'message', rpc(body.id, { result: resultOf(plan, body) }));
        return;
      default:
        assertNever(moment, 'a moment');
    }
  }
}

/** A tool that refuses failed as far as the model is concerned, which is no error of the protocol. */
function resultOf(plan: AnswerPlan, { params }: McpBody): object {
  if (plan.ending === 'refusal') return { content: [{ type: 'text', text: spokenOf(plan, 'refusal') }], isError: true };
  if (params?.name === defaultTool.name) {
    const city = params.arguments?.city;
    const structuredContent = { city: typeof city === 'string' ? city : 'Zürich', celsius: 21.5 };
    return { content: [{ type: 'text', text: JSON.stringify(structuredContent) }], structuredContent };
  }
  return { content: [{ type: 'text', text: spokenOf(plan, 'text') }] };
}

function initialized(plan: AnswerPlan, body: McpBody): WholeAnswer {
  const wanted = body.params?.protocolVersion;
  const result = {
    protocolVersion: versions.find((version) => version === wanted) ?? versions[0],
    capabilities: { tools: { listChanged: false } },
    serverInfo: { name: 'streamscope-mock', version: '1.0.0' },
  };
  return compactJson(200, rpc(body.id, { result }), [['Mcp-Session-Id', plan.ids.id(sessionPrefix, 24)]]);
}

/** Why a request is turned away that belongs to no session of ours; null: it belongs to one, or needs none. */
function sessionProblem({ id, method }: McpBody, { headers, body }: MockCall): WholeAnswer | null {
  // Somebody who looks around without a body shall see something; later versions have no sessions.
  const needsNone = method === 'initialize' || body.trim() === '' || (headers['mcp-protocol-version'] ?? '') >= '2026';
  const session = headers['mcp-session-id'];
  if (needsNone || session?.startsWith(sessionPrefix) === true) return null;
  if (session === undefined) {
    return compactJson(
      400,
      rpcError(id, overloadedCode, 'The header Mcp-Session-Id is missing: initialize comes first.'),
    );
  }
  return compactJson(404, rpcError(id, unknownSessionCode, 'There is no such session.'));
}

function answer(plan: AnswerPlan, body: McpBody, call: MockCall): MockAnswer {
  const problem = sessionProblem(body, call);
  if (problem !== null) return problem;
  // Without a body: as if a tool were called.
  const method = call.body.trim() === '' ? 'tools/call' : body.method;
  if (body.id === undefined && call.body.trim() !== '') return { kind: 'whole', status: 202, headers: [], text: '' };
  switch (method) {
    case 'initialize':
      return initialized(plan, body);
    case 'ping':
      return compactJson(200, rpc(body.id, { result: {} }));
    case 'tools/list':
      return compactJson(200, rpc(body.id, { result: { tools } }));
    case 'tools/call': {
      const name = body.params?.name ?? tools[0].name;
      if (tools.every((tool) => tool.name !== name)) {
        return compactJson(200, rpcError(body.id, badParametersCode, `There is no tool ${name.slice(0, 80)}.`));
      }
      return streamAnswer('text/event-stream', callStream(plan, body));
    }
    default:
      return compactJson(200, rpcError(body.id, unknownMethodCode, 'Method not found'));
  }
}

function fail({ status, message }: PlanFailure, _ids: IdSource): WholeAnswer {
  const headers: readonly MockHeader[] =
    status === 401 ? [['WWW-Authenticate', 'Bearer realm="streamscope-mock"']] : retryHeaders(status);
  return compactJson(status, rpcError(undefined, overloadedCode, message), headers);
}

export const mcp: MockEndpoint = providerEndpoint({
  group: 'MCP',
  path: '/mcp',
  title: 'Model Context Protocol over streamable HTTP: tools, with progress while they run.',
  exampleBody: {
    jsonrpc: '2.0',
    id: 1,
    method: 'initialize',
    params: { protocolVersion: versions[0], capabilities: {}, clientInfo: { name: 'example', version: '1' } },
  },
  body: mcpRequest,
  asked: ({ params }) => {
    const prompt = params?.arguments?.prompt;
    return {
      model: 'mock-1',
      prompt: typeof prompt === 'string' ? prompt : '',
      tools: [],
      // A tool does not call tools: whatever was asked for, it says something.
      hasToolResults: true,
      wantsReasoning: false,
      maxTokens: null,
      stream: true,
    };
  },
  answer: (plan, _asked, body, call) => answer(plan, body, call),
  fail,
});
