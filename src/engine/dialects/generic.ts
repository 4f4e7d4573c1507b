import type { Delta } from './delta.ts';
import { evidence, type Dialect, type DialectFrame } from './dialect.ts';
import { decodeOther } from './doneSign.ts';
import { errorOf } from './errors.ts';
import { asObject, isObject } from './jsonValue.ts';

/** Begins the name of a dialect that the user makes: `generic:choices.0.text`. */
const prefix = 'generic:';

/**
 * A dialect of the user's own: the text is at a path of keys and indexes, separated by dots, in each frame's JSON.
 * `generic:` alone takes each payload as it is. Never detected, only chosen.
 * @param name as chosen
 * @returns undefined where the name does not begin with `generic:`
 */
export function genericDialect(name: string): Dialect | undefined {
  if (!name.startsWith(prefix)) return undefined;
  const path = name
    .slice(prefix.length)
    .split('.')
    .filter((key) => key !== '');
  return {
    name,
    title: path.length === 0 ? 'Plain text' : `Text at ${path.join('.')}`,
    payload: path.length === 0 ? 'text' : 'json',
    terminator: { by: 'sign', expected: '“[DONE]”' },
    hasFinish: false,
    hasUsage: false,
    hint: () => evidence.none,
    recognise: () => evidence.none,
    create: () => ({
      decode: (frame, out) => {
        decode(frame, path, out);
      },
      // There is no sign to miss: the end of the transfer is the end.
      end: (out) => out.push({ type: 'terminator' }),
    }),
  };
}

function decode(frame: DialectFrame, path: readonly string[], out: Delta[]): void {
  if (path.length === 0) {
    out.push({ type: 'text', choice: 0, part: 0, text: frame.text });
    return;
  }
  const { json } = frame;
  if (json === undefined) {
    decodeOther(frame, out);
    return;
  }
  const value = valueAt(json, path);
  const error = asObject(json)?.error;
  if (typeof value === 'string') out.push({ type: 'text', choice: 0, part: 0, text: value });
  else if (typeof value === 'number' || typeof value === 'boolean') {
    out.push({ type: 'text', choice: 0, part: 0, text: String(value) });
  } else if (error !== undefined && error !== null) out.push(errorOf(error));
  else out.push({ type: 'event', name: frame.event === '' ? 'without text' : frame.event });
}

function valueAt(json: unknown, path: readonly string[]): unknown {
  let value = json;
  for (const key of path) {
    if (Array.isArray(value)) value = /^\d+$/.test(key) ? (value as readonly unknown[])[Number(key)] : undefined;
    else value = isObject(value) && Object.hasOwn(value, key) ? value[key] : undefined;
  }
  return value;
}
