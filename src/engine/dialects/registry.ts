import type { Dialect } from './dialect.ts';
import { a2a } from './a2a.ts';
import { agUi } from './agUi.ts';
import { anthropicSessions } from './anthropicSessions.ts';
import { geminiInteractions } from './geminiInteractions.ts';
import { genericDialect } from './generic.ts';
import { langgraph } from './langgraph.ts';
import { langserve } from './langserve.ts';
import { llamacppNative } from './llamacppNative.ts';
import { lmstudioNative } from './lmstudioNative.ts';
import { mcp } from './mcp.ts';
import { mistralConversations } from './mistralConversations.ts';
import { openaiAssistants } from './openaiAssistants.ts';
import { openaiImages, openaiSpeech } from './openaiMedia.ts';
import { openaiTranscription } from './openaiTranscription.ts';
import { replicate } from './replicate.ts';
import { tgi } from './tgi.ts';
import { vercelData } from './vercelData.ts';
import { vercelUi } from './vercelUi.ts';
import { watsonx } from './watsonx.ts';
import { workersAi } from './workersAi.ts';
import { anthropic } from './anthropic.ts';
import { bedrockConverse } from './bedrockConverse.ts';
import { bedrockInvoke } from './bedrockInvoke.ts';
import { cohereV1 } from './cohereV1.ts';
import { cohereV2 } from './cohereV2.ts';
import { gemini } from './gemini.ts';
import { ollama } from './ollama.ts';
import { openaiChat } from './openaiChat.ts';
import { openaiCompletions } from './openaiCompletions.ts';
import { openaiResponses } from './openaiResponses.ts';

/** Every dialect there is. Of those that score the same, the earlier one is taken. */
export const dialects: readonly Dialect[] = [
  openaiChat,
  openaiResponses,
  openaiCompletions,
  anthropic,
  gemini,
  ollama,
  cohereV2,
  cohereV1,
  bedrockConverse,
  bedrockInvoke,
  openaiAssistants,
  openaiTranscription,
  openaiSpeech,
  openaiImages,
  geminiInteractions,
  mistralConversations,
  anthropicSessions,
  tgi,
  llamacppNative,
  lmstudioNative,
  replicate,
  watsonx,
  workersAi,
  vercelUi,
  vercelData,
  agUi,
  langgraph,
  langserve,
  a2a,
  mcp,
];

export function dialectNamed(name: string): Dialect | undefined {
  return dialects.find((dialect) => dialect.name === name) ?? genericDialect(name);
}
