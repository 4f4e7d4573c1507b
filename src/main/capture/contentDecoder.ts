import zlib from 'node:zlib';
import type { Transform } from 'node:stream';
import type { Limits } from '../../shared/limits.ts';

const codings = ['gzip', 'deflate', 'br', 'zstd'] as const;
/** A content coding that can be removed (RFC 9110 §8.4.1, RFC 7932, RFC 8878). */
export type Coding = (typeof codings)[number];

/** What a Content-Encoding header says: the codings in the order they were applied, or a name nobody here knows. */
export type CodingList = { readonly codings: readonly Coding[] } | { readonly unknown: string };

/** The codings that this runtime removes, in the order of preference that a request states. */
export function decodableCodings(): readonly Coding[] {
  return 'createZstdDecompress' in zlib ? codings : codings.filter((coding) => coding !== 'zstd');
}

/** Reads the value of Content-Encoding; null stands for an absent header. */
export function readCodings(contentEncoding: string | null): CodingList {
  const list: Coding[] = [];
  for (const item of (contentEncoding ?? '').split(',')) {
    const name = item
      .trim()
      .toLowerCase()
      .replace(/^x-gzip$/, 'gzip');
    if (name === '' || name === 'identity') continue;
    const coding = codings.find((known) => known === name);
    if (coding === undefined || (coding === 'zstd' && !('createZstdDecompress' in zlib)))
      return { unknown: item.trim() };
    list.push(coding);
  }
  return { codings: list };
}

/** How decoding ended. `wireOffset` counts coded bytes before the chunk in which the fault showed. */
export type DecodingEnd =
  | { readonly state: 'complete'; readonly trailingBytes: number }
  /** The coded data ends before it is over. */
  | { readonly state: 'truncated'; readonly coding: Coding }
  | { readonly state: 'corrupt'; readonly coding: Coding; readonly reason: string; readonly wireOffset: number }
  /** The data never was in this coding; it was passed on as it came. */
  | { readonly state: 'mismatch'; readonly coding: Coding }
  /** More came out than the limits allow; decoding stopped there. */
  | { readonly state: 'limit'; readonly decodedBytes: number };

/** Receives what chunk number `chunk` decoded to. The bytes stay valid. */
export type DecodedOutput = (chunk: number, bytes: Uint8Array) => void;

/**
 * Removes content codings from a stream of chunks, each chunk's output as early as its bytes allow and attributed to
 * it. The work is done off the event loop, so output comes later, in order. Also fit for bytes read back from a
 * recording. After a fault further chunks are taken and ignored (passed on unchanged after a mismatch).
 */
export class ContentDecoder {
  /** Coded bytes taken and not decoded yet. */
  pendingBytes = 0;

  readonly #limits: Pick<Limits, 'decodingRatio' | 'decodingFreeBytes'>;
  readonly #output: DecodedOutput;
  readonly #progress: () => void;
  readonly #stages: readonly Stage[];
  readonly #outermost: Coding;
  /** Chunks taken before anything came out: what a mismatch hands on unchanged. */
  #untouched: { readonly chunk: number; readonly bytes: Uint8Array }[] | null = [];
  #codedBytes = 0;
  #decodedBytes = 0;
  #end: DecodingEnd | null = null;
  #settled: ((end: DecodingEnd) => void) | null = null;

