import { frameKindCode, frameKinds, type Micros } from '../../shared/words.ts';
import { ArrivalLog } from './arrivalLog.ts';

const kinds = frameKinds.length;

/** Frames that are wrong by their kind alone. */
function isFault(kindCode: number): boolean {
  return kindCode === frameKindCode.invalid || kindCode === frameKindCode.incomplete;
}

/**
 * A row of equal bins over time that counts what arrived in each. The bins of a timeline's answer and the coarse
 * overview of a whole recording are the same thing at two widths.
 */
export class TimeBins {
  readonly length: number;
  readonly chunkCount: Uint32Array;
  readonly chunkBytes: Float64Array;
  readonly chunkMaxBytes: Float64Array;
  readonly frameCount: Uint32Array;
  /** By kind, a counter a bin; undefined for a kind that never came: most streams know one or two. */
  readonly #byKind: (Uint32Array | undefined)[] = [];
  readonly faults: Uint32Array;
  readonly gapMicros: Float64Array;
  /** −1 where no frame arrived. */
  readonly firstFrame: Float64Array;
  /** The first of `faults`; −1 where there is none. */
  readonly firstFault: Float64Array;

  constructor(length: number) {
    this.length = length;
    this.chunkCount = new Uint32Array(length);
    this.chunkBytes = new Float64Array(length);
    this.chunkMaxBytes = new Float64Array(length);
    this.frameCount = new Uint32Array(length);
    this.faults = new Uint32Array(length);
    this.gapMicros = new Float64Array(length);
    this.firstFrame = new Float64Array(length).fill(-1);
    this.firstFault = new Float64Array(length).fill(-1);
  }

  addChunk(bin: number, bytes: number): void {
    this.chunkCount[bin] = (this.chunkCount[bin] as number) + 1;
    this.chunkBytes[bin] = (this.chunkBytes[bin] as number) + bytes;
    if (bytes > (this.chunkMaxBytes[bin] as number)) this.chunkMaxBytes[bin] = bytes;
  }

  /** @param hasError a diagnostic of severity error points at the frame */
  addFrame(bin: number, frame: number, kind: number, gapMicros: Micros, hasError: boolean): void {
    if ((this.firstFrame[bin] as number) < 0) this.firstFrame[bin] = frame;
    this.frameCount[bin] = (this.frameCount[bin] as number) + 1;
    this.addKind(bin, kind, 1);
    if (hasError || isFault(kind)) this.#addFault(bin, frame);
    if (gapMicros > (this.gapMicros[bin] as number)) this.gapMicros[bin] = gapMicros;
  }

  /** Counts frames of a kind without adding them otherwise. */
  addKind(bin: number, kind: number, count: number): void {
    if (count === 0) return;
    const counters = (this.#byKind[kind] ??= new Uint32Array(this.length));
    counters[bin] = (counters[bin] as number) + count;
  }

  /** Frames of a kind in a bin. */
  ofKind(bin: number, kind: number): number {
    return this.#byKind[kind]?.[bin] ?? 0;
  }

  /** A frame that was added without error has one after all. */
  addLateError(bin: number, frame: number, kind: number): void {
    if (!isFault(kind)) this.#addFault(bin, frame);
  }

  #addFault(bin: number, frame: number): void {
    this.faults[bin] = (this.faults[bin] as number) + 1;
    const first = this.firstFault[bin] as number;
    if (first < 0 || frame < first) this.firstFault[bin] = frame;
  }

  /** Adds bin `from` of another row to bin `to` of this one. */
  addBin(to: number, other: TimeBins, from: number): void {
    this.chunkCount[to] = (this.chunkCount[to] as number) + (other.chunkCount[from] as number);
    this.chunkBytes[to] = (this.chunkBytes[to] as number) + (other.chunkBytes[from] as number);
    this.chunkMaxBytes[to] = Math.max(this.chunkMaxBytes[to] as number, other.chunkMaxBytes[from] as number);
    this.frameCount[to] = (this.frameCount[to] as number) + (other.frameCount[from] as number);
    for (let kind = 0; kind < kinds; kind++) this.addKind(to, kind, other.ofKind(from, kind));
    this.faults[to] = (this.faults[to] as number) + (other.faults[from] as number);
    this.gapMicros[to] = Math.max(this.gapMicros[to] as number, other.gapMicros[from] as number);
    const first = other.firstFrame[from] as number;
    if (first >= 0 && ((this.firstFrame[to] as number) < 0 || first < (this.firstFrame[to] as number))) {
      this.firstFrame[to] = first;
    }
    const fault = other.firstFault[from] as number;
    if (fault >= 0 && ((this.firstFault[to] as number) < 0 || fault < (this.firstFault[to] as number))) {
      this.firstFault[to] = fault;
    }
  }

