import type { Delta } from './delta.ts';
import { evidence, type Dialect, type DialectFrame } from './dialect.ts';
import { decodeOther } from './doneSign.ts';
import { errorOf } from './errors.ts';
import { finishMeaning } from './finishMeaning.ts';
import { asIndex, asName, asNumber, asObject, isObject } from './jsonValue.ts';

/**
 * Text Generation Inference's own `/generate_stream`: a token a frame, its last one with the details of the whole
 * (docs/openapi.json of huggingface/text-generation-inference). Special tokens are no text.
 */
export const tgi: Dialect = {
  name: 'tgi',
  title: 'Text Generation Inference',
  payload: 'json',
  terminator: { by: 'finish', expected: 'the details of the last token' },
  hasFinish: true,
  hasUsage: false,
  hint: ({ url }) => (url?.includes('/generate_stream') === true ? evidence.strong : evidence.none),
  recognise: ({ json }: DialectFrame) => {
    if (!isObject(json)) return evidence.none;
    const token = asObject(json.token);
    if (token !== undefined && 'text' in token && 'special' in token) return evidence.certain;
    return typeof json.error === 'string' && 'error_type' in json ? evidence.strong : evidence.none;
  },
  create: () => ({ decode }),
};

function decode(frame: DialectFrame, out: Delta[]): void {
  const { json } = frame;
  if (!isObject(json)) {
    decodeOther(frame, out);
    return;
  }
  if (json.error !== undefined) {
    out.push(errorOf(json));
    return;
  }
  // Requests with several prompts number them only in some versions; the index of the token is no answer's index.
  const token = asObject(json.token);
  if (token === undefined) {
    out.push({ type: 'unknown', name: Object.keys(json)[0] ?? '' });
    return;
  }
  const text = token.special === true ? '' : (asName(token.text) ?? '');
  out.push({ type: 'text', choice: 0, part: 0, text });
  const details = asObject(json.details);
  if (details === undefined) return;
  const reason = asName(details.finish_reason);
  if (reason !== undefined) out.push({ type: 'finish', choice: 0, reason, meaning: finishMeaning(reason) });
  if (asIndex(details.generated_tokens) !== undefined) {
    out.push({
      type: 'usage',
      input: asNumber(details.input_length),
      output: asNumber(details.generated_tokens),
      reasoning: null,
      raw: details,
    });
  }
}
