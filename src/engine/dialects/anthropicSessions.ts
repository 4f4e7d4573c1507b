import type { Delta } from './delta.ts';
import { evidence, type Dialect, type DialectDecoder, type DialectFrame } from './dialect.ts';
import { decodeOther } from './doneSign.ts';
import { errorOf } from './errors.ts';
import { asList, asName, asObject, asText, isObject, type JsonObject } from './jsonValue.ts';
import { ToolCallKeys } from './toolCallKeys.ts';

const own = /^(?:agent|session|span|user|system)\.[a-z_.]+$/;

/**
 * Anthropic's managed-agents sessions (@anthropic-ai/sdk, beta sessions): typed events of an agent at work. Previews of
 * an event (`event_start`, `event_delta`) are told again by the whole event, which is the one that counts.
 */
export const anthropicSessions: Dialect = {
  name: 'anthropic-sessions',
  title: 'Anthropic agent sessions',
  payload: 'json',
  terminator: { by: 'sign', expected: '“session.status_idle”' },
  hasFinish: false,
  hasUsage: false,
  hint: ({ url }) => (url !== null && /\/v1\/sessions\/[^/]+\/events/.test(url) ? evidence.strong : evidence.none),
  recognise: ({ json, event }: DialectFrame) => {
    const type = isObject(json) ? (asName(json.type) ?? event) : event;
    if (/^(?:agent\.(?:message|thinking|\w*tool_use)|session\.(?:status_|error|thread_)|span\.model_)/.test(type)) {
      return evidence.certain;
    }
    return type === 'event_start' || type === 'event_delta' ? evidence.likely : evidence.none;
  },
  create: () => new SessionDecoder(),
};

class SessionDecoder implements DialectDecoder {
  readonly #calls = new ToolCallKeys();
  #part = 0;

  decode(frame: DialectFrame, out: Delta[]): void {
    const { json } = frame;
    if (!isObject(json)) {
      decodeOther(frame, out);
      return;
    }
    const type = asName(json.type) ?? frame.event;
    if (type === 'agent.message') this.#content('text', json, out);
    else if (type === 'agent.thinking') this.#content('reasoning', json, out);
    else if (/^agent\.\w*tool_use$/.test(type)) this.#toolUse(type, json, out);
    else if (/^agent\.\w*tool_result$/.test(type)) {
      const { call, isNew } = this.#calls.callOf(0, undefined, asText(json.tool_use_id), 0);
      out.push({ type: 'tool-result', call: isNew ? null : call, result: json.content ?? null });
    } else if (type === 'session.error') out.push(errorOf(json.error ?? json));
    else if (type === 'session.status_idle' || type === 'session.status_terminated') out.push({ type: 'terminator' });
    if (out.length === 0) {
      const isKnown = own.test(type) || type === 'event_start' || type === 'event_delta';
      out.push({ type: isKnown ? 'event' : 'unknown', name: type });
    }
  }

  #content(channel: 'text' | 'reasoning', json: JsonObject, out: Delta[]): void {
    const part = this.#part++;
    for (const item of asList(json.content)) {
      const text = asName(asObject(item)?.text) ?? asName(asObject(item)?.thinking);
      if (text !== undefined) out.push({ type: channel, choice: 0, part, text });
    }
  }

  #toolUse(type: string, json: JsonObject, out: Delta[]): void {
    const id = asName(json.id) ?? '';
    const { call } = this.#calls.callOf(0, undefined, id, 0);
    const name = asName(json.name) ?? null;
    const runs = type === 'agent.custom_tool_use' ? 'client' : 'server';
    out.push({ type: 'tool-start', choice: 0, call, id: id || null, name, kind: type, runs });
    out.push({ type: 'tool-end', call, arguments: asText(json.input) });
  }
}
