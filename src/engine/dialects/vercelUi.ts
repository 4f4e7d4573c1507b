import type { Delta } from './delta.ts';
import { evidence, type Dialect, type DialectDecoder, type DialectFrame } from './dialect.ts';
import { decodeOther } from './doneSign.ts';
import { finishMeaning } from './finishMeaning.ts';
import { asName, asObject, asText, isObject, type JsonObject } from './jsonValue.ts';
import { ToolCallKeys } from './toolCallKeys.ts';
import { vercelUsage } from './vercelUsage.ts';

/** Types that no other dialect has. */
const ownTypes = new Set([
  'start-step',
  'finish-step',
  'reset-step',
  'text-start',
  'text-delta',
  'text-end',
  'reasoning-start',
  'reasoning-delta',
  'reasoning-end',
  'reasoning-file',
  'tool-input-start',
  'tool-input-delta',
  'tool-input-available',
  'tool-input-error',
  'tool-approval-request',
  'tool-approval-response',
  'tool-output-available',
  'tool-output-error',
  'tool-output-denied',
  'source-url',
  'source-document',
  'message-metadata',
]);

/** Types that say nothing for the message. */
const quiet = new Set([
  'start',
  'start-step',
  'finish-step',
  'reset-step',
  'text-start',
  'text-end',
  'reasoning-start',
  'reasoning-end',
  'tool-approval-request',
  'tool-approval-response',
  'tool-output-denied',
  'custom',
]);

/** Vercel AI SDK's UI message stream, versions 5 to 7: what `useChat` reads. */
export const vercelUi: Dialect = {
  name: 'vercel-ui-message-stream',
  title: 'Vercel AI SDK, UI messages',
  payload: 'json',
  terminator: { by: 'sign', expected: '“[DONE]”' },
  hasFinish: true,
  hasUsage: false,
  hint: ({ headers }) => (headers.has('x-vercel-ai-ui-message-stream') ? evidence.certain : evidence.none),
  recognise: ({ json, event }: DialectFrame) => {
    if (event !== '' || !isObject(json)) return evidence.none;
    const type = asName(json.type) ?? '';
    if (ownTypes.has(type)) return evidence.certain;
    if (type === 'start')
      return Object.keys(json).every((key) => startKeys.has(key)) ? evidence.strong : evidence.possible;
    if (type === 'finish') return 'finishReason' in json ? evidence.strong : evidence.possible;
    if (type === 'error') return typeof json.errorText === 'string' ? evidence.certain : evidence.none;
    if (type === 'abort') return evidence.possible;
    return type.startsWith('data-') && 'data' in json ? evidence.strong : evidence.none;
  },
  create: () => new VercelUiDecoder(),
};

const startKeys = new Set(['type', 'messageId', 'messageMetadata']);

class VercelUiDecoder implements DialectDecoder {
  readonly #calls = new ToolCallKeys();
  readonly #parts = new Map<string, number>();

  decode(frame: DialectFrame, out: Delta[]): void {
    const { json } = frame;
    if (!isObject(json)) {
      decodeOther(frame, out);
      return;
    }
    const type = asName(json.type) ?? '';
    const metadata = asObject(json.messageMetadata);
    if (metadata !== undefined) metadataDeltas(metadata, out);
    if (type === 'text-delta') this.#text('text', json, out);
    else if (type === 'reasoning-delta') this.#text('reasoning', json, out);
    else if (type.startsWith('tool-')) this.#tool(type, json, out);
    else if (type === 'start') {
      const id = asName(json.messageId);
      if (id !== undefined) out.push({ type: 'meta', id });
    } else if (type === 'error') {
      out.push({ type: 'error', code: null, message: asText(json.errorText), raw: json });
    } else if (type === 'finish') {
      const reason = asName(json.finishReason);
      if (reason !== undefined) out.push({ type: 'finish', choice: 0, reason, meaning: finishMeaning(reason) });
    } else if (type === 'abort') {
      out.push({ type: 'finish', choice: 0, reason: 'abort', meaning: 'other' });
    } else if (type === 'source-url' || type === 'source-document') {
      out.push({ type: 'citation', choice: 0, part: 0, citation: json });
    } else if (type === 'file' || type === 'reasoning-file') {
      out.push({
        type: 'media',
        choice: 0,
        media: asName(json.mediaType) ?? 'file',
        characters: asText(json.url).length,
      });
    } else if (type.startsWith('data-')) out.push({ type: 'event', name: type });
    if (out.length === 0) {
      const isKnown = quiet.has(type) || ownTypes.has(type) || type === 'finish';
      out.push({ type: isKnown ? 'event' : 'unknown', name: type });
    }
  }

  #text(channel: 'text' | 'reasoning', json: JsonObject, out: Delta[]): void {
    const key = `${channel} ${asText(json.id)}`;
    const part = this.#parts.get(key) ?? this.#parts.size;
    this.#parts.set(key, part);
    out.push({ type: channel, choice: 0, part, text: asText(json.delta ?? json.text) });
  }

  #tool(type: string, json: JsonObject, out: Delta[]): void {
    const id = asText(json.toolCallId);
    if (id === '') return;
    const { call, isNew } = this.#calls.callOf(0, undefined, id, 0);
    const name = asName(json.toolName) ?? null;
    const isInput = type.startsWith('tool-input-');
    if (isInput && (isNew || name !== null)) {
      const runs = json.providerExecuted === true ? 'server' : 'client';
      out.push({ type: 'tool-start', choice: 0, call, id, name, kind: 'function', runs });
    }
    if (type === 'tool-input-delta') out.push({ type: 'tool-arguments', call, text: asText(json.inputTextDelta) });
    else if (type === 'tool-input-available') {
      // The whole input repeats the pieces in another spelling; it counts only where none came.
      this.#whole(call, json.input, out);
    } else if (type === 'tool-input-error') {
      out.push({ type: 'tool-end', call, status: asText(json.errorText) });
    } else if (type === 'tool-output-available') {
      out.push({ type: 'tool-result', call: isNew ? null : call, result: json.output ?? null });
    } else if (type === 'tool-output-error') {
      out.push({ type: 'tool-result', call: isNew ? null : call, result: { errorText: json.errorText } });
    }
    if (type === 'tool-input-delta') this.#streamed.add(call);
  }

  readonly #streamed = new Set<number>();

  #whole(call: number, input: unknown, out: Delta[]): void {
    if (this.#streamed.has(call) || input === undefined) out.push({ type: 'tool-end', call });
    else out.push({ type: 'tool-end', call, arguments: asText(input) });
  }
}

/** What an application puts into its metadata: usage and model, where they have the SDK's names. */
function metadataDeltas(metadata: JsonObject, out: Delta[]): void {
  const usage = asObject(metadata.usage) ?? asObject(metadata.totalUsage);
  if (usage !== undefined) vercelUsage(usage, out);
  const model = asName(metadata.model) ?? asName(metadata.modelId);
  if (model !== undefined) out.push({ type: 'meta', model });
}
