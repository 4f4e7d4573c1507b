import type { Delta } from './delta.ts';
import { evidence, type Dialect, type DialectDecoder, type DialectFrame, type DialectHints } from './dialect.ts';
import { decodeOther } from './doneSign.ts';
import { errorOf } from './errors.ts';
import { finishMeaning } from './finishMeaning.ts';
import { asIndex, asList, asName, asObject, isObject, type JsonObject } from './jsonValue.ts';
import { chatTimings } from './openaiTimings.ts';
import { openaiUsage } from './openaiUsage.ts';
import { chatVariant, chatVariantOfHints } from './openaiVariants.ts';

/** OpenAI's legacy Completions and their copies: `choices[].text`, `[DONE]` at the end. */
export const openaiCompletions: Dialect = {
  name: 'openai-completions',
  title: 'OpenAI Completions (legacy)',
  payload: 'json',
  terminator: { by: 'sign', expected: '“[DONE]”', exceptVariants: ['writer'] },
  hasFinish: true,
  hasUsage: true,
  hint: ({ url }: DialectHints) =>
    url !== null && /(?<!chat)\/completions(\?|$)/.test(url) ? evidence.likely : evidence.none,
  recognise: ({ json }: DialectFrame) => {
    if (!isObject(json)) return evidence.none;
    const first = asObject(asList(json.choices)[0]);
    const hasText = typeof first?.text === 'string' && !isObject(first.delta);
    if (json.object === 'text_completion') return hasText ? evidence.certain : evidence.strong;
    if (hasText) return evidence.strong;
    // Writer's legacy stream says nothing but the text.
    return typeof json.value === 'string' && Object.keys(json).length === 1 ? evidence.possible : evidence.none;
  },
  variant: chatVariant,
  variantFromHints: chatVariantOfHints,
  create: () => new CompletionsDecoder(),
};

class CompletionsDecoder implements DialectDecoder {
  decode(frame: DialectFrame, out: Delta[]): void {
    const { json } = frame;
    if (!isObject(json)) {
      decodeOther(frame, out);
      return;
    }
    const id = asName(json.id);
    const model = asName(json.model);
    if (id !== undefined || model !== undefined) {
      out.push({ type: 'meta', ...(id === undefined ? {} : { id }), ...(model === undefined ? {} : { model }) });
    }
    if (json.error !== undefined && json.error !== null) out.push(errorOf(json.error));
    else if (json.object === 'error' || frame.event === 'error') out.push(errorOf(json));
    asList(json.choices).forEach((choice, place) => {
      if (isObject(choice)) completion(choice, place, out);
    });
    if (typeof json.value === 'string' && json.choices === undefined) {
      out.push({ type: 'text', choice: 0, part: 0, text: json.value });
    }
    if (isObject(json.usage)) openaiUsage(json.usage, out);
    if (json.timings !== undefined) chatTimings(json, out);
    if (out.length > 0) return;
    if (Array.isArray(json.choices)) out.push({ type: 'event', name: 'text_completion' });
    else out.push({ type: 'unknown', name: asName(json.object) ?? Object.keys(json)[0] ?? '' });
  }
}

function completion(choice: JsonObject, place: number, out: Delta[]): void {
  const index = asIndex(choice.index) ?? place;
  if (typeof choice.text === 'string') out.push({ type: 'text', choice: index, part: 0, text: choice.text });
  const reason = asName(choice.finish_reason);
  if (reason !== undefined) out.push({ type: 'finish', choice: index, reason, meaning: finishMeaning(reason) });
}
