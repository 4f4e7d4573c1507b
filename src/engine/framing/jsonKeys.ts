import { byte } from '../bytes/ascii.ts';
import { decodeUtf8 } from '../bytes/decode.ts';

/** Keys in all objects of a parsed value. Its nesting is bounded by the limit for JSON. */
export function keysIn(value: unknown): number {
  if (typeof value !== 'object' || value === null) return 0;
  let count = 0;
  if (Array.isArray(value)) {
    for (const item of value as readonly unknown[]) if (typeof item === 'object') count += keysIn(item);
    return count;
  }
  const object = value as Record<string, unknown>;
  for (const key in object) {
    count++;
    const member = object[key];
    if (typeof member === 'object') count += keysIn(member);
  }
  return count;
}

/** A key that its object has already; `at` and `length` are those of the key with its quotes. */
export interface DuplicateKey {
  readonly at: number;
  readonly length: number;
  readonly key: string;
}

/** Finds the first repeated key in a range that is valid JSON. */
export function findDuplicateKey(bytes: Uint8Array, from: number, to: number): DuplicateKey | undefined {
  const open: (Set<string> | undefined)[] = [];
  for (let i = from; i < to; i++) {
    const value = bytes[i] as number;
    if (value === byte.openBrace) open.push(new Set());
    else if (value === byte.openBracket) open.push(undefined);
    else if (value === byte.closeBrace || value === byte.closeBracket) open.pop();
    if (value !== byte.quote) continue;
    const start = i;
    for (i++; i < to && bytes[i] !== byte.quote; i++) if (bytes[i] === byte.backslash) i++;
    const keys = open.at(-1);
    if (keys === undefined || !isFollowedByColon(bytes, i + 1, to)) continue;
    const key = JSON.parse(decodeUtf8(bytes, start, i + 1)) as string;
    if (keys.has(key)) return { at: start, length: i + 1 - start, key: key.length > 64 ? `${key.slice(0, 64)}…` : key };
    keys.add(key);
  }
  return undefined;
}

function isFollowedByColon(bytes: Uint8Array, from: number, to: number): boolean {
  let i = from;
  while (i < to && (bytes[i] as number) <= byte.space) i++;
  return i < to && bytes[i] === byte.colon;
}
