import type { Delta } from './delta.ts';
import { evidence, type Dialect, type DialectFrame } from './dialect.ts';
import { decodeOther } from './doneSign.ts';
import { errorOf } from './errors.ts';
import { finishMeaning } from './finishMeaning.ts';
import { asIndex, asName, asNumber, asObject, asText, isObject } from './jsonValue.ts';

/** llama.cpp's own `/completion` and `/infill` (tools/server/README.md): the answer of each prompt under its index. */
export const llamacppNative: Dialect = {
  name: 'llamacpp-completion',
  title: 'llama.cpp completion',
  payload: 'json',
  terminator: { by: 'finish', expected: '“"stop":true”' },
  hasFinish: true,
  hasUsage: true,
  hint: ({ url }) => (url !== null && /\/(?:completion|infill)(?:[?#]|$)/.test(url) ? evidence.likely : evidence.none),
  recognise: ({ json }: DialectFrame) => {
    if (!isObject(json) || typeof json.content !== 'string' || typeof json.stop !== 'boolean') return evidence.none;
    const isSure =
      'id_slot' in json || 'tokens_predicted' in json || 'generation_settings' in json || 'slot_id' in json;
    return isSure ? evidence.certain : evidence.strong;
  },
  create: () => ({ decode }),
};

function decode(frame: DialectFrame, out: Delta[]): void {
  const { json } = frame;
  if (!isObject(json)) {
    decodeOther(frame, out);
    return;
  }
  if (json.error !== undefined || frame.event === 'error') {
    out.push(errorOf(json.error ?? json));
    return;
  }
  if (typeof json.content !== 'string') {
    const isProgress = json.prompt_progress !== undefined;
    out.push(isProgress ? { type: 'heartbeat' } : { type: 'unknown', name: Object.keys(json)[0] ?? '' });
    return;
  }
  const choice = asIndex(json.index) ?? 0;
  out.push({ type: 'text', choice, part: 0, text: json.content });
  if (json.stop !== true) return;
  const model = asName(json.model);
  if (model !== undefined) out.push({ type: 'meta', model });
  const reason = asName(json.stop_type) ?? oldStopReason(json);
  out.push({ type: 'finish', choice, reason, meaning: reason === 'word' ? 'end' : finishMeaning(reason) });
  const raw = { tokens_evaluated: json.tokens_evaluated, tokens_predicted: json.tokens_predicted };
  const input = asNumber(json.tokens_evaluated);
  const output = asNumber(json.tokens_predicted);
  if (input !== null || output !== null) out.push({ type: 'usage', input, output, reasoning: null, raw });
  for (const [name, millis] of Object.entries(asObject(json.timings) ?? {})) {
    if (/^(?:prompt|predicted)_ms$/.test(name) && typeof millis === 'number') {
      out.push({ type: 'timing', name: asText(name), micros: Math.round(millis * 1_000) });
    }
  }
}

/** Older versions say it in three booleans. */
function oldStopReason(json: Readonly<Record<string, unknown>>): string {
  if (json.stopped_limit === true) return 'limit';
  if (json.stopped_word === true) return 'word';
  return json.stopped_eos === true ? 'eos' : 'stop';
}
