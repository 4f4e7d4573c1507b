import type { Delta } from './delta.ts';
import { evidence, type Dialect, type DialectDecoder, type DialectFrame } from './dialect.ts';
import { decodeOther } from './doneSign.ts';
import { errorOf } from './errors.ts';
import { asName, asObject, asText, isObject, type JsonObject } from './jsonValue.ts';
import { isModelMessage, langchainMessage } from './langchainMessage.ts';
import { ToolCallKeys } from './toolCallKeys.ts';

/** Modes that no other dialect has. */
const ownModes = new Set([
  'messages/partial',
  'messages/complete',
  'messages/metadata',
  'messages-tuple',
  'checkpoints',
  'updates',
  'values',
]);
const otherModes = new Set(['metadata', 'messages', 'custom', 'debug', 'tasks', 'events', 'feedback', 'end', 'error']);

/**
 * LangGraph Platform's run streams: the event names the mode, with the namespace of a subgraph after `|`. `messages` are
 * pieces of a message; `messages/partial` repeat the message so far, of which only what is new is given.
 */
export const langgraph: Dialect = {
  name: 'langgraph',
  title: 'LangGraph',
  payload: 'json',
  terminator: { by: 'sign', expected: 'the event “end”' },
  hasFinish: false,
  hasUsage: false,
  hint: ({ url }) => (url !== null && /\/runs\/(?:[^/]+\/)?stream/.test(url) ? evidence.strong : evidence.none),
  recognise: ({ event, json }: DialectFrame) => {
    const mode = modeOf(event);
    if (ownModes.has(mode)) return evidence.certain;
    if (mode === 'messages' && Array.isArray(json) && isModelMessage(json[0])) return evidence.certain;
    // LangServe begins with the same event and gives no attempt.
    if (mode === 'metadata' && isObject(json) && 'run_id' in json) {
      return 'attempt' in json ? evidence.strong : evidence.possible;
    }
    return ['debug', 'tasks'].includes(mode) && isObject(json) ? evidence.likely : evidence.none;
  },
  create: () => new LanggraphDecoder(),
};

function modeOf(event: string): string {
  const bar = event.indexOf('|');
  return bar < 0 ? event : event.slice(0, bar);
}

class LanggraphDecoder implements DialectDecoder {
  readonly #calls = new ToolCallKeys();
  readonly #parts = new Map<string, number>();
  /** Text that each message was said to have so far. */
  readonly #soFar = new Map<string, string>();

  decode(frame: DialectFrame, out: Delta[]): void {
    const { json, event } = frame;
    const mode = modeOf(event);
    if (mode === 'end') out.push({ type: 'terminator' });
    else if (mode === 'error') out.push(errorOf(json ?? frame.text));
    else if (mode === 'metadata' && isObject(json)) {
      const id = asName(json.run_id);
      if (id !== undefined) out.push({ type: 'meta', id });
    } else if (mode === 'messages' || mode === 'messages-tuple') {
      const message: unknown = Array.isArray(json) ? json[0] : json;
      if (isModelMessage(message)) langchainMessage(message, this.#partOf(message), this.#calls, out);
    } else if (mode === 'messages/partial' || mode === 'messages/complete') {
      for (const message of Array.isArray(json) ? (json as readonly unknown[]) : [json]) {
        if (isModelMessage(message)) this.#cumulative(message, out);
      }
    } else if (!ownModes.has(mode) && !otherModes.has(mode)) {
      if (mode === '') decodeOther(frame, out);
      else out.push({ type: 'unknown', name: event });
    }
    if (out.length === 0) out.push({ type: 'event', name: mode });
  }

  #partOf(message: JsonObject): number {
    const id = asText(message.id);
    const part = this.#parts.get(id) ?? this.#parts.size;
    this.#parts.set(id, part);
    return part;
  }

  #cumulative(message: JsonObject, out: Delta[]): void {
    const part = this.#partOf(message);
    const id = asText(message.id);
    const before = this.#soFar.get(id) ?? '';
    const now = typeof message.content === 'string' ? message.content : '';
    if (now.startsWith(before)) {
      this.#soFar.set(id, now);
      // Arguments of calls grow as well and are no pieces, so only whole ones are taken.
      const calls = asObject(message.response_metadata)?.finish_reason === undefined ? [] : message.tool_calls;
      const fresh = { ...message, content: now.slice(before.length), tool_call_chunks: [], tool_calls: calls };
      langchainMessage(fresh, part, this.#calls, out);
    } else {
      out.push({ type: 'final', channel: 'text', choice: 0, part, text: now });
    }
  }
}
