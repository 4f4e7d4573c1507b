import { defaultLimits } from '../../shared/limits.ts';
import { fromBase64 } from '../bytes/base64.ts';
import { decodeUtf8 } from '../bytes/decode.ts';
import { isTooDeep } from '../framing/jsonLimits.ts';
import { AnthropicDecoder } from './anthropic.ts';
import { awsFault, ConverseDecoder, isAwsFault } from './bedrockConverse.ts';
import { cohereV1 } from './cohereV1.ts';
import type { Delta } from './delta.ts';
import { evidence, type Dialect, type DialectDecoder, type DialectFrame, type DialectHints } from './dialect.ts';
import { decodeOther } from './doneSign.ts';
import { finishMeaning } from './finishMeaning.ts';
import { asList, asName, asNumber, asObject, isObject, type JsonObject } from './jsonValue.ts';
import { openaiChat } from './openaiChat.ts';

/**
 * Amazon Bedrock's InvokeModelWithResponseStream: AWS messages whose payload holds a model family's own JSON in base64.
 * Claude speaks `anthropic` inside, Nova as ConverseStream, others a shape of their own.
 */
export const bedrockInvoke: Dialect = {
  name: 'bedrock-invoke',
  title: 'Amazon Bedrock InvokeModel',
  payload: 'json',
  terminator: { by: 'finish', expected: 'the last event of the model' },
  hasFinish: true,
  hasUsage: true,
  hint: ({ url }: DialectHints) =>
    url?.includes('/invoke-with-response-stream') === true ? evidence.likely : evidence.none,
  recognise: (frame: DialectFrame) => {
    const { messageType, event, json } = frame;
    if (messageType === 'event' && event === 'chunk') {
      return typeof asObject(json)?.bytes === 'string' ? evidence.certain : evidence.likely;
    }
    return isAwsFault(frame) ? evidence.possible : evidence.none;
  },
  create: () => new InvokeDecoder(),
};

class InvokeDecoder implements DialectDecoder {
  readonly #anthropic = new AnthropicDecoder();
  readonly #converse = new ConverseDecoder();
  #chat: DialectDecoder | undefined;
  #cohere: DialectDecoder | undefined;

  decode(frame: DialectFrame, out: Delta[]): void {
    if (isAwsFault(frame)) {
      out.push(awsFault(frame));
      return;
    }
    const bytes = asObject(frame.json)?.bytes;
    if (typeof bytes !== 'string') {
      decodeOther(frame, out);
      return;
    }
    const inner = innerJson(bytes);
    if (inner === undefined) {
      out.push({ type: 'fault', code: 'ai/invalid-payload', details: { reason: 'its bytes are not JSON in base64' } });
      return;
    }
    if (inner['amazon-bedrock-guardrailAction'] === 'INTERVENED') {
      out.push({ type: 'fault', code: 'ai/content-filter', details: { reason: 'guardrail' } });
    }
    this.#inner(frame, inner, out);
    if (out.length === 0) out.push({ type: 'event', name: 'chunk' });
  }

  #inner(frame: DialectFrame, json: JsonObject, out: Delta[]): void {
    if (Array.isArray(json.choices)) {
      this.#chat ??= openaiChat.create();
      this.#chat.decode({ ...frame, event: '', json }, out);
    } else if (typeof json.event_type === 'string') {
      this.#cohere ??= cohereV1.create();
      this.#cohere.decode({ ...frame, event: '', json }, out);
    } else if (typeof json.type === 'string' || typeof json.completion === 'string') {
      this.#anthropic.event(json, '', out);
    } else if (!plainFamily(json, out) && !ownMembers(json)) {
      const name = Object.keys(json)[0] ?? '';
      const body = json[name];
      if (isObject(body)) this.#converse.event(name, body, out);
      else out.push({ type: 'unknown', name });
    }
  }
}

/** An event of Bedrock's own about the stream: guardrail, trace, metrics. */
function ownMembers(json: JsonObject): boolean {
  return Object.keys(json).every((name) => name.startsWith('amazon-bedrock-'));
}

function innerJson(base64: string): JsonObject | undefined {
  const bytes = fromBase64(base64);
  if (bytes === null || isTooDeep(bytes, 0, bytes.length, defaultLimits)) return undefined;
  try {
    const value: unknown = JSON.parse(decodeUtf8(bytes));
    return isObject(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

/** Titan, Llama, Mistral and Cohere Command: text beside a stop reason, with counts under names of their own. */
function plainFamily(json: JsonObject, out: Delta[]): boolean {
  const first = asObject(asList(json.outputs)[0]) ?? asObject(asList(json.generations)[0]);
  const text = json.outputText ?? json.generation ?? first?.text ?? json.text;
  if (typeof text !== 'string') return false;
  out.push({ type: 'text', choice: 0, part: 0, text });
  const stop = json.completionReason ?? json.stop_reason ?? first?.stop_reason ?? json.finish_reason;
  const reason = asName(stop);
  if (reason !== undefined) out.push({ type: 'finish', choice: 0, reason, meaning: finishMeaning(reason) });
  const input = asNumber(json.prompt_token_count ?? json.inputTextTokenCount);
  const output = asNumber(json.generation_token_count ?? json.totalOutputTextTokenCount);
  if (input !== null || output !== null) out.push({ type: 'usage', input, output, reasoning: null, raw: json });
  const metrics = asObject(json['amazon-bedrock-invocationMetrics']);
  if (metrics !== undefined) invocationUsage(metrics, out);
  return true;
}

function invocationUsage(raw: JsonObject, out: Delta[]): void {
  const [input, output] = [asNumber(raw.inputTokenCount), asNumber(raw.outputTokenCount)];
  out.push({ type: 'usage', input, output, reasoning: null, raw });
  for (const name of ['firstByteLatency', 'invocationLatency'] as const) {
    const value = asNumber(raw[name]);
    if (value !== null) out.push({ type: 'timing', name, micros: Math.round(value * 1_000) });
  }
}
