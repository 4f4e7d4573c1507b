import { authKnob } from '../endpoint.ts';
import { choice, decimalNumber, flag, type KnobTable, wholeNumber } from '../knobs.ts';

/** More than anybody waits for; numbers of this size stay exact in every sum. */
export const maxCount = 10_000_000;
/** Where the whole body is held. */
export const maxHeldCount = 10_000;

const maxDelayMillis = 60_000;
/** 64 KB: a chunk of this size still arrives in pieces. */
const maxChunkBytes = 65_536;
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

export const chunkSizeKnob = wholeNumber(
  0,
  maxChunkBytes,
  0,
  'Bytes a chunk, across the borders of records and characters. 0: a record a chunk.',
);

export const pieceSizeKnob = wholeNumber(0, 4_000, 0, 'Characters a piece. 0: pieces of the size of tokens.');

export const metadataKnob = flag(true, 'What the stream says about itself, before its data and at its end.');

/** An error that is the exception here. */
export const errorKnob = choice(['none', 'middle'], 'none', 'middle: an error in the stream, half-way through.');
