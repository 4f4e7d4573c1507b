import type { Framing } from '../../../shared/words.ts';
import { byte } from '../../bytes/ascii.ts';
import { decodeUtf8 } from '../../bytes/decode.ts';
import { readMessage } from '../../framing/awsMessage.ts';
import { readBlock } from '../../framing/sseBlock.ts';

export type JsonObject = Readonly<Record<string, unknown>>;

/** What a frame says: its payload as text, and as an object where it is one. */
export interface Payload {
  readonly text: string;
  readonly object: JsonObject | null;
}

export function isObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Reads a whole frame. The bytes are not kept. */
export function readPayload(framing: Framing, bytes: Uint8Array): Payload {
  const text = textOf(framing, bytes);
  return { text, object: /^\s*\{/.test(text) ? parsedObject(text) : null };
}

function textOf(framing: Framing, bytes: Uint8Array): string {
  if (framing === 'sse') return readBlock(decodeUtf8(bytes)).fields.data ?? '';
  if (framing === 'aws-eventstream') return decodeUtf8(readMessage(bytes)?.payload ?? new Uint8Array(0));
  return decodeUtf8(bytes[0] === byte.recordSeparator ? bytes.subarray(1) : bytes);
}

function parsedObject(text: string): JsonObject | null {
  try {
    const value: unknown = JSON.parse(text);
    return isObject(value) ? value : null;
  } catch {
    // What is no JSON is the framing's to say; here it merely has nothing to read.
    return null;
  }
}
