import { answerTokens, tokenPieces } from './chatAnswer.ts';
import type { ChatRequest } from './chatRequest.ts';
import { firstTokenDelays, naturalDelay } from './pace.ts';
import { seededRandom } from './random.ts';
import { type MockStep, textStep } from './step.ts';

export interface ChatScript {
  /** Tokens at most; the request may ask for fewer. */
  readonly n: number;
  /** Median time between tokens; 0 sends unpaced. */
  readonly delayMs: number;
  readonly seed: number;
  /** One silence of 1.3 s in the middle of the answer. */
  readonly stall: boolean;
  readonly request: ChatRequest;
}

export const stallMillis = 1300;

/** 16 November 2026, 08:53:20 UTC: fixed, because the same seed has to give the same bytes on any day. */
const createdSeconds = 1_794_819_200;

/** The two ways to answer share these fields. */
function envelope({ seed, request }: ChatScript): { id: string; created: number; model: string } {
  const random = seededRandom(seed);
  const alphabet = 'ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnpqrstuvwxyz23456789';
  const suffix = Array.from({ length: 24 }, () => alphabet[random.below(alphabet.length)]).join('');
  return { id: `chatcmpl-${suffix}`, created: createdSeconds, model: request.model };
}

function usage(promptTokens: number, completionTokens: number) {
  return {
    prompt_tokens: promptTokens,
    completion_tokens: completionTokens,
    total_tokens: promptTokens + completionTokens,
    completion_tokens_details: { reasoning_tokens: 0 },
  };
}

function tokenLimit({ n, request }: ChatScript): number {
  return Math.min(n, request.maxTokens ?? n);
}

/**
 * SSE of `chat.completion.chunk` objects as the OpenAI chat API streams them: a chunk with the role, one chunk a
 * token, the finish reason, the usage with empty `choices`, `[DONE]`. Times between tokens vary like a real model's:
 * log-normal around `delayMs`, now and then two tokens at once.
 */
export function* chatStream(script: ChatScript): Generator<MockStep, void, undefined> {
  const { delayMs, seed, request } = script;
  const { id, created, model } = envelope(script);
  const random = seededRandom(seed, 1);
  const limit = tokenLimit(script);
  const stallBefore = script.stall ? stallToken(script, limit) : -1;

  const chunk = (delayMillis: number, choices: readonly object[], sum: object | null = null): MockStep => {
    const payload = {
      id,
      object: 'chat.completion.chunk',
      created,
      model,
      choices,
      ...(request.includeUsage && { usage: sum }),
    };
    return textStep(delayMillis, `data: ${JSON.stringify(payload)}\n\n`);
  };
  const choiceOf = (delta: object, finishReason: string | null = null) => [
    { index: 0, delta, finish_reason: finishReason },
  ];

  yield chunk(delayMs * firstTokenDelays, choiceOf({ role: 'assistant', content: '', refusal: null }));
  const tokens = answerTokens(seed, request.prompt, limit);
  let sent = 0;
  let next = tokens.next();
  for (; next.done !== true; next = tokens.next()) {
    const pause = sent === stallBefore ? stallMillis : naturalDelay(delayMs, random);
    yield chunk(pause, choiceOf({ content: next.value }));
    sent++;
  }
  yield chunk(delayMs / 4, choiceOf({}, next.value));
  if (request.includeUsage) yield chunk(0, [], usage(tokenPieces(request.prompt).length, sent));
  yield textStep(0, 'data: [DONE]\n\n');
}

/** An answer in one piece is held in memory, so it has a bound of its own. */
const wholeAnswerTokens = 8_192;

/**
 * The answer as one `chat.completion` object of at most 8,192 tokens, for a request that did not ask for a stream.
 * Ends with a newline.
 */
export function chatCompletion(script: ChatScript): string {
  const { id, created, model } = envelope(script);
  const tokens = answerTokens(script.seed, script.request.prompt, Math.min(tokenLimit(script), wholeAnswerTokens));
  let content = '';
  let sent = 0;
  let next = tokens.next();
  for (; next.done !== true; next = tokens.next()) {
    content += next.value;
    sent++;
  }
  const message = { role: 'assistant', content, refusal: null };
  return `${JSON.stringify({
    id,
    object: 'chat.completion',
    created,
    model,
    choices: [{ index: 0, message, finish_reason: next.value }],
    usage: usage(tokenPieces(script.request.prompt).length, sent),
  })}\n`;
}

/** Half-way through the answer; far enough from its start to be a silence between tokens. */
function stallToken({ seed, request }: ChatScript, limit: number): number {
  const countable = Math.min(limit, 10_000);
  let tokens = 0;
  for (const _token of answerTokens(seed, request.prompt, countable)) tokens++;
  return Math.floor(tokens / 2);
}
