import type { Delta } from './delta.ts';
import { evidence, type Dialect, type DialectDecoder, type DialectFrame, type DialectHints } from './dialect.ts';
import { decodeOther } from './doneSign.ts';
import { errorOf } from './errors.ts';
import { finishMeaning } from './finishMeaning.ts';
import { asIndex, asList, asName, asObject, asText, isObject, type JsonObject } from './jsonValue.ts';
import { chatTimings } from './openaiTimings.ts';
import { chatVariant, chatVariantOfHints } from './openaiVariants.ts';
import { openaiUsage } from './openaiUsage.ts';
import { ToolCallKeys } from './toolCallKeys.ts';

/** `object` of the chunks of this family, Perplexity's concise mode included. */
const chunkObjects = new Set([
  'chat.completion.chunk',
  'chat.completion.done',
  'chat.reasoning',
  'chat.reasoning.done',
]);

/** Members that say nothing for the message; a chunk that has one of them is known. */
const quietMembers = [
  'moderation',
  'prompt_filter_results',
  'prompt_progress',
  'sla_metrics',
  'x_groq',
  'obfuscation',
  'provider_metadata',
] as const;

/**
 * OpenAI's Chat Completions and the many that speak it: one JSON chunk a frame, answers interleaved by `index`, `[DONE]`
 * at the end. What providers add is read wherever it comes, whoever sends it.
 */
export const openaiChat: Dialect = {
  name: 'openai-chat',
  title: 'OpenAI Chat Completions',
  payload: 'json',
  // These end with their finish reason and never send the sign.
  terminator: { by: 'sign', expected: '“[DONE]”', exceptVariants: ['perplexity', 'writer'] },
  hasFinish: true,
  hasUsage: true,
  hint: ({ url, headers }: DialectHints) => {
    if (url?.includes('/chat/completions') === true) return evidence.likely;
    if (headers.has('openai-processing-ms') || headers.has('x-generation-id')) return evidence.possible;
    return evidence.none;
  },
  recognise: ({ json }: DialectFrame) => {
    if (!isObject(json)) return evidence.none;
    if (typeof json.object === 'string' && chunkObjects.has(json.object)) return evidence.certain;
    if (Array.isArray(json.choices)) {
      if (json.prompt_filter_results !== undefined) return evidence.strong;
      const first = asObject(json.choices[0]);
      if (first !== undefined) return isObject(first.delta) ? evidence.strong : evidence.none;
      return isObject(json.usage) ? evidence.likely : evidence.possible;
    }
    // Mistral's, and that of vLLM before it took over OpenAI's.
    if (json.object === 'error' && typeof json.message === 'string') return evidence.possible;
    const error = asObject(json.error);
    // With a type around it, it is an event of those who name their events.
    const isOpenaiError =
      json.type === undefined && typeof error?.message === 'string' && ('type' in error || 'param' in error);
    return isOpenaiError ? evidence.possible : evidence.none;
  },
  variant: chatVariant,
  variantFromHints: chatVariantOfHints,
  create: () => new ChatDecoder(),
};

class ChatDecoder implements DialectDecoder {
  readonly #calls = new ToolCallKeys();
  #hasId = false;
  #hasModel = false;
  #citations = 0;

  decode(frame: DialectFrame, out: Delta[]): void {
    const chunk = frame.json;
    if (!isObject(chunk)) {
      decodeOther(frame, out);
      return;
    }
    if (!this.#hasId || !this.#hasModel) this.#meta(chunk, out);
    const isError = chunk.object === 'error' || frame.event === 'error';
    if (chunk.error !== undefined && chunk.error !== null) out.push(errorOf(chunk.error));
    else if (isError) out.push(errorOf(chunk));
    const { choices } = chunk;
    if (Array.isArray(choices)) {
      const { length } = choices;
      for (let i = 0; i < length; i++) this.#choice(choices[i], i, chunk, out);
    }
    if (isObject(chunk.usage)) openaiUsage(chunk.usage, out);
    else if (isObject(chunk.x_groq) && isObject(chunk.x_groq.usage)) openaiUsage(chunk.x_groq.usage, out);
    if (chunk.timings !== undefined || chunk.time_info !== undefined) chatTimings(chunk, out);
    if (Array.isArray(chunk.citations)) this.#citationList(chunk.citations, out);
    if (out.length === 0) other(frame, chunk, out);
  }

  #meta(chunk: JsonObject, out: Delta[]): void {
    const id = this.#hasId ? undefined : asName(chunk.id);
    const model = this.#hasModel ? undefined : asName(chunk.model);
    if (id === undefined && model === undefined) return;
    this.#hasId ||= id !== undefined;
    this.#hasModel ||= model !== undefined;
    out.push({ type: 'meta', ...(id === undefined ? {} : { id }), ...(model === undefined ? {} : { model }) });
  }

