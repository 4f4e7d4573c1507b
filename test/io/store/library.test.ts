import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { copyFileSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it, onTestFinished } from 'vitest';
import { LibraryFile } from '../../../src/main/store/libraryFile.ts';
import { LibraryLines } from '../../../src/main/store/libraryLines.ts';
import type { Library } from '../../../src/main/store/recordingStore.ts';
import { defaultRecordingsFolder } from '../../../src/main/store/recordingsFolder.ts';
import { openDatabase } from '../../../src/main/store/sqlite.ts';
import { noUserWords } from '../../../src/main/store/userWords.ts';
import { openLibrary } from '../../../src/main/store/library.ts';
import type { RecordingSummary } from '../../../src/shared/recording.ts';
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

/** Makes an ended recording; returns its line. */
async function record(library: Library, more: Partial<RecordingSummary> = {}): Promise<RecordingSummary> {
  const facts = factsOf(newId());
  const writer = value(library.create(facts, summaryOf(facts)));
  writer.chunk(1, patternBytes(0, 100), false);
  const ended = { ...facts, ending };
  value(await writer.finish(ended, summaryOf(ended, more)));
  writer.close();
  const line = library.summary(facts.id)!;
  expect(line.sizeOnDisk).toBeGreaterThan(10_000);
  return line;
}

