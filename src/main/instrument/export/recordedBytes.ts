import { unpackBodyPieces } from '../../../engine/recording/bodyPieces.ts';
import type { ByteSpace } from '../../store/recordingStore.ts';
import type { OpenedRecording } from '../openedRecording.ts';

const readBytes = 262_144;

/** Where one chunk's bytes end, and when they came. */
export interface ChunkSpan {
  readonly atMicros: number;
  readonly length: number;
  readonly continues: boolean;
}

/** Chunks in order, as many as one read of the store covers, and their bytes together. */
export interface ChunkBatch {
  readonly spans: readonly ChunkSpan[];
  readonly bytes: Uint8Array;
}

/** The chunks of a recording with their wire bytes. @throws FailureError where the store meets damage */
export function* wireChunks({ chunks, reader }: OpenedRecording): Generator<ChunkBatch, void, undefined> {
  for (let next = 0; next < chunks.count;) {
    let batch: ChunkBatch | undefined;
    chunks.visit(next, next + 1, (run, first, from) => {
      const start = run.offset[from] as number;
      let to = from + 1;
      while (to < run.micros.length && (run.offset[to + 1] as number) - start <= readBytes) to++;
      const spans: ChunkSpan[] = [];
      for (let i = from; i < to; i++) {
        const length = (run.offset[i + 1] as number) - (run.offset[i] as number);
        spans.push({ atMicros: run.micros[i] as number, length, continues: run.continues[i] === 1 });
      }
      batch = { spans, bytes: reader.read('wire', start, (run.offset[to] as number) - start) };
      next = first + to;
    });
    if (batch === undefined) throw new Error('chunks before the last are there');
    yield batch;
  }
}

/** The decoded body as the chunks that yielded it. Only of recordings that kept which did (`hasKeptPieces`). */
export function* decodedChunks({ chunks, reader }: OpenedRecording): Generator<ChunkBatch, void, undefined> {
  let offset = 0;
  let spans: ChunkSpan[] = [];
  let length = 0;
  const batch = (): ChunkBatch => {
    const taken = { spans, bytes: reader.read('body', offset, length) };
    offset += length;
    spans = [];
    length = 0;
    return taken;
  };
  for (let segment = 0; segment < reader.bodySegments; segment++) {
    for (const piece of unpackBodyPieces(reader.bodyPieces(segment) ?? new Uint8Array(0))) {
      spans.push({ atMicros: chunks.microsOf(piece.chunk), length: piece.length, continues: false });
      length += piece.length;
      if (length >= readBytes) yield batch();
    }
  }
  if (length > 0) yield batch();
}

/** Whether it is known which chunk yielded which bytes of the decoded body: not in files of format 1. */
export function hasKeptPieces({ reader }: OpenedRecording): boolean {
  return reader.bodySegments === 0 || reader.bodyPieces(0) !== undefined;
}

/** All bytes of a space, in order. */
export function* bytesOf({ reader }: OpenedRecording, space: ByteSpace): Generator<Uint8Array, void, undefined> {
  const length = reader.byteLength(space);
  for (let offset = 0; offset < length; offset += readBytes) {
    yield reader.read(space, offset, Math.min(readBytes, length - offset));
  }
}
