import type { Delta } from './delta.ts';
import { evidence, type Dialect, type DialectDecoder, type DialectFrame, type DialectHints } from './dialect.ts';
import { decodeOther } from './doneSign.ts';
import { errorOf } from './errors.ts';
import { finishMeaning } from './finishMeaning.ts';
import { asList, asName, asNumber, asObject, asText, isObject, type JsonObject } from './jsonValue.ts';

/** Ollama's own `/api/chat` and `/api/generate`: one object a line, the last with `done` and its counts and times. */
export const ollama: Dialect = {
  name: 'ollama',
  title: 'Ollama',
  payload: 'json',
  terminator: { by: 'sign', expected: '“"done": true”' },
  hasFinish: true,
  hasUsage: true,
  hint: ({ url }: DialectHints) =>
    url !== null && /\/api\/(chat|generate)(\?|$)/.test(url) ? evidence.likely : evidence.none,
  recognise: ({ json }: DialectFrame) => {
    if (!isObject(json)) return evidence.none;
    const hasContent = isObject(json.message) || typeof json.response === 'string';
    return typeof json.done === 'boolean' && hasContent ? evidence.certain : evidence.none;
  },
  create: () => new OllamaDecoder(),
};

/** Nanoseconds. */
const durations = ['total_duration', 'load_duration', 'prompt_eval_duration', 'eval_duration'] as const;
const counts = ['prompt_eval_count', 'eval_count'] as const;

class OllamaDecoder implements DialectDecoder {
  #calls = 0;
  #hasModel = false;

  decode(frame: DialectFrame, out: Delta[]): void {
    const { json } = frame;
    if (!isObject(json)) {
      decodeOther(frame, out);
      return;
    }
    const model = this.#hasModel ? undefined : asName(json.model);
    if (model !== undefined) {
      this.#hasModel = true;
      out.push({ type: 'meta', model });
    }
    if (json.error !== undefined) out.push(errorOf(json.error));
    const message = asObject(json.message);
    pushText('reasoning', message?.thinking ?? json.thinking, out);
    pushText('text', message?.content ?? json.response, out);
    for (const call of asList(message?.tool_calls)) this.#toolCall(call, out);
    for (const image of asList(message?.images)) {
      out.push({ type: 'media', choice: 0, media: 'image', characters: asText(image).length });
    }
    if (json.done === true) finish(json, out);
    if (out.length > 0) return;
    const isStep = message !== undefined || typeof json.done === 'boolean';
    out.push({ type: isStep ? 'event' : 'unknown', name: isStep ? 'step' : (Object.keys(json)[0] ?? '') });
  }

  /** Calls come whole. */
  #toolCall(value: unknown, out: Delta[]): void {
    const body = asObject(asObject(value)?.function);
    if (body === undefined) return;
    const call = this.#calls++;
    const id = asName(asObject(value)?.id) ?? null;
    const name = asName(body.name) ?? null;
    out.push({ type: 'tool-start', choice: 0, call, id, name, kind: 'function', runs: 'client' });
    const text = asText(body.arguments);
    out.push({ type: 'tool-end', call, ...(text === '' ? {} : { arguments: text }) });
  }
}

function pushText(type: 'text' | 'reasoning', value: unknown, out: Delta[]): void {
  if (typeof value === 'string' && value !== '') out.push({ type, choice: 0, part: 0, text: value });
}

function finish(json: JsonObject, out: Delta[]): void {
  const reason = asName(json.done_reason);
  if (reason !== undefined) out.push({ type: 'finish', choice: 0, reason, meaning: finishMeaning(reason) });
  const raw: Record<string, unknown> = {};
  for (const name of durations) {
    if (json[name] === undefined) continue;
    raw[name] = json[name];
    const nanos = asNumber(json[name]);
    if (nanos !== null) out.push({ type: 'timing', name, micros: Math.round(nanos / 1_000) });
  }
  for (const name of counts) if (json[name] !== undefined) raw[name] = json[name];
  const input = asNumber(json.prompt_eval_count);
  const output = asNumber(json.eval_count);
  if (input !== null || output !== null) out.push({ type: 'usage', input, output, reasoning: null, raw });
  out.push({ type: 'terminator' });
}
