import type { Delta } from './delta.ts';
import { evidence, type Dialect, type DialectDecoder, type DialectFrame } from './dialect.ts';
import { decodeOther } from './doneSign.ts';
import { errorOf } from './errors.ts';
import { finishMeaning } from './finishMeaning.ts';
import { asIndex, asList, asName, asObject, asText, isObject, type JsonObject } from './jsonValue.ts';
import { openaiUsage } from './openaiUsage.ts';
import { ToolCallKeys } from './toolCallKeys.ts';

/** Statuses of a run in which its stream is over. */
const finalStatuses = new Set(['completed', 'incomplete', 'failed', 'cancelled', 'expired', 'requires_action']);

/** OpenAI's Assistants API, version 2: events of a run, its steps and messages, each with the object itself as data. */
export const openaiAssistants: Dialect = {
  name: 'openai-assistants',
  title: 'OpenAI Assistants',
  payload: 'json',
  terminator: { by: 'sign', expected: 'the event “done”' },
  hasFinish: true,
  hasUsage: true,
  hint: ({ url }) => (url !== null && /\/threads\/(?:[^/]+\/)?runs/.test(url) ? evidence.likely : evidence.none),
  recognise: ({ event, json }: DialectFrame) => {
    if (event.startsWith('thread.')) return evidence.certain;
    const object = isObject(json) ? asText(json.object) : '';
    return object.startsWith('thread.') ? evidence.strong : evidence.none;
  },
  create: () => new AssistantsDecoder(),
};

class AssistantsDecoder implements DialectDecoder {
  readonly #calls = new ToolCallKeys();

  decode(frame: DialectFrame, out: Delta[]): void {
    const { json } = frame;
    if (!isObject(json)) {
      decodeOther(frame, out);
      return;
    }
    const object = asText(json.object);
    const name = frame.event === '' ? object : frame.event;
    if (frame.event === 'error' || json.error !== undefined) out.push(errorOf(json.error ?? json));
    else if (object === 'thread.message.delta') this.#message(json, out);
    else if (object === 'thread.run.step.delta') this.#step(json, out);
    else if (object === 'thread.run') this.#run(json, out);
    if (out.length > 0) return;
    out.push({ type: name.startsWith('thread.') ? 'event' : 'unknown', name });
  }

  #message(json: JsonObject, out: Delta[]): void {
    for (const item of asList(asObject(json.delta)?.content)) {
      if (!isObject(item)) continue;
      const part = asIndex(item.index) ?? 0;
      const text = asObject(item.text);
      if (text !== undefined) {
        out.push({ type: 'text', choice: 0, part, text: asText(text.value) });
        for (const annotation of asList(text.annotations)) {
          out.push({ type: 'citation', choice: 0, part, citation: annotation });
        }
      } else if (typeof item.refusal === 'string') {
        out.push({ type: 'refusal', choice: 0, part, text: item.refusal });
      } else out.push({ type: 'media', choice: 0, media: asName(item.type) ?? 'image', characters: 0 });
    }
  }

  /** Indexes of calls begin anew with each step. */
  #step(json: JsonObject, out: Delta[]): void {
    const step = asText(json.id);
    asList(asObject(asObject(json.delta)?.step_details)?.tool_calls).forEach((value, place) => {
      if (!isObject(value)) return;
      const key = `${step} ${asIndex(value.index) ?? place}`;
      const { call, isNew } = this.#calls.callOf(0, undefined, key, 0);
      const type = asName(value.type) ?? 'function';
      const body = asObject(value[type]);
      const id = asName(value.id) ?? null;
      const isFunction = type === 'function';
      const name = isFunction ? (asName(body?.name) ?? null) : type;
      if (isNew || id !== null) {
        out.push({ type: 'tool-start', choice: 0, call, id, name, kind: type, runs: isFunction ? 'client' : 'server' });
      }
      const text = asText(isFunction ? body?.arguments : body?.input);
      if (text !== '') out.push({ type: 'tool-arguments', call, text });
      if (isFunction && body?.output !== undefined && body.output !== null) {
        out.push({ type: 'tool-result', call, result: body.output });
      } else if (asList(body?.outputs).length > 0) out.push({ type: 'tool-result', call, result: body?.outputs });
    });
  }

  #run(run: JsonObject, out: Delta[]): void {
    const id = asName(run.id);
    const model = asName(run.model);
    out.push({ type: 'meta', ...(id === undefined ? {} : { id }), ...(model === undefined ? {} : { model }) });
    if (isObject(run.usage)) openaiUsage(run.usage, out);
    const error = asObject(run.last_error);
    if (error !== undefined) out.push(errorOf(error));
    const status = asName(run.status);
    if (status === undefined || !finalStatuses.has(status)) return;
    const detail = asName(asObject(run.incomplete_details)?.reason);
    const reason = status === 'incomplete' && detail !== undefined ? `${status}:${detail}` : status;
    out.push({ type: 'finish', choice: 0, reason, meaning: finishMeaning(detail ?? status) });
  }
}
