import type { Delta } from './delta.ts';
import { evidence, type Dialect, type DialectDecoder, type DialectFrame } from './dialect.ts';
import { decodeOther } from './doneSign.ts';
import { errorOf } from './errors.ts';
import { asName, asObject, asText, isObject, type JsonObject } from './jsonValue.ts';
import { ToolCallKeys } from './toolCallKeys.ts';

/** Events that say nothing for the message. */
const quiet = new Set([
  'STEP_STARTED',
  'STEP_FINISHED',
  'STATE_SNAPSHOT',
  'STATE_DELTA',
  'MESSAGES_SNAPSHOT',
  'ACTIVITY_SNAPSHOT',
  'ACTIVITY_DELTA',
  'REASONING_START',
  'REASONING_END',
  'REASONING_MESSAGE_START',
  'REASONING_MESSAGE_END',
  'REASONING_ENCRYPTED_VALUE',
  'THINKING_START',
  'THINKING_END',
  'THINKING_TEXT_MESSAGE_START',
  'THINKING_TEXT_MESSAGE_END',
  'TEXT_MESSAGE_END',
  'RAW',
  'CUSTOM',
]);

const spoken = new Set([
  'RUN_STARTED',
  'RUN_FINISHED',
  'RUN_ERROR',
  'TEXT_MESSAGE_START',
  'TEXT_MESSAGE_CONTENT',
  'TEXT_MESSAGE_CHUNK',
  'TOOL_CALL_START',
  'TOOL_CALL_ARGS',
  'TOOL_CALL_END',
  'TOOL_CALL_CHUNK',
  'TOOL_CALL_RESULT',
  'REASONING_MESSAGE_CONTENT',
  'REASONING_MESSAGE_CHUNK',
  'THINKING_TEXT_MESSAGE_CONTENT',
]);

/**
 * AG-UI: events of an agent's run for its user interface (@ag-ui/core). A run ends with RUN_FINISHED or RUN_ERROR. The
 * usage that a run may list belongs to the several answers of models behind it and is no usage of this message.
 */
export const agUi: Dialect = {
  name: 'ag-ui',
  title: 'AG-UI',
  payload: 'json',
  terminator: { by: 'finish', expected: '“RUN_FINISHED”' },
  hasFinish: true,
  hasUsage: false,
  hint: ({ headers }) =>
    headers.get('content-type')?.includes('vnd.ag-ui') === true ? evidence.certain : evidence.none,
  recognise: ({ json }: DialectFrame) => {
    const type = isObject(json) ? asName(json.type) : undefined;
    if (type === undefined) return evidence.none;
    if (spoken.has(type) || (quiet.has(type) && type.includes('_'))) return evidence.certain;
    return /^[A-Z]+(?:_[A-Z]+)+$/.test(type) ? evidence.likely : evidence.none;
  },
  create: () => new AgUiDecoder(),
};

class AgUiDecoder implements DialectDecoder {
  readonly #calls = new ToolCallKeys();
  readonly #parts = new Map<string, number>();
  /** Messages of somebody else than the agent: their text is no answer. */
  readonly #foreign = new Set<string>();
  /** Chunk events may leave the id out: they go on with the one before. */
  #message = '';
  #call = '';

  decode(frame: DialectFrame, out: Delta[]): void {
    const { json } = frame;
    if (!isObject(json)) {
      decodeOther(frame, out);
      return;
    }
    const type = asName(json.type) ?? '';
    switch (type) {
      case 'RUN_STARTED': {
        const id = asName(json.runId);
        out.push(id === undefined ? { type: 'event', name: type } : { type: 'meta', id });
        break;
      }
      case 'RUN_FINISHED':
        this.#finished(json, out);
        break;
      case 'RUN_ERROR':
        out.push(errorOf(json));
        break;
      case 'TEXT_MESSAGE_START':
        this.#begin(json, type, out);
        break;
      case 'TEXT_MESSAGE_CONTENT':
      case 'TEXT_MESSAGE_CHUNK':
        if (type === 'TEXT_MESSAGE_CHUNK' && json.role !== undefined && json.role !== null)
          this.#begin(json, type, out);
        this.#text('text', json, type, out);
        break;
      case 'REASONING_MESSAGE_CONTENT':
      case 'REASONING_MESSAGE_CHUNK':
      case 'THINKING_TEXT_MESSAGE_CONTENT':
        this.#text('reasoning', json, type, out);
        break;
      case 'TOOL_CALL_START':
      case 'TOOL_CALL_CHUNK':
      case 'TOOL_CALL_ARGS':
        this.#toolCall(json, out);
        break;
      case 'TOOL_CALL_END': {
        const { call } = this.#calls.callOf(0, undefined, asText(json.toolCallId), 0);
        out.push({ type: 'tool-end', call });
        break;
      }
      case 'TOOL_CALL_RESULT':
        this.#result(json, out);
        break;
      default:
        out.push(quiet.has(type) ? { type: 'event', name: type } : { type: 'unknown', name: type });
    }
  }

  #begin(json: JsonObject, type: string, out: Delta[]): void {
    const role = asName(json.role) ?? 'assistant';
    const id = asName(json.messageId) ?? this.#message;
    if (role !== 'assistant') this.#foreign.add(id);
    if (type === 'TEXT_MESSAGE_START') out.push({ type: 'event', name: type });
  }

  #text(channel: 'text' | 'reasoning', json: JsonObject, type: string, out: Delta[]): void {
    const id = asName(json.messageId) ?? this.#message;
    this.#message = id;
    const text = asName(json.delta);
    if (text === undefined || this.#foreign.has(id)) {
      out.push({ type: 'event', name: type });
      return;
    }
    const part = this.#parts.get(id) ?? this.#parts.size;
    this.#parts.set(id, part);
    out.push({ type: channel, choice: 0, part, text });
  }

  #toolCall(json: JsonObject, out: Delta[]): void {
    const id = asName(json.toolCallId) ?? this.#call;
    this.#call = id;
    const { call, isNew } = this.#calls.callOf(0, undefined, id, 0);
    const name = asName(json.toolCallName) ?? null;
    if (isNew || name !== null) {
      out.push({
        type: 'tool-start',
        choice: 0,
        call,
        id: id === '' ? null : id,
        name,
        kind: 'function',
        runs: 'client',
      });
    }
    const text = asName(json.delta);
    if (text !== undefined) out.push({ type: 'tool-arguments', call, text });
    if (out.length === 0) out.push({ type: 'event', name: asText(json.type) });
  }

  #result(json: JsonObject, out: Delta[]): void {
    const { call, isNew } = this.#calls.callOf(0, undefined, asText(json.toolCallId), 0);
    out.push({ type: 'tool-result', call: isNew ? null : call, result: json.content ?? null });
  }

  #finished(json: JsonObject, out: Delta[]): void {
    const outcome = asName(asObject(json.outcome)?.type) ?? asName(json.outcome);
    const reason = outcome === undefined ? 'RUN_FINISHED' : `RUN_FINISHED:${outcome}`;
    out.push({ type: 'finish', choice: 0, reason, meaning: outcome === 'interrupt' ? 'other' : 'end' });
  }
}
