import { readdirSync, statSync } from 'node:fs';
import path from 'node:path';
import { unpackBodyPieces } from '../../../src/engine/recording/bodyPieces.ts';
import { describe, expect, it } from 'vitest';
import { unpackPairs } from '../../../src/engine/recording/chunkPairs.ts';
import type { RecordingWriter } from '../../../src/main/store/recordingStore.ts';
import { defaultLimits } from '../../../src/shared/limits.ts';
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

/** Waits until a writer's bytes are committed. */
async function committed(writer: RecordingWriter): Promise<void> {
  while (writer.unwrittenBytes > 0) await new Promise((resolve) => setTimeout(resolve, 2));
}

describe('a live recording', () => {
  it('answers reads across what is open, on its way and on the disk', async () => {
    const library = libraryIn(temporaryFolder());
    const facts = factsOf(newId());
    const writer = value(library.create(facts, summaryOf(facts)));
    const size = 7_001;
    let length = 0;
    for (let i = 0; i < 400; i++) {
      writer.chunk(i * 10, patternBytes(length, size), false);
      length += size;
      expect(writer.byteLength('wire')).toBe(length);
      // Deterministic places over all of the recording, its very end among them.
      const from = (i * 104_729) % length;
      expect(
        Buffer.compare(writer.read('wire', from, 20_000), patternBytes(from, Math.min(20_000, length - from))),
      ).toBe(0);
      if (i % 37 === 0) await committed(writer);
    }
    await committed(writer);
    expect(Buffer.compare(writer.read('wire', 0, length), patternBytes(0, length))).toBe(0);
    expect(writer.read('wire', length, 10)).toHaveLength(0);
    expect(writer.read('wire', length + 5, 10)).toHaveLength(0);
  });

  it('tells of each sealed segment once, in order, with pairs that can be read at once', async () => {
    const library = libraryIn(temporaryFolder());
    const facts = factsOf(newId());
    const writer = value(library.create(facts, summaryOf(facts)));
    const sealed: number[] = [];
    let appended = 0;
    writer.onSealed((segment) => {
      sealed.push(segment.n);
      const { micros } = unpackPairs(writer.pairs(segment.n), segment);
      // Never a chunk whose hand-over has not returned yet: consumers append it after that.
      expect(segment.firstChunk + micros.length).toBeLessThanOrEqual(appended);
    });
    for (let i = 0; i < 300; i++) {
      writer.chunk(i, patternBytes(0, i === 100 ? 900_000 : 5_000), false);
      appended++;
      if (i % 60 === 0) await committed(writer);
    }
    const ended = { ...facts, ending };
    value(await writer.finish(ended, summaryOf(ended)));
    expect(sealed).toEqual([...writer.segments(0)].map(({ n }) => n));
    expect(sealed).toEqual(sealed.map((_, n) => n));
    expect([...writer.segments(0)].reduce((sum, { chunks }) => sum + chunks, 0)).toBe(300);
    expect([...writer.segments(2)][0]?.n).toBe(2);
  });

  it('keeps a decoded body apart from the wire, and which chunk each byte of it came from', async () => {
    const library = libraryIn(temporaryFolder());
    const facts = factsOf(newId());
    const writer = value(library.create(facts, summaryOf(facts)));
    expect(writer.hasDecodedBody).toBe(false);
    writer.chunk(5, patternBytes(0, 1_000), false);
    expect(writer.byteLength('body')).toBe(1_000);
    let decoded = 0;
    for (const [chunk, size] of [
      [0, 0],
      [0, 3],
      [4, 700_000],
      [9, 12],
    ] as const) {
      writer.body(chunk, patternBytes(decoded + 77, size));
      decoded += size;
      await committed(writer);
    }
    expect(writer.hasDecodedBody).toBe(true);
    expect(Buffer.compare(writer.read('body', 0, decoded), patternBytes(77, decoded))).toBe(0);
    const ended = { ...facts, ending };
    value(await writer.finish(ended, summaryOf(ended)));
    writer.close();
    const reader = value(library.open(facts.id));
    expect(reader.hasDecodedBody).toBe(true);
    expect(reader.byteLength('wire')).toBe(1_000);
    expect(reader.byteLength('body')).toBe(decoded);
    expect(Buffer.compare(reader.read('body', 262_140, 10), patternBytes(77 + 262_140, 10))).toBe(0);
    const lengths = new Map<number, number>();
    for (let segment = 0; segment < reader.bodySegments; segment++) {
      for (const { chunk, length } of unpackBodyPieces(reader.bodyPieces(segment) ?? new Uint8Array(0))) {
        lengths.set(chunk, (lengths.get(chunk) ?? 0) + length);
      }
    }
    expect([...lengths]).toEqual([
      [0, 3],
      [4, 700_000],
      [9, 12],
    ]);
    expect(Buffer.compare(reader.read('wire', 990, 100), patternBytes(990, 10))).toBe(0);
    reader.close();
  });

  it('tells a decoded body without a byte from none', async () => {
    const library = libraryIn(temporaryFolder());
    const facts = factsOf(newId());
    const writer = value(library.create(facts, summaryOf(facts)));
    writer.chunk(5, patternBytes(0, 20), false);
    writer.body(0, new Uint8Array(0));
    const ended = { ...facts, ending };
    value(await writer.finish(ended, summaryOf(ended)));
    writer.close();
    const reader = value(library.open(facts.id));
    expect([reader.hasDecodedBody, reader.byteLength('body'), reader.byteLength('wire')]).toEqual([true, 0, 20]);
    reader.close();
  });

  it('asks for a pause at the limit of unwritten bytes, and says when to go on', async () => {
    const limits = { ...defaultLimits, unwrittenBytes: 1_048_576 };
    const library = libraryIn(temporaryFolder(), limits);
    const facts = factsOf(newId());
    const writer = value(library.create(facts, summaryOf(facts)));
    let mayGoOn = true;
    let bytes = 0;
    while (mayGoOn) {
      mayGoOn = writer.chunk(bytes, patternBytes(bytes, 65_536), false);
      bytes += 65_536;
    }
    // Within one turn of the loop nothing can have been committed: the limit alone said no.
    expect(bytes).toBe(limits.unwrittenBytes);
    expect(writer.unwrittenBytes).toBe(bytes);
    await new Promise<void>((resolve) => {
      writer.onDrain(resolve);
    });
    expect(writer.unwrittenBytes).toBeLessThanOrEqual(limits.unwrittenBytes / 2);
    expect(writer.chunk(bytes, patternBytes(bytes, 10), false)).toBe(true);
    expect(Buffer.compare(writer.read('wire', 0, bytes + 10), patternBytes(0, bytes + 10))).toBe(0);
  });

  it('shares the limit with the others, and wakes all of them', async () => {
    const library = libraryIn(temporaryFolder(), { ...defaultLimits, unwrittenBytes: 1_048_576 });
    const writers = Array.from({ length: 3 }, () => {
      const facts = factsOf(newId());
      return value(library.create(facts, summaryOf(facts)));
    });
    const drains = writers.map(
      (writer) =>
        new Promise<void>((resolve) => {
          writer.onDrain(resolve);
        }),
    );
    const answers = writers.map((writer) => writer.chunk(1, patternBytes(0, 1_000_000), false));
    expect(answers).toEqual([true, false, false]);
    await Promise.all(drains.slice(1));
    expect(writers.map((writer) => writer.chunk(2, patternBytes(0, 1), false))).toEqual([true, true, true]);
  });

  it('refuses a time that goes back and bytes after its ending: those are bugs', async () => {
    const library = libraryIn(temporaryFolder());
    const facts = factsOf(newId());
    const writer = value(library.create(facts, summaryOf(facts)));
    writer.chunk(100, patternBytes(0, 1), false);
    expect(() => writer.chunk(99, patternBytes(0, 1), false)).toThrow(RangeError);
    expect(() => writer.chunk(100.5, patternBytes(0, 1), false)).toThrow(RangeError);
    const ended = { ...facts, ending };
    value(await writer.finish(ended, summaryOf(ended)));
    expect(() => writer.chunk(200, patternBytes(0, 1), false)).toThrow('after its ending');
  });

  it('rewrites facts that grow with every pause for a share of the stream, and ends with all of them', async () => {
    const folder = temporaryFolder();
    const library = libraryIn(folder);
    const facts = factsOf(newId());
    const writer = value(library.create(facts, summaryOf(facts)));
    const marks = [...facts.marks];
    for (let pause = 0; pause < 400; pause++) {
      for (let i = 0; i < 60; i++) {
        marks.push({ name: 'paused', atMicros: pause * 1_000 + i, facts: { reason: 'writing is behind' } });
      }
      writer.writeFacts({ ...facts, marks: [...marks] });
      writer.chunk(pause * 1_000, patternBytes(pause * 1_000, 1_000), false);
      if (pause % 4 === 0) await committed(writer);
    }
    const ended = { ...facts, marks, ending };
    const log = statSync(path.join(folder, `${facts.id}.sqlite-wal`)).size;
    value(await writer.finish(ended, summaryOf(ended)));
    writer.close();
    // All of the facts at each hand-over would be some 100 MB.
    expect(log).toBeLessThan(20_000_000);
    const reader = value(library.open(facts.id));
    expect(reader.facts().marks).toEqual(marks);
    reader.close();
  });

  it('keeps facts as they change, and a body of bytes in them', async () => {
    const folder = temporaryFolder();
    const library = libraryIn(folder);
    const facts = factsOf(newId());
    const writer = value(library.create(facts, summaryOf(facts)));
    const changed = {
      ...facts,
      request: { ...facts.request!, body: { kind: 'bytes' as const, bytes: patternBytes(0, 300) } },
      head: { status: 200, statusText: 'OK', httpVersion: '1.1', headers: [], atMicros: 9 },
    };
    writer.writeFacts(changed);
    expect(writer.facts()).toBe(changed);
    writer.chunk(10, patternBytes(0, 3), false);
    writer.close();
    await library.close();
    const again = libraryIn(folder);
    expect(again.list()).toMatchObject([{ id: facts.id, state: 'interrupted', status: 200 }]);
    const reader = value(again.open(facts.id));
    expect(reader.facts()).toEqual(changed);
    reader.close();
  });

  it('can be discarded at once, and leaves nothing', async () => {
    const folder = temporaryFolder();
    const library = libraryIn(folder);
    const facts = factsOf(newId());
    const writer = value(library.create(facts, summaryOf(facts)));
    writer.chunk(1, patternBytes(0, 10), false);
    writer.close();
    value(library.remove(facts.id));
    expect(library.list()).toEqual([]);
    await library.close();
    expect(readdirSync(folder)).toEqual(['library.sqlite']);
  });
});

