import type { ErrorDelta } from './delta.ts';
import { asName, asObject, isObject, type JsonObject } from './jsonValue.ts';

/**
 * An error in whatever shape a provider gives it: a text, or an object with a message and a code, type or status.
 * @param value of the member that says `error`
 */
export function errorOf(value: unknown): ErrorDelta {
  if (!isObject(value)) {
    return { type: 'error', code: null, message: typeof value === 'string' ? value : '', raw: value };
  }
  // Some put the error into the error.
  const inner = asObject(value.error);
  if (inner !== undefined && value.message === undefined) return { ...errorOf(inner), raw: value };
  return { type: 'error', code: codeOf(value), message: messageOf(value), raw: value };
}

/** True for an error that has no name: an object with a message and, but for the members named, nothing else. */
export function isBareMessage(json: JsonObject, ...others: readonly string[]): boolean {
  const allowed = ['message', ...others];
  return typeof json.message === 'string' && Object.keys(json).every((member) => allowed.includes(member));
}

function codeOf(error: Readonly<Record<string, unknown>>): string | null {
  for (const key of ['code', 'type', 'error_type', 'status', 'status_code'] as const) {
    const value = error[key];
    if (typeof value === 'number') return String(value);
    const name = asName(value);
    if (name !== undefined) return name;
  }
  return null;
}

function messageOf(error: Readonly<Record<string, unknown>>): string {
  for (const key of ['message', 'detail', 'error', 'errorText'] as const) {
    const value = asName(error[key]);
    if (value !== undefined) return value;
  }
  return '';
}
