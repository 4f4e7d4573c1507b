import type { PlanEnding } from '../../../../../src/engine/mock/providers/answerPlan.ts';

/** What is to be found in the stream of a provider. */
export interface ProviderRow {
  readonly name: string;
  readonly target: string;
  /** A request that asks for a stream with the prompt `Why?` of the model `mock-1`. */
  readonly body: object;
  readonly dialect: string;
  /** Whether reasoning is shown. */
  readonly reasoning: boolean;
  /** Where the words of a refusal are found; null: it has none. */
  readonly refusal: 'refusal' | 'text' | null;
  readonly finish: Readonly<Record<PlanEnding, string | null>>;
  /** Codes that the behaviours are found by, where they are others than usual. */
  readonly codes: {
    readonly filter: readonly string[];
    readonly refusal: readonly string[];
    readonly length: readonly string[];
  };
  readonly tools: 'pieces' | 'whole' | 'none';
  /** What an error in mid-stream is told with. */
  readonly error: 'message' | 'finish-reason';
  /** Whether an error in its shape, at its address, can be nobody else's. */
  readonly named: boolean;
  readonly usage: 'all' | 'no-reasoning' | 'apart' | 'none';
}

const messages = [{ role: 'user', content: 'Why?' }];
const chatBody = { model: 'mock-1', stream: true, stream_options: { include_usage: true }, messages };
const usualCodes = {
  filter: ['ai/content-filter'],
  refusal: ['ai/refusal'],
  length: ['ai/cut-by-length'],
} as const;

const chatFinish = {
  stop: 'stop',
  tools: 'tool_calls',
  length: 'length',
  filter: 'content_filter',
  refusal: 'stop',
} as const;
const anthropicFinish = {
  stop: 'end_turn',
  tools: 'tool_use',
  length: 'max_tokens',
  filter: 'refusal',
  refusal: 'refusal',
} as const;
const anthropicCodes = { ...usualCodes, filter: ['ai/refusal'] } as const;

const openaiChat: ProviderRow = {
  name: 'OpenAI chat',
  target: '/openai/v1/chat/completions',
  body: chatBody,
  dialect: 'openai-chat',
  reasoning: false,
  refusal: 'refusal',
  finish: chatFinish,
  codes: usualCodes,
  tools: 'pieces',
  error: 'message',
  named: true,
  usage: 'all',
};

const geminiFinish = { stop: 'STOP', tools: 'STOP', length: 'MAX_TOKENS', filter: 'SAFETY', refusal: null } as const;
const gemini: ProviderRow = {
  name: 'Gemini events',
  target: '/gemini/v1beta/models/mock-1:streamGenerateContent?alt=sse',
  body: { contents: [{ role: 'user', parts: [{ text: 'Why?' }] }] },
  dialect: 'gemini',
  reasoning: true,
  refusal: null,
  finish: geminiFinish,
  codes: { ...usualCodes, refusal: ['ai/content-filter'] },
  tools: 'whole',
  error: 'message',
  named: true,
  usage: 'apart',
};

const noWords = { filter: [], refusal: [], length: ['ai/cut-by-length'] } as const;
const ollama: ProviderRow = {
  name: 'Ollama chat',
  target: '/ollama/api/chat',
  body: { model: 'mock-1', messages },
  dialect: 'ollama',
  reasoning: true,
  refusal: 'text',
  finish: { stop: 'stop', tools: 'stop', length: 'length', filter: 'stop', refusal: 'stop' },
  codes: noWords,
  tools: 'whole',
  error: 'message',
  named: true,
  usage: 'no-reasoning',
};

const anthropic: ProviderRow = {
  name: 'Anthropic',
  target: '/anthropic/v1/messages',
  body: { model: 'mock-1', stream: true, messages },
  dialect: 'anthropic',
  reasoning: true,
  refusal: 'text',
  finish: anthropicFinish,
  codes: anthropicCodes,
  tools: 'pieces',
  error: 'message',
  named: true,
  usage: 'no-reasoning',
};

