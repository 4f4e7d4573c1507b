import type { FrameCriterion, FrameParting } from '../../../shared/compare.ts';
import { commonSequence, type SequenceRun } from './commonSequence.ts';
import { Digest } from './digest.ts';
import {
  contentText,
  FrameContents,
  hasSameBytes,
  type ComparedBody,
  type ContentRules,
  type FrameContent,
} from './frameContents.ts';

/**
 * Frames of each side, from the first difference on, that are set beside each other. Each costs a digest
 * of eight bytes: 3.2 MB for both sides.
 */
const pairedAtMost = 200_000;
/** Insertions and removals of frames that are looked for before frames are paired by their place. */
const editsAtMost = 1_000;
const readBytes = 1_048_576;

/** Rows of the table: `count` rows that begin at content frames `left` and `right` (from 0, heartbeats not counted). */
export interface PairedRun {
  readonly relation: 'same' | 'changed' | 'leftOnly' | 'rightOnly';
  /** Row number of the first. */
  readonly row: number;
  readonly left: number;
  readonly right: number;
  readonly count: number;
}

export interface FramePairing {
  readonly by: 'common' | 'place';
  readonly runs: readonly PairedRun[];
  readonly leftFrames: number;
  readonly rightFrames: number;
  readonly same: number;
  readonly changed: number;
  readonly leftOnly: number;
  readonly rightOnly: number;
  readonly leftBeyond: number;
  readonly rightBeyond: number;
}

/**
 * Compares the frames of two recordings: where they first differ by each criterion, and how the frames after that stand
 * to each other by one. The first differences are found by going through both at once, comparing contents themselves:
 * linear, exact, holding one read of each. What stands beside what after that is found by a digest a frame, for at most
 * `pairedAtMost` frames a side.
 */
export class FrameComparison {
  readonly first: Record<FrameCriterion, FrameParting | null> = { bytes: null, payload: null, json: null };
  readonly #left: ComparedBody;
  readonly #right: ComparedBody;
  readonly #rules: ContentRules;
  readonly #criterion: FrameCriterion;
  readonly #contentsLeft: FrameContents;
  readonly #contentsRight: FrameContents;
  /** Content frames before the first difference by the criterion. */
  #common = 0;
  #isPartedByCriterion = false;
  readonly #digestsLeft: number[] = [];
  readonly #digestsRight: number[] = [];
  #pairing: Promise<FramePairing> | undefined;

  constructor(left: ComparedBody, right: ComparedBody, criterion: FrameCriterion, rules: ContentRules) {
    this.#left = left;
    this.#right = right;
    this.#rules = rules;
    this.#criterion = criterion;
    this.#contentsLeft = new FrameContents(left, rules);
    this.#contentsRight = new FrameContents(right, rules);
  }

  /**
   * Goes on as long as it may, then returns whether everything was looked at.
   * @param mayGoOn asked after each pair
   */
  advance(mayGoOn: () => boolean): boolean {
    do {
      const a = this.#contentsLeft.next();
      const b = this.#contentsRight.next();
      if (a === undefined && b === undefined) return true;
      this.#compare(a, b);
      if (this.#isPartedByCriterion) {
        this.#remember(this.#left, a, this.#digestsLeft);
        this.#remember(this.#right, b, this.#digestsRight);
        if (this.#isEnough()) return true;
      } else this.#common++;
    } while (mayGoOn());
    return false;
  }

  /** Every first difference is known, and as many frames after it as are paired. */
  #isEnough(): boolean {
    const { bytes, payload, json } = this.first;
    if (bytes === null || payload === null || json === null) return false;
    return this.#digestsLeft.length >= pairedAtMost && this.#digestsRight.length >= pairedAtMost;
  }

