import type { Delta } from './delta.ts';
import { evidence, type Dialect, type DialectFrame } from './dialect.ts';
import { decodeOther } from './doneSign.ts';
import { errorOf } from './errors.ts';
import { asName, asObject, asText, isObject } from './jsonValue.ts';
import { openaiUsage } from './openaiUsage.ts';

/** Speech and pictures: how much of them came, never the data itself. */
function mediaDialect(
  name: string,
  title: string,
  typePrefixes: readonly string[],
  path: RegExp,
  doneType: string,
): Dialect {
  const isOwn = (type: string): boolean => typePrefixes.some((prefix) => type.startsWith(prefix));
  return {
    name,
    title,
    payload: 'json',
    terminator: { by: 'finish', expected: `“${doneType}”` },
    hasFinish: true,
    hasUsage: false,
    hint: ({ url }) => (url !== null && path.test(url) ? evidence.likely : evidence.none),
    recognise: ({ json }: DialectFrame) =>
      isObject(json) && isOwn(asText(json.type)) ? evidence.certain : evidence.none,
    create: () => ({
      decode: (frame: DialectFrame, out: Delta[]) => {
        const { json } = frame;
        if (!isObject(json)) {
          decodeOther(frame, out);
          return;
        }
        const type = asText(json.type);
        const data = asText(json.audio ?? json.b64_json);
        const usage = asObject(json.usage);
        if (type === 'error' || json.error !== undefined) out.push(errorOf(json.error ?? json));
        if (isOwn(type) && data !== '') {
          const media = json.audio === undefined ? 'image' : 'audio';
          out.push({ type: 'media', choice: 0, media, characters: data.length });
        }
        if (usage !== undefined) openaiUsage(usage, out);
        if (type.endsWith('.done') || type.endsWith('.completed')) {
          out.push({ type: 'finish', choice: 0, reason: type.slice(type.lastIndexOf('.') + 1), meaning: 'end' });
        }
        if (out.length > 0) return;
        out.push({ type: isOwn(type) ? 'event' : 'unknown', name: asName(json.type) ?? Object.keys(json)[0] ?? '' });
      },
    }),
  };
}

export const openaiSpeech = mediaDialect(
  'openai-speech',
  'OpenAI speech',
  ['speech.audio.'],
  /\/audio\/speech/,
  'speech.audio.done',
);

export const openaiImages = mediaDialect(
  'openai-images',
  'OpenAI images',
  ['image_generation.', 'image_edit.'],
  /\/images\/(?:generations|edits)/,
  'image_generation.completed',
);