describe('a library', () => {
  it('lists what it holds, newest first, and finds it again', async () => {
    const folder = temporaryFolder();
    const library = libraryIn(folder);
    expect(library.list()).toEqual([]);
    const older = await record(library, { startedAt: 1_000 });
    const newer = await record(library, { startedAt: 2_000 });
    expect(library.list()).toEqual([newer, older]);
    await library.close();
    const again = libraryIn(folder);
    expect(again.list()).toEqual([newer, older]);
    expect(again.summary(older.id)).toEqual(older);
    expect(again.notices).toEqual([]);
    expect(again.pollForeignChanges()).toEqual([]);
  });

  it('is for its owner alone', async () => {
    const folder = path.join(temporaryFolder(), 'made', 'here');
    const library = libraryIn(folder);
    const { id } = await record(library);
    const facts = factsOf(newId());
    value(library.create(facts, summaryOf(facts)));
    const modes = readdirSync(folder).map((name) => (statSync(path.join(folder, name)).mode & 0o777).toString(8));
    expect(readdirSync(folder)).toContain(`${id}.sqlite`);
    expect(new Set(modes)).toEqual(new Set(['600']));
    expect(statSync(folder).mode & 0o777).toBe(0o700);
  });

  it('keeps changed lines in the recordings too: a lost library comes back from them', async () => {
    const folder = temporaryFolder();
    const library = libraryIn(folder);
    const first = await record(library);
    const second = await record(library);
    library.saveSummary({ ...first, name: 'renamed' });
    const reopened = value(library.openForDerived(second.id));
    library.saveSummary({ ...second, name: 'renamed while open' });
    reopened.close();
    await library.close();
    rmSync(path.join(folder, 'library.sqlite'));
    const again = libraryIn(folder);
    expect(
      again
        .list()
        .map(({ name }) => name)
        .sort(),
    ).toEqual(['renamed', 'renamed while open']);
  });

  it('lays a damaged list aside, says so, and keeps the settings it can still read', async () => {
    const folder = temporaryFolder();
    const library = libraryIn(folder);
    const line = await record(library);
    library.writeSettings({ theme: 'dark' });
    await library.close();
    const database = openDatabase(path.join(folder, 'library.sqlite'), { mode: 'write' });
    database.exec('CREATE TABLE intruder (a)');
    database.close();
    const again = libraryIn(folder);
    expect(again.list()).toEqual([line]);
    expect(again.readSettings()).toEqual({ theme: 'dark' });
    expect(again.notices).toHaveLength(1);
    expect(again.notices[0]).toMatch(/damaged .*intruder.* library\.damaged-\d+\.sqlite\.$/);
    await again.close();

    writeFileSync(path.join(folder, 'library.sqlite'), 'no database '.repeat(1_000));
    const third = libraryIn(folder);
    expect(third.list()).toEqual([line]);
    expect(third.notices).toHaveLength(1);
  });

  it('refuses a list that a newer version made', async () => {
    const folder = temporaryFolder();
    await libraryIn(folder).close();
    const database = openDatabase(path.join(folder, 'library.sqlite'), { mode: 'write' });
    database.exec('PRAGMA user_version=3');
    database.close();
    expect(failureOf(openLibrary(folder))).toMatchObject({ code: 'recording/newer-version', data: { version: 3 } });
  });

  it('says why a folder cannot be used', () => {
    const folder = temporaryFolder();
    const file = path.join(folder, 'file');
    writeFileSync(file, '');
    expect(failureOf(openLibrary(path.join(file, 'below')))).toMatchObject({ code: 'store/unwritable' });
  });

  it('takes in recordings that were copied into the folder, and forgets those deleted there', async () => {
    const [from, to] = [temporaryFolder(), temporaryFolder()];
    const source = libraryIn(from);
    const line = await record(source);
    await source.close();
    await libraryIn(to).close();
    copyFileSync(path.join(from, `${line.id}.sqlite`), path.join(to, `${line.id}.sqlite`));
    const target = libraryIn(to);
    expect(target.list()).toEqual([line]);
    const reader = value(target.open(line.id));
    expect(reader.read('wire', 0, 1_000)).toEqual(patternBytes(0, 100));
    reader.close();
    await target.close();
    rmSync(path.join(to, `${line.id}.sqlite`));
    expect(libraryIn(to).list()).toEqual([]);
  });

  it('knows no recording outside its folder or under another name', () => {
    const library = libraryIn(temporaryFolder());
    for (const id of ['library', '../20261121-090000-abcdef', '20261121-090000-abcdef', '', 'x'.repeat(300)]) {
      expect(failureOf(library.open(id)).code).toBe('recording/not-found');
      expect(failureOf(library.openForDerived(id)).code).toBe('recording/not-found');
      expect(failureOf(library.remove(id)).code).toBe('recording/not-found');
    }
  });

  it('deletes a recording with its file, but not while it is live', async () => {
    const folder = temporaryFolder();
    const library = libraryIn(folder);
    const line = await record(library);
    const facts = factsOf(newId());
    const writer = value(library.create(facts, summaryOf(facts)));
    expect(failureOf(library.remove(facts.id)).code).toBe('recording/still-live');
    expect(failureOf(library.openForDerived(facts.id)).code).toBe('recording/still-live');
    value(library.remove(line.id));
    expect(library.list()).toMatchObject([{ id: facts.id, state: 'live' }]);
    expect(failureOf(library.open(line.id)).code).toBe('recording/not-found');
    writer.close();
  });

  it('remembers settings', async () => {
    const folder = temporaryFolder();
    const library = libraryIn(folder);
    expect(library.readSettings()).toBeUndefined();
    library.writeSettings({ theme: 'dark', panes: { library: 240 } });
    await library.close();
    expect(libraryIn(folder).readSettings()).toEqual({ theme: 'dark', panes: { library: 240 } });
  });
});

describe('two libraries on one folder', () => {
  it('see what the other adds, changes and removes, once', async () => {
    const folder = temporaryFolder();
    const [one, two] = [libraryIn(folder), libraryIn(folder)];
    const facts = factsOf(newId());
    const writer = value(one.create(facts, summaryOf(facts)));
    expect(two.pollForeignChanges()).toMatchObject([{ id: facts.id, summary: { state: 'live' } }]);
    expect(two.pollForeignChanges()).toEqual([]);
    expect(failureOf(two.openForDerived(facts.id)).code).toBe('recording/still-live');
    const ended = { ...facts, ending };
    value(await writer.finish(ended, summaryOf(ended)));
    expect(two.list()).toMatchObject([{ id: facts.id, state: 'ended' }]);
    expect(two.pollForeignChanges()).toMatchObject([{ id: facts.id, summary: { state: 'ended' } }]);
    two.saveSummary(summaryOf(ended, { name: 'theirs' }));
    expect(one.pollForeignChanges()).toMatchObject([{ id: facts.id, summary: { name: 'theirs' } }]);
    expect(two.pollForeignChanges()).toEqual([]);
    value(one.remove(facts.id));
    expect(two.pollForeignChanges()).toEqual([{ id: facts.id, summary: null }]);
    expect(one.pollForeignChanges()).toEqual([]);
  });

  it('do not mistake a writer that closed without an ending for a live one', async () => {
    const folder = temporaryFolder();
    const [one, two] = [libraryIn(folder), libraryIn(folder)];
    const facts = factsOf(newId());
    const writer = value(one.create(facts, summaryOf(facts)));
    writer.chunk(7, patternBytes(0, 10), false);
    await one.close();
    expect(two.list()).toMatchObject([{ id: facts.id, state: 'interrupted', durationMicros: 7 }]);
  });
});

