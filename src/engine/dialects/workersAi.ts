import type { Delta } from './delta.ts';
import { evidence, type Dialect, type DialectDecoder, type DialectFrame, type DialectHints } from './dialect.ts';
import { decodeOther } from './doneSign.ts';
import { errorOf } from './errors.ts';
import { asList, asName, asObject, asText, isObject } from './jsonValue.ts';
import { openaiUsage } from './openaiUsage.ts';

/** Cloudflare Workers AI: the next piece in `response`, random padding in `p`, usage, `[DONE]`. No finish reason. */
export const workersAi: Dialect = {
  name: 'workers-ai',
  title: 'Cloudflare Workers AI',
  payload: 'json',
  terminator: { by: 'sign', expected: '“[DONE]”' },
  hasFinish: false,
  hasUsage: true,
  hint: ({ url }: DialectHints) => (url?.includes('/ai/run/') === true ? evidence.likely : evidence.none),
  recognise: ({ json }: DialectFrame) => {
    if (!isObject(json) || typeof json.response !== 'string' || 'done' in json) return evidence.none;
    return typeof json.p === 'string' ? evidence.strong : evidence.possible;
  },
  create: () => new WorkersAiDecoder(),
};

class WorkersAiDecoder implements DialectDecoder {
  #calls = 0;

  decode(frame: DialectFrame, out: Delta[]): void {
    const { json } = frame;
    if (!isObject(json)) {
      decodeOther(frame, out);
      return;
    }
    if (typeof json.response === 'string' && json.response !== '') {
      out.push({ type: 'text', choice: 0, part: 0, text: json.response });
    }
    for (const value of asList(json.tool_calls)) {
      const tool = asObject(value);
      if (tool === undefined) continue;
      const call = this.#calls++;
      const [id, name] = [asName(tool.id) ?? null, asName(tool.name) ?? null];
      out.push(
        { type: 'tool-start', choice: 0, call, id, name, kind: 'function', runs: 'client' },
        { type: 'tool-end', call, arguments: asText(tool.arguments) },
      );
    }
    if (isObject(json.usage)) openaiUsage(json.usage, out);
    if (json.error !== undefined && json.error !== null) out.push(errorOf(json.error));
    if (Array.isArray(json.errors)) for (const error of asList(json.errors)) out.push(errorOf(error));
    if (out.length > 0) return;
    const isKnown = 'response' in json || 'tool_calls' in json;
    out.push(isKnown ? { type: 'event', name: 'response' } : { type: 'unknown', name: Object.keys(json)[0] ?? '' });
  }
}
