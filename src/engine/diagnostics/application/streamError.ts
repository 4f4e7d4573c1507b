import { isObject, type JsonObject, type Payload } from './payload.ts';

const longestMessage = 200;

/** Keys that may stand beside an error. A record with any other key is data that has a column named `error`. */
const besideAnError: ReadonlySet<string> = new Set(
  (
    'error type event kind object status statusCode code message detail details param title success done ' +
    'id jsonrpc request_id requestId event_id trace_id traceId correlationId timestamp time created createdAt ' +
    'model provider choices usage retryable retry_after user_id'
  ).split(' '),
);

/** The error that a record of role `error` reports, in its own words; empty where it has none. */
export function errorMessage(payload: Payload): string {
  const { object, text } = payload;
  return shortened(object === null ? text.trim() : (wordsOf(object['error']) ?? wordsOf(object) ?? ''));
}

/** The error that a record without a telling type reports; null where it reports none. */
export function untypedError(object: JsonObject): string | null {
  const error = object['error'];
  const isError = typeof error === 'string' ? error !== '' : isObject(error) && wordsOf(error) !== null;
  if (!isError || !Object.keys(object).every((key) => besideAnError.has(key))) return null;
  return shortened(wordsOf(error) ?? '');
}

function wordsOf(value: unknown): string | null {
  if (typeof value === 'string') return value === '' ? null : value;
  if (!isObject(value)) return null;
  for (const key of ['message', 'detail', 'error', 'errorText', 'reason', 'title', 'code', 'type']) {
    const words = value[key];
    if (typeof words === 'string' && words !== '') return words;
    if (typeof words === 'number') return String(words);
  }
  return null;
}

function shortened(message: string): string {
  const characters = Array.from(message.slice(0, 2 * longestMessage));
  return characters.length <= longestMessage ? message : `${characters.slice(0, longestMessage).join('')}…`;
}
