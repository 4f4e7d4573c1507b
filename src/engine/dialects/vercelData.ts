import type { Delta } from './delta.ts';
import { evidence, type Dialect, type DialectDecoder, type DialectFrame } from './dialect.ts';
import { finishMeaning } from './finishMeaning.ts';
import { asList, asName, asObject, asText, isObject, type JsonObject } from './jsonValue.ts';
import { ToolCallKeys } from './toolCallKeys.ts';
import { vercelUsage } from './vercelUsage.ts';

/** A line: a code of one character, a colon, a JSON value. */
const line = /^([0-9a-k]):(?=["[{0-9tfn-])/;

/** Vercel AI SDK's data stream protocol, versions 3.4 and 4: a line for each part, told by its first character. */
export const vercelData: Dialect = {
  name: 'vercel-data-stream',
  title: 'Vercel AI SDK, data stream',
  payload: 'text',
  terminator: { by: 'finish', expected: 'the line “d:”' },
  hasFinish: true,
  hasUsage: false,
  hint: ({ headers }) => (headers.has('x-vercel-ai-data-stream') ? evidence.certain : evidence.none),
  recognise: ({ text, event }: DialectFrame) => {
    const code = event === '' ? line.exec(text)?.[1] : undefined;
    if (code === undefined) return evidence.none;
    const value = jsonOf(text.slice(2));
    if (code === 'f' && isObject(value) && 'messageId' in value) return evidence.certain;
    if ((code === 'd' || code === 'e') && isObject(value) && 'finishReason' in value) return evidence.certain;
    if ('9abc'.includes(code) && isObject(value) && 'toolCallId' in value) return evidence.certain;
    return value === undefined ? evidence.none : evidence.likely;
  },
  create: () => new VercelDataDecoder(),
};

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

class VercelDataDecoder implements DialectDecoder {
  readonly #calls = new ToolCallKeys();
  readonly #streamed = new Set<number>();

  decode({ text }: DialectFrame, out: Delta[]): void {
    const code = line.exec(text)?.[1];
    if (code === undefined) {
      out.push(text.trim() === '' ? { type: 'heartbeat' } : { type: 'unknown', name: text.slice(0, 40) });
      return;
    }
    const value = jsonOf(text.slice(2));
    if (value === undefined) {
      out.push({ type: 'fault', code: 'ai/invalid-payload', details: { reason: 'it is not JSON' } });
      return;
    }
    this.#part(code, value, out);
    if (out.length === 0) out.push({ type: '01234567'.includes(code) ? 'unknown' : 'event', name: code });
  }

  #part(code: string, value: unknown, out: Delta[]): void {
    const body = asObject(value) ?? {};
    switch (code) {
      case '0':
        if (typeof value === 'string') out.push({ type: 'text', choice: 0, part: 0, text: value });
        break;
      case 'g':
        if (typeof value === 'string') out.push({ type: 'reasoning', choice: 0, part: 0, text: value });
        break;
      case '2':
        out.push({ type: 'event', name: 'data' });
        break;
      case '3':
        out.push({ type: 'error', code: null, message: asText(value), raw: value });
        break;
      case '8':
        for (const annotation of asList(value))
          out.push({ type: 'citation', choice: 0, part: 0, citation: annotation });
        break;
      case '9':
      case 'a':
      case 'b':
      case 'c':
        this.#tool(code, body, out);
        break;
      case 'd': {
        this.#usage(body, out);
        const reason = asName(body.finishReason);
        if (reason !== undefined) out.push({ type: 'finish', choice: 0, reason, meaning: finishMeaning(reason) });
        break;
      }
      case 'e':
        this.#usage(body, out);
        break;
      case 'f': {
        const id = asName(body.messageId);
        if (id !== undefined) out.push({ type: 'meta', id });
        break;
      }
      case 'h':
        out.push({ type: 'citation', choice: 0, part: 0, citation: value });
        break;
      case 'k':
        out.push({
          type: 'media',
          choice: 0,
          media: asName(body.mimeType) ?? 'file',
          characters: asText(body.data).length,
        });
        break;
      default:
        break;
    }
  }

  #usage(body: JsonObject, out: Delta[]): void {
    const usage = asObject(body.usage);
    if (usage !== undefined) vercelUsage(usage, out);
  }

  #tool(code: string, body: JsonObject, out: Delta[]): void {
    const id = asText(body.toolCallId);
    const { call, isNew } = this.#calls.callOf(0, undefined, id, 0);
    if (code === 'a') {
      out.push({ type: 'tool-result', call: isNew ? null : call, result: body.result ?? null });
      return;
    }
    const name = asName(body.toolName) ?? null;
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
    if (code === 'c') {
      this.#streamed.add(call);
      out.push({ type: 'tool-arguments', call, text: asText(body.argsTextDelta) });
    } else if (code === '9') {
      if (this.#streamed.has(call)) out.push({ type: 'tool-end', call });
      else out.push({ type: 'tool-end', call, arguments: asText(body.args) });
    }
  }
}
