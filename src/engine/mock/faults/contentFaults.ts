import { textStep } from '../step.ts';
import { insertAt, pauseAt, untouched } from './atPlace.ts';
import { changedFrame } from './changedFrame.ts';
import { anywhere, fault, type FaultDefinition, numberFault } from './definition.ts';
import type { BodyFault } from './bodyFault.ts';
import type { FaultEffect } from './effect.ts';
import { deepArray, foreignFrame, framingOf, giantString, heartbeats, textContent } from './foreignFrames.ts';
import type { FaultPlace } from './place.ts';
import { atRate, inBatchesOf, inChunksOf, splitByteOrderMark, splitCharacters, splitLineEnds } from './splitBody.ts';

const body = (make: () => BodyFault): FaultEffect => ({ kind: 'body', make });
/** Changes the contents, so that a compressed body stays as it is. */
const ofContents = (make: () => BodyFault): FaultEffect => ({
  kind: 'body',
  make: ({ coded }) => (coded === undefined ? make() : untouched),
});
const behindFirstFrame: FaultPlace = { kind: 'frame', n: 1, isInside: false };

/** A frame of the answer's own framing with strange content. */
function foreign(name: string, sentence: string, content: () => Iterable<Uint8Array>): FaultDefinition {
  return fault({
    name,
    sentence,
    places: anywhere,
    fallbackPlace: behindFirstFrame,
    example: `${name}@frame:3`,
    effect: (_argument, place) => ({
      kind: 'body',
      make: (circumstances) => insertAt(place, circumstances, () => foreignFrame(circumstances, content())),
    }),
  });
}

/** Something is done to the frame with the place's number. */
function ofFrame(
  name: string,
  sentence: string,
  change: (bytes: Uint8Array) => readonly Uint8Array[],
): FaultDefinition {
  return fault({
    name,
    sentence,
    places: ['frame'],
    fallbackPlace: { kind: 'frame', n: 2, isInside: false },
    example: `${name}@frame:3`,
    effect: (_argument, place) => ({
      kind: 'body',
      make: ({ contentType, coded }) =>
        coded === undefined
          ? changedFrame(place.kind === 'frame' ? Math.max(1, place.n) : 1, contentType, change)
          : untouched,
    }),
  });
}

function overwritten(bytes: Uint8Array): readonly Uint8Array[] {
  const copy = Uint8Array.from(bytes);
  copy[Math.floor(copy.length / 2)] = 0xff;
  return [copy];
}