  #choice(choice: unknown, place: number, chunk: JsonObject, out: Delta[]): void {
    if (!isObject(choice)) return;
    const index = asIndex(choice.index) ?? place;
    // A whole answer that did not come as a stream has a message; beside a delta the message repeats what came.
    const delta = choice.delta ?? (chunk.object === 'chat.completion' ? choice.message : undefined);
    if (isObject(delta)) this.#delta(delta, index, out);
    const reason = choice.finish_reason;
    if (typeof reason === 'string' && reason !== '') {
      out.push({ type: 'finish', choice: index, reason, meaning: finishMeaning(reason) });
    }
    if (isObject(choice.usage)) openaiUsage(choice.usage, out);
  }

  #delta(delta: JsonObject, choice: number, out: Delta[]): void {
    const { content, reasoning_content: reasoningContent, reasoning } = delta;
    if (typeof reasoningContent === 'string' && reasoningContent !== '') {
      out.push({ type: 'reasoning', choice, part: 0, text: reasoningContent });
    } else if (typeof reasoning === 'string' && reasoning !== '') {
      out.push({ type: 'reasoning', choice, part: 0, text: reasoning });
    } else if (Array.isArray(delta.reasoning_details)) {
      reasoningDetails(delta.reasoning_details, choice, out);
    }
    if (typeof content === 'string') {
      if (content !== '') out.push({ type: 'text', choice, part: 0, text: content });
    } else if (content !== null && content !== undefined) {
      contentList(content, choice, out);
    }
    if (typeof delta.refusal === 'string') out.push({ type: 'refusal', choice, part: 0, text: delta.refusal });
    const { tool_calls: calls } = delta;
    if (Array.isArray(calls)) for (let i = 0; i < calls.length; i++) this.#toolCall(calls[i], choice, i, out);
    if (isObject(delta.function_call)) this.#toolCall({ function: delta.function_call, index: 0 }, choice, 0, out);
    if (isObject(delta.audio)) audio(delta.audio, choice, out);
    for (const annotation of asList(delta.annotations)) {
      out.push({ type: 'citation', choice, part: 0, citation: annotation });
    }
    for (const image of asList(delta.images)) {
      out.push({ type: 'media', choice, media: 'image', characters: asText(image).length });
    }
    if (Array.isArray(delta.executed_tools)) this.#executedTools(delta.executed_tools, choice, out);
  }

  #toolCall(value: unknown, choice: number, place: number, out: Delta[]): void {
    if (!isObject(value)) return;
    const { call, isNew } = this.#calls.callOf(choice, asIndex(value.index), asName(value.id) ?? '', place);
    const custom = asObject(value.custom);
    const body = custom ?? asObject(value.function);
    const id = asName(value.id) ?? null;
    const name = asName(body?.name) ?? null;
    const kind = custom === undefined ? (asName(value.type) ?? 'function') : 'custom';
    if (isNew || name !== null) out.push({ type: 'tool-start', choice, call, id, name, kind, runs: 'client' });
    const text = custom === undefined ? body?.arguments : custom.input;
    if (typeof text === 'string') {
      if (text !== '') out.push({ type: 'tool-arguments', call, text });
    } else if (isObject(text)) {
      out.push({ type: 'tool-end', call, arguments: JSON.stringify(text) });
    }
  }

  /** Tools that Groq's compound systems ran; each comes when it starts and again with its output. */
  #executedTools(tools: readonly unknown[], choice: number, out: Delta[]): void {
    tools.forEach((tool, place) => {
      if (!isObject(tool)) return;
      const { call, isNew } = this.#calls.callOf(choice, undefined, `executed ${asIndex(tool.index) ?? place}`, place);
      const kind = asName(tool.type) ?? 'executed_tool';
      if (isNew) {
        const name = asName(tool.name) ?? kind;
        out.push({ type: 'tool-start', choice, call, id: null, name, kind, runs: 'server' });
        if (tool.arguments !== undefined) {
          out.push({ type: 'tool-end', call, arguments: asText(tool.arguments) });
        }
      }
      if (tool.output !== undefined) out.push({ type: 'tool-result', call, result: tool.output });
    });
  }

  /** The list of all sources so far, which Perplexity repeats in every chunk. */
  #citationList(citations: readonly unknown[], out: Delta[]): void {
    for (const citation of citations.slice(this.#citations)) {
      out.push({ type: 'citation', choice: 0, part: 0, citation });
    }
    this.#citations = Math.max(this.#citations, citations.length);
  }
}

