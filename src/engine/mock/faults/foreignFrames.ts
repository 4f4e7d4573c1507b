import { expectedFraming } from '../../framing/contentTypes.ts';
import type { Framing } from '../../../shared/words.ts';
import { textStep, type MockStep } from '../step.ts';
import type { BodyCircumstances } from './effect.ts';

/** What is sent at once of something large. */
const pieceBytes = 65_536;

export function framingOf({ contentType }: BodyCircumstances): Framing {
  return expectedFraming(contentType, null).framing ?? 'text';
}

/** Before and behind a JSON text that becomes a frame of its own behind another one. */
const wrappings: Readonly<Record<Framing, readonly [before: string, after: string]>> = {
  sse: ['data: ', '\n\n'],
  ndjson: ['', '\n'],
  json: [',', ''],
  'json-seq': ['\u001e', '\n'],
  'aws-eventstream': ['', ''],
  multipart: ['', '\r\n'],
  text: ['', '\n'],
};

/** One frame of the answer's framing with these bytes in it, which hold no line end. */
export function* foreignFrame(
  circumstances: BodyCircumstances,
  content: Iterable<Uint8Array>,
): Generator<MockStep, void, undefined> {
  const [before, after] = wrappings[framingOf(circumstances)];
  yield textStep(0, before);
  for (const bytes of content) yield { delayMillis: 0, bytes };
  yield textStep(0, after);
}

export function textContent(text: string): readonly Uint8Array[] {
  return [new TextEncoder().encode(text)];
}

/** A JSON string of `length` characters. */
export function* giantString(length: number): Generator<Uint8Array, void, undefined> {
  const piece = new Uint8Array(pieceBytes).fill(0x78);
  yield Uint8Array.of(0x22);
  for (let left = length; left > 0; left -= pieceBytes) yield piece.subarray(0, Math.min(left, pieceBytes));
  yield Uint8Array.of(0x22);
}

/** `[[[…]]]` */
export function* deepArray(levels: number): Generator<Uint8Array, void, undefined> {
  for (const bracket of [0x5b, 0x5d]) {
    const piece = new Uint8Array(pieceBytes).fill(bracket);
    for (let left = levels; left > 0; left -= pieceBytes) yield piece.subarray(0, Math.min(left, pieceBytes));
  }
}

/** Something without meaning, again and again. */
export function* heartbeats(
  circumstances: BodyCircumstances,
  everyMillis: number,
): Generator<MockStep, never, undefined> {
  const text = framingOf(circumstances) === 'sse' ? ': heartbeat\n\n' : '\n';
  for (;;) yield textStep(everyMillis, text);
}
