import type { Delta } from './delta.ts';
import { evidence, type Dialect, type DialectDecoder, type DialectFrame, type DialectHints } from './dialect.ts';
import { decodeOther } from './doneSign.ts';
import { errorOf } from './errors.ts';
import { finishMeaning } from './finishMeaning.ts';
import { PartialArguments } from './geminiPartialArguments.ts';
import { asIndex, asList, asName, asNumber, asObject, asText, isObject, type JsonObject } from './jsonValue.ts';
import { noteIfNotNumber } from './openaiUsage.ts';

/**
 * Google's `streamGenerateContent`: whole responses, each with the next parts, as events or as the elements of a JSON
 * array. No end sign: the finish reason, then the connection closes.
 */
export const gemini: Dialect = {
  name: 'gemini',
  title: 'Gemini generateContent',
  payload: 'json',
  terminator: { by: 'finish', expected: 'a finish reason' },
  hasFinish: true,
  hasUsage: true,
  hint: ({ url, headers }: DialectHints) => {
    if (url?.includes(':streamGenerateContent') === true) return evidence.likely;
    return headers.get('server-timing')?.startsWith('gfet4t7') === true ? evidence.possible : evidence.none;
  },
  recognise: ({ json }: DialectFrame) => {
    if (!isObject(json)) return evidence.none;
    if (Array.isArray(json.candidates)) return evidence.certain;
    if (isObject(json.usageMetadata) || isObject(json.promptFeedback)) return evidence.certain;
    const error = asObject(json.error);
    return typeof error?.code === 'number' && typeof error.status === 'string' ? evidence.possible : evidence.none;
  },
  create: () => new GeminiDecoder(),
};

class GeminiDecoder implements DialectDecoder {
  #calls = 0;
  #hasMeta = false;
  #citations = 0;
  /** A call whose arguments come in pieces; it stays open until an empty call, another call or the end. */
  #open: { readonly call: number; readonly arguments: PartialArguments } | undefined;
  #lastCode = -1;

  decode(frame: DialectFrame, out: Delta[]): void {
    const { json } = frame;
    if (!isObject(json)) {
      decodeOther(frame, out);
      return;
    }
    if (!this.#hasMeta) this.#meta(json, out);
    if (json.error !== undefined && json.error !== null) out.push(errorOf(json.error));
    asList(json.candidates).forEach((candidate, place) => {
      if (isObject(candidate)) this.#candidate(candidate, place, out);
    });
    const blockReason = asName(asObject(json.promptFeedback)?.blockReason);
    if (blockReason !== undefined) {
      out.push({ type: 'fault', code: 'ai/content-filter', details: { reason: blockReason } }, { type: 'terminator' });
    }
    if (isObject(json.usageMetadata)) usage(json.usageMetadata, out);
    if (out.length > 0) return;
    const isKnown =
      Array.isArray(json.candidates) || json.promptFeedback !== undefined || json.responseId !== undefined;
    out.push(isKnown ? { type: 'event', name: 'response' } : { type: 'unknown', name: Object.keys(json)[0] ?? '' });
  }

  end(out: Delta[]): void {
    this.#close(out);
  }

  #meta(json: JsonObject, out: Delta[]): void {
    const id = asName(json.responseId);
    const model = asName(json.modelVersion);
    this.#hasMeta = id !== undefined && model !== undefined;
    if (id === undefined && model === undefined) return;
    out.push({ type: 'meta', ...(id === undefined ? {} : { id }), ...(model === undefined ? {} : { model }) });
  }

