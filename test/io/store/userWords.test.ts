import { copyFileSync, existsSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { undoMillis } from '../../../src/main/store/library.ts';
import { openDatabase } from '../../../src/main/store/sqlite.ts';
import { RecordingsAside } from '../../../src/main/store/recordingsAside.ts';
import {
  ending,
  factsOf,
  failureOf,
  libraryIn,
  newId,
  patternBytes,
  recordSample,
  summaryOf,
  temporaryFolder,
  value,
} from './sampleRecordings.ts';

describe("a user's words", () => {
  it('are in the recording itself: they survive the library and go along with a copy', async () => {
    const folder = temporaryFolder();
    const library = libraryIn(folder);
    const { id } = await recordSample(library);
    const [line] = value(
      await library.change([id], { name: ' Slow one ', addTags: ['slow', 'bug 12'], starred: true, note: 'see #12' }),
    );
    expect(line).toMatchObject({ name: 'Slow one', tags: ['slow', 'bug 12'], starred: true, note: 'see #12' });
    value(await library.change([id], { removeTags: ['slow'], addTags: ['bug 12', 'seen'] }));
    await library.close();
    for (const name of readdirSync(folder)) if (name.startsWith('library')) rmSync(path.join(folder, name));

    const again = libraryIn(folder);
    const words = { name: 'Slow one', tags: ['bug 12', 'seen'], starred: true, note: 'see #12' };
    expect(again.list()).toMatchObject([words]);
    const to = temporaryFolder();
    copyFileSync(path.join(folder, `${id}.sqlite`), path.join(to, `${id}.sqlite`));
    expect(libraryIn(to).list()).toMatchObject([words]);
    value(await again.change([id], { name: null, note: ' ' }));
    expect(again.list()).toMatchObject([{ name: 'stream', note: null, starred: true }]);
  });

  it('stay when the recording is analysed again, and when it ends', async () => {
    const library = libraryIn(temporaryFolder());
    const facts = factsOf(newId());
    const writer = value(library.create(facts, summaryOf(facts)));
    value(await library.change([facts.id], { starred: true, addTags: ['live'] }));
    writer.chunk(1, patternBytes(0, 100), false);
    const ended = { ...facts, ending };
    value(await writer.finish(ended, summaryOf(ended)));
    writer.close();
    expect(library.list()).toMatchObject([{ starred: true, tags: ['live'], state: 'ended' }]);
    library.saveSummary(summaryOf(ended, { framing: 'sse' }));
    expect(library.list()).toMatchObject([{ starred: true, tags: ['live'], framing: 'sse' }]);
    await library.close();
    const folder = library.folder;
    rmSync(path.join(folder, 'library.sqlite'));
    expect(libraryIn(folder).list()).toMatchObject([{ starred: true, tags: ['live'], framing: 'sse' }]);
  });

  it('of two libraries on one folder are put together, also while one of them records', async () => {
    const folder = temporaryFolder();
    const recording = libraryIn(folder);
    const facts = factsOf(newId());
    const writer = value(recording.create(facts, summaryOf(facts)));
    writer.chunk(1, patternBytes(0, 100), false);
    const other = libraryIn(folder);
    value(await other.change([facts.id], { addTags: ['from the other'] }));
    value(await recording.change([facts.id], { addTags: ['own'] }));
    expect(other.list()).toMatchObject([{ tags: ['from the other', 'own'] }]);
    value(await other.change([facts.id], { starred: true }));
    expect(recording.pollForeignChanges()).toMatchObject([
      { id: facts.id, summary: { tags: ['from the other', 'own'], starred: true } },
    ]);
    const ended = { ...facts, ending };
    value(await writer.finish(ended, summaryOf(ended)));
    writer.close();
    await recording.close();
    await other.close();
    rmSync(path.join(folder, 'library.sqlite'));
    expect(libraryIn(folder).list()).toMatchObject([{ tags: ['from the other', 'own'], starred: true }]);
  });

  it('are all taken or none: a file that cannot be written leaves every recording as it was', async () => {
    const folder = temporaryFolder();
    const library = libraryIn(folder);
    const fine = await recordSample(library);
    const damaged = await recordSample(library);
    writeFileSync(path.join(folder, `${damaged.id}.sqlite`), 'no database '.repeat(10_000));
    const failure = failureOf(await library.change([fine.id, damaged.id], { addTags: ['x'] }));
    expect(failure.code).toBe('recording/damaged');
    expect(library.list().map(({ tags }) => tags)).toEqual([[], []]);
    expect(failureOf(await library.change([fine.id, newId()], { starred: true })).code).toBe('recording/not-found');
    await library.close();
    rmSync(path.join(folder, 'library.sqlite'));
    expect(libraryIn(folder).list()).toMatchObject([{ id: fine.id, tags: [] }]);
  });

  it('that a foreign file holds and that are none keep nobody from opening it', async () => {
    const folder = temporaryFolder();
    const library = libraryIn(folder);
    const { id } = await recordSample(library);
    await library.close();
    rmSync(path.join(folder, 'library.sqlite'));
    const database = openDatabase(path.join(folder, `${id}.sqlite`), { mode: 'write' });
    database.prepare("INSERT INTO meta VALUES ('words', ?)").run('{"revision":"x","tags":7}');
    database.close();
    const again = libraryIn(folder);
    expect(again.list()).toMatchObject([{ id, tags: [], starred: false }]);
    value(await again.change([id], { starred: true }));
    expect(again.list()).toMatchObject([{ starred: true }]);
  });

  it('find a list of version 1 taken over', async () => {
    const folder = temporaryFolder();
    const library = libraryIn(folder);
    const line = await recordSample(library);
    await library.close();
    const database = openDatabase(path.join(folder, 'library.sqlite'), { mode: 'write' });
    database.exec(
      'ALTER TABLE lines RENAME TO present;' +
        'CREATE TABLE lines (id TEXT PRIMARY KEY NOT NULL, revision INTEGER NOT NULL, writer TEXT, summary TEXT NOT NULL) ' +
        'STRICT, WITHOUT ROWID;' +
        "INSERT INTO lines SELECT id, revision, writer, json_remove(summary, '$.model') FROM present;" +
        'DROP TABLE present; PRAGMA user_version=1',
    );
    database.close();
    const again = libraryIn(folder);
    expect(again.notices).toEqual([]);
    expect(again.list()).toEqual([line]);
  });
});

describe('a removed recording', () => {
  it('is gone from the library, comes back with its words, and is gone for good when the program ends', async () => {
    const folder = temporaryFolder();
    const library = libraryIn(folder);
    const other = libraryIn(folder);
    const kept = await recordSample(library);
    const { id } = await recordSample(library);
    value(await library.change([id], { addTags: ['x'] }));
    value(library.putAside([id]));
    expect(library.list()).toEqual([kept]);
    expect(other.list()).toEqual([kept]);
    expect(failureOf(library.open(id)).code).toBe('recording/not-found');
    expect(failureOf(other.open(id)).code).toBe('recording/not-found');
    expect(failureOf(library.putAside([id])).code).toBe('recording/not-found');
    expect(value(library.bringBack([id, newId()]))).toMatchObject([{ id, tags: ['x'] }]);
    expect(other.list()).toHaveLength(2);
    const reader = value(library.open(id));
    expect(reader.read('wire', 0, 100)).toEqual(patternBytes(0, 100));
    reader.close();
    value(library.putAside([id]));
    await library.close();
    expect(readdirSync(folder).filter((name) => name.startsWith(id))).toEqual([]);
    expect(value(other.bringBack([id]))).toEqual([]);
  });

  it('is not removed at all where one of several cannot be', async () => {
    const library = libraryIn(temporaryFolder());
    const { id } = await recordSample(library);
    const facts = factsOf(newId());
    value(library.create(facts, summaryOf(facts)));
    expect(failureOf(library.putAside([id, facts.id])).code).toBe('recording/still-live');
    expect(library.list()).toHaveLength(2);
    value(library.open(id)).close();
  });

  it('stays away after a crash, can be brought back for a while, and is deleted then', async () => {
    const folder = temporaryFolder();
    const library = libraryIn(folder);
    const { id } = await recordSample(library);
    await library.close();
    // What a killed program leaves: the mark, and everything else as it was.
    new RecordingsAside(folder).put(id);
    const again = libraryIn(folder);
    expect(again.list()).toEqual([]);
    expect(value(again.bringBack([id]))).toMatchObject([{ id }]);
    value(again.putAside([id]));
    const aside = new RecordingsAside(folder);
    aside.deleteOlderThan(undoMillis);
    expect(existsSync(path.join(folder, `${id}.sqlite`))).toBe(true);
    aside.deleteOlderThan(0);
    expect(readdirSync(folder).filter((name) => name.startsWith(id))).toEqual([]);
  });
});
