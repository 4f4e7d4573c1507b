import type { Delta } from './delta.ts';
import { evidence, type Dialect, type DialectDecoder, type DialectFrame } from './dialect.ts';
import { decodeOther } from './doneSign.ts';
import { errorOf } from './errors.ts';
import { finishMeaning } from './finishMeaning.ts';
import { asList, asName, asNumber, asObject, isObject } from './jsonValue.ts';

/** What watsonx says while an answer goes on. */
const unfinished = 'not_finished';

/** IBM watsonx `text/generation_stream`: pieces of text with cumulative counts of tokens. */
export const watsonx: Dialect = {
  name: 'watsonx',
  title: 'IBM watsonx',
  payload: 'json',
  terminator: { by: 'finish', expected: 'a stop reason' },
  hasFinish: true,
  hasUsage: true,
  hint: ({ url }) =>
    url !== null && /text\/(?:generation|chat)_stream|text_stream/.test(url) ? evidence.likely : evidence.none,
  recognise: ({ json }: DialectFrame) => {
    const result = isObject(json) ? asObject(asList(json.results)[0]) : undefined;
    return result !== undefined && 'generated_text' in result ? evidence.certain : evidence.none;
  },
  create: () => new WatsonxDecoder(),
};

class WatsonxDecoder implements DialectDecoder {
  #input: number | null = null;
  #output: number | null = null;
  #isMetaTold = false;

  decode(frame: DialectFrame, out: Delta[]): void {
    const { json } = frame;
    if (!isObject(json)) {
      if (frame.event === 'close') out.push({ type: 'event', name: 'close' });
      else decodeOther(frame, out);
      return;
    }
    const isError = frame.event === 'error' || json.errors !== undefined || json.error !== undefined;
    if (isError) {
      out.push(errorOf(asList(json.errors)[0] ?? json.error ?? json));
      return;
    }
    const model = asName(json.model_id);
    if (model !== undefined && !this.#isMetaTold) {
      this.#isMetaTold = true;
      out.push({ type: 'meta', model });
    }
    asList(json.results).forEach((result, choice) => {
      if (!isObject(result)) return;
      out.push({ type: 'text', choice, part: 0, text: asName(result.generated_text) ?? '' });
      const reason = asName(result.stop_reason);
      if (reason !== undefined && reason.toLowerCase() !== unfinished) {
        out.push({ type: 'finish', choice, reason, meaning: finishMeaning(reason) });
      }
      this.#usage(asNumber(result.input_token_count), asNumber(result.generated_token_count), out);
    });
    if (out.length === 0) out.push({ type: 'unknown', name: frame.event || (Object.keys(json)[0] ?? '') });
  }

  /** Input tokens are counted in the first event only and are 0 in all others; output tokens are cumulative. */
  #usage(input: number | null, output: number | null, out: Delta[]): void {
    if (input !== null && input > 0) this.#input = input;
    if (output !== null) this.#output = output;
    if (this.#input === null && this.#output === null) return;
    out.push({ type: 'usage', input: this.#input, output: this.#output, reasoning: null, raw: null });
  }
}
