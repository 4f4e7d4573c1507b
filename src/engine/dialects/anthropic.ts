import type { Delta } from './delta.ts';
import { evidence, type Dialect, type DialectDecoder, type DialectFrame, type DialectHints } from './dialect.ts';
import { decodeOther } from './doneSign.ts';
import { errorOf } from './errors.ts';
import { finishMeaning } from './finishMeaning.ts';
import { asIndex, asName, asNumber, asObject, isObject, type JsonObject } from './jsonValue.ts';
import { noteIfNotNumber } from './openaiUsage.ts';

const eventTypes = new Set([
  'message_start',
  'content_block_start',
  'content_block_delta',
  'content_block_stop',
  'message_delta',
  'message_stop',
]);

/**
 * Anthropic's Messages: typed events, content in blocks, `message_stop` at the end. Vertex and gateways send the same;
 * Bedrock wraps it (`bedrockInvoke.ts`). The type inside the data counts, since proxies drop event names.
 */
export const anthropic: Dialect = {
  name: 'anthropic',
  title: 'Anthropic Messages',
  payload: 'json',
  terminator: { by: 'sign', expected: '“message_stop”' },
  hasFinish: true,
  hasUsage: true,
  hint: ({ url, headers }: DialectHints) => {
    if (url !== null && (url.includes('/v1/messages') || url.includes(':streamRawPredict'))) return evidence.likely;
    for (const name of headers.keys()) if (name.startsWith('anthropic-')) return evidence.likely;
    return evidence.none;
  },
  recognise: ({ json, event }: DialectFrame) => {
    if (!isObject(json)) return event === 'ping' ? evidence.possible : evidence.none;
    const type = typeof json.type === 'string' ? json.type : event;
    if (eventTypes.has(type)) return evidence.certain;
    if (event === 'vertex_event') return evidence.likely;
    if (type === 'ping') return evidence.possible;
    if (typeof json.completion === 'string' && 'stop_reason' in json) return evidence.strong;
    return type === 'error' && isObject(json.error) && typeof json.error.type === 'string'
      ? evidence.possible
      : evidence.none;
  },
  variant: ({ json, event }: DialectFrame) => {
    const id = asObject(asObject(json)?.message)?.id;
    if (event === 'vertex_event' || (typeof id === 'string' && id.startsWith('msg_vrtx_'))) return 'vertex';
    return typeof id === 'string' && id.startsWith('msg_bdrk_') ? 'bedrock' : null;
  },
  variantFromHints: ({ url }: DialectHints) => (url?.includes(':streamRawPredict') === true ? 'vertex' : null),
  create: () => new AnthropicDecoder(),
};

interface Block {
  readonly type: string;
  readonly part: number;
  /** Of a tool call; −1 for other blocks. */
  readonly call: number;
  readonly input: unknown;
}

export class AnthropicDecoder implements DialectDecoder {
  #blocks = new Map<number, Block>();
  readonly #callsById = new Map<string, number>();
  #calls = 0;
  #parts = 0;
  #hasStarted = false;
  #usage: Record<string, unknown> | undefined;
  /** Of `message_start`: a small number that stands there until `message_delta` brings the count. */
  #isOutputPlaceholder = true;

  decode(frame: DialectFrame, out: Delta[]): void {
    const { json } = frame;
    if (isObject(json)) this.event(json, frame.event, out);
    else decodeOther(frame, out);
  }

  /** @param name of the SSE event, for events whose data has no type */
  event(json: JsonObject, name: string, out: Delta[]): void {
    const type = typeof json.type === 'string' ? json.type : name;
    switch (type) {
      case 'content_block_delta':
        this.#delta(json, out);
        return;
      case 'message_start':
        this.#start(asObject(json.message) ?? {}, out);
        return;
      case 'content_block_start':
        this.#blockStart(asIndex(json.index) ?? this.#blocks.size, asObject(json.content_block) ?? {}, out);
        return;
      case 'content_block_stop':
        this.#blockStop(asIndex(json.index), out);
        return;
      case 'message_delta':
        this.#messageDelta(json, out);
        return;
      case 'message_stop':
        invocationMetrics(json['amazon-bedrock-invocationMetrics'], out);
        out.push({ type: 'terminator' });
        return;
      case 'ping':
        out.push({ type: 'heartbeat' });
        return;
      case 'error':
        out.push(errorOf(json.error ?? json));
        return;
      case 'vertex_event':
        out.push({ type: 'event', name: type });
        return;
      default:
        this.#other(json, type, out);
    }
  }

