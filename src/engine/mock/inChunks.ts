import type { MockStep } from './step.ts';

/**
 * The same bytes in chunks of one size, across whatever borders the steps had; the last one holds what remains. A
 * step's delay is spread evenly over its bytes, so that the whole takes as long as before.
 * @param size in bytes; 0 leaves the steps as they are
 */
export function* inChunks(steps: Iterable<MockStep>, size: number): Generator<MockStep, void, undefined> {
  if (size === 0) {
    yield* steps;
    return;
  }
  let held = new Uint8Array(size);
  let length = 0;
  let delayMillis = 0;
  for (const { bytes, delayMillis: delay, ...rest } of steps) {
    if (bytes.length === 0) delayMillis += delay;
    for (let at = 0; at < bytes.length;) {
      const taken = Math.min(size - length, bytes.length - at);
      held.set(bytes.subarray(at, at + taken), length);
      length += taken;
      at += taken;
      delayMillis += (delay * taken) / bytes.length;
      if (length < size) continue;
      yield { ...(at === bytes.length ? rest : {}), delayMillis, bytes: held };
      held = new Uint8Array(size);
      length = 0;
      delayMillis = 0;
    }
    if (Object.keys(rest).length === 0) continue;
    if (length > 0) yield { ...rest, delayMillis, bytes: held.slice(0, length) };
    return;
  }
  if (length > 0) yield { delayMillis, bytes: held.subarray(0, length) };
}