  #candidate(candidate: JsonObject, place: number, out: Delta[]): void {
    const choice = asIndex(candidate.index) ?? place;
    const content = asObject(candidate.content);
    const parts = asList(content?.parts);
    for (const part of parts) if (isObject(part)) this.#part(part, choice, out);
    this.#sources(candidate, choice, out);
    const reason = asName(candidate.finishReason);
    if (reason === undefined) return;
    this.#close(out);
    out.push({ type: 'finish', choice, reason, meaning: finishMeaning(reason) });
  }

  #part(part: JsonObject, choice: number, out: Delta[]): void {
    if (typeof part.text === 'string') {
      out.push({ type: part.thought === true ? 'reasoning' : 'text', choice, part: 0, text: part.text });
    } else if (isObject(part.functionCall)) this.#functionCall(part.functionCall, choice, out);
    else if (isObject(part.executableCode)) {
      const call = this.#calls++;
      this.#lastCode = call;
      const id = asName(part.executableCode.id) ?? null;
      const name = 'code_execution';
      out.push(
        { type: 'tool-start', choice, call, id, name, kind: 'executableCode', runs: 'server' },
        { type: 'tool-end', call, arguments: JSON.stringify(part.executableCode) },
      );
    } else if (part.codeExecutionResult !== undefined) {
      const call = this.#lastCode < 0 ? null : this.#lastCode;
      out.push({ type: 'tool-result', call, result: part.codeExecutionResult });
    } else if (isObject(part.inlineData)) {
      const media = asName(part.inlineData.mimeType) ?? 'unknown';
      out.push({ type: 'media', choice, media, characters: asText(part.inlineData.data).length });
    } else if (isObject(part.fileData)) {
      out.push({ type: 'media', choice, media: asName(part.fileData.mimeType) ?? 'unknown', characters: 0 });
    } else if (part.thoughtSignature === undefined && Object.keys(part).length > 0) {
      out.push({ type: 'unknown', name: Object.keys(part)[0] ?? '' });
    }
  }

  #functionCall(value: JsonObject, choice: number, out: Delta[]): void {
    const name = asName(value.name);
    const pieces = asList(value.partialArgs);
    if (name !== undefined) {
      this.#close(out);
      const call = this.#calls++;
      const id = asName(value.id) ?? null;
      out.push({ type: 'tool-start', choice, call, id, name, kind: 'functionCall', runs: 'client' });
      if (value.willContinue === true || pieces.length > 0) {
        this.#open = { call, arguments: new PartialArguments(value.args) };
      } else {
        const isEmpty = !isObject(value.args) || Object.keys(value.args).length === 0;
        out.push({ type: 'tool-end', call, ...(isEmpty ? {} : { arguments: JSON.stringify(value.args) }) });
      }
    } else if (this.#open === undefined) {
      out.push({ type: 'fault', code: 'ai/out-of-order', details: { name: 'functionCall' } });
      return;
    }
    for (const piece of pieces) this.#open?.arguments.add(piece);
    if (value.willContinue !== true) this.#close(out);
    else if (name === undefined) out.push({ type: 'event', name: 'partialArgs' });
  }

  #close(out: Delta[]): void {
    const open = this.#open;
    if (open === undefined) return;
    this.#open = undefined;
    out.push({ type: 'tool-end', call: open.call, arguments: open.arguments.text });
  }

  /** Sources are repeated from response to response; each is told once. */
  #sources(candidate: JsonObject, choice: number, out: Delta[]): void {
    const citations = asObject(candidate.citationMetadata);
    const all = [
      ...asList(citations?.citations ?? citations?.citationSources),
      ...asList(asObject(candidate.groundingMetadata)?.groundingChunks),
    ];
    for (const citation of all.slice(this.#citations)) out.push({ type: 'citation', choice, part: 0, citation });
    this.#citations = Math.max(this.#citations, all.length);
  }
}

function usage(raw: JsonObject, out: Delta[]): void {
  noteIfNotNumber('usageMetadata', raw.candidatesTokenCount, out);
  out.push({
    type: 'usage',
    input: asNumber(raw.promptTokenCount),
    output: asNumber(raw.candidatesTokenCount),
    reasoning: asNumber(raw.thoughtsTokenCount),
    raw,
  });
}
