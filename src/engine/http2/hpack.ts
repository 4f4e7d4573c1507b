import { concatBytes, fromLatin1, toLatin1 } from '../bytes/latin1.ts';
import { fieldSize, HeaderTable, type HeaderField } from './hpackTable.ts';
import { decodeHuffman } from './huffman.ts';

/** SETTINGS_HEADER_TABLE_SIZE where nobody says otherwise; we do not. */
const tableLimit = 4_096;
/** Longer integers cannot mean anything: no index, length or table size comes near. */
const integerLimit = 2 ** 24;

export type BlockReading =
  | { readonly fields: readonly HeaderField[] }
  /** The block cannot be decoded, and nothing after it on this connection can. */
  | { readonly broken: string }
  /** The list would be longer than allowed. */
  | { readonly overLimit: true };

/** Decodes the header blocks of one direction of one connection (RFC 7541), in order. */
export class HpackDecoder {
  readonly #table = new HeaderTable(tableLimit);
  #block: Uint8Array = new Uint8Array(0);
  #at = 0;

  /** `listLimit`: the size of the decoded list as RFC 9113 §6.5.2 counts it (32 bytes a field beside its text). */
  decode(block: Uint8Array, listLimit: number): BlockReading {
    this.#block = block;
    this.#at = 0;
    const fields: HeaderField[] = [];
    let size = 0;
    while (this.#at < block.byteLength) {
      const byte = block[this.#at] ?? 0;
      if ((byte & 0xe0) === 0x20) {
        const limit = this.#integer(5);
        if (limit === null || limit > tableLimit) return { broken: 'a table size update beyond the agreed size' };
        if (fields.length > 0) return { broken: 'a table size update after a field' };
        this.#table.resize(limit);
        continue;
      }
      const field = this.#field(byte);
      if (typeof field === 'string') return { broken: field };
      size += fieldSize(field);
      if (size > listLimit) return { overLimit: true };
      fields.push(field);
    }
    return { fields };
  }

  /** One representation (RFC 7541 §6.1, §6.2), or why it is none. */
  #field(byte: number): HeaderField | string {
    if ((byte & 0x80) !== 0) {
      const index = this.#integer(7);
      return (index === null ? undefined : this.#table.at(index)) ?? 'an index without an entry';
    }
    const isAdded = (byte & 0x40) !== 0;
    const index = this.#integer(isAdded ? 6 : 4);
    if (index === null) return 'an integer that does not end or is too large';
    const name = index === 0 ? this.#string() : this.#table.at(index)?.[0];
    if (name === undefined) return index === 0 ? 'a string that is cut or badly coded' : 'an index without an entry';
    const value = this.#string();
    if (value === undefined) return 'a string that is cut or badly coded';
    const field: HeaderField = [name, value];
    if (isAdded) this.#table.add(field);
    return field;
  }

  /** An integer with an n-bit prefix (RFC 7541 §5.1). */
  #integer(prefixBits: number): number | null {
    const mask = 2 ** prefixBits - 1;
    let value = (this.#block[this.#at] ?? 0) & mask;
    this.#at += 1;
    if (value < mask) return value;
    for (let scale = 1; ; scale *= 128) {
      const byte = this.#block[this.#at];
      if (byte === undefined) return null;
      this.#at += 1;
      value += (byte & 0x7f) * scale;
      if (value > integerLimit || scale > integerLimit) return null;
      if ((byte & 0x80) === 0) return value;
    }
  }

  /** A string literal (RFC 7541 §5.2). */
  #string(): string | undefined {
    const first = this.#block[this.#at];
    if (first === undefined) return undefined;
    const length = this.#integer(7);
    if (length === null || this.#at + length > this.#block.byteLength) return undefined;
    const raw = this.#block.subarray(this.#at, this.#at + length);
    this.#at += length;
    if ((first & 0x80) !== 0) return decodeHuffman(raw) ?? undefined;
    return fromLatin1(raw);
  }
}

/** Fields that nobody on the way may put into a table (RFC 7541 §7.1.3). */
const neverIndexed = new Set(['authorization', 'proxy-authorization', 'cookie']);

/**
 * A header block of literals: there is little to send on a connection, so a table would save nothing, and what is sent
 * can be read in any packet dump. Texts have a byte a character.
 */
export function encodeHeaderBlock(fields: readonly HeaderField[]): Uint8Array {
  const pieces: Uint8Array[] = [];
  for (const [name, value] of fields) {
    pieces.push(Uint8Array.of(neverIndexed.has(name) ? 0x10 : 0x00), stringLiteral(name), stringLiteral(value));
  }
  return concatBytes(pieces);
}

function stringLiteral(text: string): Uint8Array {
  const bytes = toLatin1(text);
  const length: number[] = [];
  if (bytes.byteLength < 0x7f) length.push(bytes.byteLength);
  else {
    length.push(0x7f);
    let rest = bytes.byteLength - 0x7f;
    for (; rest >= 0x80; rest = Math.floor(rest / 0x80)) length.push((rest % 0x80) | 0x80);
    length.push(rest);
  }
  return concatBytes([Uint8Array.from(length), bytes]);
}