export const providerRows: readonly ProviderRow[] = [
  openaiChat,
  {
    ...openaiChat,
    name: 'OpenAI responses',
    target: '/openai/v1/responses',
    body: { model: 'mock-1', stream: true, input: 'Why?' },
    dialect: 'openai-responses',
    reasoning: true,
    finish: {
      stop: 'completed',
      tools: 'completed',
      length: 'incomplete:max_output_tokens',
      filter: 'incomplete:content_filter',
      refusal: 'completed',
    },
  },
  anthropic,
  gemini,
  { ...gemini, name: 'Gemini array', target: '/gemini/v1beta/models/mock-1:streamGenerateContent' },
  ollama,
  {
    ...ollama,
    name: 'Ollama generate',
    target: '/ollama/api/generate',
    body: { model: 'mock-1', prompt: 'Why?' },
    tools: 'none',
  },
  {
    ...openaiChat,
    name: 'Ollama as OpenAI',
    target: '/ollama/v1/chat/completions',
    reasoning: true,
    refusal: 'text',
    finish: { ...chatFinish, filter: 'stop' },
    codes: noWords,
    tools: 'whole',
  },
  {
    ...openaiChat,
    name: 'Mistral',
    target: '/mistral/v1/chat/completions',
    reasoning: true,
    refusal: 'text',
    finish: { ...chatFinish, filter: 'stop' },
    codes: noWords,
    tools: 'whole',
    error: 'finish-reason',
    usage: 'no-reasoning',
  },
  {
    ...openaiChat,
    name: 'Cohere',
    target: '/cohere/v2/chat',
    dialect: 'cohere-v2',
    reasoning: true,
    refusal: 'text',
    finish: { stop: 'COMPLETE', tools: 'TOOL_CALL', length: 'MAX_TOKENS', filter: 'COMPLETE', refusal: 'COMPLETE' },
    codes: noWords,
    usage: 'no-reasoning',
  },
  {
    ...anthropic,
    name: 'Bedrock converse',
    target: '/bedrock/model/mock-1/converse-stream',
    body: { messages: [{ role: 'user', content: [{ text: 'Why?' }] }] },
    dialect: 'bedrock-converse',
    finish: { ...anthropicFinish, filter: 'guardrail_intervened', refusal: 'content_filtered' },
    codes: { ...usualCodes, refusal: ['ai/content-filter'] },
  },
  {
    ...anthropic,
    name: 'Bedrock invoke',
    target: '/bedrock/model/mock-1/invoke-with-response-stream',
    body: { messages },
    dialect: 'bedrock-invoke',
  },
  { ...openaiChat, name: 'OpenRouter', target: '/openrouter/api/v1/chat/completions', reasoning: true },
  {
    ...openaiChat,
    name: 'Vercel UI',
    target: '/vercel-ui/api/chat',
    body: { messages: [{ role: 'user', parts: [{ type: 'text', text: 'Why?' }] }] },
    dialect: 'vercel-ui-message-stream',
    named: false,
    reasoning: true,
    refusal: 'text',
    finish: {
      stop: 'stop',
      tools: 'tool-calls',
      length: 'length',
      filter: 'content-filter',
      refusal: 'content-filter',
    },
    codes: { ...usualCodes, refusal: ['ai/content-filter'] },
  },
  {
    ...openaiChat,
    name: 'AG-UI',
    target: '/ag-ui',
    body: { threadId: 't', runId: 'r', messages },
    dialect: 'ag-ui',
    named: false,
    reasoning: true,
    refusal: 'text',
    finish: {
      stop: 'RUN_FINISHED:success',
      tools: 'RUN_FINISHED:success',
      length: 'RUN_FINISHED:success',
      filter: 'RUN_FINISHED:success',
      refusal: 'RUN_FINISHED:success',
    },
    codes: { filter: [], refusal: [], length: [] },
    usage: 'none',
  },
  {
    ...openaiChat,
    name: 'MCP',
    target: '/mcp',
    body: {
      jsonrpc: '2.0',
      id: 7,
      method: 'tools/call',
      params: { name: 'answer', arguments: { prompt: 'Why?' }, _meta: { progressToken: 'p' } },
    },
    dialect: 'mcp',
    refusal: 'text',
    finish: { stop: null, tools: null, length: null, filter: null, refusal: null },
    codes: { filter: [], refusal: [], length: [] },
    tools: 'none',
    usage: 'none',
  },
];
