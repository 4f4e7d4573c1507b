const fixedBytes = 10;
/** File name and comment have no length of their own; nothing that means well needs more. */
const longestHeader = 64 * 1024;
const magic = [0x1f, 0x8b, 0x08] as const;
const flag = Object.freeze({ headerCrc: 2, extra: 4, name: 8, comment: 16, reserved: 0xe0 });

type Part = 'fixed' | 'extra-length' | 'extra' | 'name' | 'comment' | 'header-crc' | 'complete';

/** Reads over the header of a gzip member (RFC 1952 §2.3), in any splitting. */
export class GzipHeader {
  /** Bytes read so far. */
  bytes = 0;
  /** The bytes are no gzip header. */
  isForeign = false;
  #part: Part = 'fixed';
  #partBytes = 0;
  #flags = 0;
  #extraLength = 0;

  get isComplete(): boolean {
    return this.#part === 'complete';
  }

  /** Takes bytes up to the header's end or to the byte that makes it foreign; returns how many. */
  push(bytes: Uint8Array): number {
    let at = 0;
    while (at < bytes.byteLength && !this.isComplete && !this.isForeign) {
      this.#step(bytes[at] ?? 0);
      at += 1;
      this.bytes += 1;
      if (this.bytes > longestHeader) this.isForeign = true;
    }
    return at;
  }

  #step(byte: number): void {
    const position = this.#partBytes;
    this.#partBytes += 1;
    switch (this.#part) {
      case 'fixed':
        if (position < magic.length && byte !== magic[position]) this.isForeign = true;
        else if (position === 3) {
          this.#flags = byte;
          if ((byte & flag.reserved) !== 0) this.isForeign = true;
        } else if (position === fixedBytes - 1) this.#next('extra-length');
        return;
      case 'extra-length':
        this.#extraLength |= byte << (8 * position);
        if (position === 1) this.#next(this.#extraLength === 0 ? 'name' : 'extra');
        return;
      case 'extra':
        if (position + 1 === this.#extraLength) this.#next('name');
        return;
      case 'name':
        if (byte === 0) this.#next('comment');
        return;
      case 'comment':
        if (byte === 0) this.#next('header-crc');
        return;
      case 'header-crc':
        if (position === 1) this.#next('complete');
        return;
      case 'complete':
    }
  }

  /** Goes to a part, or on from it where the flags say it is absent. */
  #next(part: Part): void {
    this.#part = part;
    this.#partBytes = 0;
    if (part === 'extra-length' && (this.#flags & flag.extra) === 0) this.#next('name');
    else if (part === 'name' && (this.#flags & flag.name) === 0) this.#next('comment');
    else if (part === 'comment' && (this.#flags & flag.comment) === 0) this.#next('header-crc');
    else if (part === 'header-crc' && (this.#flags & flag.headerCrc) === 0) this.#next('complete');
  }
}
