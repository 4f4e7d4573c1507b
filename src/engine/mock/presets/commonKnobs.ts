import { authKnob } from '../endpoint.ts';
import { decimalNumber, type KnobTable, wholeNumber } from '../knobs.ts';

/** More than anybody waits for; numbers of this size stay exact in every sum. */
export const maxCount = 10_000_000;
/** Where the whole body is held. */
export const maxHeldCount = 10_000;

const maxDelayMillis = 60_000;
const unpaced = '0: as fast as the client reads.';

/** @param between what lies between two of what is counted: `two orders` */
export function delayKnob(fallback: number, between: string) {
  return decimalNumber(0, maxDelayMillis, fallback, `Milliseconds between ${between}. ${unpaced}`);
}

/** What every endpoint takes. */
export const commonKnobs = {
  seed: wholeNumber(0, 0xffff_ffff, 1, 'The same seed gives the same bytes.'),
  auth: authKnob,
} as const satisfies KnobTable;
