import type { Ending, Mark, ResponseHead } from '../../shared/recording.ts';
import type { HeaderList } from '../../shared/request.ts';
import type { Micros } from '../../shared/words.ts';
import type { CaptureSink } from './sink.ts';

/**
 * One connection of a recording that may have several: chunks are numbered on and offsets moved behind those of the
 * connections before; its end is told to `onEnded` instead of the sink.
 */
export class ConnectionSink implements CaptureSink {
  readonly firstChunk: number;
  readonly wireOffset: number;
  readonly #sink: CaptureSink;
  readonly #onEnded: (ending: Ending) => void;
  #head: ResponseHead | null = null;
  #chunks: number;
  #wireBytes: number;

  constructor(sink: CaptureSink, before: ConnectionSink | null, onEnded: (ending: Ending) => void) {
    this.#sink = sink;
    this.#onEnded = onEnded;
    this.firstChunk = before?.chunks ?? 0;
    this.wireOffset = before?.wireBytes ?? 0;
    this.#chunks = this.firstChunk;
    this.#wireBytes = this.wireOffset;
  }

  /** Its answer's head; null while none came. */
  get responseHead(): ResponseHead | null {
    return this.#head;
  }

  /** Chunks of the recording so far. */
  get chunks(): number {
    return this.#chunks;
  }

  /** Wire bytes of the recording so far. */
  get wireBytes(): number {
    return this.#wireBytes;
  }

  mark(mark: Mark): void {
    if (mark.name !== 'end') this.#sink.mark(mark);
  }

  sent(headers: HeaderList): void {
    this.#sink.sent(headers);
  }

  head(head: ResponseHead): void {
    this.#head = head;
    this.#sink.head(head);
  }

  chunk(atMicros: Micros, bytes: Uint8Array, continues: boolean): boolean {
    this.#chunks++;
    this.#wireBytes += bytes.byteLength;
    return this.#sink.chunk(atMicros, bytes, continues);
  }

  body(chunk: number, bytes: Uint8Array): boolean {
    return this.#sink.body(this.firstChunk + chunk, bytes);
  }

  trailers(headers: HeaderList): void {
    this.#sink.trailers(headers);
  }

  transportDiagnostic(code: string, details: Readonly<Record<string, string | number>>): void {
    this.#sink.transportDiagnostic(code, details);
  }

  ended(ending: Ending): void {
    const { offset } = ending;
    this.#onEnded(offset === null ? ending : { ...ending, offset: this.wireOffset + offset });
  }
}
