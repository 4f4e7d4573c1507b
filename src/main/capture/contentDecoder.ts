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

/** Bytes that may wait between two codings before the outer one is held back. */
const stageWaitingHigh = 256 * 1024;
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
  #output: DecodedOutput;
  readonly #progress: () => void;
  readonly #stages: readonly CodingStage[];
  /** Bytes written to each stage and not worked off. */
  readonly #waiting: number[];
  /** What an outer coding came to, while what it yielded is still being decoded. */
  #outerFault: DecodingEnd | null = null;
  #isPaused = false;
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
    this.#waiting = outermostFirst.map(() => 0);
    this.#stages = outermostFirst.map((coding, position) => {
      const isFirst = position === 0;
      const next = (): CodingStage | undefined => this.#stages[position + 1];
      const isLast = position === outermostFirst.length - 1;
      return createStage(coding, {
        output: (chunk, bytes) => {
          if (isLast) this.#decoded(chunk, bytes);
          else if (!this.#exceeds(bytes.byteLength)) this.#passOn(position + 1, chunk, bytes);
        },
        taken: (bytes) => {
          if (this.#end !== null) return;
          this.#workedOff(position, bytes);
          if (!isFirst) return;
          this.pendingBytes -= bytes;
          this.#progress();
        },
        ended: (trailingBytes) => {
          this.#trailingBytes += trailingBytes;
          if (isLast) this.#settle(this.#outerFault ?? { state: 'complete', trailingBytes: this.#trailingBytes });
          else next()?.end();
        },
        failed: (fault) => this.#failed(coding, fault, position),
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
    this.#waiting[0] = (this.#waiting[0] ?? 0) + bytes.byteLength;
    this.#stages[0]?.write(chunk, bytes);
  }

  /** Gives no output until `resume`, but for what is decoded already: some 32 KB. Ending waits for it. */
  pause(): void {
    this.#isPaused = true;
    this.#stages.at(-1)?.pause();
  }

  resume(): void {
    if (!this.#isPaused) return;
    this.#isPaused = false;
    this.#stages.at(-1)?.resume();
  }

  /** Gives up: nothing more comes out, and nobody who waits for the end learns of one. */
  close(): void {
    this.#output = () => undefined;
    this.#settled = null;
    for (const stage of this.#stages) stage.close();
  }

  /** What one coding yielded goes to the next, which holds the one before it back when it cannot keep up. */
  #passOn(position: number, chunk: number, bytes: Uint8Array): void {
    const waiting = (this.#waiting[position] ?? 0) + bytes.byteLength;
    this.#waiting[position] = waiting;
    if (waiting > stageWaitingHigh) this.#stages[position - 1]?.pause();
    this.#stages[position]?.write(chunk, bytes);
  }

  #workedOff(position: number, bytes: number): void {
    const before = this.#waiting[position] ?? 0;
    this.#waiting[position] = before - bytes;
    if (before > stageWaitingHigh && before - bytes <= stageWaitingHigh) this.#stages[position - 1]?.resume();
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

  #failed(coding: Coding, fault: CodingFault, position: number): void {
    const isOutermost = position === 0;
    const wireOffset = this.#codedBytes - this.pendingBytes;
    switch (fault.kind) {
      case 'truncated':
        this.#faulted({ state: 'truncated', coding }, position);
        return;
      case 'corrupt':
        this.#faulted({ state: 'corrupt', coding, reason: fault.reason, wireOffset }, position);
        return;
      case 'mismatch': {
        // Inside another coding there is no going back to the bytes before it.
        if (!isOutermost) {
          const reason = 'what the outer coding held is not in it';
          this.#faulted({ state: 'corrupt', coding, reason, wireOffset }, position);
          return;
        }
        const untouched = this.#untouched ?? [];
        this.#untouched = null;
        this.#settle({ state: 'mismatch', coding });
        for (const { chunk, bytes } of untouched) this.#output(chunk, bytes);
      }
    }
  }

  /** Ends with the outermost fault, when the codings inside have worked off what they were given. */
  #faulted(end: DecodingEnd, position: number): void {
    if (this.#end !== null) return;
    const inner = this.#stages[position + 1];
    const told = this.#outerFault ?? end;
    if (inner === undefined) this.#settle(told);
    else {
      this.#outerFault = told;
      inner.end();
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
