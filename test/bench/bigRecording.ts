import { openLibrary } from '../../src/main/store/library.ts';
import type { RecordingId } from '../../src/shared/words.ts';
import { ending, factsOf, summaryOf } from '../io/store/sampleFacts.ts';

/** Events of 240 bytes, a chunk each; or chunks of 16 KB with 68 such events and a part of another. */
export const bigLayouts = ['events', 'chunks'] as const;
export type BigLayout = (typeof bigLayouts)[number];

export const bigRecordingId: RecordingId = '20261121-090000-big001';
export const eventBytes = 240;
const chunkBytes: Readonly<Record<BigLayout, number>> = { events: eventBytes, chunks: 16_384 };
/** Events of the pattern that is written again and again. */
const patternEvents = 4_096;
const turnMillis = 4;

/**
 * Lays a recording of so many bytes into an empty library, through the store and as fast as it takes them. Nothing is
 * derived from it yet.
 */
export async function makeBigRecording(folder: string, layout: BigLayout, bytes: number): Promise<void> {
  const opened = openLibrary(folder);
  if (!opened.ok) throw new Error(opened.failure.message);
  const library = opened.value;
  await library.prepareToWrite();
  const head = {
    status: 200,
    statusText: 'OK',
    httpVersion: '1.1',
    headers: [['content-type', 'text/event-stream'] as const],
    atMicros: 1_000,
  };
  const facts = factsOf(bigRecordingId, { head });
  const created = library.create(facts, summaryOf(facts));
  if (!created.ok) throw new Error(created.failure.message);
  const writer = created.value;
  const size = chunkBytes[layout];
  const pattern = eventPattern(size);
  const patternLength = patternEvents * eventBytes;
  let written = 0;
  let micros = 2_000;
  let state = 1;
  await new Promise<void>((resolve) => {
    const go = (): void => {
      const until = performance.now() + turnMillis;
      while (written < bytes) {
        const at = written % patternLength;
        const length = Math.min(size, bytes - written);
        const mayGoOn = writer.chunk(micros, pattern.subarray(at, at + length), false);
        written += length;
        // A stream's pace is never even: between 60 and 187 µs.
        state = (Math.imul(state, 1_103_515_245) + 12_345) >>> 0;
        micros += 60 + (state >>> 25);
        if (!mayGoOn) return;
        if (performance.now() > until) break;
      }
      if (written < bytes) setImmediate(go);
      else resolve();
    };
    writer.onDrain(() => {
      if (written < bytes) setImmediate(go);
      else resolve();
    });
    go();
  });
  const ended = { ...facts, ending: { ...ending, atMicros: micros } };
  const finished = await writer.finish(ended, summaryOf(ended, { status: 200, endingKind: 'complete' }));
  if (!finished.ok) throw new Error(finished.failure.message);
  writer.close();
  await library.close();
}

/** Events that differ from one another, and so many bytes more, so that a chunk may begin anywhere. */
function eventPattern(more: number): Uint8Array {
  let text = '';
  for (let n = 0; n < patternEvents; n++) {
    const start = `id: ${String(n)}\ndata: {"order":${String(n * 7_919)},"state":"shipped","words":"`;
    const end = '"}\n\n';
    text += `${start}${'the quick brown fox jumps over the lazy dog '.repeat(6).slice(0, eventBytes - start.length - end.length)}${end}`;
  }
  return new TextEncoder().encode(text + text.slice(0, more));
}
