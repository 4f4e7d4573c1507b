import type { Dialect } from './dialect.ts';
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
];

export function dialectNamed(name: string): Dialect | undefined {
  return dialects.find((dialect) => dialect.name === name);
}
