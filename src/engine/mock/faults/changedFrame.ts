import { concatBytes } from '../../bytes/latin1.ts';
import type { MockStep } from '../step.ts';
import type { BodyFault } from './bodyFault.ts';
import { FrameFinder, type FoundFrame } from './frameFinder.ts';

/**
 * Replaces one frame's bytes, its line end included. What stands between it and the frame before goes with it.
 * @param n which frame, from 1
 * @param change gets the bytes; what it gives is sent when the frame would have been whole
 */
export function changedFrame(
  n: number,
  contentType: string | null,
  change: (bytes: Uint8Array) => readonly Uint8Array[],
): BodyFault {
  const finder = new FrameFinder(contentType);
  let frames = 0;
  let sentBytes = 0;
  let isHolding = n === 1;
  let isDone = false;
  let held: Uint8Array[] = [];
  let heldMillis = 0;

  const release = (): Uint8Array => {
    const all = concatBytes(held);
    held = [];
    return all;
  };

  return {
    *push(step) {
      if (isDone) {
        yield step;
        return;
      }
      const { bytes } = step;
      const found: readonly FoundFrame[] = finder.push(bytes);
      const indexOf = (which: number): number | undefined => {
        const end = found[which - frames - 1]?.end;
        return end === undefined ? undefined : end - sentBytes;
      };
      const begin = isHolding ? 0 : indexOf(n - 1);
      const end = indexOf(n);
      frames += found.length;
      sentBytes += bytes.length;
      if (begin === undefined) {
        yield step;
        return;
      }
      let { delayMillis } = step;
      if (begin > 0) {
        yield { delayMillis, bytes: bytes.subarray(0, begin) };
        delayMillis = 0;
      }
      isHolding = true;
      held.push(bytes.slice(begin, end));
      heldMillis += delayMillis;
      if (end === undefined && step.isLast === undefined) return;
      isDone = true;
      const pieces: readonly Uint8Array[] = end === undefined ? [release()] : change(release());
      const tail: MockStep = { ...step, delayMillis: 0, bytes: bytes.subarray(end ?? bytes.length) };
      let waitMillis = heldMillis;
      for (const piece of pieces) {
        yield { delayMillis: waitMillis, bytes: piece };
        waitMillis = 0;
      }
      // A dropped frame leaves its time behind.
      if (tail.bytes.length > 0 || tail.isLast !== undefined || pieces.length === 0) {
        yield { ...tail, delayMillis: waitMillis };
      }
    },
    *end() {
      if (held.length > 0) yield { delayMillis: heldMillis, bytes: release() };
    },
  };
}
