import type { FinishMeaning } from '../../shared/message.ts';
import type { Delta } from './delta.ts';
import { evidence, type Dialect, type DialectDecoder, type DialectFrame } from './dialect.ts';
import { decodeOther } from './doneSign.ts';
import { errorOf } from './errors.ts';
import { asIndex, asName, asNumber, asObject, asText, isObject, type JsonObject } from './jsonValue.ts';

/** Statuses in which an interaction is over. */
const finalStatuses: Readonly<Record<string, FinishMeaning>> = {
  completed: 'end',
  requires_action: 'tools',
  failed: 'error',
  cancelled: 'other',
  incomplete: 'length',
  budget_exceeded: 'length',
};

/**
 * Google's Interactions API: steps of an interaction and their deltas. The names before Api-Revision 2026-05-20
 * (`interaction.start`, `content.…`, `interaction.complete`) are read as well.
 */
export const geminiInteractions: Dialect = {
  name: 'gemini-interactions',
  title: 'Gemini Interactions',
  payload: 'json',
  terminator: { by: 'finish', expected: '“interaction.completed”' },
  hasFinish: true,
  hasUsage: true,
  hint: ({ url }) => (url !== null && /\/interactions(?:[/?#:]|$)/.test(url) ? evidence.likely : evidence.none),
  recognise: ({ json, event }: DialectFrame) => {
    if (!isObject(json)) return evidence.none;
    const type = asName(json.event_type) ?? event;
    if (/^interaction\.(?:created|status_update|completed|start|complete)$/.test(type)) return evidence.certain;
    return /^(?:step|content)\.(?:start|delta|stop)$/.test(type) ? evidence.strong : evidence.none;
  },
  create: () => new InteractionsDecoder(),
};

class InteractionsDecoder implements DialectDecoder {
  /** Number of the call that each step makes. */
  readonly #calls = new Map<number, number>();
  readonly #streamed = new Set<number>();
  /** Arguments that a step began with, used where no piece of them follows. */
  readonly #given = new Map<number, unknown>();

  decode(frame: DialectFrame, out: Delta[]): void {
    const { json } = frame;
    if (!isObject(json)) {
      decodeOther(frame, out);
      return;
    }
    const type = asName(json.event_type) ?? frame.event;
    const index = asIndex(json.index) ?? 0;
    switch (type) {
      case 'interaction.created':
      case 'interaction.start':
      case 'interaction.completed':
      case 'interaction.complete':
        this.#interaction(asObject(json.interaction) ?? {}, out);
        break;
      case 'step.start':
        this.#begin(index, asObject(json.step) ?? {}, out);
        break;
      case 'content.start':
        this.#begin(index, asObject(json.content) ?? {}, out);
        break;
      case 'step.delta':
      case 'content.delta':
        this.#delta(index, asObject(json.delta) ?? {}, out);
        break;
      case 'step.stop':
      case 'content.stop':
        this.#stop(index, out);
        break;
      case 'error':
        out.push(errorOf(json.error ?? json));
        break;
      case 'interaction.status_update':
        break;
      default:
        out.push({ type: 'unknown', name: type });
    }
    if (out.length === 0) out.push({ type: 'event', name: type });
  }

  #interaction(interaction: JsonObject, out: Delta[]): void {
    const id = asName(interaction.id);
    const model = asName(interaction.model);
    if (id !== undefined || model !== undefined) {
      out.push({ type: 'meta', ...(id === undefined ? {} : { id }), ...(model === undefined ? {} : { model }) });
    }
    const usage = asObject(interaction.usage);
    if (usage !== undefined) {
      out.push({
        type: 'usage',
        input: asNumber(usage.total_input_tokens),
        output: asNumber(usage.total_output_tokens),
        reasoning: asNumber(usage.total_thought_tokens),
        raw: usage,
      });
    }
    const error = asObject(interaction.error);
    if (error !== undefined) out.push(errorOf(error));
    const status = asName(interaction.status);
    const meaning = status === undefined ? undefined : finalStatuses[status];
    if (status !== undefined && meaning !== undefined) out.push({ type: 'finish', choice: 0, reason: status, meaning });
  }

  #begin(index: number, step: JsonObject, out: Delta[]): void {
    const type = asName(step.type) ?? '';
    const isClients = type === 'function_call';
    if (!isClients && !type.endsWith('_call')) return;
    const call = this.#calls.get(index) ?? this.#calls.size;
    this.#calls.set(index, call);
    const id = asName(step.id) ?? null;
    const name = asName(step.name) ?? (isClients ? null : type);
    out.push({ type: 'tool-start', choice: 0, call, id, name, kind: type, runs: isClients ? 'client' : 'server' });
    const given = step.arguments;
    if (typeof given === 'string' ? given !== '' : isObject(given) && Object.keys(given).length > 0) {
      this.#given.set(call, given);
    }
  }

  #stop(index: number, out: Delta[]): void {
    const call = this.#calls.get(index);
    if (call === undefined) return;
    const given = this.#streamed.has(call) ? undefined : this.#given.get(call);
    out.push({ type: 'tool-end', call, ...(given === undefined ? {} : { arguments: asText(given) }) });
  }

  #delta(index: number, delta: JsonObject, out: Delta[]): void {
    const type = asName(delta.type) ?? (delta.signature === undefined ? '' : 'thought_signature');
    const part = index;
    if (type === 'text') out.push({ type: 'text', choice: 0, part, text: asText(delta.text) });
    else if (type === 'thought_summary' || type === 'thought') {
      const content = asObject(delta.content);
      out.push({ type: 'reasoning', choice: 0, part, text: asText(content?.text ?? delta.text ?? delta.thought) });
    } else if (type === 'arguments_delta') this.#arguments(index, asText(delta.arguments), out);
    else if (type === 'function_call') {
      this.#begin(index, delta, out);
      const call = this.#calls.get(index);
      if (call !== undefined && delta.arguments !== undefined)
        out.push({ type: 'tool-end', call, arguments: asText(delta.arguments) });
    } else if (type === 'text_annotation') out.push({ type: 'citation', choice: 0, part, citation: delta });
    else if (['image', 'audio', 'video', 'document'].includes(type)) {
      out.push({
        type: 'media',
        choice: 0,
        media: asName(delta.mime_type) ?? type,
        characters: asText(delta.data).length,
      });
    } else if (type.endsWith('_call')) this.#begin(index, delta, out);
    else if (type.endsWith('_result')) out.push({ type: 'tool-result', call: null, result: delta });
    else if (type === 'thought_signature') out.push({ type: 'event', name: type });
    else out.push({ type: 'unknown', name: `delta ${type}` });
  }

  #arguments(index: number, text: string, out: Delta[]): void {
    if (!this.#calls.has(index)) this.#begin(index, { type: 'function_call' }, out);
    const call = this.#calls.get(index) ?? 0;
    this.#streamed.add(call);
    out.push({ type: 'tool-arguments', call, text });
  }
}
