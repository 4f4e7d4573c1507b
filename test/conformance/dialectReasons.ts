/** What of a recording's expectation is not compared. */
export type Member = 'text' | 'reasoning' | 'tool_calls' | 'usage' | 'finish_reason' | 'errors' | 'id' | 'model' | 'dialect';

/** Where the product rightly differs from a recording's expectation, and why. By the name of the meta file. */
export const reasons: Readonly<Record<string, { readonly members: readonly Member[]; readonly why: string }>> = {};
