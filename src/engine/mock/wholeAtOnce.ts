import type { MockStep } from './step.ts';

/**
 * The same bytes as a script sends, all of them when its last step is due: what a server does that makes the whole
 * answer before it sends any of it. Holds the whole body.
 */
export function* wholeAtOnce(script: Iterable<MockStep>): Generator<MockStep, void, undefined> {
  const pieces: Uint8Array[] = [];
  let delayMillis = 0;
  let length = 0;
  for (const step of script) {
    delayMillis += step.delayMillis;
    length += step.bytes.length;
    pieces.push(step.bytes);
  }
  const bytes = new Uint8Array(length);
  let at = 0;
  for (const piece of pieces) {
    bytes.set(piece, at);
    at += piece.length;
  }
  yield { delayMillis, bytes };
}
