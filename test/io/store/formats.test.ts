import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { gunzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { borderKindOf } from '../../../src/engine/recording/borderKind.ts';
import { ChunkIndex } from '../../../src/engine/recording/chunkIndex.ts';
import type { RecordingReader } from '../../../src/main/store/recordingStore.ts';
import { libraryIn, temporaryFolder, value } from './sampleRecordings.ts';

/** Recordings made by the programs that wrote the older formats. */
function folderWith(fixture: string, id: string): string {
  const folder = temporaryFolder();
  const packed = readFileSync(path.join(import.meta.dirname, '../../fixtures/recordings', `${fixture}.sqlite.gz`));
  writeFileSync(path.join(folder, `${id}.sqlite`), gunzipSync(packed));
  return folder;
}

function chunksOf(reader: RecordingReader): ChunkIndex {
  const index = new ChunkIndex((segment) => reader.pairs(segment));
  for (const segment of reader.segments(0)) index.seal(segment);
  return index;
}

function expectFortyEvents(reader: RecordingReader): void {
  const index = chunksOf(reader);
  expect(index.count).toBe(40);
  const text = new TextDecoder();
  let continuing = 0;
  index.visit(0, 40, (run, first, from, to) => {
    for (let i = from; i < to; i++) {
      const start = run.offset[i] as number;
      const bytes = reader.read('wire', start, (run.offset[i + 1] as number) - start);
      const n = first + i;
      expect(text.decode(bytes)).toBe(`id: ${String(n)}\ndata: event number ${String(n)}${'.'.repeat(n * 5)}\n\n`);
      expect(run.micros[i]).toBe(2_000 + n * 10_000);
      continuing += run.continues[i] as number;
    }
  });
  expect(continuing).toBe(0);
}

describe('a recording of format 1', () => {
  it('opens with every chunk and time, and says that its borders are not known', () => {
    const id = '20260801-120000-v1done';
    const library = libraryIn(folderWith('format1-ended', id));
    expect(library.summary(id)?.state).toBe('ended');
    const reader = value(library.open(id));
    expectFortyEvents(reader);
    expect(reader.facts().ending?.code).toBe('end/complete');
    expect(borderKindOf(reader.facts())).toBe('unknown');
    reader.close();
  });

  it('that its writer left unfinished opens with what was committed of its last segment', () => {
    const id = '20260801-120001-v1tail';
    const library = libraryIn(folderWith('format1-interrupted', id));
    expect(library.summary(id)?.state).toBe('interrupted');
    const reader = value(library.open(id));
    expectFortyEvents(reader);
    reader.close();
  });

  it('keeps what is derived from it and another choice of framing', async () => {
    const id = '20260801-120000-v1done';
    const folder = folderWith('format1-ended', id);
    const first = libraryIn(folder);
    const writer = value(first.openForDerived(id));
    writer.writeFacts({ ...writer.facts(), framingOverride: 'text' });
    writer.putDerived('frames', '9', 0, { summary: new Uint8Array([1]), bytes: new Uint8Array([2, 3]) });
    writer.close();
    await first.close();
    const reader = value(libraryIn(folder).open(id));
    expect(reader.facts().framingOverride).toBe('text');
    expect(reader.derivedBlock('frames', '9', 0)).toEqual(new Uint8Array([2, 3]));
    expectFortyEvents(reader);
    reader.close();
  });
});
