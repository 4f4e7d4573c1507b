import { frameFlag, frameKindCode } from '../../shared/words.ts';
import { byte, isDigit } from '../bytes/ascii.ts';
import { decodeUtf8, excerptUtf8 } from '../bytes/decode.ts';
import type { FrameEmitter } from './frameEmitter.ts';
import type { ByteRange } from './heldValue.ts';
import { findDuplicateKey, keysIn } from './jsonKeys.ts';
import { findJsonFault } from './jsonFault.ts';
import type { JsonLimits } from './jsonLimits.ts';
import { recordType } from './recordType.ts';

const excerptBytes = 60;
/** Fewer digits than this always fit into a double. */
export const suspectDigits = 16;
const largestSafeInteger = String(Number.MAX_SAFE_INTEGER);

/** What the structural scan learnt about a value on its way. */
export interface ScannedValue {
  /** Body offsets of its first byte and after its last. */
  readonly start: number;
  readonly end: number;
  readonly isTooDeep: boolean;
  /** Colons outside strings, which is how many keys it has; −1 where they were not counted. */
  readonly colons: number;
  /** Body offsets of runs of at least `suspectDigits` digits outside strings, as pairs (from, to). */
  readonly digitRuns: readonly number[];
}

/**
 * Judges one whole JSON value and emits its frame: `element`, or `invalid` with the place of the fault.
 * @param range where its bytes are; undefined when it was too large to keep
 */
export function emitElement(
  emitter: FrameEmitter,
  limits: JsonLimits,
  value: ScannedValue,
  range: ByteRange | undefined,
): void {
  const { start, end } = value;
  const length = end - start;
  if (range === undefined || length > limits.jsonBytes) {
    emitter.noteBounded('json/too-large', { offset: start, length }, { bytes: length, limit: limits.jsonBytes });
    emitter.frame(frameKindCode.element, start, end, 0, 0);
    return;
  }
  const { bytes, from, to } = range;
  if (value.isTooDeep) {
    if (findJsonFault(bytes, from, to) !== undefined) {
      emitInvalid(emitter, value, bytes, from, to);
      return;
    }
    emitter.noteBounded('json/too-deep', { offset: start, length }, { limit: limits.jsonLevels });
    emitter.frame(frameKindCode.element, start, end, 0, 0);
    return;
  }
  let parsed: unknown;
  try {
    parsed = JSON.parse(decodeUtf8(bytes, from, to));
  } catch {
    emitInvalid(emitter, value, bytes, from, to);
    return;
  }
  emitParsed(emitter, value, bytes, from, to, parsed);
}

/** Emits the frame of a value that was parsed; its bytes are `[from, to)`. */
export function emitParsed(
  emitter: FrameEmitter,
  value: ScannedValue,
  bytes: Uint8Array,
  from: number,
  to: number,
  parsed: unknown,
): void {
  noteDuplicateKeys(emitter, value, bytes, from, to, parsed);
  noteUnsafeNumbers(emitter, value, bytes, from, to);
  const type = recordType(parsed);
  const typeId = type === undefined ? 0 : emitter.typeId(type);
  emitter.frame(frameKindCode.element, value.start, value.end, frameFlag.jsonValid, typeId);
}

function emitInvalid(emitter: FrameEmitter, value: ScannedValue, bytes: Uint8Array, from: number, to: number): void {
  const fault = findJsonFault(bytes, from, to);
  const offset = fault === undefined ? value.start : value.start + fault.at - from;
  const code = fault?.kind === 'trailing-comma' ? 'json/trailing-comma' : 'json/invalid';
  const excerpt = excerptUtf8(bytes, from, to, excerptBytes);
  emitter.note(code, { offset }, { expected: fault?.expected ?? 'JSON', excerpt });
  emitter.frame(frameKindCode.invalid, value.start, value.end, frameFlag.jsonInvalid, 0);
}

function noteDuplicateKeys(
  emitter: FrameEmitter,
  value: ScannedValue,
  bytes: Uint8Array,
  from: number,
  to: number,
  parsed: unknown,
): void {
  // A parsed object keeps one of equal keys, so it has fewer keys than the text has colons.
  if (value.colons === 0 || value.colons === keysIn(parsed)) return;
  const duplicate = findDuplicateKey(bytes, from, to);
  if (duplicate === undefined) return;
  const { at, length, key } = duplicate;
  emitter.noteBounded('json/duplicate-key', { offset: value.start + at - from, length }, { key });
}

function noteUnsafeNumbers(
  emitter: FrameEmitter,
  value: ScannedValue,
  bytes: Uint8Array,
  from: number,
  to: number,
): void {
  for (let i = 0; i + 1 < value.digitRuns.length; i += 2) {
    const offset = value.digitRuns[i] as number;
    const at = from + offset - value.start;
    const after = from + (value.digitRuns[i + 1] as number) - value.start;
    if (at < from || after > to || !isUnsafeInteger(bytes, at, after, from, to)) continue;
    emitter.noteBounded(
      'json/unsafe-number',
      { offset, length: after - at },
      { digits: excerptUtf8(bytes, at, after, 40) },
    );
  }
}

function isUnsafeInteger(bytes: Uint8Array, at: number, after: number, from: number, to: number): boolean {
  const before = at > from ? (bytes[at - 1] as number) : 0;
  const next = after < to ? (bytes[after] as number) : 0;
  const isFraction = before === 0x2e || next === 0x2e;
  const isExponent = before === 0x65 || before === 0x45 || before === 0x2b || next === 0x65 || next === 0x45;
  if (isFraction || isExponent || isDigit(before)) return false;
  if (before === byte.minus && at - 1 > from && ((bytes[at - 2] as number) | 0x20) === 0x65) return false;
  if (after - at > largestSafeInteger.length) return true;
  for (let i = 0; i < largestSafeInteger.length; i++) {
    const difference = (bytes[at + i] as number) - largestSafeInteger.charCodeAt(i);
    if (difference !== 0) return difference > 0;
  }
  return false;
}
