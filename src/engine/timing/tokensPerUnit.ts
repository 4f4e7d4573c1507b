import type { TokensPerUnit } from '../../shared/columns.ts';
import type { Assembly } from '../dialects/assemble.ts';
import { tokenMetrics } from './tokenMetrics.ts';

/** What a token of running text comes to, about, while nobody has said how many there are. */
const assumedUnitsPerToken = 4;

/**
 * Tokens a unit of content stands for: the provider's count over all content, so that each frame and column gets its
 * share; assumed while there is none.
 * @returns null where there is no content
 */
export function tokensPerUnit(message: Assembly, dialect: string, variant: string | null): TokensPerUnit | null {
  if (message.contentUnits === 0) return null;
  const { tokens } = tokenMetrics({ message, dialect, variant, microsOf: null, wireBytes: null, counter: null });
  if (tokens === null || tokens.count === 0) return { ratio: 1 / assumedUnitsPerToken, source: 'assumed' };
  return { ratio: tokens.count / message.contentUnits, source: 'usage' };
}
