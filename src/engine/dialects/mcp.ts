import type { Delta } from './delta.ts';
import { evidence, type Dialect, type DialectFrame } from './dialect.ts';
import { decodeOther } from './doneSign.ts';
import { errorOf } from './errors.ts';
import { asList, asName, asObject, asText, isObject, type JsonObject } from './jsonValue.ts';

/**
 * Model Context Protocol over streamable HTTP: JSON-RPC messages, of which the response ends the stream. Its text is
 * that of tool results; a tool's own failure (`isError`) is content for the model and no error of the stream.
 */
export const mcp: Dialect = {
  name: 'mcp',
  title: 'Model Context Protocol',
  payload: 'json',
  terminator: { by: 'sign', expected: 'a JSON-RPC response' },
  hasFinish: false,
  hasUsage: false,
  hint: ({ url, headers }) => {
    if (headers.has('mcp-session-id') || headers.has('mcp-protocol-version')) return evidence.certain;
    return url !== null && /\/mcp(?:[/?#]|$)/.test(url) ? evidence.likely : evidence.none;
  },
  recognise: ({ json, event, text }: DialectFrame) => {
    // The older transport first says where messages are to be sent.
    if (event === 'endpoint' && /^\/\S*\?\S*sessionId=/i.test(text)) return evidence.strong;
    const message = isObject(json) ? json : asObject(asList(json)[0]);
    if (message?.jsonrpc !== '2.0') return evidence.none;
    if (typeof message.method === 'string') return evidence.strong;
    const result = asObject(message.result);
    const isMcp =
      result !== undefined && ['content', 'tools', 'serverInfo', 'protocolVersion'].some((key) => key in result);
    return isMcp ? evidence.strong : evidence.likely;
  },
  create: () => ({ decode }),
};

function decode(frame: DialectFrame, out: Delta[]): void {
  const { json } = frame;
  if (isObject(json)) decodeMessage(json, out);
  else if (Array.isArray(json)) {
    for (const message of asList(json)) if (isObject(message)) decodeMessage(message, out);
    if (out.length === 0) out.push({ type: 'event', name: 'empty batch' });
  } else if (frame.event === 'endpoint') out.push({ type: 'event', name: 'endpoint' });
  else decodeOther(frame, out);
}

function decodeMessage(message: JsonObject, out: Delta[]): void {
  const method = asName(message.method);
  if (method !== undefined) {
    const isProgress = method === 'notifications/progress' || method === 'ping';
    out.push(isProgress ? { type: 'heartbeat' } : { type: 'event', name: method });
    return;
  }
  if (message.error !== undefined && message.error !== null) {
    out.push(errorOf(message.error), { type: 'terminator' });
    return;
  }
  const result = asObject(message.result);
  if (result === undefined) {
    out.push({ type: 'unknown', name: Object.keys(message)[0] ?? '' });
    return;
  }
  asList(result.content).forEach((item, part) => {
    if (!isObject(item)) return;
    const type = asName(item.type) ?? '';
    const resource = asObject(item.resource);
    if (type === 'text') out.push({ type: 'text', choice: 0, part, text: asText(item.text) });
    else if (type === 'image' || type === 'audio') {
      out.push({
        type: 'media',
        choice: 0,
        media: asName(item.mimeType) ?? type,
        characters: asText(item.data).length,
      });
    } else if (resource !== undefined) {
      const characters = asText(resource.blob ?? resource.text).length;
      out.push({ type: 'media', choice: 0, media: asName(resource.mimeType) ?? 'resource', characters });
    } else out.push({ type: 'event', name: type });
  });
  out.push({ type: 'terminator' });
}