  /**
   * `applied` as in Content-Encoding, at least one. `progress` is called when pending bytes have become fewer.
   */
  constructor(
    applied: readonly Coding[],
    limits: Pick<Limits, 'decodingRatio' | 'decodingFreeBytes'>,
    output: DecodedOutput,
    progress: () => void,
  ) {
    const outermost = applied.at(-1);
    if (outermost === undefined) throw new Error('a content decoder needs at least one coding');
    this.#outermost = outermost;
    this.#limits = limits;
    this.#output = output;
    this.#progress = progress;
    const inOrder = [...applied].reverse();
    this.#stages = inOrder.map((coding, position) => {
      const isLast = position === inOrder.length - 1;
      return new Stage(coding, {
        output: (chunk, bytes) => {
          if (isLast) this.#decoded(chunk, bytes);
          else if (!this.#exceeds(bytes.byteLength)) this.#stages[position + 1]?.write(chunk, bytes);
        },
        taken: (bytes) => {
          if (position !== 0) return;
          this.pendingBytes -= bytes;
          this.#progress();
        },
        ended: () => {
          if (isLast) this.#settle({ state: 'complete', trailingBytes: this.#trailingBytes() });
          else this.#stages[position + 1]?.end();
        },
        failed: (error, taken) => this.#failed(coding, error, position === 0 ? taken : this.#codedBytes),
      });
    });
  }

  push(chunk: number, bytes: Uint8Array): void {
    this.#codedBytes += bytes.byteLength;
    if (this.#end !== null) {
      if (this.#end.state === 'mismatch') this.#output(chunk, bytes);
      return;
    }
    this.#untouched?.push({ chunk, bytes });
    this.pendingBytes += bytes.byteLength;
    this.#stages[0]?.write(chunk, bytes);
  }

  /** Nothing follows. Resolves when all output has been given. No bytes at all count as complete. */
  finish(): Promise<DecodingEnd> {
    if (this.#end !== null) return Promise.resolve(this.#end);
    if (this.#codedBytes === 0) {
      this.#settle({ state: 'complete', trailingBytes: 0 });
      return Promise.resolve({ state: 'complete', trailingBytes: 0 });
    }
    return new Promise((resolve) => {
      this.#settled = resolve;
      this.#stages[0]?.end();
    });
  }

  #decoded(chunk: number, bytes: Uint8Array): void {
    if (this.#end !== null || bytes.byteLength === 0) return;
    this.#untouched = null;
    this.#decodedBytes += bytes.byteLength;
    if (this.#exceeds(0)) return;
    this.#output(chunk, bytes);
  }

  #exceeds(more: number): boolean {
    const decoded = this.#decodedBytes + more;
    const { decodingFreeBytes, decodingRatio } = this.#limits;
    if (decoded <= decodingFreeBytes || decoded <= this.#codedBytes * decodingRatio) return false;
    this.#settle({ state: 'limit', decodedBytes: this.#decodedBytes });
    return true;
  }

  #failed(coding: Coding, error: Error, taken: number): void {
    const code = 'code' in error ? String(error.code) : '';
    const untouched = this.#untouched;
    if (coding === this.#outermost && untouched !== null && !startsLike(coding, untouched)) {
      this.#untouched = null;
      this.#settle({ state: 'mismatch', coding });
      for (const { chunk, bytes } of untouched) this.#output(chunk, bytes);
    } else if (code === 'Z_BUF_ERROR' || /unexpected end|truncated|src size is incorrect/i.test(error.message)) {
      this.#settle({ state: 'truncated', coding });
    } else if (coding === 'gzip' && /incorrect header check/.test(error.message)) {
      // The header of a first member was checked above: this one follows a complete member, so it is no member at all.
      this.#settle({ state: 'complete', trailingBytes: Math.max(1, this.#codedBytes - taken) });
    } else this.#settle({ state: 'corrupt', coding, reason: error.message, wireOffset: taken });
  }

  #trailingBytes(): number {
    return this.#codedBytes - (this.#stages[0]?.consumedBytes ?? this.#codedBytes);
  }

  #settle(end: DecodingEnd): void {
    if (this.#end !== null) return;
    this.#end = end;
    this.pendingBytes = 0;
    for (const stage of this.#stages) stage.close();
    this.#progress();
    this.#settled?.(end);
  }
}

interface StageListener {
  output(chunk: number, bytes: Uint8Array): void;
  /** One write of so many bytes was worked off. */
  taken(bytes: number): void;
  ended(): void;
  /** `taken`: bytes of the writes before the one that failed. */
  failed(error: Error, taken: number): void;
}

/** One coding's decompressor. zlib works off one write after the other, so output belongs to the oldest one open. */
class Stage {
  readonly #coding: Coding;
  readonly #listener: StageListener;
  #stream: (Transform & { readonly bytesWritten: number }) | null = null;
  readonly #open: number[] = [];
  #lastChunk = 0;
  #takenBytes = 0;
  #closed = false;

  constructor(coding: Coding, listener: StageListener) {
    this.#coding = coding;
    this.#listener = listener;
  }

  /** Bytes that belonged to the coded data; less than what was written when something follows its end. */
  get consumedBytes(): number {
    return this.#stream?.bytesWritten ?? 0;
  }

  write(chunk: number, bytes: Uint8Array): void {
    if (this.#closed) return;
    const stream = (this.#stream ??= this.#start(bytes));
    this.#open.push(chunk);
    this.#lastChunk = chunk;
    stream.write(bytes, (error) => {
      if (error || this.#closed) return;
      this.#open.shift();
      this.#takenBytes += bytes.byteLength;
      this.#listener.taken(bytes.byteLength);
    });
  }

  end(): void {
    if (this.#closed) return;
    if (this.#stream === null) this.#listener.ended();
    else this.#stream.end();
  }

  close(): void {
    this.#closed = true;
    this.#stream?.destroy();
  }

  #start(first: Uint8Array): Transform & { readonly bytesWritten: number } {
    const stream = decompressor(this.#coding, first);
    stream.on('data', (bytes: Buffer) => {
      if (!this.#closed) this.#listener.output(this.#open[0] ?? this.#lastChunk, bytes);
    });
    stream.on('end', () => {
      if (!this.#closed) this.#listener.ended();
    });
    stream.on('error', (error: Error) => {
      if (!this.#closed) this.#listener.failed(error, this.#takenBytes);
    });
    return stream;
  }
}

function decompressor(coding: Coding, first: Uint8Array): Transform & { readonly bytesWritten: number } {
  switch (coding) {
    case 'gzip':
      return zlib.createGunzip();
    case 'deflate':
      // The name means zlib's format (RFC 9110 §8.4.1.2); some servers send the bare one. A zlib header begins with 8.
      return ((first[0] ?? 0) & 0x0f) === 8 ? zlib.createInflate() : zlib.createInflateRaw();
    case 'br':
      return zlib.createBrotliDecompress();
    case 'zstd':
      return zlib.createZstdDecompress();
  }
}

/** Whether the first bytes may be the coding's own. Codings without a signature are never believed before output. */
function startsLike(coding: Coding, chunks: readonly { readonly bytes: Uint8Array }[]): boolean {
  const signature = coding === 'gzip' ? [0x1f, 0x8b] : coding === 'zstd' ? [0x28, 0xb5, 0x2f, 0xfd] : null;
  if (signature === null) return false;
  let at = 0;
  for (const { bytes } of chunks) {
    for (const byte of bytes) {
      if (byte !== signature[at]) return false;
      at += 1;
      if (at === signature.length) return true;
    }
  }
  return at > 0;
}
