import type { FrameEmitter } from './frameEmitter.ts';
import type { Framer } from './framer.ts';
import type { BodyScanner } from './scanningFramer.ts';

/** For framings that are no text as a whole: no byte order mark is taken off, and no encoding is checked. */
export class BinaryFramer implements Framer {
  readonly #scanner: BodyScanner;
  readonly #emitter: FrameEmitter;
  #offset = 0;

  constructor(scanner: BodyScanner, emitter: FrameEmitter) {
    this.#scanner = scanner;
    this.#emitter = emitter;
  }

  push(bytes: Uint8Array): void {
    this.#scanner.scan(bytes, this.#offset);
    this.#offset += bytes.length;
  }

  end(): void {
    this.#scanner.end(this.#offset);
    this.#emitter.end();
  }
}
