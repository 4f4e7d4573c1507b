import type { Delta } from './delta.ts';
import { evidence, type Dialect, type DialectDecoder, type DialectFrame } from './dialect.ts';
import { errorOf } from './errors.ts';
import { asList, asName, asObject, isObject, type JsonObject } from './jsonValue.ts';
import { isModelMessage, langchainMessage } from './langchainMessage.ts';
import { ToolCallKeys } from './toolCallKeys.ts';

/** Where `/stream_log` adds pieces of the answer (JSON Patch paths). */
const streamedOutput = /^\/streamed_output(?:_str)?\/-$/;

/**
 * LangServe: `/stream` with pieces of the answer in events `data`, `/stream_log` with JSON patches, `/stream_events`
 * with events of the chain. `event: end` comes without data.
 */
export const langserve: Dialect = {
  name: 'langserve',
  title: 'LangServe',
  payload: 'text',
  terminator: { by: 'sign', expected: 'the event “end”' },
  hasFinish: false,
  hasUsage: false,
  hint: ({ url }) =>
    url !== null && /\/stream(?:_log|_events)?(?:[?#]|$)/.test(url) ? evidence.possible : evidence.none,
  recognise: ({ event, json, text }: DialectFrame) => {
    if (event === 'metadata' && isObject(json) && 'run_id' in json && !('attempt' in json)) return evidence.strong;
    if (event === 'data') {
      if (isModelMessage(json) || isPatch(json) || isChainEvent(json)) return evidence.certain;
      return typeof json === 'string' ? evidence.likely : evidence.possible;
    }
    return event === 'end' && text === '' ? evidence.likely : evidence.none;
  },
  create: () => new LangserveDecoder(),
};

function isPatch(json: unknown): json is JsonObject {
  return isObject(json) && Array.isArray(json.ops);
}

function isChainEvent(json: unknown): json is JsonObject {
  return isObject(json) && typeof json.event === 'string' && json.event.startsWith('on_') && 'run_id' in json;
}

class LangserveDecoder implements DialectDecoder {
  readonly #calls = new ToolCallKeys();

  decode({ event, json, text }: DialectFrame, out: Delta[]): void {
    if (event === 'end') out.push({ type: 'terminator' });
    else if (event === 'error') out.push(errorOf(json ?? text));
    else if (event === 'metadata') {
      const id = isObject(json) ? asName(json.run_id) : undefined;
      if (id !== undefined) out.push({ type: 'meta', id });
    } else if (event === 'data') this.#data(json, out);
    else {
      out.push(text.trim() === '' ? { type: 'heartbeat' } : { type: 'unknown', name: event });
      return;
    }
    if (out.length === 0) out.push({ type: 'event', name: event });
  }

  #data(json: unknown, out: Delta[]): void {
    if (isPatch(json)) {
      for (const operation of asList(json.ops)) this.#operation(asObject(operation), out);
    } else if (isChainEvent(json)) {
      const chunk = asObject(json.data)?.chunk;
      if (json.event === 'on_chat_model_stream' || json.event === 'on_llm_stream') this.#piece(chunk, out);
    } else this.#piece(json, out);
  }

  /** `/stream_log` says every piece twice, as text and as message: the text is the repetition. */
  #operation(operation: JsonObject | undefined, out: Delta[]): void {
    const path = asName(operation?.path) ?? '';
    if (operation?.op !== 'add' || !streamedOutput.test(path)) return;
    if (!path.startsWith('/streamed_output_str')) this.#piece(operation.value, out);
  }

  #piece(piece: unknown, out: Delta[]): void {
    if (typeof piece === 'string') out.push({ type: 'text', choice: 0, part: 0, text: piece });
    else if (isModelMessage(piece)) langchainMessage(piece, 0, this.#calls, out);
    else if (isObject(piece) && typeof piece.content === 'string') {
      out.push({ type: 'text', choice: 0, part: 0, text: piece.content });
    }
  }
}
