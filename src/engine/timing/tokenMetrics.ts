import type { TokenCount, TokenMetrics } from '../../shared/message.ts';
import type { Micros } from '../../shared/words.ts';
import type { Assembly } from '../dialects/assemble.ts';
import type { TokenCounter } from './tokenCounter.ts';

export interface TokenMetricsInput {
  readonly message: Assembly;
  readonly dialect: string;
  readonly variant: string | null;
  /** Arrival of a frame; null where times are not known. Asked for the frames that set a time alone. */
  readonly microsOf: ((frame: number) => Micros | null) | null;
  readonly wireBytes: number | null;
  /** Null: no tokenizer is at hand, so nothing is estimated. */
  readonly counter: TokenCounter | null;
}

export function tokenMetrics(input: TokenMetricsInput): TokenMetrics {
  const { message, microsOf } = input;
  const at = (frame: number): Micros | null => (frame < 0 || microsOf === null ? null : microsOf(frame));
  const ttftMicros = at(message.firstContentFrame);
  const lastContentMicros = at(message.lastContentFrame);
  const tokens = countTokens(input);
  const itlMicros =
    tokens === null || tokens.count < 2 || ttftMicros === null || lastContentMicros === null
      ? null
      : (lastContentMicros - ttftMicros) / (tokens.count - 1);
  return {
    ttftMicros,
    ttftFrame: frameOrNull(message.firstContentFrame),
    ttfoMicros: at(message.firstOutputFrame),
    ttfoFrame: frameOrNull(message.firstOutputFrame),
    lastContentMicros,
    lastContentFrame: frameOrNull(message.lastContentFrame),
    tokens,
    itlMicros,
    decodePerSecond: itlMicros === null || itlMicros <= 0 ? null : 1_000_000 / itlMicros,
    endToEndPerSecond:
      tokens === null || lastContentMicros === null || lastContentMicros <= 0
        ? null
        : (tokens.count * 1_000_000) / lastContentMicros,
    wireOverhead: wireOverhead(input),
  };
}

function frameOrNull(frame: number): number | null {
  return frame < 0 ? null : frame;
}

/** Whether a tokenizer is of use: there is content, and the provider has not counted it. */
export function wantsEstimate({ usage, contentUnits }: Assembly): boolean {
  const isCounted = usage !== null && usage.delta.output !== null && usage.delta.isOutputPlaceholder !== true;
  return !isCounted && contentUnits > 0;
}

function countTokens({ message, dialect, variant, counter }: TokenMetricsInput): TokenCount | null {
  const usage = message.usage?.delta;
  if (usage !== undefined && usage.output !== null && usage.isOutputPlaceholder !== true) {
    const addedReasoning = leavesReasoningOut(dialect, variant) ? (usage.reasoning ?? 0) : 0;
    return { count: usage.output + addedReasoning, source: 'usage', tokenizer: null, addedReasoning };
  }
  if (counter === null || message.contentUnits === 0) return null;
  let count = 0;
  for (const choice of message.choices.values()) {
    count +=
      counter.count(choice.text.text) + counter.count(choice.reasoning.text) + counter.count(choice.refusal.text);
  }
  message.calls.forEach((call) => {
    if (call.runs === 'client') count += counter.count(call.name ?? '') + counter.count(call.arguments.text);
  });
  return { count, source: 'estimated', tokenizer: counter.name, addedReasoning: 0 };
}

/** Providers whose output count leaves reasoning out (`metrics.md`, Token counts). */
function leavesReasoningOut(dialect: string, variant: string | null): boolean {
  if (dialect === 'gemini' || dialect === 'gemini-interactions') return true;
  return dialect === 'openai-chat' && variant === 'xai';
}

/** Content is counted in UTF-8; a unit that is half of a pair counts as half of its four bytes. */
function wireOverhead({ message, wireBytes }: TokenMetricsInput): number | null {
  if (wireBytes === null || wireBytes === 0) return null;
  let content = 0;
  for (const choice of message.choices.values()) {
    content += utf8Length(choice.text.text) + utf8Length(choice.reasoning.text) + utf8Length(choice.refusal.text);
  }
  message.calls.forEach((call) => {
    content += utf8Length(call.arguments.text);
  });
  return Math.max(0, (wireBytes - content) / wireBytes);
}

function utf8Length(text: string): number {
  let length = text.length;
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at);
    if (code >= 0x80) length += code >= 0x800 && (code < 0xd800 || code > 0xdfff) ? 2 : 1;
  }
  return length;
}
