import { unpackBodyPieces, type BodyPiece } from '../../engine/recording/bodyPieces.ts';
import type { RecordingReader } from '../store/recordingStore.ts';

/**
 * The decoded body as it was when it was recorded, a piece at a time in the order of its bytes; undefined where none was
 * kept: of a body that was not coded, and of recordings of format 1.
 */
export function keptBody(reader: RecordingReader): Generator<BodyPiece> | undefined {
  const isKept = reader.hasDecodedBody && (reader.bodySegments === 0 || reader.bodyPieces(0) !== undefined);
  return isKept ? pieces(reader) : undefined;
}

function* pieces(reader: RecordingReader): Generator<BodyPiece> {
  for (let segment = 0; segment < reader.bodySegments; segment++) {
    const packed = reader.bodyPieces(segment);
    if (packed !== undefined) yield* unpackBodyPieces(packed);
  }
}

/** Gives the kept body's bytes chunk by chunk. Chunks are asked for in their order. */
export class KeptBodyReader {
  readonly #reader: RecordingReader;
  readonly #pieces: Generator<BodyPiece>;
  #next: IteratorResult<BodyPiece, unknown> | undefined;
  #offset = 0;

  constructor(reader: RecordingReader, kept: Generator<BodyPiece>) {
    this.#reader = reader;
    this.#pieces = kept;
  }

  /** The next bytes that chunk `chunk` completed; undefined when it has no more. They are the caller's. */
  next(chunk: number): Uint8Array | undefined {
    this.#next ??= this.#pieces.next();
    if (this.#next.done === true || this.#next.value.chunk > chunk) return undefined;
    const { length } = this.#next.value;
    const bytes = this.#reader.read('body', this.#offset, length);
    this.#offset += length;
    this.#next = this.#pieces.next();
    return bytes;
  }
}