describe('derived caches', () => {
  it('are readable at once and after, in order, and only in their version', async () => {
    const library = libraryIn(temporaryFolder());
    const facts = factsOf(newId());
    const writer = value(library.create(facts, summaryOf(facts)));
    writer.chunk(1, patternBytes(0, 10), false);
    const block = (n: number) => ({ summary: patternBytes(n, 4), bytes: patternBytes(n, 50_000) });
    for (const n of [0, 1, 2]) writer.putDerived('frames', '1', n, block(n));
    expect(writer.derivedSummaries('frames', '1')).toEqual([0, 1, 2].map((n) => patternBytes(n, 4)));
    await committed(writer);
    writer.putDerived('frames', '1', 3, block(3));
    expect(writer.derivedSummaries('frames', '1')).toEqual([0, 1, 2, 3].map((n) => patternBytes(n, 4)));
    expect(writer.derivedBlock('frames', '1', 1)).toEqual(patternBytes(1, 50_000));
    expect(writer.derivedBlock('frames', '2', 1)).toBeUndefined();
    const ended = { ...facts, ending };
    value(await writer.finish(ended, summaryOf(ended)));
    expect(writer.derivedBlock('frames', '1', 3)).toEqual(patternBytes(3, 50_000));
    writer.close();

    const later = value(library.openForDerived(facts.id));
    expect(later.derivedSummaries('frames', '1')).toHaveLength(4);
    later.dropDerived('frames');
    expect(later.derivedSummaries('frames', '1')).toEqual([]);
    later.putDerived('frames', '2', 0, block(9));
    later.writeFacts({ ...ended, framingOverride: 'text' });
    expect(later.derivedBlock('frames', '1', 0)).toBeUndefined();
    expect(later.derivedBlock('frames', '2', 0)).toEqual(patternBytes(9, 50_000));
    await committed(later);
    expect(later.derivedSummaries('frames', '2')).toEqual([patternBytes(9, 4)]);
    expect(() => later.chunk(1, patternBytes(0, 1), false)).toThrow('after its ending');
    later.close();
    await library.close();

    const again = libraryIn(library.folder);
    const reader = value(again.open(facts.id));
    expect(reader.facts()).toEqual({ ...ended, framingOverride: 'text' });
    expect(reader.derivedSummaries('frames', '1')).toEqual([]);
    expect(reader.derivedBlock('frames', '2', 0)).toEqual(patternBytes(9, 50_000));
    reader.close();
    expect(readdirSync(library.folder).sort()).toEqual([
      `${facts.id}.sqlite`,
      'library.sqlite',
      'library.sqlite-shm',
      'library.sqlite-wal',
    ]);
  });
});
