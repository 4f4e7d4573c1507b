import type { PairedRun } from './frameComparison.ts';

export interface PairingRow {
  readonly relation: PairedRun['relation'];
  /** Content frame (from 0, heartbeats not counted); −1 where the side has none. */
  readonly left: number;
  readonly right: number;
}

/** The rows that runs of paired frames make: all, or those that are not the same. */
export class PairingRows {
  readonly total: number;
  readonly #runs: readonly PairedRun[];
  /** Number of the row after each run. */
  readonly #ends: Float64Array;

  constructor(runs: readonly PairedRun[], onlyDifferent: boolean) {
    this.#runs = onlyDifferent ? runs.filter(({ relation }) => relation !== 'same') : runs;
    this.#ends = new Float64Array(this.#runs.length);
    let total = 0;
    this.#runs.forEach(({ count }, i) => {
      total += count;
      this.#ends[i] = total;
    });
    this.total = total;
  }

  /** @throws RangeError beyond `total` */
  at(row: number): PairingRow {
    let low = 0;
    let high = this.#runs.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if ((this.#ends[middle] as number) <= row) low = middle + 1;
      else high = middle;
    }
    const run = this.#runs[low];
    if (run === undefined) throw new RangeError(`row ${String(row)} of ${String(this.total)}`);
    const at = row - ((this.#ends[low] as number) - run.count);
    return {
      relation: run.relation,
      left: run.relation === 'rightOnly' ? -1 : run.left + at,
      right: run.relation === 'leftOnly' ? -1 : run.right + at,
    };
  }
}
