import type { Delta } from './delta.ts';
import { evidence, type Dialect, type DialectDecoder, type DialectFrame } from './dialect.ts';
import { decodeOther } from './doneSign.ts';
import { errorOf } from './errors.ts';
import { asName, asNumber, asObject, asText, isObject, type JsonObject } from './jsonValue.ts';
import { ToolCallKeys } from './toolCallKeys.ts';

const progress = /^(?:model_load|prompt_processing)\.(?:start|progress|end)$/;
const borders = new Set(['message.start', 'message.end', 'reasoning.start', 'reasoning.end']);

/** LM Studio's own `/api/v1/chat` (lmstudio-ai/docs, streaming events). */
export const lmstudioNative: Dialect = {
  name: 'lmstudio-chat',
  title: 'LM Studio chat',
  payload: 'json',
  terminator: { by: 'sign', expected: '“chat.end”' },
  hasFinish: false,
  hasUsage: true,
  hint: ({ url }) => (url?.includes('/api/v1/chat') === true ? evidence.likely : evidence.none),
  recognise: ({ json, event }: DialectFrame) => {
    const type = isObject(json) ? (asName(json.type) ?? event) : '';
    if (type === 'chat.start' || type === 'chat.end' || progress.test(type)) return evidence.certain;
    if (type === 'message.delta' || type === 'reasoning.delta') return evidence.strong;
    return borders.has(type) ? evidence.likely : evidence.none;
  },
  create: () => new LmStudioDecoder(),
};

class LmStudioDecoder implements DialectDecoder {
  readonly #calls = new ToolCallKeys();
  #call = -1;
  #part = 0;

  decode(frame: DialectFrame, out: Delta[]): void {
    const { json } = frame;
    if (!isObject(json)) {
      decodeOther(frame, out);
      return;
    }
    const type = asName(json.type) ?? frame.event;
    if (type === 'message.delta') out.push({ type: 'text', choice: 0, part: this.#part, text: asText(json.content) });
    else if (type === 'reasoning.delta') {
      out.push({ type: 'reasoning', choice: 0, part: this.#part, text: asText(json.content) });
    } else if (type.startsWith('tool_call.')) this.#tool(type, json, out);
    else if (type === 'chat.start') {
      const model = asName(json.model_instance_id);
      out.push(model === undefined ? { type: 'event', name: type } : { type: 'meta', model });
    } else if (type === 'chat.end') chatEnd(asObject(json.result) ?? {}, out);
    else if (type === 'error') out.push(errorOf(json.error ?? json));
    else if (progress.test(type)) out.push({ type: 'heartbeat' });
    else if (borders.has(type)) {
      if (type.endsWith('.start')) this.#part++;
      out.push({ type: 'event', name: type });
    } else out.push({ type: 'unknown', name: type });
  }

  /** Calls have no ids: what follows a start belongs to it. LM Studio runs them itself. */
  #tool(type: string, json: JsonObject, out: Delta[]): void {
    if (type === 'tool_call.start' || this.#call < 0) {
      this.#call = this.#calls.begin();
      const name = asName(json.tool) ?? null;
      out.push({ type: 'tool-start', choice: 0, call: this.#call, id: null, name, kind: 'tool_call', runs: 'server' });
    }
    const call = this.#call;
    if (type === 'tool_call.arguments') out.push({ type: 'tool-end', call, arguments: asText(json.arguments) });
    else if (type === 'tool_call.success') {
      out.push(
        { type: 'tool-end', call, status: 'success' },
        { type: 'tool-result', call, result: json.output ?? null },
      );
    } else if (type === 'tool_call.failure') {
      out.push(
        { type: 'tool-end', call, status: 'failure' },
        { type: 'tool-result', call, result: json.reason ?? null },
      );
    } else if (out.length === 0) out.push({ type: 'event', name: type });
  }
}

function chatEnd(result: JsonObject, out: Delta[]): void {
  const id = asName(result.response_id);
  if (id !== undefined) out.push({ type: 'meta', id });
  const stats = asObject(result.stats);
  if (stats !== undefined) {
    out.push({
      type: 'usage',
      input: asNumber(stats.input_tokens),
      output: asNumber(stats.total_output_tokens),
      reasoning: asNumber(stats.reasoning_output_tokens),
      raw: stats,
    });
    for (const [name, value] of Object.entries(stats)) {
      if (name.endsWith('_seconds') && typeof value === 'number') {
        out.push({ type: 'timing', name, micros: Math.round(value * 1_000_000) });
      }
    }
  }
  out.push({ type: 'terminator' });
}
