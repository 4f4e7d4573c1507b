import type { MockStep, WireBreak } from '../step.ts';
import type { BodyFault } from './bodyFault.ts';
import type { BodyCircumstances } from './effect.ts';
import type { FaultPlace } from './place.ts';
import { PlaceFinder } from './placeFinder.ts';

const nothing = new Uint8Array(0);

/**
 * Breaks an answer at a place. A body that ends before it ends as it would have.
 * @param broken gets the bytes of the step in which the place is that are then not sent; 0 between two steps
 */
export function breakAt(
  place: FaultPlace,
  circumstances: BodyCircumstances,
  broken: (unsentBytes: number) => WireBreak,
): BodyFault {
  const finder = new PlaceFinder(place, circumstances);
  const mayCutChunk = place.kind === 'byte' || (place.kind !== 'end' && place.isInside);
  return {
    push: ({ delayMillis, bytes, ...rest }) => {
      const at = finder.find(bytes);
      if (at === null) return [{ delayMillis, bytes, ...rest }];
      const unsentBytes = mayCutChunk ? bytes.length - at : 0;
      const isBeforeStep = at === 0 && unsentBytes === 0;
      return [
        { delayMillis: isBeforeStep ? 0 : delayMillis, bytes: bytes.subarray(0, at), isLast: broken(unsentBytes) },
      ];
    },
    end: () => (place.kind === 'end' ? [{ delayMillis: 0, bytes: nothing, isLast: broken(0) }] : []),
  };
}

/** What is left of a fault that cannot be done to a body: it stays as it is. */
export const untouched: BodyFault = { push: (step) => [step], end: () => [] };

/** Writes into the contents of a body at a place; those of a compressed one stay as they are. */
export function insertAt(
  place: FaultPlace,
  circumstances: BodyCircumstances,
  inserted: () => Iterable<MockStep>,
): BodyFault {
  return circumstances.coded === undefined ? putAt(place, circumstances, inserted) : untouched;
}

/** Nothing comes for so long, at a place. */
export function pauseAt(place: FaultPlace, circumstances: BodyCircumstances, millis: number): BodyFault {
  return putAt(place, circumstances, () => [{ delayMillis: millis, bytes: nothing }]);
}

/** Puts further steps into a body at a place; the step in which it is comes in two. */
function putAt(place: FaultPlace, circumstances: BodyCircumstances, inserted: () => Iterable<MockStep>): BodyFault {
  const finder = new PlaceFinder(place, circumstances);
  return {
    *push(step) {
      const at = finder.find(step.bytes);
      if (at === null) {
        yield step;
        return;
      }
      const { delayMillis, bytes } = step;
      if (at > 0) yield { delayMillis, bytes: bytes.subarray(0, at) };
      yield* inserted();
      if (at < bytes.length || step.isLast !== undefined) {
        yield { ...step, delayMillis: at > 0 ? 0 : delayMillis, bytes: bytes.subarray(at) };
      }
    },
    *end() {
      if (place.kind === 'end') yield* inserted();
    },
  };
}
