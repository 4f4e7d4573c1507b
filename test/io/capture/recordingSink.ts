import type { CaptureSink } from '../../../src/main/capture/sink.ts';
import type { Ending, Mark, ResponseHead } from '../../../src/shared/recording.ts';
import { defaultRequestOptions, type HeaderList, type RequestSpec } from '../../../src/shared/request.ts';

export interface SeenChunk {
  readonly atMicros: number;
  readonly bytes: Buffer;
  readonly continues: boolean;
}

/** Keeps everything a capture tells, and checks the order that the sink's contract promises. */
export class RecordingSink implements CaptureSink {
  readonly marks: Mark[] = [];
  readonly sentHeaders: HeaderList[] = [];
  readonly chunks: SeenChunk[] = [];
  readonly bodies: { readonly chunk: number; readonly bytes: Buffer }[] = [];
  readonly trailerLists: HeaderList[] = [];
  readonly diagnostics: { readonly code: string; readonly details: Readonly<Record<string, string | number>> }[] = [];
  responseHead: ResponseHead | null = null;
  ending: Ending | null = null;
  /** Answer of `chunk`. */
  hasRoom: () => boolean = () => true;
  onChunk: () => void = () => {};
  onMark: (mark: Mark) => void = () => {};

  get wireBytes(): Buffer {
    return Buffer.concat(this.chunks.map(({ bytes }) => bytes));
  }

  get bodyBytes(): Buffer {
    return Buffer.concat(this.bodies.map(({ bytes }) => bytes));
  }

  get markNames(): string[] {
    return this.marks.map(({ name }) => name);
  }

  mark(mark: Mark): void {
    this.#mustBeLive('mark');
    this.marks.push(mark);
    this.onMark(mark);
  }

  sent(headers: HeaderList): void {
    this.#mustBeLive('sent');
    this.sentHeaders.push(headers);
  }

  head(head: ResponseHead): void {
    this.#mustBeLive('head');
    if (this.responseHead !== null) throw new Error('two heads');
    this.responseHead = head;
  }

  chunk(atMicros: number, bytes: Uint8Array, continues: boolean): boolean {
    this.#mustBeLive('chunk');
    if (bytes.byteLength === 0) throw new Error('an empty chunk');
    this.chunks.push({ atMicros, bytes: Buffer.from(bytes), continues });
    this.onChunk();
    return this.hasRoom();
  }

  body(chunk: number, bytes: Uint8Array): boolean {
    this.#mustBeLive('body');
    if (chunk >= this.chunks.length) throw new Error('a body before its chunk');
    if (chunk < (this.bodies.at(-1)?.chunk ?? 0)) throw new Error('bodies out of order');
    this.bodies.push({ chunk, bytes: Buffer.from(bytes) });
    return true;
  }

  trailers(headers: HeaderList): void {
    this.#mustBeLive('trailers');
    this.trailerLists.push(headers);
  }

  transportDiagnostic(code: string, details: Readonly<Record<string, string | number>>): void {
    this.#mustBeLive('diagnostic');
    this.diagnostics.push({ code, details });
  }

  ended(ending: Ending): void {
    this.#mustBeLive('ended');
    this.ending = ending;
  }

  #mustBeLive(what: string): void {
    if (this.ending !== null) throw new Error(`${what} after the ending`);
  }
}

/** A GET of `url` with default options, changed as given. */
export function requestFor(
  url: string,
  changes: Partial<Omit<RequestSpec, 'options'>> & { readonly options?: Partial<RequestSpec['options']> } = {},
): RequestSpec {
  return {
    method: 'GET',
    url,
    headers: [],
    body: { kind: 'none' },
    auth: { kind: 'none' },
    ...changes,
    options: { ...defaultRequestOptions, ...changes.options },
  };
}
