import type { Delta } from './delta.ts';
import { asNumber, asObject, type JsonObject } from './jsonValue.ts';
import { usageTimings } from './openaiTimings.ts';

/** Usage as OpenAI's completions and their copies send it, or with the names of the Responses API. */
export function openaiUsage(usage: JsonObject, out: Delta[]): void {
  const details = asObject(usage.completion_tokens_details) ?? asObject(usage.output_tokens_details);
  const input = usage.prompt_tokens ?? usage.input_tokens;
  const output = usage.completion_tokens ?? usage.output_tokens;
  const reasoning = details?.reasoning_tokens ?? usage.reasoning_tokens;
  noteIfNotNumber('usage', input ?? output, out);
  out.push({
    type: 'usage',
    input: asNumber(input),
    output: asNumber(output),
    reasoning: asNumber(reasoning),
    raw: usage,
  });
  usageTimings(usage, out);
}

/** A count that is sent as something else than a number is not guessed at. */
export function noteIfNotNumber(field: string, value: unknown, out: Delta[]): void {
  if (value === undefined || value === null || typeof value === 'number') return;
  out.push({
    type: 'fault',
    code: 'ai/unexpected-value',
    details: { field, expected: 'a number', found: `a ${typeof value}` },
  });
}
