import type { IncomingMessage } from 'node:http';

/** A request body is small talk about a stream, not a stream itself. */
export const requestBodyLimit = 1024 * 1024;

/**
 * The body as text, or null when it is longer than `requestBodyLimit`. A longer one is read to its end all the same,
 * and dropped: a client that is still sending would see a reset instead of the answer. Rejects when the client leaves.
 */
export async function readRequestBody(request: IncomingMessage): Promise<string | null> {
  const pieces: Buffer[] = [];
  let length = 0;
  for await (const piece of request as AsyncIterable<Buffer>) {
    length += piece.length;
    if (length <= requestBodyLimit) pieces.push(piece);
    else pieces.length = 0;
  }
  return length > requestBodyLimit ? null : Buffer.concat(pieces, length).toString('utf8');
}
