import type { MockStep } from '../step.ts';
import type { BodyFault } from './bodyFault.ts';

const lineFeed = 10;
const carriageReturn = 13;
const byteOrderMark = [0xef, 0xbb, 0xbf] as const;

/** Changes each step by itself. */
function eachStep(change: (step: MockStep) => Iterable<MockStep>): BodyFault {
  return { push: change, end: () => [] };
}

/** Cuts a step at offsets in rising order; the last piece has its ending, the first one its wait. */
function* cutStep(step: MockStep, offsets: Iterable<number>): Generator<MockStep, void, undefined> {
  let { delayMillis } = step;
  let from = 0;
  for (const to of offsets) {
    if (to <= from || to >= step.bytes.length) continue;
    yield { delayMillis, bytes: step.bytes.subarray(from, to) };
    delayMillis = 0;
    from = to;
  }
  yield { ...step, delayMillis, bytes: step.bytes.subarray(from) };
}

/** Every chunk in pieces of so many bytes. */
export function inChunksOf(size: number): BodyFault {
  return eachStep((step) => cutStep(step, multiples(size, step.bytes.length)));
}

function* multiples(of: number, below: number): Generator<number, void, undefined> {
  for (let each = of; each < below; each += of) yield each;
}

/** A chunk ends in the middle of every character that has several bytes. */
export function splitCharacters(): BodyFault {
  return eachStep((step) => cutStep(step, leadBytes(step.bytes)));
}

function* leadBytes(bytes: Uint8Array): Generator<number, void, undefined> {
  for (let i = 0; i < bytes.length; i++) if ((bytes[i] ?? 0) >= 0xc0) yield i + 1;
}

/** Line ends become CR LF, and a chunk ends between the two. */
export function splitLineEnds(): BodyFault {
  let before = 0;
  return eachStep((step) => {
    const changed: number[] = [];
    const cuts: number[] = [];
    for (const value of step.bytes) {
      if (value === lineFeed) {
        if (before !== carriageReturn) changed.push(carriageReturn);
        cuts.push(changed.length);
      }
      changed.push(value);
      before = value;
    }
    return cutStep({ ...step, bytes: Uint8Array.from(changed) }, cuts);
  });
}

/** The body begins with a byte order mark of which each byte is a chunk. */
export function splitByteOrderMark(): BodyFault {
  let isFirst = true;
  return eachStep(function* (step) {
    if (isFirst) yield* byteOrderMark.map((value) => ({ delayMillis: 0, bytes: Uint8Array.of(value) }));
    isFirst = false;
    yield step;
  });
}

/** So many chunks travel as one, when the last of them is due. */
export function inBatchesOf(count: number): BodyFault {
  let held: MockStep[] = [];
  const release = (): MockStep[] => {
    const last = held.at(-1);
    if (last === undefined) return [];
    const bytes = new Uint8Array(held.reduce((sum, step) => sum + step.bytes.length, 0));
    let at = 0;
    let delayMillis = 0;
    for (const step of held) {
      bytes.set(step.bytes, at);
      at += step.bytes.length;
      delayMillis += step.delayMillis;
    }
    held = [];
    return [{ ...last, delayMillis, bytes }];
  };
  return {
    push: (step) => {
      held.push(step);
      return held.length >= count || step.isLast !== undefined ? release() : [];
    },
    end: release,
  };
}

/** Pieces of a body that is sent at a rate, a second: enough that none is a burst. */
const piecesPerSecond = 20;

/** At most so many bytes a second. */
export function atRate(bytesPerSecond: number): BodyFault {
  const size = Math.max(1, Math.floor(bytesPerSecond / piecesPerSecond));
  return eachStep(function* (step) {
    for (const piece of cutStep(step, multiples(size, step.bytes.length))) {
      yield { ...piece, delayMillis: piece.delayMillis + (piece.bytes.length / bytesPerSecond) * 1_000 };
    }
  });
}