/** What is strange about the bytes of a body that arrives whole, or about when they come. */
export const contentFaults: readonly FaultDefinition[] = [
  numberFault(
    { min: 0, max: 86_400_000, fallback: 10_000, what: 'milliseconds (0: until the client leaves)' },
    {
      name: 'stall',
      sentence: 'Nothing comes for so long.',
      places: anywhere,
      example: 'stall:5000@frame:5',
      effect: (millis, place) => ({
        kind: 'body',
        make: (circumstances) => pauseAt(place, circumstances, millis === 0 ? Number.POSITIVE_INFINITY : millis),
      }),
    },
  ),
  numberFault(
    { min: 1, max: 1_000_000_000, fallback: 1_000, what: 'bytes a second' },
    {
      name: 'slow',
      sentence: 'The body comes at a rate, in small chunks.',
      example: 'slow:1000',
      effect: (rate) => body(() => atRate(rate)),
    },
  ),
  numberFault(
    { min: 1, max: 65_536, fallback: 1, what: 'bytes a chunk' },
    {
      name: 'tiny-chunks',
      sentence: 'Every chunk in pieces of so many bytes.',
      example: 'tiny-chunks:1',
      effect: (size) => body(() => inChunksOf(size)),
    },
  ),
  numberFault(
    { min: 2, max: 100_000, fallback: 10, what: 'how many' },
    {
      name: 'coalesce',
      sentence: 'So many chunks travel as one, when the last of them is due: what something that buffers does.',
      example: 'coalesce:10',
      effect: (count) => body(() => inBatchesOf(count)),
    },
  ),
  fault({
    name: 'split-characters',
    sentence: 'A chunk ends in the middle of every character that has several bytes.',
    effect: () => body(splitCharacters),
  }),
  fault({
    name: 'split-crlf',
    sentence: 'Lines end with CR LF, and a chunk ends between the two.',
    effect: () => ofContents(splitLineEnds),
  }),
  fault({
    name: 'split-bom',
    sentence: 'The body begins with a byte order mark, a chunk a byte.',
    effect: () => ofContents(splitByteOrderMark),
  }),
  fault({
    name: 'bom-inside',
    sentence: 'A byte order mark in the middle of the body.',
    places: anywhere,
    fallbackPlace: behindFirstFrame,
    example: 'bom-inside@frame:3',
    effect: (_argument, place) => ({
      kind: 'body',
      make: (circumstances) =>
        insertAt(place, circumstances, () => [{ delayMillis: 0, bytes: Uint8Array.of(0xef, 0xbb, 0xbf) }]),
    }),
  }),
  foreign('lone-surrogate', 'A frame whose JSON has half a surrogate pair, as an escape.', () =>
    textContent(String.raw`"\ud83d"`),
  ),
  foreign('invalid-utf8', 'A frame with bytes that are not UTF-8.', () => [
    Uint8Array.of(0x22, 0xc3, 0x28, 0xff, 0xfe, 0x22),
  ]),
  fault({
    name: 'nul-id',
    sentence: 'An event whose id has a NUL in it (elsewhere: a frame with a NUL).',
    places: anywhere,
    fallbackPlace: behindFirstFrame,
    example: 'nul-id@frame:3',
    effect: (_argument, place) => ({
      kind: 'body',
      make: (circumstances) =>
        insertAt(place, circumstances, () =>
          framingOf(circumstances) === 'sse'
            ? [textStep(0, 'id: 1\x002\ndata: "an id with NUL"\n\n')]
            : foreignFrame(circumstances, textContent('"\0"')),
        ),
    }),
  }),
  numberFault(
    { min: 1, max: 4_000_000_000, fallback: 67_108_864, what: 'bytes' },
    {
      name: 'giant-line',
      sentence: 'One frame that is a single line of so many bytes.',
      places: anywhere,
      fallbackPlace: behindFirstFrame,
      example: 'giant-line:1000000000@frame:2',
      effect: (length, place) => ({
        kind: 'body',
        make: (circumstances) => insertAt(place, circumstances, () => foreignFrame(circumstances, giantString(length))),
      }),
    },
  ),
  numberFault(
    { min: 1, max: 100_000_000, fallback: 1_000_000, what: 'levels' },
    {
      name: 'deep-nesting',
      sentence: 'One frame of JSON with so many brackets inside each other.',
      places: anywhere,
      fallbackPlace: behindFirstFrame,
      example: 'deep-nesting:1000000@frame:2',
      effect: (levels, place) => ({
        kind: 'body',
        make: (circumstances) => insertAt(place, circumstances, () => foreignFrame(circumstances, deepArray(levels))),
      }),
    },
  ),
  numberFault(
    { min: 0, max: 3_600_000, fallback: 1_000, what: 'milliseconds between two' },
    {
      name: 'heartbeats',
      sentence: 'From there on nothing but heartbeats (comments, elsewhere empty lines), for ever.',
      places: anywhere,
      example: 'heartbeats:1000@frame:5',
      effect: (millis, place) => ({
        kind: 'body',
        make: (circumstances) => insertAt(place, circumstances, () => heartbeats(circumstances, millis)),
      }),
    },
  ),
  ofFrame('drop-frame', 'The frame with this number is left out.', () => []),
  ofFrame('duplicate-frame', 'The frame with this number comes twice.', (bytes) => [bytes, bytes]),
  ofFrame('corrupt-frame', 'A byte in the middle of the frame with this number is overwritten with 0xFF.', overwritten),
];
