import type { Delta } from './delta.ts';
import { evidence, type Dialect, type DialectDecoder, type DialectFrame, type DialectHints } from './dialect.ts';
import { decodeOther } from './doneSign.ts';
import { errorOf } from './errors.ts';
import { finishMeaning } from './finishMeaning.ts';
import { asIndex, asList, asName, asNumber, asObject, asText, isObject, type JsonObject } from './jsonValue.ts';
import { ToolCallKeys } from './toolCallKeys.ts';

/** Cohere's first Chat API: a JSON object a line, each with an `event_type`; `stream-end` repeats the whole answer. */
export const cohereV1: Dialect = {
  name: 'cohere-v1',
  title: 'Cohere Chat v1',
  payload: 'json',
  terminator: { by: 'sign', expected: '“stream-end”' },
  hasFinish: true,
  hasUsage: true,
  hint: ({ url }: DialectHints) =>
    url?.includes('cohere.') === true && url.includes('/v1/chat') ? evidence.likely : evidence.none,
  recognise: ({ json }: DialectFrame) => {
    if (!isObject(json) || typeof json.event_type !== 'string') return evidence.none;
    return typeof json.is_finished === 'boolean' ? evidence.certain : evidence.none;
  },
  create: () => new CohereV1Decoder(),
};

class CohereV1Decoder implements DialectDecoder {
  readonly #calls = new ToolCallKeys();
  #hasCalls = false;

  decode(frame: DialectFrame, out: Delta[]): void {
    const { json } = frame;
    if (!isObject(json)) {
      decodeOther(frame, out);
      return;
    }
    const name = asName(json.event_type) ?? '';
    switch (name) {
      case 'text-generation':
        out.push({ type: 'text', choice: 0, part: 0, text: asText(json.text) });
        break;
      case 'stream-start': {
        const id = asName(json.generation_id);
        if (id !== undefined) out.push({ type: 'meta', id });
        break;
      }
      case 'citation-generation':
        for (const citation of asList(json.citations)) out.push({ type: 'citation', choice: 0, part: 0, citation });
        break;
      case 'tool-calls-chunk':
        this.#toolChunk(asObject(json.tool_call_delta), out);
        break;
      case 'tool-calls-generation':
        this.#toolCalls(json.tool_calls, out);
        break;
      case 'stream-end':
        this.#end(json, out);
        break;
      case 'search-queries-generation':
      case 'search-results':
        break;
      default:
        if (json.message !== undefined && name === '') out.push(errorOf(json));
        else out.push({ type: 'unknown', name });
    }
    if (out.length === 0) out.push({ type: 'event', name });
  }

  #toolChunk(delta: JsonObject | undefined, out: Delta[]): void {
    if (delta === undefined) return;
    const { call, isNew } = this.#calls.callOf(0, asIndex(delta.index), '', 0);
    const name = asName(delta.name) ?? null;
    if (isNew || name !== null) {
      out.push({ type: 'tool-start', choice: 0, call, id: null, name, kind: 'function', runs: 'client' });
    }
    this.#hasCalls = true;
    const text = asText(delta.parameters);
    if (text !== '') out.push({ type: 'tool-arguments', call, text });
  }

  /** The calls once more, whole; they count where they did not come in pieces. */
  #toolCalls(calls: unknown, out: Delta[]): void {
    asList(calls).forEach((value, place) => {
      if (!isObject(value)) return;
      const { call, isNew } = this.#calls.callOf(0, place, '', place);
      if (this.#hasCalls && !isNew) return;
      const name = asName(value.name) ?? null;
      out.push(
        { type: 'tool-start', choice: 0, call, id: null, name, kind: 'function', runs: 'client' },
        { type: 'tool-end', call, arguments: asText(value.parameters) },
      );
    });
  }

  #end(json: JsonObject, out: Delta[]): void {
    const response = asObject(json.response);
    const reason = asName(json.finish_reason);
    if (reason !== undefined) out.push({ type: 'finish', choice: 0, reason, meaning: finishMeaning(reason) });
    if (typeof response?.text === 'string') {
      out.push({ type: 'final', channel: 'text', choice: 0, part: 0, text: response.text });
    }
    const meta = asObject(response?.meta);
    if (meta !== undefined) cohereUsage(meta, out);
    out.push({ type: 'terminator' });
  }
}

/** Tokens as the model counted them; what is billed is another number, used where there are no tokens. */
export function cohereUsage(raw: JsonObject, out: Delta[]): void {
  const tokens = asObject(raw.tokens) ?? asObject(raw.billed_units);
  if (tokens === undefined) return;
  out.push({
    type: 'usage',
    input: asNumber(tokens.input_tokens),
    output: asNumber(tokens.output_tokens),
    reasoning: asNumber(tokens.reasoning_tokens),
    raw,
  });
}
