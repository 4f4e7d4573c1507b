import { frameKindCode } from '../../shared/words.ts';
import { crc32 } from '../bytes/crc32.ts';
import { HeldBytes } from '../bytes/heldBytes.ts';
import { grouped } from '../../shared/grouped.ts';
import { messageType } from './awsHeaders.ts';
import {
  hex32,
  longestHeadersBytes,
  messageCrcBytes,
  preludeAt,
  preludeBytes,
  preludeFault,
  type AwsPrelude,
} from './awsPrelude.ts';
import type { FrameEmitter } from './frameEmitter.ts';
import type { BodyScanner } from './scanningFramer.ts';
import { TypeNames } from './typeNames.ts';

/** A message whose prelude was good and whose bytes are coming. */
interface OpenMessage extends AwsPrelude {
  readonly start: number;
  /** Bytes of it seen, the prelude included. */
  taken: number;
  /** Checksum of what was seen, up to the message's own. */
  computedCrc: number;
  sentCrc: number;
}

/**
 * Messages of `application/vnd.amazon.eventstream`, each with a checksum over its two lengths and one over all of it.
 *
 * A bad message checksum costs one message, because its length was checked apart. A bad prelude leaves no length to
 * go on by: the next message is where the next good prelude is, and everything up to there is one `invalid` frame.
 *
 * Only headers are kept (at most 128 KB); payloads go through the checksum as they come.
 */
export class AwsEventstreamScanner implements BodyScanner {
  readonly #emitter: FrameEmitter;
  readonly #types: TypeNames;
  /** Bytes of a prelude that may begin in one chunk and end in another. */
  readonly #carried = new Uint8Array(preludeBytes);
  #carriedLength = 0;
  /** Offset of bytes that are no message, and why they are none; −1 while all is well. */
  #strayStart = -1;
  #strayReason = '';
  #message: OpenMessage | undefined;
  readonly #headers = new HeldBytes(longestHeadersBytes);

  constructor(emitter: FrameEmitter) {
    this.#emitter = emitter;
    this.#types = new TypeNames(emitter);
  }

  scan(bytes: Uint8Array, offset: number): void {
    let at = 0;
    while (at < bytes.length) {
      at = this.#message === undefined ? this.#seek(bytes, at, offset) : this.#take(this.#message, bytes, at, offset);
    }
  }

  end(length: number): void {
    if (this.#message !== undefined) {
      const { start, totalBytes } = this.#message;
      this.#truncated(start, length, `it announced ${grouped(totalBytes)}`);
    } else if (this.#strayStart >= 0) {
      this.#endStray(length);
    } else if (this.#carriedLength > 0) {
      const start = length - this.#carriedLength;
      const mayBeginMessage = (this.#carried[0] as number) <= 1;
      if (mayBeginMessage) {
        this.#truncated(start, length, `its head alone has ${String(preludeBytes)}`);
      } else {
        this.#beginStray(start, 'too few bytes are left for one');
        this.#endStray(length);
      }
    }
  }

  /** Looks for a prelude from index `from` on. @returns the index after it, or the end of the chunk */
  #seek(bytes: Uint8Array, from: number, offset: number): number {
    let at = from;
    while (this.#carriedLength > 0) {
      const room = Math.min(preludeBytes - this.#carriedLength, bytes.length - at);
      this.#carried.set(bytes.subarray(at, at + room), this.#carriedLength);
      this.#carriedLength += room;
      at += room;
      if (this.#carriedLength < preludeBytes) return at;
      if (this.#isPrelude(this.#carried, 0, offset + at - preludeBytes)) {
        this.#carriedLength = 0;
        return at;
      }
      this.#carried.copyWithin(0, 1);
      this.#carriedLength = preludeBytes - 1;
      if (at - from >= this.#carriedLength) {
        at -= this.#carriedLength;
        this.#carriedLength = 0;
      }
    }
    for (; at + preludeBytes <= bytes.length; at++) {
      if (this.#isPrelude(bytes, at, offset + at)) return at + preludeBytes;
    }
    this.#carried.set(bytes.subarray(at));
    this.#carriedLength = bytes.length - at;
    return bytes.length;
  }

  #isPrelude(bytes: Uint8Array, at: number, offset: number): boolean {
    const prelude = preludeAt(bytes, at);
    if (prelude === undefined) {
      if (this.#strayStart < 0) this.#beginStray(offset, preludeFault(bytes, at));
      return false;
    }
    if (this.#strayStart >= 0) this.#endStray(offset);
    this.#message = {
      ...prelude,
      start: offset,
      taken: preludeBytes,
      computedCrc: crc32(bytes, at, at + preludeBytes),
      sentCrc: 0,
    };
    this.#headers.clear();
    return true;
  }

  /** Takes what the chunk has of a message. @returns the index after it */
  #take(message: OpenMessage, bytes: Uint8Array, from: number, offset: number): number {
    let at = from;
    const headersLeft = preludeBytes + message.headersBytes - message.taken;
    if (headersLeft > 0) this.#headers.append(bytes, at, Math.min(at + headersLeft, bytes.length));
    const checkedLeft = message.totalBytes - messageCrcBytes - message.taken;
    if (checkedLeft > 0) {
      const to = Math.min(at + checkedLeft, bytes.length);
      message.computedCrc = crc32(bytes, at, to, message.computedCrc);
      message.taken += to - at;
      at = to;
    }
    for (; message.taken < message.totalBytes && at < bytes.length; at++) {
      message.sentCrc = ((message.sentCrc << 8) | (bytes[at] as number)) >>> 0;
      message.taken++;
    }
    if (message.taken === message.totalBytes) this.#complete(message, offset + at);
    return at;
  }

  #complete(message: OpenMessage, end: number): void {
    this.#message = undefined;
    const { start, totalBytes, headersBytes, sentCrc, computedCrc } = message;
    if (sentCrc !== computedCrc) {
      const details = { sent: hex32(sentCrc), computed: hex32(computedCrc) };
      this.#emitter.noteBounded('aws/bad-message-crc', { offset: start, length: totalBytes }, details);
      this.#emitter.frame(frameKindCode.invalid, start, end, 0, 0);
      return;
    }
    const headers = this.#headers.buffer;
    const { from, to, fault } = messageType(headers, 0, headersBytes);
    if (fault !== undefined) {
      this.#emitter.noteBounded(
        'aws/invalid-headers',
        { offset: start + preludeBytes + fault.at },
        { reason: fault.reason },
      );
      this.#emitter.frame(frameKindCode.invalid, start, end, 0, 0);
      return;
    }
    this.#emitter.frame(frameKindCode.message, start, end, 0, this.#types.idOf(headers, from, to));
  }

  #beginStray(start: number, reason: string): void {
    this.#strayStart = start;
    this.#strayReason = reason;
  }

  #endStray(end: number): void {
    const start = this.#strayStart;
    this.#strayStart = -1;
    const place = { offset: start, length: end - start };
    this.#emitter.noteBounded('aws/bad-prelude-crc', place, { reason: this.#strayReason });
    this.#emitter.frame(frameKindCode.invalid, start, end, 0, 0);
  }

  #truncated(start: number, end: number, reason: string): void {
    this.#emitter.note('aws/truncated-message', { offset: start, length: end - start }, { reason });
    this.#emitter.frame(frameKindCode.incomplete, start, end, 0, 0);
  }
}
