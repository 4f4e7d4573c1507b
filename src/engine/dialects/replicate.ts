import type { Delta } from './delta.ts';
import { evidence, type Dialect, type DialectFrame } from './dialect.ts';
import { finishMeaning } from './finishMeaning.ts';
import { asName, isObject } from './jsonValue.ts';

/** Replicate's prediction streams: plain text in events `output`, the end in `done`. */
export const replicate: Dialect = {
  name: 'replicate',
  title: 'Replicate',
  payload: 'text',
  terminator: { by: 'sign', expected: 'the event “done”' },
  hasFinish: true,
  hasUsage: false,
  hint: ({ url }) => (url !== null && /stream[\w-]*\.replicate\.\w+\//.test(url) ? evidence.certain : evidence.none),
  recognise: ({ event, json, text }: DialectFrame) => {
    // Others have events of these names, with JSON in them: what is Replicate's is the plain text.
    if (event === 'output') return json === undefined ? evidence.strong : evidence.possible;
    return event === 'logs' || (event === 'done' && text === '{}') ? evidence.possible : evidence.none;
  },
  create: () => ({ decode }),
};

function decode({ event, text, json }: DialectFrame, out: Delta[]): void {
  if (event === 'output') out.push({ type: 'text', choice: 0, part: 0, text });
  else if (event === 'error') {
    const detail = isObject(json) ? asName(json.detail) : undefined;
    out.push({ type: 'error', code: null, message: detail ?? text, raw: json ?? text });
  } else if (event === 'done') {
    const reason = (isObject(json) ? asName(json.reason) : undefined) ?? 'done';
    out.push({ type: 'finish', choice: 0, reason, meaning: reason === 'done' ? 'end' : finishMeaning(reason) });
    out.push({ type: 'terminator' });
  } else if (event === 'logs') out.push({ type: 'event', name: event });
  else out.push({ type: 'unknown', name: event === '' ? text.slice(0, 40) : event });
}
