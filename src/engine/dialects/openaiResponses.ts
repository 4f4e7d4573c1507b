import type { Delta, TextChannel } from './delta.ts';
import { evidence, type Dialect, type DialectDecoder, type DialectFrame, type DialectHints } from './dialect.ts';
import { decodeOther } from './doneSign.ts';
import { errorOf } from './errors.ts';
import { finishMeaning } from './finishMeaning.ts';
import { asIndex, asName, asObject, asText, isObject, type JsonObject } from './jsonValue.ts';
import { chatVariantOfHints } from './openaiVariants.ts';
import { openaiUsage } from './openaiUsage.ts';

/**
 * OpenAI's Responses: typed events over output items; ends with `response.completed`, `failed` or `incomplete`.
 * Items are known by their `output_index`: some proxies give another `item_id` in every event.
 */
export const openaiResponses: Dialect = {
  name: 'openai-responses',
  title: 'OpenAI Responses',
  payload: 'json',
  terminator: { by: 'sign', expected: '“response.completed”' },
  hasFinish: true,
  hasUsage: true,
  hint: ({ url }: DialectHints) =>
    url !== null && /\/responses(\/[^/?]+)?(\?|$)/.test(url) ? evidence.likely : evidence.none,
  recognise: ({ json, event }: DialectFrame) => {
    if (!isObject(json)) return evidence.none;
    const type = typeof json.type === 'string' ? json.type : event;
    if (type.startsWith('response.')) return evidence.certain;
    if (type !== 'error') return evidence.none;
    if ('sequence_number' in json) return evidence.certain;
    const error = asObject(json.error);
    const isOpenaiError = error !== undefined && ('code' in error || 'param' in error);
    return isOpenaiError || typeof json.code === 'string' ? evidence.possible : evidence.none;
  },
  variantFromHints: (hints: DialectHints) => {
    const ofHost = chatVariantOfHints(hints);
    return ofHost ?? (hints.url?.includes('bedrock-mantle.') === true ? 'bedrock' : null);
  },
  create: () => new ResponsesDecoder(),
};

/** Events that only say that something goes on, or repeat what was said; all begin with `response.`. */
const quietEvents = new Set([
  'content_part.added',
  'content_part.done',
  'reasoning_summary_part.added',
  'reasoning_summary_part.done',
  'audio.done',
  'audio.transcript.done',
  'shell_call_command.added',
  'shell_call_command.delta',
  'shell_call_command.done',
  'shell_call_output_content.delta',
  'shell_call_output_content.done',
  'apply_patch_call_operation_diff.delta',
  'apply_patch_call_operation_diff.done',
  'inject.created',
  'inject.failed',
]);
const progress = /^[a-z_]+(_call|_tools|_agent)\.[a-z_]+$/;

/** Statuses of the response that may come as an event of their own. */
const openStatuses = new Set(['created', 'queued', 'in_progress']);
const endStatuses = new Set(['completed', 'failed', 'incomplete', 'cancelled']);

interface TextEvent {
  readonly channel: TextChannel;
  /** The member that numbers the parts inside an item. */
  readonly index: 'content_index' | 'summary_index';
  /** The event repeats a part whole. */
  readonly isWhole: boolean;
}

function textEvent(channel: TextChannel, index: TextEvent['index'], isWhole: boolean): TextEvent {
  return { channel, index, isWhole };
}

/** Deltas of text, and the events that repeat them whole, by type. */
const textEvents: ReadonlyMap<string, TextEvent> = new Map([
  ['response.output_text.delta', textEvent('text', 'content_index', false)],
  ['response.output_text.done', textEvent('text', 'content_index', true)],
  ['response.refusal.delta', textEvent('refusal', 'content_index', false)],
  ['response.refusal.done', textEvent('refusal', 'content_index', true)],
  ['response.reasoning_text.delta', textEvent('reasoning', 'content_index', false)],
  ['response.reasoning_text.done', textEvent('reasoning', 'content_index', true)],
  ['response.reasoning_summary_text.delta', textEvent('reasoning', 'summary_index', false)],
  ['response.reasoning_summary_text.done', textEvent('reasoning', 'summary_index', true)],
  ['response.reasoning.delta', textEvent('reasoning', 'content_index', false)],
  ['response.reasoning_summary.delta', textEvent('reasoning', 'summary_index', false)],
  ['response.audio.transcript.delta', textEvent('text', 'content_index', false)],
]);

