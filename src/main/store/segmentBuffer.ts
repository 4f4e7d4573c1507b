import { pieceBytes } from './recordingFormat.ts';

/** Bytes of stream that the buffers of a pool hold: a slow stream's segment stays small, and begins in a small one. */
const dataRooms = [16_384, 65_536, pieceBytes] as const;
/** Room for packed pairs beside them, as a share of theirs: 16 bytes a chunk at worst, three as a rule. */
const pairsShare = 4;
const mostPairs = pieceBytes / pairsShare;

/** Memory of one segment, shared between the engine's thread, which fills it, and the writer's, which stores it. */
export class SegmentBuffer {
  readonly shared: SharedArrayBuffer;
  /** Where `data` begins in `shared`; `pairs` lie before it. */
  readonly dataStart: number;
  readonly data: Uint8Array;
  readonly pairs: Uint8Array;

  /** @param dataRoom bytes of stream it can hold */
  constructor(dataRoom: number) {
    this.dataStart = Math.min(mostPairs, dataRoom / pairsShare);
    this.shared = new SharedArrayBuffer(this.dataStart + dataRoom);
    this.pairs = new Uint8Array(this.shared, 0, this.dataStart);
    this.data = new Uint8Array(this.shared, this.dataStart);
  }

  /** Whether a larger one may take its place for the same segment. */
  get canGrow(): boolean {
    return this.data.length < pieceBytes;
  }
}

/** Segment buffers that were written and wait to be filled again. */
export class SegmentPool {
  /** By place in `dataRooms`. */
  readonly #free: SegmentBuffer[][] = dataRooms.map(() => []);
  readonly #keepBytes: number;
  #keptBytes = 0;

  /** @param keepBytes how much memory may wait */
  constructor(keepBytes: number) {
    this.#keepBytes = keepBytes;
  }

  /** A buffer with room for `bytes`: of the smallest size of the pool that has it, or for these alone. */
  take(bytes: number): SegmentBuffer {
    const size = dataRooms.findIndex((room) => room >= bytes);
    if (size < 0) return new SegmentBuffer(bytes);
    const free = this.#free[size]?.pop();
    if (free === undefined) return new SegmentBuffer(dataRooms[size] ?? bytes);
    this.#keptBytes -= free.shared.byteLength;
    return free;
  }

  give(buffer: SegmentBuffer): void {
    const size = dataRooms.findIndex((room) => room === buffer.data.length);
    if (size < 0 || this.#keptBytes + buffer.shared.byteLength > this.#keepBytes) return;
    this.#keptBytes += buffer.shared.byteLength;
    this.#free[size]?.push(buffer);
  }
}
