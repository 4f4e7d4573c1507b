import type { Place } from '../../shared/diagnostic.ts';
import { Utf8Checker, type IsUtf8 } from '../bytes/utf8.ts';
import type { DiagnosticDetails } from '../diagnostics/catalogue.ts';
import type { FrameSink } from './framer.ts';

/** Diagnostics of one code that are told one by one; the rest become one that counts them. */
export const toldPerCode = 100;

interface Note {
  readonly code: string;
  readonly place: Place;
  readonly details: DiagnosticDetails;
}

interface Untold {
  count: number;
  readonly firstOffset: number;
}

/**
 * Stands between a scanner and the sink, so that what the sink is told does not depend on how the bytes were split:
 * encoding is checked chunk by chunk, far ahead of the frames, but each finding waits for the frame it lies in.
 */
export class FrameEmitter {
  readonly #sink: FrameSink;
  readonly #utf8: Utf8Checker;
  #badSequences: { readonly offset: number; readonly length: number }[] = [];
  #notes: Note[] = [];
  #waiting = false;
  readonly #told = new Map<string, number>();
  readonly #untold = new Map<string, Untold>();

  constructor(sink: FrameSink, isUtf8?: IsUtf8) {
    this.#sink = sink;
    this.#utf8 = new Utf8Checker((offset, length) => {
      if (!this.#mayTell('utf8/invalid', offset)) return;
      this.#badSequences.push({ offset, length });
      this.#waiting = true;
    }, isUtf8);
  }

  checkUtf8(bytes: Uint8Array, offset: number): void {
    this.#utf8.push(bytes, offset);
  }

  typeId(name: string): number {
    return this.#sink.typeId(name);
  }

  /** A diagnostic of the frame that is emitted next. */
  note(code: string, place: Place, details: DiagnosticDetails = {}): void {
    this.#notes.push({ code, place, details });
    this.#waiting = true;
  }

  /** Like `note`, for what may occur in every line: told `toldPerCode` times, then counted. */
  noteBounded(code: string, place: Place & { readonly offset: number }, details: DiagnosticDetails = {}): void {
    if (this.#mayTell(code, place.offset)) this.note(code, place, details);
  }

  /** Counts occurrences that were not even noted: `toldPerCode` of the code were told before them. */
  countUntold(code: string, firstOffset: number, count: number): void {
    const untold = this.#untold.get(code);
    if (untold === undefined) this.#untold.set(code, { count, firstOffset });
    else untold.count += count;
  }

  /** A diagnostic of the stream as a whole. */
  tell(code: string, place: Place, details: DiagnosticDetails = {}): void {
    this.#sink.diagnostic(code, place, details, false);
  }

  /** @param kindCode index into `frameKinds` @param end body offset after the last byte */
  frame(kindCode: number, offset: number, end: number, flags: number, typeId: number): void {
    if (this.#waiting) this.#release(end, true);
    this.#sink.frame(kindCode, offset, end - offset, flags, typeId);
  }

  /** The body's bytes are over, before the last frame is emitted. @param length of the body */
  endOfBytes(length: number): void {
    const cutOff = this.#utf8.end();
    if (cutOff > 0) this.note('utf8/truncated', { offset: length - cutOff, length: cutOff });
  }

  /** After the last frame: what found no frame, and the counts of what was not told. */
  end(): void {
    this.#release(Number.POSITIVE_INFINITY, false);
    // The encoding is checked a chunk ahead of the frames, so the order in which codes became too many is by chance.
    const untold = [...this.#untold].sort(
      ([code, { firstOffset }], [otherCode, other]) => firstOffset - other.firstOffset || (code < otherCode ? -1 : 1),
    );
    for (const [code, { count, firstOffset }] of untold) {
      this.tell(code, { offset: firstOffset }, { omitted: count, told: toldPerCode });
    }
  }

  #release(end: number, belongsToNextFrame: boolean): void {
    let released = 0;
    for (const bad of this.#badSequences) {
      if (bad.offset >= end) break;
      this.#sink.diagnostic('utf8/invalid', bad, {}, belongsToNextFrame);
      released++;
    }
    if (released > 0) this.#badSequences = this.#badSequences.slice(released);
    for (const { code, place, details } of this.#notes) this.#sink.diagnostic(code, place, details, belongsToNextFrame);
    this.#notes = [];
    this.#waiting = this.#badSequences.length > 0;
  }

  #mayTell(code: string, offset: number): boolean {
    const told = this.#told.get(code) ?? 0;
    if (told < toldPerCode) {
      this.#told.set(code, told + 1);
      return true;
    }
    this.countUntold(code, offset, 1);
    return false;
  }
}