/** OpenRouter's reasoning in detail, where the plain text is not sent beside it. Encrypted parts have no text. */
function reasoningDetails(details: readonly unknown[], choice: number, out: Delta[]): void {
  for (const detail of details) {
    if (!isObject(detail)) continue;
    const text = asName(detail.text) ?? asName(detail.summary);
    if (text !== undefined) out.push({ type: 'reasoning', choice, part: asIndex(detail.index) ?? 0, text });
  }
}

/** Content as a list of parts, as Mistral sends it in turn with plain text. */
function contentList(content: unknown, choice: number, out: Delta[]): void {
  if (!Array.isArray(content)) {
    out.push({
      type: 'fault',
      code: 'ai/unexpected-value',
      details: { field: 'content', expected: 'a text', found: typeof content },
    });
    return;
  }
  for (const item of content) {
    if (typeof item === 'string') out.push({ type: 'text', choice, part: 0, text: item });
    if (!isObject(item)) continue;
    const type = asName(item.type) ?? '';
    if (type === 'text') out.push({ type: 'text', choice, part: 0, text: asText(item.text) });
    else if (type === 'thinking') {
      for (const thought of asList(item.thinking)) {
        if (isObject(thought)) out.push({ type: 'reasoning', choice, part: 0, text: asText(thought.text) });
      }
      if (typeof item.thinking === 'string') out.push({ type: 'reasoning', choice, part: 0, text: item.thinking });
    } else if (type === 'reference') out.push({ type: 'citation', choice, part: 0, citation: item });
    else if (type.startsWith('image') || type.startsWith('document') || type.startsWith('audio')) {
      out.push({ type: 'media', choice, media: type, characters: asText(item).length });
    } else out.push({ type: 'unknown', name: `content ${type}` });
  }
}

function audio({ data, transcript }: JsonObject, choice: number, out: Delta[]): void {
  if (typeof data === 'string') out.push({ type: 'media', choice, media: 'audio', characters: data.length });
  if (typeof transcript === 'string' && transcript !== '')
    out.push({ type: 'text', choice, part: 0, text: transcript });
}

/** A chunk that gave no delta: an empty step, something known, or something new. */
function other(frame: DialectFrame, chunk: JsonObject, out: Delta[]): void {
  const quiet = quietMembers.find((name) => chunk[name] !== undefined);
  if (quiet !== undefined) out.push({ type: 'event', name: quiet });
  else if (Array.isArray(chunk.choices)) out.push({ type: 'event', name: asName(chunk.object) ?? 'choices' });
  else {
    const name =
      frame.event !== '' ? frame.event : (asName(chunk.object) ?? asName(chunk.type) ?? Object.keys(chunk)[0]);
    out.push({ type: 'unknown', name: name ?? '' });
  }
}