  #start(message: JsonObject, out: Delta[]): void {
    if (this.#hasStarted) {
      // Gateways splice streams; what comes now is another message whose blocks are counted from 0 again.
      out.push({ type: 'fault', code: 'ai/out-of-order', details: { name: 'message_start' } });
      this.#blocks = new Map();
    }
    this.#hasStarted = true;
    const id = asName(message.id);
    const model = asName(message.model);
    out.push({ type: 'meta', ...(id === undefined ? {} : { id }), ...(model === undefined ? {} : { model }) });
    this.#isOutputPlaceholder = true;
    this.#mergeUsage(message.usage, out);
  }

  #blockStart(index: number, content: JsonObject, out: Delta[]): void {
    const type = asName(content.type) ?? '';
    const isClientTool = type === 'tool_use';
    const isServerTool = type === 'server_tool_use' || type === 'mcp_tool_use';
    const call = isClientTool || isServerTool ? this.#calls++ : -1;
    const part = this.#parts++;
    this.#blocks.set(index, { type, part, call, input: content.input });
    if (call >= 0) {
      const id = asName(content.id) ?? null;
      if (id !== null) this.#callsById.set(id, call);
      const runs = isClientTool ? 'client' : 'server';
      out.push({ type: 'tool-start', choice: 0, call, id, name: asName(content.name) ?? null, kind: type, runs });
    } else if (type === 'text' && asName(content.text) !== undefined) {
      out.push({ type: 'text', choice: 0, part, text: content.text as string });
    } else if (type === 'thinking' && asName(content.thinking) !== undefined) {
      out.push({ type: 'reasoning', choice: 0, part, text: content.thinking as string });
    } else if (type.endsWith('_tool_result') || type === 'mcp_tool_result') {
      const id = asName(content.tool_use_id);
      const of = id === undefined ? undefined : this.#callsById.get(id);
      out.push({ type: 'tool-result', call: of ?? null, result: content.content });
    } else {
      out.push({ type: 'event', name: type === '' ? 'content_block_start' : type });
    }
  }

  #delta(json: JsonObject, out: Delta[]): void {
    const { delta } = json;
    if (!isObject(delta)) {
      out.push({ type: 'unknown', name: 'content_block_delta' });
      return;
    }
    const block = this.#blockOf(json.index, delta, out);
    const { part, call } = block;
    switch (delta.type) {
      case 'text_delta':
        if (typeof delta.text === 'string') out.push({ type: 'text', choice: 0, part, text: delta.text });
        break;
      case 'thinking_delta':
        if (typeof delta.thinking === 'string') out.push({ type: 'reasoning', choice: 0, part, text: delta.thinking });
        break;
      case 'input_json_delta':
        if (typeof delta.partial_json === 'string') {
          out.push({ type: 'tool-arguments', call, text: delta.partial_json });
        }
        break;
      case 'citations_delta':
        out.push({ type: 'citation', choice: 0, part, citation: delta.citation });
        break;
      case 'signature_delta':
      case 'compaction_delta':
        out.push({ type: 'event', name: delta.type });
        break;
      default:
        out.push({ type: 'unknown', name: asName(delta.type) ?? 'content_block_delta' });
    }
    if (out.length === 0) out.push({ type: 'unknown', name: asName(delta.type) ?? 'content_block_delta' });
  }

  /** The block of a delta; one that never began begins here, so that what it says is kept. */
  #blockOf(index: unknown, delta: JsonObject, out: Delta[]): Block {
    const at = asIndex(index) ?? 0;
    const known = this.#blocks.get(at);
    const isJson = delta.type === 'input_json_delta';
    if (known !== undefined && (!isJson || known.call >= 0)) return known;
    out.push({ type: 'fault', code: 'ai/out-of-order', details: { name: 'content_block_delta' } });
    const block: Block = {
      type: asName(delta.type) ?? '',
      part: known?.part ?? this.#parts++,
      call: isJson ? this.#calls++ : -1,
      input: undefined,
    };
    this.#blocks.set(at, block);
    if (isJson) {
      const { call } = block;
      out.push({ type: 'tool-start', choice: 0, call, id: null, name: null, kind: 'tool_use', runs: 'client' });
    }
    return block;
  }

  #blockStop(index: number | undefined, out: Delta[]): void {
    const block = index === undefined ? undefined : this.#blocks.get(index);
    if (block === undefined || block.call < 0) {
      out.push({ type: 'event', name: 'content_block_stop' });
      return;
    }
    const { call, input } = block;
    // Without a single delta the input is the one that the block began with.
    const hasInput = isObject(input) && Object.keys(input).length > 0;
    out.push({ type: 'tool-end', call, ...(hasInput ? { arguments: JSON.stringify(input) } : {}) });
  }

  #messageDelta(json: JsonObject, out: Delta[]): void {
    const reason = asName(asObject(json.delta)?.stop_reason);
    if (reason !== undefined) out.push({ type: 'finish', choice: 0, reason, meaning: finishMeaning(reason) });
    if (asNumber(asObject(json.usage)?.output_tokens) !== null) this.#isOutputPlaceholder = false;
    this.#mergeUsage(json.usage, out);
    if (out.length === 0) out.push({ type: 'event', name: 'message_delta' });
  }

  /** Usage comes in parts; of each field the last value that is not null counts. */
  #mergeUsage(usage: unknown, out: Delta[]): void {
    if (!isObject(usage)) return;
    const merged: Record<string, unknown> = { ...this.#usage };
    for (const [name, value] of Object.entries(usage)) if (value !== null) merged[name] = value;
    this.#usage = merged;
    noteIfNotNumber('usage', usage.output_tokens, out);
    out.push({
      type: 'usage',
      input: asNumber(merged.input_tokens),
      output: asNumber(merged.output_tokens),
      reasoning: asNumber(asObject(merged.output_tokens_details)?.thinking_tokens),
      ...(this.#isOutputPlaceholder ? { isOutputPlaceholder: true } : {}),
      raw: merged,
    });
  }

  #other(json: JsonObject, type: string, out: Delta[]): void {
    if (typeof json.completion === 'string') {
      // Text Completions, before there were messages.
      out.push({ type: 'text', choice: 0, part: 0, text: json.completion });
      const reason = asName(json.stop_reason);
      if (reason === undefined) return;
      out.push({ type: 'finish', choice: 0, reason, meaning: finishMeaning(reason) }, { type: 'terminator' });
    } else if (json.error !== undefined) out.push(errorOf(json.error));
    else out.push({ type: 'unknown', name: type });
  }
}

/** What Bedrock measured, in milliseconds. */
function invocationMetrics(metrics: unknown, out: Delta[]): void {
  if (!isObject(metrics)) return;
  for (const name of ['firstByteLatency', 'invocationLatency'] as const) {
    const value = asNumber(metrics[name]);
    if (value !== null) out.push({ type: 'timing', name, micros: Math.round(value * 1_000) });
  }
}