  /** Code of the kind most frames of a bin have; 255 for an empty bin. Faults win over everything: they must be seen. */
  dominantKind(bin: number): number {
    if ((this.frameCount[bin] as number) === 0) return 255;
    let best = 0;
    let most = -1;
    for (let kind = 0; kind < kinds; kind++) {
      const count = this.ofKind(bin, kind);
      if (count > 0 && isFault(kind)) return kind;
      if (count > most) {
        most = count;
        best = kind;
      }
    }
    return best;
  }

  /** Halves the resolution: bins 2k and 2k+1 become bin k. */
  halve(): TimeBins {
    const halved = new TimeBins(this.length);
    for (let bin = 0; bin < this.length; bin++) {
      if ((this.chunkCount[bin] as number) > 0 || (this.frameCount[bin] as number) > 0) {
        halved.addBin(bin >>> 1, this, bin);
      }
    }
    return halved;
  }
}

const overviewBins = 16_384;
const finestMicros = 1_000;

/** The non-empty bins of an overview: per bin its number, eight figures and one counter a kind. */
export interface KeptOverview {
  readonly binMicros: Micros;
  readonly kinds: number;
  readonly numbers: readonly number[];
}

/**
 * `TimeBins` over a whole recording whose end is not known: when time runs out of the row, its resolution halves. As long
 * as little has come, only a log of it is kept, so that a short recording takes no row of 16,384 bins.
 */
export class Overview {
  #row: TimeBins | undefined;
  #log: ArrivalLog | undefined = new ArrivalLog();
  #binMicros = finestMicros;

  get binMicros(): Micros {
    this.#settle();
    return this.#binMicros;
  }

  get bins(): TimeBins {
    return this.#settle();
  }

  addChunk(micros: Micros, bytes: number): void {
    if (this.#log?.addChunk(micros, bytes) === true) return;
    // The bin first: finding it may replace the row.
    const bin = this.#binAt(micros);
    this.bins.addChunk(bin, bytes);
  }

  addFrame(micros: Micros, frame: number, kind: number, gapMicros: Micros, hasError: boolean): void {
    if (this.#log?.addFrame(micros, frame, kind, gapMicros, hasError) === true) return;
    const bin = this.#binAt(micros);
    this.bins.addFrame(bin, frame, kind, gapMicros, hasError);
  }

  /** A frame that was added without error has one after all. */
  addLateError(micros: Micros, frame: number, kind: number): void {
    const bin = this.#binAt(micros);
    this.bins.addLateError(bin, frame, kind);
  }

  /** The row, with all that came. */
  #settle(): TimeBins {
    const log = this.#log;
    this.#log = undefined;
    this.#row ??= new TimeBins(overviewBins);
    log?.replay(this);
    return this.#row;
  }

  #binAt(micros: Micros): number {
    let row = this.#settle();
    let bin = Math.floor(micros / this.#binMicros);
    while (bin >= overviewBins) {
      row = row.halve();
      this.#row = row;
      this.#binMicros *= 2;
      bin = Math.floor(micros / this.#binMicros);
    }
    return bin;
  }

  toKept(): KeptOverview {
    const { bins } = this;
    const numbers: number[] = [];
    for (let bin = 0; bin < bins.length; bin++) {
      if ((bins.chunkCount[bin] as number) === 0 && (bins.frameCount[bin] as number) === 0) continue;
      numbers.push(bin, bins.chunkCount[bin] as number, bins.chunkBytes[bin] as number);
      numbers.push(bins.chunkMaxBytes[bin] as number, bins.frameCount[bin] as number, bins.faults[bin] as number);
      numbers.push(bins.gapMicros[bin] as number, bins.firstFrame[bin] as number, bins.firstFault[bin] as number);
      for (let kind = 0; kind < kinds; kind++) numbers.push(bins.ofKind(bin, kind));
    }
    return { binMicros: this.#binMicros, kinds, numbers };
  }

  /** @throws RangeError when the numbers are not whole bins. */
  restore(kept: KeptOverview): void {
    const perBin = 9 + kept.kinds;
    if (kept.numbers.length % perBin !== 0 || kept.kinds > kinds) throw new RangeError('the kept overview is damaged');
    const bins = new TimeBins(overviewBins);
    const next = kept.numbers[Symbol.iterator]();
    const number = (): number => next.next().value ?? 0;
    for (let left = kept.numbers.length / perBin; left > 0; left--) {
      const bin = number();
      bins.chunkCount[bin] = number();
      bins.chunkBytes[bin] = number();
      bins.chunkMaxBytes[bin] = number();
      bins.frameCount[bin] = number();
      bins.faults[bin] = number();
      bins.gapMicros[bin] = number();
      bins.firstFrame[bin] = number();
      bins.firstFault[bin] = number();
      for (let kind = 0; kind < kept.kinds; kind++) bins.addKind(bin, kind, number());
    }
    this.#log = undefined;
    this.#binMicros = kept.binMicros;
    this.#row = bins;
  }
}