/** Deltas of a call's arguments and their whole text, by type: the member that has them. */
const argumentEvents: ReadonlyMap<string, 'delta' | 'arguments' | 'input' | 'code'> = new Map([
  ['response.function_call_arguments.delta', 'delta'],
  ['response.function_call_arguments.done', 'arguments'],
  ['response.custom_tool_call_input.delta', 'delta'],
  ['response.custom_tool_call_input.done', 'input'],
  ['response.mcp_call_arguments.delta', 'delta'],
  ['response.mcp_call_arguments.done', 'arguments'],
  ['response.code_interpreter_call_code.delta', 'delta'],
  ['response.code_interpreter_call_code.done', 'code'],
]);

/** Parts inside an item that are told apart; a summary's are counted from half of it. */
const partsInItem = 65_536;

class ResponsesDecoder implements DialectDecoder {
  readonly #callOfItem = new Map<number, number>();
  #calls = 0;
  #hasMeta = false;

  decode(frame: DialectFrame, out: Delta[]): void {
    const { json } = frame;
    if (!isObject(json)) {
      decodeOther(frame, out);
      return;
    }
    // The event's name is the same text from frame to frame, so that it is found faster than what was just parsed.
    const type = typeof json.type === 'string' && json.type !== frame.event ? json.type : frame.event;
    const text = textEvents.get(type);
    const member = text === undefined ? argumentEvents.get(type) : undefined;
    if (text !== undefined) textDelta(text, json, out);
    else if (member !== undefined) this.#argumentsEvent(member, json, out);
    else if (type.startsWith('response.')) this.#event(type.slice('response.'.length), json, out);
    else if (type === 'error' || isObject(json.error)) out.push(errorOf(json.error ?? json));
    else if (type === 'keepalive' || type === 'ping') out.push({ type: 'heartbeat' });
    else out.push({ type: 'unknown', name: type });
    if (out.length === 0) out.push({ type: 'event', name: type });
  }

