import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { LibraryFile } from '../../../src/main/store/libraryFile.ts';
import { openLibrary } from '../../../src/main/store/library.ts';
import type { Library } from '../../../src/main/store/recordingStore.ts';
import { noUserWords } from '../../../src/main/store/userWords.ts';
import { factsOf, ending, summaryOf } from './sampleFacts.ts';
import { value } from './sampleRecordings.ts';

/** A hundred times the recordings: what looks at each of them takes a hundred times as long. */
const few = 100;
const many = 10_000;
const rounds = 15;

/** A folder with so many lines, and a file under the name of each: opening asks no more of them. */
function folderOf(count: number): string {
  const folder = mkdtempSync(path.join(tmpdir(), 'streamscope-many-'));
  const file = new LibraryFile(path.join(folder, 'library.sqlite'));
  file.together(() => {
    for (let n = 0; n < count; n++) {
      const id = `20261120-090000-${n.toString(16).padStart(6, '0')}`;
      const ended = factsOf(id, { ending, startedAt: n });
      file.add({ own: summaryOf(ended), words: noUserWords, sizeOnDisk: 1, writer: null });
      writeFileSync(path.join(folder, `${id}.sqlite`), '');
    }
  });
  file.close();
  return folder;
}

async function recordOne(library: Library): Promise<string> {
  const facts = factsOf('20261121-090000-abcdef');
  const writer = value(library.create(facts, summaryOf(facts)));
  writer.chunk(1, new Uint8Array(100), false);
  const ended = { ...facts, ending };
  value(await writer.finish(ended, summaryOf(ended)));
  writer.close();
  return facts.id;
}

/** The quickest of several rounds, in milliseconds: work beside it makes others longer, but none shorter. */
async function quickest(act: (round: number) => unknown): Promise<number> {
  let best = Infinity;
  for (let round = 0; round < rounds; round++) {
    const start = performance.now();
    await act(round);
    best = Math.min(best, performance.now() - start);
  }
  return best;
}

describe(`a library of ${String(many)} recordings`, () => {
  const libraries: Library[] = [];
  const ids: string[] = [];
  const opened: number[] = [];

  beforeAll(async () => {
    for (const count of [few, many]) {
      const folder = folderOf(count);
      const start = performance.now();
      const library = value(openLibrary(folder));
      opened.push(performance.now() - start);
      libraries.push(library);
      ids.push(await recordOne(library));
    }
  }, 120_000);

  afterAll(async () => {
    for (const library of libraries) {
      await library.close();
      rmSync(library.folder, { recursive: true });
    }
  }, 120_000);

  /** How many times as long something takes there as among few. */
  async function ratio(act: (library: Library, id: string, round: number) => unknown): Promise<number> {
    const [among, amongMany] = [0, 1].map((n) => async () => {
      const library = libraries[n];
      const id = ids[n];
      if (library === undefined || id === undefined) throw new Error('no library was made');
      return quickest((round) => act(library, id, round));
    });
    if (among === undefined || amongMany === undefined) throw new Error('two are compared');
    return (await amongMany()) / (await among());
  }

  it('lists all of them, newest first', () => {
    expect(libraries[1]?.list()).toHaveLength(many + 1);
    expect(libraries[1]?.list()[0]?.id).toBe(ids[1]);
  });

  it.each([
    [
      'tagging one',
      (library: Library, id: string, n: number) => library.change([id], { addTags: [`tag ${String(n)}`] }),
    ],
    ['renaming one', (library: Library, id: string, n: number) => library.change([id], { name: `name ${String(n)}` })],
    ['looking one up', (library: Library, id: string) => library.summary(id)],
    ['opening one', (library: Library, id: string) => value(library.open(id)).close()],
  ])('%s takes no longer than among few', async (_name, act) => {
    expect(await ratio(act)).toBeLessThan(8);
  });

  it('takes no more than its share of time to be opened', () => {
    const [among = NaN, amongMany = NaN] = opened;
    expect(amongMany / among).toBeLessThan((3 * many) / few);
  });

  it('asks no recording for what its line says', () => {
    // The files under their names hold nothing: whoever reads one finds it damaged.
    expect(libraries[1]?.notices).toEqual([]);
    expect(libraries[1]?.list().every(({ sizeOnDisk }) => sizeOnDisk !== null)).toBe(true);
  });
});
