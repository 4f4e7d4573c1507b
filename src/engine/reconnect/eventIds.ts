import type { ByteOffset } from '../../shared/words.ts';
import { frameFlag } from '../../shared/words.ts';
import { byte, isDigit } from '../bytes/ascii.ts';
import { decodeUtf8 } from '../bytes/decode.ts';
import { HeldBytes } from '../bytes/heldBytes.ts';
import { hasBomAt } from '../bytes/leadingBom.ts';
import { fieldOf, valueStart } from '../framing/sseFields.ts';
import type { KeyReader, ResumePosition } from './keyReader.ts';

/** A longer id or retry line is passed over: no server takes such a header. */
const heldLineBytes = 65_536;
const bomBytes = 3;

/** What a block said, in force from its end on. */
interface BlockWords {
  readonly end: ByteOffset;
  readonly id: string | undefined;
  readonly retryMillis: number | undefined;
}

/**
 * The last event id and the reconnection time of Server-Sent Events (HTML Standard §9.2.6): an id counts from the blank
 * line that ends its block on, with or without data; one with a NUL does not count; an empty one resets it. `retry`
 * counts as soon as its line is read.
 *
 * The id lives on from connection to connection, as it does in browsers, until the stream sets another.
 */
export class EventIds implements KeyReader {
  readonly #line = new HeldBytes(heldLineBytes);
  #lineOpen = false;
  #isFirstLine = true;
  #skipLf = false;
  #blockId: string | undefined;
  #blockRetry: number | undefined;
  readonly #blocks: BlockWords[] = [];
  #firstBlock = 0;
  #id: string;
  #retryMillis: number | null = null;

  /** @param initialId what the first request was sent with; null: nothing */
  constructor(initialId: string | null) {
    this.#id = initialId ?? '';
  }

  get position(): ResumePosition {
    return { value: this.#id === '' ? null : this.#id, retryMillis: this.#retryMillis };
  }

  push(bytes: Uint8Array, offset: ByteOffset): void {
    let at = 0;
    if (this.#skipLf && bytes.length > 0) {
      this.#skipLf = false;
      if (bytes[0] === byte.lf) at = 1;
    }
    let cr = bytes.indexOf(byte.cr, at);
    let lf = bytes.indexOf(byte.lf, at);
    while (at < bytes.length) {
      if (cr !== -1 && cr < at) cr = bytes.indexOf(byte.cr, at);
      if (lf !== -1 && lf < at) lf = bytes.indexOf(byte.lf, at);
      const isCr = cr !== -1 && (lf === -1 || cr < lf);
      const end = isCr ? cr : lf;
      if (end === -1) {
        this.#line.append(bytes, at, bytes.length);
        this.#lineOpen = true;
        return;
      }
      if (this.#lineOpen) {
        this.#line.append(bytes, at, end);
        if (this.#line.isWhole) this.#takeLine(this.#line.buffer, 0, this.#line.length, offset + end);
        this.#line.clear();
        this.#lineOpen = false;
      } else {
        this.#takeLine(bytes, at, end, offset + end);
      }
      this.#isFirstLine = false;
      at = end + 1;
      if (!isCr) continue;
      if (at === bytes.length) this.#skipLf = true;
      else if (bytes[at] === byte.lf) at++;
    }
  }

  pushed(): void {
    // Lines that are not whole were copied.
  }

  #takeLine(bytes: Uint8Array, from: number, end: number, endOffset: ByteOffset): void {
    const start = this.#isFirstLine && hasBomAt(bytes, from, end) ? from + bomBytes : from;
    if (start === end) {
      this.#endBlock(endOffset + 1);
      return;
    }
    const first = bytes[start];
    if (first !== 0x69 && first !== 0x72) return;
    const field = fieldOf(bytes, start, end);
    if (field === 'id') {
      if (bytes.subarray(start, end).includes(0)) return;
      this.#blockId = decodeUtf8(bytes, valueStart(bytes, start, end, 2), end);
    } else if (field === 'retry') {
      this.#blockRetry = digits(bytes, valueStart(bytes, start, end, 5), end) ?? this.#blockRetry;
    }
  }

  #endBlock(end: ByteOffset): void {
    if (this.#blockId === undefined && this.#blockRetry === undefined) return;
    this.#blocks.push({ end, id: this.#blockId, retryMillis: this.#blockRetry });
    this.#blockId = undefined;
    this.#blockRetry = undefined;
  }

  frame(_kindCode: number, offset: ByteOffset, length: number, flags: number): string | undefined {
    const end = offset + length;
    let id: string | undefined;
    while (this.#firstBlock < this.#blocks.length) {
      const block = this.#blocks[this.#firstBlock] as BlockWords;
      if (block.end > end) break;
      this.#firstBlock++;
      if (block.id !== undefined) this.#id = id = block.id;
      if (block.retryMillis !== undefined) this.#retryMillis = block.retryMillis;
    }
    if (this.#firstBlock === this.#blocks.length) {
      this.#blocks.length = 0;
      this.#firstBlock = 0;
    }
    if (id === undefined || id === '' || (flags & frameFlag.dispatched) === 0) return undefined;
    return id;
  }

  end(): void {
    // Blocks that no frame was reported for came behind a limit.
    if (this.#blocks.length === 0 && this.#blockRetry !== undefined) this.#retryMillis = this.#blockRetry;
    this.#blocks.length = 0;
    this.#firstBlock = 0;
    this.#blockId = undefined;
    this.#blockRetry = undefined;
    this.#line.clear();
    this.#lineOpen = false;
    this.#skipLf = false;
    this.#isFirstLine = true;
  }
}

/** A number of ASCII digits, undefined for anything else; one beyond every timer stays a number. */
function digits(bytes: Uint8Array, from: number, to: number): number | undefined {
  if (from === to) return undefined;
  for (let i = from; i < to; i++) if (!isDigit(bytes[i] as number)) return undefined;
  return Number(decodeUtf8(bytes, from, to));
}
