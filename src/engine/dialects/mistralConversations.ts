import type { Delta } from './delta.ts';
import { evidence, type Dialect, type DialectDecoder, type DialectFrame } from './dialect.ts';
import { decodeOther } from './doneSign.ts';
import { errorOf } from './errors.ts';
import { asIndex, asList, asName, asObject, asText, isObject, type JsonObject } from './jsonValue.ts';
import { openaiUsage } from './openaiUsage.ts';
import { ToolCallKeys } from './toolCallKeys.ts';

const own = /^(?:conversation\.response\.|message\.output\.|function\.call\.|tool\.execution\.|agent\.handoff\.)/;

/** Mistral's Conversations and Agents API (@mistralai/mistralai): events of a conversation, each naming its type twice. */
export const mistralConversations: Dialect = {
  name: 'mistral-conversations',
  title: 'Mistral Conversations',
  payload: 'json',
  terminator: { by: 'sign', expected: '“conversation.response.done”' },
  hasFinish: false,
  hasUsage: true,
  hint: ({ url }) => (url !== null && /\/v1\/conversations/.test(url) ? evidence.likely : evidence.none),
  recognise: ({ json, event }: DialectFrame) =>
    own.test(isObject(json) ? (asName(json.type) ?? event) : event) ? evidence.certain : evidence.none,
  create: () => new ConversationDecoder(),
};

class ConversationDecoder implements DialectDecoder {
  readonly #calls = new ToolCallKeys();

  decode(frame: DialectFrame, out: Delta[]): void {
    const { json } = frame;
    if (!isObject(json)) {
      decodeOther(frame, out);
      return;
    }
    const type = asName(json.type) ?? frame.event;
    if (type === 'message.output.delta') this.#output(json, out);
    else if (type === 'function.call.delta') this.#call(json, out);
    else if (type.startsWith('tool.execution.')) this.#execution(type, json, out);
    else if (type === 'conversation.response.started') {
      const id = asName(json.conversation_id);
      if (id !== undefined) out.push({ type: 'meta', id });
    } else if (type === 'conversation.response.done') {
      const usage = asObject(json.usage);
      if (usage !== undefined) openaiUsage(usage, out);
      out.push({ type: 'terminator' });
    } else if (type === 'conversation.response.error') out.push(errorOf(json));
    if (out.length === 0) out.push({ type: own.test(type) ? 'event' : 'unknown', name: type });
  }

  #output(json: JsonObject, out: Delta[]): void {
    const model = asName(json.model);
    if (model !== undefined) out.push({ type: 'meta', model });
    const part = asIndex(json.content_index) ?? asIndex(json.output_index) ?? 0;
    const { content } = json;
    if (typeof content === 'string') {
      out.push({ type: 'text', choice: 0, part, text: content });
      return;
    }
    const chunk = asObject(content);
    const type = asName(chunk?.type) ?? '';
    if (type === 'text') out.push({ type: 'text', choice: 0, part, text: asText(chunk?.text) });
    else if (type === 'thinking') {
      for (const thought of asList(chunk?.thinking)) {
        if (isObject(thought)) out.push({ type: 'reasoning', choice: 0, part, text: asText(thought.text) });
      }
    } else if (type === 'tool_reference' || type === 'reference') {
      out.push({ type: 'citation', choice: 0, part, citation: content });
    } else if (chunk !== undefined)
      out.push({ type: 'media', choice: 0, media: type, characters: asText(chunk).length });
  }

  #call(json: JsonObject, out: Delta[]): void {
    const id = asName(json.tool_call_id) ?? asName(json.id) ?? '';
    const { call, isNew } = this.#calls.callOf(0, undefined, id, 0);
    const name = asName(json.name) ?? null;
    if (isNew) {
      out.push({ type: 'tool-start', choice: 0, call, id: id || null, name, kind: 'function', runs: 'client' });
    }
    const text = asText(json.arguments);
    if (text !== '') out.push({ type: 'tool-arguments', call, text });
  }

  #execution(type: string, json: JsonObject, out: Delta[]): void {
    const id = asName(json.id) ?? '';
    const { call, isNew } = this.#calls.callOf(1, undefined, id, 0);
    const name = asName(json.name) ?? null;
    if (isNew) {
      out.push({ type: 'tool-start', choice: 0, call, id: id || null, name, kind: 'tool.execution', runs: 'server' });
    }
    const text = asText(json.arguments);
    if (text !== '') out.push({ type: 'tool-arguments', call, text });
    if (type === 'tool.execution.done') out.push({ type: 'tool-end', call, status: 'done' });
  }
}
