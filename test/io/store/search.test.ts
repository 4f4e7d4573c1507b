import { existsSync, mkdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { messageTextCache, searchedTextBytes } from '../../../src/main/store/recordingText.ts';
import type { Library, SearchAnswer } from '../../../src/main/store/recordingStore.ts';
import { openDatabase } from '../../../src/main/store/sqlite.ts';
import { ending, factsOf, libraryIn, newId, summaryOf, temporaryFolder, value } from './sampleRecordings.ts';

/** Makes an ended recording whose body is this text; returns its id. */
async function recordText(library: Library, body: string, message?: string): Promise<string> {
  const facts = factsOf(newId());
  const writer = value(library.create(facts, summaryOf(facts)));
  writer.chunk(1, new TextEncoder().encode(body), false);
  if (message !== undefined) {
    const bytes = new TextEncoder().encode(message);
    writer.putDerived(messageTextCache.kind, messageTextCache.version, 0, { summary: new Uint8Array(0), bytes });
  }
  const ended = { ...facts, ending };
  value(await writer.finish(ended, summaryOf(ended)));
  writer.close();
  return facts.id;
}

function answerOf<T>(answer: SearchAnswer<T>): T {
  if ('problem' in answer) throw new Error(answer.problem);
  return answer.answer;
}

async function find(library: Library, ...words: string[]): Promise<readonly (readonly string[])[]> {
  await library.texts.indexed();
  return answerOf(await library.texts.find(words)).ids;
}

describe('the text of recordings', () => {
  it('is found by words, their beginnings and phrases, in body and message, once a recording has ended', async () => {
    const library = libraryIn(temporaryFolder());
    library.texts.start();
    const first = await recordText(library, 'data: {"id":"chatcmpl-abc123","ok":true}\n\ndata: Grüße\n\n');
    const second = await recordText(library, 'data: {"t":"Hel"}\n\ndata: {"t":"lo"}\n\n', 'Hello there, world');
    expect(
      await find(library, 'chatcmpl-abc', 'grusse', 'gruße', 'hello', 'there world', 'nowhere', '--', '"'),
    ).toEqual([[first], [], [first], [second], [second], [], [], []]);
    expect(answerOf(await library.texts.excerpts([first, second], ['hello', 'grüße']))).toEqual([
      { id: first, pieces: expect.arrayContaining([{ text: 'Grüße', found: true }]) as unknown },
      {
        id: second,
        pieces: [
          { text: 'Hello', found: true },
          { text: ' there, world', found: false },
        ],
      },
    ]);
    expect(answerOf(await library.texts.excerpts([second], ['grüße']))).toEqual([]);
  });

  it('that is like the language of the index is text like any other', async () => {
    const library = libraryIn(temporaryFolder());
    const id = await recordText(library, 'AND OR NOT body:x NEAR(a, b) \u0002marked\u0003 "quoted');
    expect(await find(library, 'AND', 'NOT body:x', 'NEAR(a, b)', '"quoted', 'body : x', "x' OR 1=1")).toEqual([
      [id],
      [id],
      [id],
      [id],
      [id],
      [],
    ]);
    const [excerpt] = answerOf(await library.texts.excerpts([id], ['marked']));
    expect(excerpt!.pieces.filter(({ found }) => found)).toEqual([{ text: 'marked', found: true }]);
  });

  it('is searched up to a limit', async () => {
    const library = libraryIn(temporaryFolder());
    const id = await recordText(library, `near ${'x '.repeat(searchedTextBytes / 2)} far`);
    expect(await find(library, 'near', 'far')).toEqual([[id], []]);
  });

  it('of binary bodies and of damaged recordings is what can be read', async () => {
    const folder = temporaryFolder();
    const library = libraryIn(folder);
    const id = await recordText(library, '\u0000\u0001word\u0000\ufffd\u0007');
    const damaged = await recordText(library, 'other');
    writeFileSync(path.join(folder, `${damaged}.sqlite`), 'no database '.repeat(10_000));
    expect(await find(library, 'word', 'other')).toEqual([[id], []]);
  });

  it('is made again from the recordings when the index is lost, damaged or of another version', async () => {
    const folder = temporaryFolder();
    const library = libraryIn(folder);
    const id = await recordText(library, 'needle');
    expect(await find(library, 'needle')).toEqual([[id]]);
    await library.close();
    const file = path.join(folder, 'search.sqlite');
    expect(statSync(file).mode & 0o777).toBe(0o600);
    expect(existsSync(`${file}-wal`)).toBe(false);

    rmSync(file);
    const second = libraryIn(folder);
    expect(await find(second, 'needle')).toEqual([[id]]);
    await second.close();
    writeFileSync(file, 'no database '.repeat(1_000));
    const third = libraryIn(folder);
    expect(await find(third, 'needle')).toEqual([[id]]);
    await third.close();
    const database = openDatabase(file, { mode: 'write' });
    database.exec('PRAGMA user_version=99');
    database.close();
    const fourth = libraryIn(folder);
    expect(await find(fourth, 'needle')).toEqual([[id]]);
  });

  it('goes with a recording that is removed and comes back with it', async () => {
    const folder = temporaryFolder();
    const library = libraryIn(folder);
    const id = await recordText(library, 'needle');
    expect(await find(library, 'needle')).toEqual([[id]]);
    value(library.putAside([id]));
    expect(await find(library, 'needle')).toEqual([[]]);
    value(library.bringBack([id]));
    expect(await find(library, 'needle')).toEqual([[id]]);
  });

  it('of recordings that another program made is found', async () => {
    const folder = temporaryFolder();
    const library = libraryIn(folder);
    const other = libraryIn(folder);
    expect(await find(library, 'needle')).toEqual([[]]);
    const id = await recordText(other, 'needle');
    library.pollForeignChanges();
    expect(await find(library, 'needle')).toEqual([[id]]);
    expect(await find(other, 'needle')).toEqual([[id]]);
  });

  it('cannot be searched where the index cannot be written: that is said', async () => {
    const folder = temporaryFolder();
    const library = libraryIn(folder);
    // A folder in its place is no file that could be made anew.

    mkdirSync(path.join(folder, 'search.sqlite'));
    const answer = await library.texts.find(['x']);
    expect(answer).toEqual({ problem: expect.stringMatching(/^The search index cannot be used: .*\.$/) as unknown });
    await library.texts.indexed();
  });
});