describe('a line that is missing where a recording was found', () => {
  it('is left as its writer wrote it when that comes first', () => {
    const file = path.join(temporaryFolder(), 'library.sqlite');
    const [theirs, ours] = [new LibraryFile(file), new LibraryFile(file)];
    onTestFinished(() => {
      theirs.close();
      ours.close();
    });
    const [writers, finders] = [new LibraryLines(theirs), new LibraryLines(ours)];
    const facts = factsOf(newId());
    const ended = summaryOf({ ...facts, ending });
    const line = { words: noUserWords, sizeOnDisk: null };
    const live = { ...line, own: summaryOf(facts), writer: 'lock' };
    writers.save(live);
    writers.save({ ...line, own: ended, writer: null });
    finders.addFound([live]);
    expect(finders.get(facts.id)).toMatchObject({ own: ended, writer: null });
    writers.refresh();
    expect(writers.takeForeign()).toEqual([]);
  });
});

describe('two processes on one folder', () => {
  it('open it while the other records, and change nothing of what it records', async () => {
    const folder = temporaryFolder();
    const program = fileURLToPath(new URL('./openingProcess.ts', import.meta.url));
    const library = libraryIn(folder);
    const child = spawn(process.execPath, [program, folder], { stdio: ['pipe', 'pipe', 'inherit'] });
    await once(child.stdout, 'data');
    for (let i = 0; i < 40; i++) await record(library);
    child.stdin.end();
    expect(await once(child, 'exit')).toEqual([0, null]);
    expect(library.pollForeignChanges()).toEqual([]);
    expect(library.list()).toHaveLength(40);
  });

  it('record at once, each seeing the other', async () => {
    const folder = temporaryFolder();
    const program = fileURLToPath(new URL('./secondProcess.ts', import.meta.url));
    const library = libraryIn(folder);
    const child = spawn(process.execPath, [program, folder, '12'], { stdio: ['ignore', 'ignore', 'inherit'] });
    const exited = once(child, 'exit');
    const own = [];
    for (let i = 0; i < 12; i++) own.push((await record(library)).id);
    expect(await exited).toEqual([0, null]);
    const lines = library.list();
    expect(lines).toHaveLength(24);
    expect(new Set(lines.map(({ state }) => state))).toEqual(new Set(['ended']));
    const theirs = new Set(library.pollForeignChanges().map(({ id }) => id));
    expect(theirs.size).toBe(12);
    expect(own.filter((id) => theirs.has(id))).toEqual([]);
    for (const { id } of lines) {
      const reader = value(library.open(id));
      expect(reader.read('wire', 0, 200)).toEqual(patternBytes(0, 100));
      reader.close();
    }
  });
});

describe('the folder for recordings', () => {
  it('is where the system keeps what applications make', () => {
    const home = path.resolve('/home/ada');
    const own = path.resolve('/somewhere');
    expect(defaultRecordingsFolder({ STREAMSCOPE_HOME: own }, 'linux', home)).toBe(own);
    expect(defaultRecordingsFolder({ XDG_DATA_HOME: own }, 'linux', home)).toBe(path.join(own, 'streamscope'));
    expect(defaultRecordingsFolder({ XDG_DATA_HOME: 'relative' }, 'linux', home)).toBe(
      path.join(home, '.local/share/streamscope'),
    );
    expect(defaultRecordingsFolder({}, 'darwin', home)).toBe(
      path.join(home, 'Library/Application Support/Streamscope'),
    );
    expect(defaultRecordingsFolder({ APPDATA: own }, 'win32', home)).toBe(path.join(own, 'Streamscope'));
  });
});
