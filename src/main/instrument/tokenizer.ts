import { boundedTokenCounter, type TokenCounter } from '../../engine/timing/tokenCounter.ts';

let loading: Promise<TokenCounter> | undefined;

/** The tokenizer for estimates. Its tables are two megabytes, so they are loaded when somebody first asks. */
export function tokenCounter(): Promise<TokenCounter> {
  loading ??= import('gpt-tokenizer/encoding/o200k_base').then(({ countTokens }) => {
    // A model may well write what looks like a control token: it is text here.
    const options = { disallowedSpecial: new Set<string>() };
    return boundedTokenCounter('o200k_base', (text) => countTokens(text, options));
  });
  return loading;
}
