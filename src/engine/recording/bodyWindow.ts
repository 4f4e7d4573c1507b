const noBytes = new Uint8Array(0);

/**
 * The bytes of frames that are being found: the chunk at hand, and what earlier chunks brought of a frame that is not
 * finished. Bounded: of an unfinished frame only the first `limitBytes` are kept.
 */
export class BodyWindow {
  #limitBytes: number;
  #carry: Uint8Array = new Uint8Array(4_096);
  #carryLength = 0;
  /** Body offset of the first carried byte. */
  #carryStart = 0;
  #chunk: Uint8Array = noBytes;
  #chunkStart = 0;

  constructor(limitBytes: number) {
    this.#limitBytes = limitBytes;
  }

  /** Bytes of an unfinished frame that are kept from now on. */
  set limitBytes(bytes: number) {
    this.#limitBytes = bytes;
  }

  /** The bytes given to the last `begin`; valid until `settle`. */
  get piece(): Uint8Array {
    return this.#chunk;
  }

  /** Body offset of the first byte of `piece`. */
  get pieceStart(): number {
    return this.#chunkStart;
  }

  /** `bytes` are about to be framed; they are read from until `settle`. */
  begin(bytes: Uint8Array): void {
    this.#chunkStart += this.#chunk.length;
    this.#chunk = bytes;
  }

  /** The kept bytes of `[offset, offset + length)`; a view that is valid until the next call. */
  read(offset: number, length: number): Uint8Array {
    if (offset >= this.#chunkStart) {
      return this.#chunk.subarray(offset - this.#chunkStart, offset - this.#chunkStart + length);
    }
    const carried = this.#carry.subarray(
      offset - this.#carryStart,
      Math.min(this.#carryLength, offset - this.#carryStart + length),
    );
    const carriedWhole = offset + carried.length === this.#chunkStart;
    const rest = carriedWhole ? Math.min(length - carried.length, this.#limitBytes - carried.length) : 0;
    if (rest <= 0) return carried;
    const joined = new Uint8Array(carried.length + Math.min(rest, this.#chunk.length));
    joined.set(carried);
    joined.set(this.#chunk.subarray(0, joined.length - carried.length), carried.length);
    return joined;
  }

  /** The chunk was framed up to body offset `framedTo`; the rest is carried to the next. */
  settle(framedTo: number): void {
    const chunkEnd = this.#chunkStart + this.#chunk.length;
    if (framedTo >= this.#chunkStart) {
      this.#carryLength = 0;
      this.#carryStart = framedTo;
      if (framedTo < chunkEnd) this.#append(this.#chunk.subarray(framedTo - this.#chunkStart));
    } else if (this.#carryStart + this.#carryLength === this.#chunkStart) {
      this.#append(this.#chunk);
    }
    this.#chunkStart = chunkEnd;
    this.#chunk = noBytes;
  }

  #append(bytes: Uint8Array): void {
    const taken = bytes.subarray(0, Math.max(0, this.#limitBytes - this.#carryLength));
    const needed = this.#carryLength + taken.length;
    if (needed > this.#carry.length) {
      const grown = new Uint8Array(Math.max(this.#carry.length * 2, needed));
      grown.set(this.#carry.subarray(0, this.#carryLength));
      this.#carry = grown;
    }
    this.#carry.set(taken, this.#carryLength);
    this.#carryLength = needed;
  }
}