  #event(name: string, json: JsonObject, out: Delta[]): void {
    if (name === 'output_item.added') this.#itemAdded(json, out);
    else if (name === 'output_item.done') this.#itemDone(json, out);
    else if (name === 'output_text.annotation.added') {
      out.push({ type: 'citation', choice: 0, part: partOf(json, 'content_index'), citation: json.annotation });
    } else if (name === 'audio.delta') media('audio', json.delta, out);
    else if (name === 'image_generation_call.partial_image') media('image', json.partial_image_b64, out);
    else if (openStatuses.has(name)) this.#meta(asObject(json.response), out);
    else if (endStatuses.has(name)) this.#end(name, asObject(json.response) ?? {}, out);
    else if (!quietEvents.has(name) && !progress.test(name)) out.push({ type: 'unknown', name: `response.${name}` });
  }

  #meta(response: JsonObject | undefined, out: Delta[]): void {
    if (this.#hasMeta || response === undefined) return;
    const id = asName(response.id);
    const model = asName(response.model);
    this.#hasMeta = id !== undefined && model !== undefined;
    if (id === undefined && model === undefined) return;
    out.push({ type: 'meta', ...(id === undefined ? {} : { id }), ...(model === undefined ? {} : { model }) });
  }

  #argumentsEvent(member: 'delta' | 'arguments' | 'input' | 'code', json: JsonObject, out: Delta[]): void {
    const at = asIndex(json.output_index) ?? 0;
    let call = this.#callOfItem.get(at);
    if (call === undefined) {
      // The item never began, or the stream was resumed after it had.
      call = this.#begin(at, { id: asName(json.item_id) ?? null, name: null, kind: 'function', runs: 'client' }, out);
    }
    const text = json[member];
    if (typeof text !== 'string') return;
    if (member === 'delta') out.push({ type: 'tool-arguments', call, text });
    else out.push({ type: 'tool-end', call, arguments: text });
  }

  #begin(
    at: number,
    head: { id: string | null; name: string | null; kind: string; runs: 'client' | 'server' },
    out: Delta[],
  ): number {
    const call = this.#calls++;
    this.#callOfItem.set(at, call);
    out.push({ type: 'tool-start', choice: 0, call, ...head });
    return call;
  }

  /** @returns the call of an item; undefined for one that is no call */
  #itemAdded(json: JsonObject, out: Delta[]): number | undefined {
    const item = asObject(json.item) ?? {};
    const type = asName(item.type) ?? '';
    const at = asIndex(json.output_index) ?? 0;
    if (type === 'function_call' || type === 'custom_tool_call') {
      const id = asName(item.call_id) ?? asName(item.id) ?? null;
      const kind = type === 'function_call' ? 'function' : 'custom';
      return this.#begin(at, { id, name: asName(item.name) ?? null, kind, runs: 'client' }, out);
    }
    if (!type.endsWith('_call')) return undefined;
    const id = asName(item.id) ?? asName(item.call_id) ?? null;
    return this.#begin(at, { id, name: asName(item.name) ?? type, kind: type, runs: 'server' }, out);
  }

  #itemDone(json: JsonObject, out: Delta[]): void {
    const item = asObject(json.item) ?? {};
    const call = this.#callOfItem.get(asIndex(json.output_index) ?? 0) ?? this.#itemAdded(json, out);
    if (call === undefined) return;
    const text = argumentsOf(item);
    const status = asName(item.status);
    out.push({
      type: 'tool-end',
      call,
      ...(text === undefined ? {} : { arguments: text }),
      ...(status === undefined ? {} : { status }),
    });
    if (item.type === 'image_generation_call') media('image', item.result, out);
    else if (item.output !== undefined && item.output !== null) {
      out.push({ type: 'tool-result', call, result: item.output });
    }
  }

  #end(name: string, response: JsonObject, out: Delta[]): void {
    this.#meta(response, out);
    const status = asName(response.status) ?? name;
    const why = asName(asObject(response.incomplete_details)?.reason);
    const reason = why === undefined ? status : `${status}:${why}`;
    if (isObject(response.error)) out.push(errorOf(response.error));
    out.push({ type: 'finish', choice: 0, reason, meaning: finishMeaning(why ?? status) });
    if (isObject(response.usage)) openaiUsage(response.usage, out);
    out.push({ type: 'terminator' });
  }
}

function textDelta({ channel, index, isWhole }: TextEvent, json: JsonObject, out: Delta[]): void {
  const part = partOf(json, index);
  const text = isWhole ? (json.text ?? json.refusal) : json.delta;
  if (typeof text !== 'string') {
    if (isWhole) return;
    const details = { field: 'delta', expected: 'a text', found: `a ${typeof text}` };
    out.push({ type: 'fault', code: 'ai/unexpected-value', details });
  } else if (isWhole) out.push({ type: 'final', channel, choice: 0, part, text });
  else out.push({ type: channel, choice: 0, part, text });
}

function partOf(json: JsonObject, index: string): number {
  const offset = index === 'summary_index' ? partsInItem / 2 : 0;
  return (asIndex(json.output_index) ?? 0) * partsInItem + offset + (asIndex(json[index]) ?? 0);
}

/** What an item was called with: its own member by type, else its action. */
function argumentsOf(item: JsonObject): string | undefined {
  for (const member of ['arguments', 'input', 'code', 'action', 'queries', 'operation'] as const) {
    const value = item[member];
    if (value !== undefined && value !== null) return asText(value);
  }
  return undefined;
}

function media(kind: string, data: unknown, out: Delta[]): void {
  if (typeof data === 'string') out.push({ type: 'media', choice: 0, media: kind, characters: data.length });
}