  #compare(a: FrameContent | undefined, b: FrameContent | undefined): void {
    if (a === undefined || b === undefined) {
      for (const criterion of ['bytes', 'payload', 'json'] as const) this.#part(criterion, a, b);
      return;
    }
    const isSameBytes = hasSameBytes(this.#left, a, this.#right, b);
    // The same bytes in one framing have one payload; in two they may not.
    if (isSameBytes && a.kind === b.kind && a.type === b.type && this.#left.framing === this.#right.framing) return;
    if (!isSameBytes) this.#part('bytes', a, b);
    // Once both have parted for good, only the digests are still wanted.
    if (this.first.payload === null && !this.#isSame('payload', a, b)) this.#part('payload', a, b);
    if (this.first.json === null && !this.#isSame('json', a, b)) this.#part('json', a, b);
  }

  #isSame(criterion: 'payload' | 'json', a: FrameContent, b: FrameContent): boolean {
    const textA = contentText(this.#left.framing, a, criterion, this.#rules);
    return textA !== undefined && textA === contentText(this.#right.framing, b, criterion, this.#rules);
  }

  #part(criterion: FrameCriterion, a: FrameContent | undefined, b: FrameContent | undefined): void {
    this.first[criterion] ??= { left: a?.n ?? null, right: b?.n ?? null };
    if (criterion === this.#criterion) this.#isPartedByCriterion = true;
  }

  #remember(body: ComparedBody, frame: FrameContent | undefined, digests: number[]): void {
    if (frame === undefined || digests.length >= pairedAtMost) return;
    const digest = new Digest();
    const text =
      this.#criterion === 'bytes' ? undefined : contentText(body.framing, frame, this.#criterion, this.#rules);
    if (text !== undefined) digest.text(text);
    else if (frame.bytes !== undefined) digest.bytes(frame.bytes);
    else {
      for (let at = 0; at < frame.length; at += readBytes) {
        digest.bytes(body.read(frame.offset + at, Math.min(readBytes, frame.length - at)));
      }
    }
    digests.push(digest.value);
  }

  /** How the frames stand to each other. To be asked for once `advance` has returned true. */
  pairing(): Promise<FramePairing> {
    this.#pairing ??= this.#pair();
    return this.#pairing;
  }

  async #pair(): Promise<FramePairing> {
    const left = this.#digestsLeft;
    const right = this.#digestsRight;
    const common = await commonSequence(left, right, editsAtMost);
    const table = new PairingTable();
    table.add('same', this.#common);
    if (common === undefined) pairByPlace(table, left, right);
    else pairByCommon(table, common);
    const leftTotal = contentCount(this.#left);
    const rightTotal = contentCount(this.#right);
    return {
      by: common === undefined ? 'place' : 'common',
      runs: table.runs,
      leftFrames: leftTotal,
      rightFrames: rightTotal,
      ...table.counts,
      leftBeyond: Math.max(0, leftTotal - this.#common - left.length),
      rightBeyond: Math.max(0, rightTotal - this.#common - right.length),
    };
  }
}

function contentCount({ frames, count }: ComparedBody): number {
  return frames.contentBefore(count);
}

class PairingTable {
  readonly runs: PairedRun[] = [];
  readonly counts = { same: 0, changed: 0, leftOnly: 0, rightOnly: 0 };
  rows = 0;
  #left = 0;
  #right = 0;

  add(relation: PairedRun['relation'], count: number): void {
    if (count === 0) return;
    const last = this.runs.at(-1);
    if (last?.relation === relation) this.runs[this.runs.length - 1] = { ...last, count: last.count + count };
    else this.runs.push({ relation, row: this.rows, left: this.#left, right: this.#right, count });
    this.counts[relation] += count;
    this.rows += count;
    if (relation !== 'rightOnly') this.#left += count;
    if (relation !== 'leftOnly') this.#right += count;
  }
}

/** What was removed and what was added in one place is, pair by pair, changed. */
function pairByCommon(table: PairingTable, runs: readonly SequenceRun[]): void {
  for (let i = 0; i < runs.length; i++) {
    const run = runs[i] as SequenceRun;
    const next = runs[i + 1];
    if (run.kind === 'same') table.add('same', run.count);
    else if (run.kind === 'removed' && next?.kind === 'added') {
      const changed = Math.min(run.count, next.count);
      table.add('changed', changed);
      table.add('leftOnly', run.count - changed);
      table.add('rightOnly', next.count - changed);
      i++;
    } else table.add(run.kind === 'removed' ? 'leftOnly' : 'rightOnly', run.count);
  }
}

function pairByPlace(table: PairingTable, left: readonly number[], right: readonly number[]): void {
  const both = Math.min(left.length, right.length);
  for (let i = 0; i < both; i++) table.add(left[i] === right[i] ? 'same' : 'changed', 1);
  table.add('leftOnly', left.length - both);
  table.add('rightOnly', right.length - both);
}
