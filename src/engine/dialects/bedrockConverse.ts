import type { Delta } from './delta.ts';
import { evidence, type Dialect, type DialectDecoder, type DialectFrame, type DialectHints } from './dialect.ts';
import { decodeOther } from './doneSign.ts';
import { isBareMessage } from './errors.ts';
import { finishMeaning } from './finishMeaning.ts';
import { asIndex, asName, asNumber, asObject, asText, isObject, type JsonObject } from './jsonValue.ts';

const eventTypes = new Set([
  'messageStart',
  'contentBlockStart',
  'contentBlockDelta',
  'contentBlockStop',
  'messageStop',
  'metadata',
]);

/** Amazon Bedrock's ConverseStream: an AWS message an event, its type in the headers, usage after the stop. */
export const bedrockConverse: Dialect = {
  name: 'bedrock-converse',
  title: 'Amazon Bedrock ConverseStream',
  payload: 'json',
  terminator: { by: 'sign', expected: '“messageStop”' },
  hasFinish: true,
  hasUsage: true,
  hint: ({ url }: DialectHints) => (url?.includes('/converse-stream') === true ? evidence.likely : evidence.none),
  recognise: (frame: DialectFrame) => {
    if (frame.messageType === 'event' && eventTypes.has(frame.event)) return evidence.certain;
    return isAwsFault(frame) ? evidence.possible : evidence.none;
  },
  create: () => new ConverseDecoder(),
};

/** An exception or error of the event stream, or the JSON body that comes with an HTTP status instead of a stream. */
export function isAwsFault({ messageType, json }: DialectFrame): boolean {
  if (messageType === '') return isObject(json) && isBareMessage(json);
  return messageType === 'exception' || messageType === 'error';
}

/** What a fault says; its type is in the headers of the message, or of the answer. */
export function awsFault({ json, event, text }: DialectFrame): Delta {
  const body = asObject(json);
  const message = asName(body?.originalMessage) ?? asName(body?.message) ?? asName(body?.Message) ?? '';
  return {
    type: 'error',
    code: asName(event) ?? null,
    message: body === undefined ? text : message,
    raw: json ?? text,
  };
}

interface Block {
  /** −1 for a block that is no tool call. */
  readonly call: number;
}

export class ConverseDecoder implements DialectDecoder {
  readonly #blocks = new Map<number, Block>();
  readonly #callsById = new Map<string, number>();
  #calls = 0;

  decode(frame: DialectFrame, out: Delta[]): void {
    if (isAwsFault(frame)) out.push(awsFault(frame));
    else if (isObject(frame.json)) this.event(frame.event, frame.json, out);
    else decodeOther(frame, out);
  }

  event(name: string, json: JsonObject, out: Delta[]): void {
    const at = asIndex(json.contentBlockIndex) ?? 0;
    switch (name) {
      case 'contentBlockDelta':
        this.#delta(at, asObject(json.delta) ?? {}, out);
        break;
      case 'contentBlockStart':
        this.#start(at, asObject(json.start) ?? {}, out);
        break;
      case 'contentBlockStop': {
        const call = this.#blocks.get(at)?.call ?? -1;
        if (call >= 0) out.push({ type: 'tool-end', call });
        break;
      }
      case 'messageStop': {
        const reason = asName(json.stopReason);
        if (reason !== undefined) out.push({ type: 'finish', choice: 0, reason, meaning: finishMeaning(reason) });
        out.push({ type: 'terminator' });
        break;
      }
      case 'metadata':
        metadata(json, out);
        break;
      case 'messageStart':
      case 'initial-response':
        break;
      default:
        out.push({ type: 'unknown', name });
    }
    if (out.length === 0) out.push({ type: 'event', name });
  }

  #start(at: number, { toolUse, toolResult }: JsonObject, out: Delta[]): void {
    if (isObject(toolUse)) {
      const id = asName(toolUse.toolUseId) ?? null;
      this.#begin(at, id, asName(toolUse.name) ?? null, asName(toolUse.type) ?? 'toolUse', out);
      return;
    }
    this.#blocks.set(at, { call: -1 });
    if (!isObject(toolResult)) return;
    const call = this.#callsById.get(asName(toolResult.toolUseId) ?? '') ?? null;
    out.push({ type: 'tool-result', call, result: toolResult });
  }

  #begin(at: number, id: string | null, name: string | null, kind: string, out: Delta[]): number {
    const call = this.#calls++;
    this.#blocks.set(at, { call });
    if (id !== null) this.#callsById.set(id, call);
    const runs = kind.startsWith('server_') ? 'server' : 'client';
    out.push({ type: 'tool-start', choice: 0, call, id, name, kind, runs });
    return call;
  }

  #delta(at: number, delta: JsonObject, out: Delta[]): void {
    const { text, toolUse, reasoningContent } = delta;
    if (typeof text === 'string') out.push({ type: 'text', choice: 0, part: at, text });
    else if (isObject(toolUse)) {
      let call = this.#blocks.get(at)?.call ?? -1;
      if (call < 0) {
        out.push({ type: 'fault', code: 'ai/out-of-order', details: { name: 'contentBlockDelta' } });
        call = this.#begin(at, null, null, 'toolUse', out);
      }
      const { input } = toolUse;
      if (typeof input === 'string') out.push({ type: 'tool-arguments', call, text: input });
      else if (input !== undefined) out.push({ type: 'tool-end', call, arguments: asText(input) });
    } else if (isObject(reasoningContent)) {
      const thought = reasoningContent.text;
      if (typeof thought === 'string') out.push({ type: 'reasoning', choice: 0, part: at, text: thought });
    } else if (delta.citation !== undefined) {
      out.push({ type: 'citation', choice: 0, part: at, citation: delta.citation });
    } else if (delta.toolResult !== undefined) {
      out.push({ type: 'tool-result', call: null, result: delta.toolResult });
    } else if (delta.image !== undefined) {
      out.push({ type: 'media', choice: 0, media: 'image', characters: asText(delta.image).length });
    } else {
      for (const name of Object.keys(delta).slice(0, 1)) out.push({ type: 'unknown', name: `delta ${name}` });
    }
  }
}

function metadata(json: JsonObject, out: Delta[]): void {
  const raw = asObject(json.usage);
  if (raw !== undefined) {
    const [input, output] = [asNumber(raw.inputTokens), asNumber(raw.outputTokens)];
    out.push({ type: 'usage', input, output, reasoning: null, raw });
  }
  const latency = asNumber(asObject(json.metrics)?.latencyMs);
  if (latency !== null) out.push({ type: 'timing', name: 'latencyMs', micros: Math.round(latency * 1_000) });
}
