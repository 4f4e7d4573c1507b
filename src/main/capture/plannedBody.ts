import { createReadStream, statSync, type Stats } from 'node:fs';
import { errorCode } from './connectFault.ts';
import { byteCount, type EndingFacts } from './endings.ts';

/** A request's body as it goes out, with a length that is known before. */
export interface PlannedBody {
  readonly length: number;
  /** All of it, where it is in memory; null: only `open` has it. */
  readonly bytes: Uint8Array | null;
  /**
   * The bytes from the beginning, `length` of them in all; again after a redirect that repeats the request.
   * @throws BodySourceError from the iteration when what they are read from fails or no longer has that length
   */
  open(): AsyncIterable<Uint8Array>;
}

/** What a body is read from failed while it was being sent: the exchange ends with `facts`. */
export class BodySourceError extends Error {
  readonly facts: EndingFacts;

  constructor(message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = 'BodySourceError';
    this.facts = { code: 'end/request-body', message, offset: null };
  }
}

export function bodyOfBytes(bytes: Uint8Array): PlannedBody {
  return {
    length: bytes.byteLength,
    bytes,
    async *open() {
      if (bytes.byteLength > 0) yield await Promise.resolve(bytes);
    },
  };
}

/** Pieces one after another; in memory when all of them are and they are few bytes. */
export function bodyOfPieces(pieces: readonly PlannedBody[]): PlannedBody {
  const length = pieces.reduce((sum, piece) => sum + piece.length, 0);
  return {
    length,
    bytes: null,
    async *open() {
      for (const piece of pieces) yield* piece.open();
    },
  };
}

/** Why a file cannot be sent, as a sentence. */
export interface UnreadableFile {
  readonly problem: string;
}

/** A file, read while it is sent; its length now is what is announced. Looks at the file, does not open it. */
export function bodyOfFile(path: string): PlannedBody | UnreadableFile {
  let found: Stats;
  try {
    found = statSync(path);
  } catch (error) {
    return { problem: unreadableSentence(path, error) };
  }
  if (!found.isFile()) {
    const what = found.isDirectory() ? 'is a folder' : 'is no ordinary file, so its length is not known';
    return { problem: `“${path}” ${what}. Name a file whose contents can be sent.` };
  }
  const length = found.size;
  return { length, bytes: null, open: () => readFile(path, length) };
}

async function* readFile(path: string, length: number): AsyncGenerator<Uint8Array> {
  let read = 0;
  // A piece goes out only when the next one is known: a request that is complete can no longer be taken back.
  let waiting: Uint8Array | null = null;
  const stream = createReadStream(path, { highWaterMark: 65_536 });
  try {
    for await (const piece of stream as AsyncIterable<Uint8Array>) {
      read += piece.byteLength;
      if (read > length) {
        throw new BodySourceError(
          `“${path}” grew beyond ${byteCount(length)} while it was being sent. Send it again once nothing writes to it.`,
        );
      }
      if (waiting !== null) yield waiting;
      waiting = piece;
    }
  } catch (error) {
    if (error instanceof BodySourceError) throw error;
    throw new BodySourceError(unreadableSentence(path, error), { cause: error });
  } finally {
    stream.destroy();
  }
  if (read < length) {
    throw new BodySourceError(
      `“${path}” shrank from ${byteCount(length)} to ${byteCount(read)} while it was being sent. Send it again once nothing writes to it.`,
    );
  }
  if (waiting !== null) yield waiting;
}

function unreadableSentence(path: string, error: unknown): string {
  const code = error instanceof Error ? errorCode(error) : '';
  switch (code) {
    case 'ENOENT':
    case 'ENOTDIR':
      return `There is no file “${path}”. Check its name and folder.`;
    case 'EACCES':
    case 'EPERM':
      return `“${path}” may not be read. Check its permissions.`;
    default:
      return `“${path}” cannot be read: ${error instanceof Error ? error.message : String(error)}.`;
  }
}
