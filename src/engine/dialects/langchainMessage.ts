import type { Delta } from './delta.ts';
import { finishMeaning } from './finishMeaning.ts';
import { asIndex, asList, asName, asNumber, asObject, asText, isObject, type JsonObject } from './jsonValue.ts';
import type { ToolCallKeys } from './toolCallKeys.ts';

/** True for what LangChain writes for a message of a model, whole or in pieces. */
export function isModelMessage(value: unknown): value is JsonObject {
  if (!isObject(value)) return false;
  const type = asText(value.type);
  return type === 'AIMessageChunk' || type === 'ai' || type === 'AIMessage';
}

/**
 * A message of LangChain: content as text or as a list of parts, tool calls, usage and what the model said of its end.
 * @param part of the text it gives
 */
export function langchainMessage(message: JsonObject, part: number, calls: ToolCallKeys, out: Delta[]): void {
  const { content } = message;
  if (typeof content === 'string') {
    if (content !== '') out.push({ type: 'text', choice: 0, part, text: content });
  } else for (const item of asList(content)) contentPart(item, part, out);
  const extra = asObject(message.additional_kwargs);
  const thought = asName(extra?.reasoning_content);
  if (thought !== undefined) out.push({ type: 'reasoning', choice: 0, part, text: thought });
  const pieces = asList(message.tool_call_chunks);
  if (pieces.length > 0) pieces.forEach((piece, place) => toolPiece(piece, place, part, calls, out));
  else asList(message.tool_calls).forEach((call, place) => wholeCall(call, place, part, calls, out));
  metadata(message, out);
}

function contentPart(item: unknown, part: number, out: Delta[]): void {
  if (typeof item === 'string') out.push({ type: 'text', choice: 0, part, text: item });
  if (!isObject(item)) return;
  const type = asName(item.type) ?? '';
  if (typeof item.text === 'string') out.push({ type: 'text', choice: 0, part, text: item.text });
  else if (typeof item.thinking === 'string') out.push({ type: 'reasoning', choice: 0, part, text: item.thinking });
  else if (typeof item.reasoning === 'string') out.push({ type: 'reasoning', choice: 0, part, text: item.reasoning });
  else if (/^(?:image|audio|video|file)/.test(type)) {
    out.push({ type: 'media', choice: 0, media: type, characters: asText(item).length });
  }
}

function toolPiece(piece: unknown, place: number, part: number, calls: ToolCallKeys, out: Delta[]): void {
  if (!isObject(piece)) return;
  const id = asName(piece.id) ?? '';
  const index = asIndex(piece.index);
  const { call, isNew } = calls.callOf(part, index, id, place);
  const name = asName(piece.name) ?? null;
  if (isNew || name !== null) {
    out.push({ type: 'tool-start', choice: 0, call, id: id || null, name, kind: 'function', runs: 'client' });
  }
  const text = asText(piece.args);
  if (text !== '') out.push({ type: 'tool-arguments', call, text });
}

function wholeCall(value: unknown, place: number, part: number, calls: ToolCallKeys, out: Delta[]): void {
  if (!isObject(value)) return;
  const id = asName(value.id) ?? '';
  const { call, isNew } = calls.callOf(part, undefined, id, place);
  if (!isNew) return;
  const name = asName(value.name) ?? null;
  out.push({ type: 'tool-start', choice: 0, call, id: id || null, name, kind: 'function', runs: 'client' });
  out.push({ type: 'tool-end', call, arguments: asText(value.args) });
}

function metadata(message: JsonObject, out: Delta[]): void {
  const response = asObject(message.response_metadata);
  const model = asName(response?.model_name) ?? asName(response?.model);
  if (model !== undefined) out.push({ type: 'meta', model });
  const usage = asObject(message.usage_metadata);
  if (usage !== undefined) {
    out.push({
      type: 'usage',
      input: asNumber(usage.input_tokens),
      output: asNumber(usage.output_tokens),
      reasoning: asNumber(asObject(usage.output_token_details)?.reasoning),
      raw: usage,
    });
  }
  const reason = asName(response?.finish_reason) ?? asName(response?.stop_reason);
  if (reason !== undefined) out.push({ type: 'finish', choice: 0, reason, meaning: finishMeaning(reason) });
}
