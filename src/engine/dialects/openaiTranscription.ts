import type { Delta } from './delta.ts';
import { evidence, type Dialect, type DialectDecoder, type DialectFrame } from './dialect.ts';
import { decodeOther } from './doneSign.ts';
import { errorOf } from './errors.ts';
import { asName, asObject, asText, isObject } from './jsonValue.ts';
import { openaiUsage } from './openaiUsage.ts';

/** OpenAI's audio transcription as a stream: pieces of text, or segments with speakers; the whole text at the end. */
export const openaiTranscription: Dialect = {
  name: 'openai-transcription',
  title: 'OpenAI transcription',
  payload: 'json',
  terminator: { by: 'finish', expected: '“transcript.text.done”' },
  hasFinish: true,
  hasUsage: true,
  hint: ({ url }) => (url?.includes('/audio/transcriptions') === true ? evidence.likely : evidence.none),
  recognise: ({ json }: DialectFrame) =>
    isObject(json) && asText(json.type).startsWith('transcript.text.') ? evidence.certain : evidence.none,
  create: () => new TranscriptionDecoder(),
};

class TranscriptionDecoder implements DialectDecoder {
  #hasText = false;
  #segments = 0;

  decode(frame: DialectFrame, out: Delta[]): void {
    const { json } = frame;
    if (!isObject(json)) {
      decodeOther(frame, out);
      return;
    }
    const type = asText(json.type);
    if (type === 'error' || json.error !== undefined) out.push(errorOf(json.error ?? json));
    else if (type === 'transcript.text.delta') {
      this.#hasText = true;
      out.push({ type: 'text', choice: 0, part: 0, text: asText(json.delta) });
    } else if (type === 'transcript.text.segment') {
      // Segments repeat the deltas where those come as well.
      if (this.#hasText && this.#segments === 0) out.push({ type: 'event', name: type });
      else {
        this.#hasText = true;
        out.push({ type: 'text', choice: 0, part: this.#segments++, text: asText(json.text) });
      }
    } else if (type === 'transcript.text.done') {
      const text = asText(json.text);
      if (!this.#hasText) out.push({ type: 'text', choice: 0, part: 0, text });
      else if (this.#segments === 0) out.push({ type: 'final', channel: 'text', choice: 0, part: 0, text });
      const usage = asObject(json.usage);
      if (usage !== undefined) openaiUsage(usage, out);
      out.push({ type: 'finish', choice: 0, reason: 'done', meaning: 'end' });
    } else out.push({ type: 'unknown', name: asName(json.type) ?? Object.keys(json)[0] ?? '' });
  }
}
