import type { Limits } from '../../shared/limits.ts';
import type { Coding, CodingFault, CodingStage, StageListener } from './coding.ts';
import { GzipStage } from './gzipStage.ts';
import { ZlibStage } from './zlibStage.ts';

// Whoever decodes needs these too.
export { decodableCodings, readCodings, type Coding } from './coding.ts';

/** How decoding ended. `wireOffset`: about how many coded bytes were worked off before the fault showed. */
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

/** Bytes that are kept until something was decoded, to hand them on where they turn out not to be coded. */
const mismatchBytes = 1024 * 1024;

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
  readonly #stages: readonly CodingStage[];
  /** Chunks taken before anything came out: what a mismatch hands on unchanged. */
  #untouched: { readonly chunk: number; readonly bytes: Uint8Array }[] | null = [];
  #codedBytes = 0;
  #decodedBytes = 0;
  #trailingBytes = 0;
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
    if (applied.length === 0) throw new Error('a content decoder needs at least one coding');
    this.#limits = limits;
    this.#output = output;
    this.#progress = progress;
    const outermostFirst = [...applied].reverse();
    this.#stages = outermostFirst.map((coding, position) => {
      const isFirst = position === 0;
      const next = (): CodingStage | undefined => this.#stages[position + 1];
      const isLast = position === outermostFirst.length - 1;
      return createStage(coding, {
        output: (chunk, bytes) => {
          if (isLast) this.#decoded(chunk, bytes);
          else if (!this.#exceeds(bytes.byteLength)) next()?.write(chunk, bytes);
        },
        taken: (bytes) => {
          if (!isFirst || this.#end !== null) return;
          this.pendingBytes -= bytes;
          this.#progress();
        },
        ended: (trailingBytes) => {
          this.#trailingBytes += trailingBytes;
          if (isLast) this.#settle({ state: 'complete', trailingBytes: this.#trailingBytes });
          else next()?.end();
        },
        failed: (fault) => this.#failed(coding, fault, isFirst),
      });
    });
  }

  /** The bytes must stay as they are until they are worked off. */
  push(chunk: number, bytes: Uint8Array): void {
    this.#codedBytes += bytes.byteLength;
    if (this.#end !== null) {
      if (this.#end.state === 'mismatch') this.#output(chunk, bytes);
      return;
    }
    // So much without output is coded data that yields nothing, no text under a wrong name.
    if (this.#codedBytes > mismatchBytes) this.#untouched = null;
    this.#untouched?.push({ chunk, bytes });
    this.pendingBytes += bytes.byteLength;
    this.#stages[0]?.write(chunk, bytes);
  }

  /** Nothing follows. Resolves when all output has been given. No bytes at all count as complete. */
  finish(): Promise<DecodingEnd> {
    if (this.#codedBytes === 0) this.#settle({ state: 'complete', trailingBytes: 0 });
    if (this.#end !== null) return Promise.resolve(this.#end);
    return new Promise((resolve) => {
      this.#settled = resolve;
      this.#stages[0]?.end();
    });
  }

  #decoded(chunk: number, bytes: Uint8Array): void {
    if (this.#end !== null || bytes.byteLength === 0) return;
    this.#untouched = null;
    if (this.#exceeds(bytes.byteLength)) return;
    this.#decodedBytes += bytes.byteLength;
    this.#output(chunk, bytes);
  }

  #exceeds(more: number): boolean {
    const decoded = this.#decodedBytes + more;
    const { decodingFreeBytes, decodingRatio } = this.#limits;
    if (decoded <= decodingFreeBytes || decoded <= this.#codedBytes * decodingRatio) return false;
    this.#settle({ state: 'limit', decodedBytes: this.#decodedBytes });
    return true;
  }

  #failed(coding: Coding, fault: CodingFault, isOutermost: boolean): void {
    const wireOffset = this.#codedBytes - this.pendingBytes;
    switch (fault.kind) {
      case 'truncated':
        this.#settle({ state: 'truncated', coding });
        return;
      case 'corrupt':
        this.#settle({ state: 'corrupt', coding, reason: fault.reason, wireOffset });
        return;
      case 'mismatch': {
        // Inside another coding there is no going back to the bytes before it.
        if (!isOutermost) {
          this.#settle({ state: 'corrupt', coding, reason: 'what the outer coding held is not in it', wireOffset });
          return;
        }
        const untouched = this.#untouched ?? [];
        this.#untouched = null;
        this.#settle({ state: 'mismatch', coding });
        for (const { chunk, bytes } of untouched) this.#output(chunk, bytes);
      }
    }
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

function createStage(coding: Coding, listener: StageListener): CodingStage {
  return coding === 'gzip' ? new GzipStage(listener) : new ZlibStage(coding, listener);
}
