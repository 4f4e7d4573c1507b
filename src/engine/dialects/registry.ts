import type { Dialect } from './dialect.ts';
import { openaiChat } from './openaiChat.ts';

/** Every dialect there is. Of those that score the same, the earlier one is taken. */
export const dialects: readonly Dialect[] = [openaiChat];

export function dialectNamed(name: string): Dialect | undefined {
  return dialects.find((dialect) => dialect.name === name);
}
