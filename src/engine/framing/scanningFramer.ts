import { LeadingBom } from '../bytes/leadingBom.ts';
import type { FrameEmitter } from './frameEmitter.ts';
import type { Framer } from './framer.ts';

/** What one framing is: finds frames in a body and tells a `FrameEmitter`. A leading byte order mark never reaches it. */
export interface BodyScanner {
  /** @param offset body offset of the first byte; each call continues where the one before ended */
  scan(bytes: Uint8Array, offset: number): void;
  /** The body is over: emits the tail. @param length of the body in bytes */
  end(length: number): void;
}

/** What every framing of lines has in common: offsets, the leading byte order mark, the check of the encoding, the end. */
export class ScanningFramer implements Framer {
  readonly #scanner: BodyScanner;
  readonly #emitter: FrameEmitter;
  readonly #bom = new LeadingBom();
  readonly #isText: boolean;
  #offset = 0;

  /** @param isText false: the body may hold anything, so its encoding is not checked */
  constructor(scanner: BodyScanner, emitter: FrameEmitter, isText = true) {
    this.#scanner = scanner;
    this.#emitter = emitter;
    this.#isText = isText;
  }

  push(bytes: Uint8Array): void {
    if (bytes.length === 0) return;
    if (this.#bom.isSettled) this.#scan(bytes, this.#offset);
    else this.#bom.push(bytes, this.#scan);
    this.#offset += bytes.length;
  }

  end(): void {
    this.#bom.end(this.#scan);
    this.#emitter.endOfBytes(this.#offset);
    this.#scanner.end(this.#offset);
    this.#emitter.end();
  }

  readonly #scan = (bytes: Uint8Array, offset: number): void => {
    if (this.#isText) this.#emitter.checkUtf8(bytes, offset);
    this.#scanner.scan(bytes, offset);
  };
}
