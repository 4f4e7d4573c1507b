import { pieceBytes } from './recordingFormat.ts';

/** Room for packed pairs beside the bytes of a segment: 16 bytes a chunk at worst, three as a rule. */
const pairsRoom = 65_536;

/** Memory of one segment, shared between the engine's thread, which fills it, and the writer's, which stores it. */
export class SegmentBuffer {
  readonly shared: SharedArrayBuffer;
  readonly data: Uint8Array;
  readonly pairs: Uint8Array;

  /** @param dataRoom bytes of stream it can hold */
  constructor(dataRoom: number) {
    this.shared = new SharedArrayBuffer(pairsRoom + dataRoom);
    this.pairs = new Uint8Array(this.shared, 0, pairsRoom);
    this.data = new Uint8Array(this.shared, pairsRoom);
  }
}

/** The writer thread's view of a range of a segment's bytes or pairs. */
export function segmentView(shared: SharedArrayBuffer, part: 'data' | 'pairs', from: number, to: number): Uint8Array {
  return new Uint8Array(shared, (part === 'data' ? pairsRoom : 0) + from, to - from);
}

/** Segment buffers that were written and wait to be filled again. */
export class SegmentPool {
  readonly #free: SegmentBuffer[] = [];
  readonly #keep: number;

  /** @param keepBytes how much memory may wait */
  constructor(keepBytes: number) {
    this.#keep = Math.ceil(keepBytes / (pieceBytes + pairsRoom));
  }

  /** A buffer with room for `bytes`, or for a full segment if that is more. */
  take(bytes: number): SegmentBuffer {
    if (bytes > pieceBytes) return new SegmentBuffer(bytes);
    return this.#free.pop() ?? new SegmentBuffer(pieceBytes);
  }

  give(buffer: SegmentBuffer): void {
    if (buffer.data.length === pieceBytes && this.#free.length < this.#keep) this.#free.push(buffer);
  }
}
