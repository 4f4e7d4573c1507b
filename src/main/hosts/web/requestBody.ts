import type { IncomingMessage } from 'node:http';

const mebi = 1024 * 1024;

/** Bytes a call's input may have. The large ones are those that carry what the user brings in. */
const limits: Readonly<Record<string, number>> = {
  'import.append': 5 * mebi,
  'recording.open': 300 * mebi,
  'request.toCurl': 300 * mebi,
  'request.parse': 16 * mebi,
};

export function bodyLimitBytes(callName: string): number {
  return limits[callName] ?? mebi;
}

/**
 * Reads a whole request body.
 * @returns undefined when it is longer than the limit; the rest is then left unread
 * @throws Error when the client goes away in the middle
 */
export async function readBody(request: IncomingMessage, limitBytes: number): Promise<Uint8Array | undefined> {
  if (Number(request.headers['content-length'] ?? 0) > limitBytes) return undefined;
  const pieces: Uint8Array[] = [];
  let length = 0;
  for await (const piece of request as AsyncIterable<Uint8Array>) {
    length += piece.length;
    if (length > limitBytes) return undefined;
    pieces.push(piece);
  }
  const body = new Uint8Array(length);
  let at = 0;
  for (const piece of pieces) {
    body.set(piece, at);
    at += piece.length;
  }
  return body;
}
