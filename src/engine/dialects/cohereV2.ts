import { cohereUsage } from './cohereV1.ts';
import type { Delta } from './delta.ts';
import { evidence, type Dialect, type DialectDecoder, type DialectFrame, type DialectHints } from './dialect.ts';
import { decodeOther } from './doneSign.ts';
import { errorOf, isBareMessage } from './errors.ts';
import { finishMeaning } from './finishMeaning.ts';
import { asIndex, asName, asObject, asText, isObject, type JsonObject } from './jsonValue.ts';
import { ToolCallKeys } from './toolCallKeys.ts';

/** Of Cohere alone; Vercel's UI stream has types with hyphens, too. */
const ownTypes = new Set([
  'message-start',
  'message-end',
  'content-start',
  'content-delta',
  'content-end',
  'tool-plan-delta',
  'tool-call-start',
  'tool-call-delta',
  'tool-call-end',
  'citation-start',
  'citation-end',
]);

/** Cohere's Chat API v2: typed events with hyphens, `message-end`, then `[DONE]`. */
export const cohereV2: Dialect = {
  name: 'cohere-v2',
  title: 'Cohere Chat v2',
  payload: 'json',
  terminator: { by: 'sign', expected: '“message-end”' },
  hasFinish: true,
  hasUsage: true,
  hint: ({ url }: DialectHints) => (url?.includes('/v2/chat') === true ? evidence.likely : evidence.none),
  recognise: ({ json, event }: DialectFrame) => {
    const type = isObject(json) && typeof json.type === 'string' ? json.type : event;
    if (!isObject(json)) return evidence.none;
    if (ownTypes.has(type)) return evidence.certain;
    return isBareMessage(json, 'id') ? evidence.possible : evidence.none;
  },
  create: () => new CohereV2Decoder(),
};

class CohereV2Decoder implements DialectDecoder {
  readonly #calls = new ToolCallKeys();

  decode(frame: DialectFrame, out: Delta[]): void {
    const { json } = frame;
    if (!isObject(json)) {
      decodeOther(frame, out);
      return;
    }
    const type = asName(json.type) ?? frame.event;
    const delta = asObject(json.delta);
    const message = asObject(delta?.message);
    const part = asIndex(json.index) ?? 0;
    switch (type) {
      case 'content-start':
      case 'content-delta':
        content(asObject(message?.content), part, out);
        break;
      case 'tool-call-start':
      case 'tool-call-delta':
        this.#toolCall(asObject(message?.tool_calls) ?? {}, part, out);
        break;
      case 'tool-call-end': {
        const { call, isNew } = this.#calls.callOf(0, part, '', 0);
        if (!isNew) out.push({ type: 'tool-end', call });
        break;
      }
      case 'citation-start':
        if (message?.citations !== undefined) {
          out.push({ type: 'citation', choice: 0, part: 0, citation: message.citations });
        }
        break;
      case 'message-start': {
        const id = asName(json.id);
        if (id !== undefined) out.push({ type: 'meta', id });
        break;
      }
      case 'message-end':
        messageEnd(delta ?? {}, out);
        break;
      case 'content-end':
      case 'citation-end':
      case 'tool-plan-delta':
      case 'debug':
        break;
      default:
        if (type === 'error' || json.message !== undefined) out.push(errorOf(json.error ?? json));
        else out.push({ type: 'unknown', name: type });
    }
    if (out.length === 0) out.push({ type: 'event', name: type });
  }

  #toolCall(value: JsonObject, index: number, out: Delta[]): void {
    const { call, isNew } = this.#calls.callOf(0, index, asName(value.id) ?? '', 0);
    const body = asObject(value.function);
    const name = asName(body?.name) ?? null;
    const kind = asName(value.type) ?? 'function';
    if (isNew || name !== null) {
      out.push({ type: 'tool-start', choice: 0, call, id: asName(value.id) ?? null, name, kind, runs: 'client' });
    }
    const text = asText(body?.arguments);
    if (text !== '') out.push({ type: 'tool-arguments', call, text });
  }
}

function content(value: JsonObject | undefined, part: number, out: Delta[]): void {
  if (typeof value?.text === 'string') out.push({ type: 'text', choice: 0, part, text: value.text });
  if (typeof value?.thinking === 'string') out.push({ type: 'reasoning', choice: 0, part, text: value.thinking });
}

function messageEnd(delta: JsonObject, out: Delta[]): void {
  const reason = asName(delta.finish_reason);
  if (reason !== undefined) out.push({ type: 'finish', choice: 0, reason, meaning: finishMeaning(reason) });
  if (delta.error !== undefined && delta.error !== null) out.push(errorOf(delta.error));
  if (isObject(delta.usage)) cohereUsage(delta.usage, out);
  out.push({ type: 'terminator' });
}
