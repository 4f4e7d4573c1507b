import fc from 'fast-check';
import { readFileSync, truncateSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { unpackPairs } from '../../../src/engine/recording/chunkPairs.ts';
import type { Library } from '../../../src/main/store/recordingStore.ts';
import { openDatabase } from '../../../src/main/store/sqlite.ts';
import { FailureError } from '../../../src/shared/failure.ts';
import {
  ending,
  factsOf,
  failureOf,
  libraryIn,
  newId,
  patternBytes,
  summaryOf,
  temporaryFolder,
  value,
} from './sampleRecordings.ts';

const length = 900_000;

/** An ended recording of several segments; returns its id. */
async function record(library: Library): Promise<string> {
  const facts = factsOf(newId());
  const writer = value(library.create(facts, summaryOf(facts)));
  for (let at = 0; at < length; at += 9_000) writer.chunk(at, patternBytes(at, 9_000), false);
  writer.putDerived('frames', '1', 0, { summary: patternBytes(0, 9), bytes: patternBytes(0, 900) });
  const ended = { ...facts, ending };
  value(await writer.finish(ended, summaryOf(ended)));
  writer.close();
  return facts.id;
}

function fileOf(library: Library, id: string): string {
  return path.join(library.folder, `${id}.sqlite`);
}

/** Changes a recording's file as somebody with other intentions than ours might. */
function tamper(file: string, sql: string): void {
  const database = openDatabase(file, { mode: 'write' });
  database.exec(sql);
  database.close();
}

/** Reads everything that a recording's file holds. */
function readAll(library: Library, id: string): Uint8Array {
  const opened = library.open(id);
  if (!opened.ok) throw new FailureError(opened.failure);
  const reader = opened.value;
  try {
    for (const segment of reader.segments(0)) reader.pairs(segment.n);
    for (const summary of reader.derivedSummaries('frames', '1').keys()) reader.derivedBlock('frames', '1', summary);
    return reader.read('wire', 0, reader.byteLength('wire'));
  } finally {
    reader.close();
  }
}

function damageOf(read: () => unknown): { readonly code: string; readonly message: string } {
  try {
    read();
  } catch (error) {
    if (error instanceof FailureError) return error.failure;
    throw error;
  }
  throw new Error('nothing was found wrong');
}

describe('a damaged recording', () => {
  it.each([
    ['text', 'this is no database '.repeat(100)],
    ['nothing at all', ''],
    ['a database header alone', 'SQLite format 3\0'.padEnd(16_384, '\0')],
  ])('that holds %s is told as damaged', async (_name, content) => {
    const library = libraryIn(temporaryFolder());
    const id = await record(library);
    writeFileSync(fileOf(library, id), content);
    const failure = failureOf(library.open(id));
    expect(failure.code).toBe('recording/damaged');
    expect(failure.message).toContain(id);
    expect(failureOf(library.openForDerived(id)).code).toBe('recording/damaged');
  });

  it('that was cut short gives what is there and says where it is not', async () => {
    const library = libraryIn(temporaryFolder());
    const id = await record(library);
    truncateSync(fileOf(library, id), 600_000);
    const failure = damageOf(() => readAll(library, id));
    expect(failure.code).toBe('recording/damaged');
  });

  it('says which bytes cannot be read, and gives the others', async () => {
    const library = libraryIn(temporaryFolder());
    const id = await record(library);
    tamper(fileOf(library, id), 'DELETE FROM bytes WHERE position = (SELECT max(position) FROM bytes)');
    const reader = value(library.open(id));
    expect(damageOf(() => reader.read('wire', length - 10, 10)).message).toContain('wire bytes 899990 to 900000');
    expect(Buffer.compare(reader.read('wire', 1_000, 50_000), patternBytes(1_000, 50_000))).toBe(0);
    reader.close();
  });

  it.each([
    ['a trigger', 'CREATE TRIGGER t AFTER INSERT ON meta BEGIN SELECT 1; END', /unexpected trigger named "t"/],
    ['a view', 'CREATE VIEW v AS SELECT 1', /unexpected view named "v"/],
    ['another table', 'CREATE TABLE other (a)', /unexpected table named "other"/],
    ['a missing table', 'DROP TABLE tail', /table tail is missing/],
    ['another application id', 'PRAGMA application_id=1', /not a recording/],
    ['no facts', "DELETE FROM meta WHERE key='facts'", /facts are missing/],
    ['facts that are no JSON', "UPDATE meta SET value='{' WHERE key='facts'", /facts of the exchange cannot be read/],
    ['facts of another shape', `UPDATE meta SET value='{"id":7}' WHERE key='facts'`, /do not hold together at id/],
    ['a gap in its segments', 'DELETE FROM segments WHERE n=1', /segment 2 does not follow/],
    ['segments that overlap', 'UPDATE segments SET byte_offset=5 WHERE n=1', /segment 1 does not follow/],
    ['time that goes back', 'UPDATE segments SET first_us=last_us+1 WHERE n=1', /segment 1 does not follow/],
    ['a negative count', 'UPDATE segments SET chunks=-5 WHERE n=2', /segments do not hold/],
    ['an integer out of range', 'UPDATE segments SET bytes=9223372036854775807 WHERE n=2', /damaged/],
    ['a segment of a third kind', 'UPDATE segments SET space=7 WHERE n=2', /wire bytes|missing|follow|damaged/],
    ['missing times', 'DELETE FROM chunk_times WHERE segment=1', /times of segment 1 are missing/],
    ['a blob beyond its limit', 'UPDATE bytes SET data=zeroblob(300000000) WHERE position=0', /bytes do not hold/],
    ['times beyond their limit', 'UPDATE chunk_times SET pairs=zeroblob(70000) WHERE segment=0', /times of segment 0/],
    [
      'a tail beyond its limit',
      "INSERT INTO tail VALUES (1,0,1,1,1,zeroblob(1),zeroblob(0)), (2,0,1,1,1,x'',x'00')",
      null,
    ],
  ])('with %s is refused', async (_name, sql, message) => {
    const library = libraryIn(temporaryFolder());
    const id = await record(library);
    tamper(fileOf(library, id), sql);
    if (message === null) {
      // A tail of an ended recording is odd, but it is data: its times say that they are damaged.
      const reader = value(library.open(id));
      const last = [...reader.segments(0)].at(-1)!;
      expect(() => unpackPairs(reader.pairs(last.n), last)).toThrow(RangeError);
      reader.close();
      return;
    }
    const failure = damageOf(() => readAll(library, id));
    expect(failure.code).toBe('recording/damaged');
    expect(failure.message).toMatch(message);
  });

  it('of a newer version is told as such', async () => {
    const library = libraryIn(temporaryFolder());
    const id = await record(library);
    tamper(fileOf(library, id), 'PRAGMA user_version=3');
    expect(failureOf(library.open(id))).toMatchObject({
      code: 'recording/newer-version',
      data: { version: 3, known: 2 },
    });
    expect(failureOf(library.open(id)).message).toContain('newer Streamscope');
  });

  it.each([
    ['any bytes', undefined],
    // Turns a search tree so that a read once met the same piece for ever.
    ['the bytes of seed 14', 14],
  ])('with %s turned gives data or a failure, and never anything else', async (_, seed) => {
    const library = libraryIn(temporaryFolder());
    const id = await record(library);
    const sound = readFileSync(fileOf(library, id));
    const turns = fc.array(
      fc.record({
        // The pages of the schema and the small tables, where all structure is, as often as all the rest.
        at: fc.oneof(fc.integer({ min: 0, max: 131_071 }), fc.integer({ min: 0, max: sound.length - 1 })),
        by: fc.integer({ min: 1, max: 255 }),
      }),
      { minLength: 1, maxLength: 12 },
    );
    const seen = { read: 0, refused: 0 };
    fc.assert(
      fc.property(turns, (places) => {
        const turned = Buffer.from(sound);
        for (const { at, by } of places) turned[at] = turned[at]! ^ by;
        writeFileSync(fileOf(library, id), turned);
        try {
          readAll(library, id);
          seen.read++;
        } catch (error) {
          expect(error).toBeInstanceOf(FailureError);
          seen.refused++;
        }
      }),
      { numRuns: 400, ...(seed === undefined ? {} : { seed }) },
    );
    expect(seen.read).toBeGreaterThan(0);
    expect(seen.refused).toBeGreaterThan(0);
  });

  it('without a line is told when the library is opened, and is left alone', async () => {
    const folder = temporaryFolder();
    const id = newId();
    writeFileSync(path.join(folder, `${id}.sqlite`), 'not a recording');
    const library = libraryIn(folder);
    expect(library.list()).toEqual([]);
    expect(library.notices).toHaveLength(1);
    expect(library.notices[0]).toContain(id);
    expect(readFileSync(path.join(folder, `${id}.sqlite`), 'utf8')).toBe('not a recording');
  });
});
