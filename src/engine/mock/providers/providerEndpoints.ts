import type { MockEndpoint } from '../endpoint.ts';
import { agUi } from './agUi.ts';
import { anthropic } from './anthropic.ts';
import { bedrock } from './bedrock.ts';
import { cohere } from './cohere.ts';
import { gemini } from './gemini.ts';
import { mcp } from './mcp.ts';
import { mistral } from './mistral.ts';
import { modelLists } from './modelLists.ts';
import { ollama } from './ollama.ts';
import { openaiChat } from './openaiChat.ts';
import { openaiResponses } from './openaiResponses.ts';
import { openrouter } from './openrouter.ts';
import { vercelUi } from './vercelUi.ts';

/** Everything that plays a provider of token streams. */
export const providerEndpoints: readonly MockEndpoint[] = [
  openaiChat,
  openaiResponses,
  anthropic,
  ...gemini,
  ...ollama,
  mistral,
  cohere,
  ...bedrock,
  openrouter,
  vercelUi,
  agUi,
  mcp,
  ...modelLists,
];
