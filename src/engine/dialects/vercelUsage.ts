import type { Delta } from './delta.ts';
import { asNumber, asObject, type JsonObject } from './jsonValue.ts';

/** Usage with the names of the Vercel AI SDK: `promptTokens` in version 4, `inputTokens` since. */
export function vercelUsage(usage: JsonObject, out: Delta[]): void {
  const input = asNumber(usage.inputTokens ?? usage.promptTokens);
  const output = asNumber(usage.outputTokens ?? usage.completionTokens);
  if (input === null && output === null) return;
  const details = asObject(usage.outputTokenDetails);
  // The provider's own object is `raw` where the application passes it on.
  const raw = asObject(usage.raw) ?? usage;
  out.push({
    type: 'usage',
    input,
    output,
    reasoning: asNumber(usage.reasoningTokens ?? details?.reasoningTokens),
    raw,
  });
}
