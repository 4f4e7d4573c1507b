/** What of a recording's expectation is not compared. */
export type Member =
  'text' | 'reasoning' | 'tool_calls' | 'usage' | 'finish_reason' | 'refusal' | 'errors' | 'id' | 'model' | 'dialect';

const everything: readonly Member[] = [
  'text',
  'reasoning',
  'tool_calls',
  'usage',
  'finish_reason',
  'refusal',
  'errors',
  'id',
  'model',
];

/** Where the product rightly differs from a recording's expectation, and why. By folder and file. */
export const reasons: Readonly<Record<string, { readonly members: readonly Member[]; readonly why: string }>> = {
  'derived/gemini-json-array--cut-mid-array': {
    members: everything,
    why: 'the expectation is that of a parser of whole documents; its own notes say that the whole leading elements must be read',
  },
  'gemini-sse/firebase--vertexai-streaming-failure-invalid-json': {
    members: ['dialect'],
    why: 'the only frame is valid JSON without a single member of the dialect: its bytes cannot tell it',
  },
};
