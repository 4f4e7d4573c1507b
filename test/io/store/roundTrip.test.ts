import fc from 'fast-check';
import { existsSync, readdirSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { ChunkIndex } from '../../../src/engine/recording/chunkIndex.ts';
import type { RecordingReader } from '../../../src/main/store/recordingStore.ts';
import {
  ending,
  factsOf,
  libraryIn,
  newId,
  patternBytes,
  summaryOf,
  temporaryFolder,
  value,
} from './sampleRecordings.ts';

interface Chunk {
  readonly atMicros: number;
  readonly bytes: Uint8Array;
  readonly continues: boolean;
}

const sizes = fc.oneof(
  { weight: 6, arbitrary: fc.integer({ min: 0, max: 600 }) },
  { weight: 2, arbitrary: fc.integer({ min: 600, max: 70_000 }) },
  { weight: 1, arbitrary: fc.integer({ min: 250_000, max: 600_000 }) },
);
const waits = fc.oneof(fc.constant(0), fc.integer({ min: 1, max: 200 }), fc.integer({ min: 1_000, max: 10 ** 12 }));
const chunkList = fc
  .array(fc.record({ size: sizes, wait: waits, continues: fc.boolean() }), { maxLength: 120 })
  .map((specs) => {
    let offset = 0;
    let atMicros = 0;
    return specs.map(({ size, wait, continues }): Chunk => {
      const bytes = patternBytes(offset, size);
      offset += size;
      atMicros += wait;
      return { atMicros, bytes, continues };
    });
  });

function joined(chunks: readonly Chunk[]): Uint8Array {
  return new Uint8Array(Buffer.concat(chunks.map(({ bytes }) => bytes)));
}

/** Every chunk's time, length and border as the recording tells them. */
function timesAndLengths(reader: RecordingReader): [number, number, boolean][] {
  const index = new ChunkIndex((segment) => reader.pairs(segment));
  for (const segment of reader.segments(0)) index.seal(segment);
  const found: [number, number, boolean][] = [];
  index.visit(0, index.count, (run, _first, from, to) => {
    for (let i = from; i < to; i++) {
      found.push([run.micros[i]!, run.offset[i + 1]! - run.offset[i]!, run.continues[i] === 1]);
    }
  });
  return found;
}

describe('a recording', () => {
  it('gives back every chunk, byte and time exact, and is one file', async () => {
    const library = libraryIn(temporaryFolder());
    await fc.assert(
      fc.asyncProperty(chunkList, fc.integer({ min: 1, max: 40 }), async (chunks, breath) => {
        const facts = factsOf(newId());
        const writer = value(library.create(facts, summaryOf(facts)));
        for (const [i, chunk] of chunks.entries()) {
          writer.chunk(chunk.atMicros, chunk.bytes, chunk.continues);
          // Lets commits happen in the middle of segments.
          if (i % breath === 0) await new Promise((resolve) => setTimeout(resolve, 1));
        }
        const wire = joined(chunks);
        expect(Buffer.compare(writer.read('wire', 0, wire.length + 10), wire)).toBe(0);
        const ended = { ...facts, ending };
        value(await writer.finish(ended, summaryOf(ended)));
        expect(readdirSync(library.folder).filter((name) => name.startsWith(facts.id))).toEqual([`${facts.id}.sqlite`]);
        writer.close();
        const reader = value(library.open(facts.id));
        expect(reader.facts()).toEqual(ended);
        expect(reader.byteLength('wire')).toBe(wire.length);
        expect(reader.byteLength('body')).toBe(wire.length);
        expect(Buffer.compare(reader.read('wire', 0, wire.length), wire)).toBe(0);
        expect(timesAndLengths(reader)).toEqual(
          chunks.map(({ atMicros, bytes, continues }) => [atMicros, bytes.length, continues]),
        );
        reader.close();
        value(library.remove(facts.id));
        expect(existsSync(path.join(library.folder, `${facts.id}.sqlite`))).toBe(false);
      }),
      { numRuns: 40 },
    );
  });
});
