import { Buffer } from 'node:buffer';
import type { Ending } from '../../shared/recording.ts';
import { aimockStart, readAimock } from '../../engine/recording/aimock/readFixtures.ts';
import { harStart, readHar, type HarEntry } from '../../engine/recording/harEntry.ts';
import { byteCount, endingFrom } from './endings.ts';
import type { FileReader, ReaderSurroundings } from './fileReader.ts';

/** A HAR file is one JSON text, which is read as a whole. */
const longestHarBytes = 134_217_728;

/** True for the beginning of what `HarReader` reads. */
export function mayHoldExchanges(start: string): boolean {
  return harStart.test(start) || aimockStart.test(start);
}

/** A HAR file or fixtures of aimock: its first exchange is told here, the others are for recordings of their own. */
export class HarReader implements FileReader {
  readonly #surroundings: ReaderSurroundings;
  /** Reads the file if it turns out to be no HAR file. */
  readonly #otherwise: () => FileReader;
  readonly #further: (entries: readonly HarEntry[]) => void;
  #pieces: Uint8Array[] = [];
  #bytes = 0;

  constructor(
    surroundings: ReaderSurroundings,
    otherwise: () => FileReader,
    further: (entries: readonly HarEntry[]) => void,
  ) {
    this.#surroundings = surroundings;
    this.#otherwise = otherwise;
    this.#further = further;
  }

  append(bytes: Uint8Array): void {
    this.#bytes += bytes.byteLength;
    if (this.#bytes > longestHarBytes) this.#pieces = [];
    else this.#pieces.push(new Uint8Array(bytes));
  }

  async finish(): Promise<Ending> {
    if (this.#bytes > longestHarBytes) {
      return this.#unreadable(
        `The file has ${byteCount(this.#bytes)}; at most ${byteCount(longestHarBytes)} are read. Export fewer exchanges into one file.`,
      );
    }
    const bytes = Buffer.concat(this.#pieces);
    this.#pieces = [];
    const text = bytes.toString('utf8');
    const har = aimockStart.test(text.slice(0, longestStart))
      ? readAimock(text, this.#surroundings.startedAt)
      : readHar(text);
    if (har === null) {
      const reader = this.#otherwise();
      reader.append(bytes);
      return reader.finish();
    }
    const [first, ...further] = har.entries;
    if (first === undefined) return this.#unreadable(har.problem ?? 'The HAR file holds no exchange.');
    this.#further(further);
    if (har.problem !== null || har.total > har.entries.length) {
      const reason = har.problem ?? `Of ${String(har.total)} entries the first ${String(har.entries.length)} are read.`;
      const ending = await new HarEntryReader(this.#surroundings, first).finish();
      this.#surroundings.sink.transportDiagnostic('import/malformed-line', { line: 1, reason });
      return ending;
    }
    return new HarEntryReader(this.#surroundings, first).finish();
  }

  #unreadable(message: string): Ending {
    this.#surroundings.sink.origin({ request: null, startedAt: this.#surroundings.startedAt, timesKnown: false });
    return endingFrom({ code: 'end/import-unreadable', message, offset: null }, 0);
  }
}

/** What tells the kinds of files apart is within their first characters. */
const longestStart = 256;

/** One exchange of a HAR file. */
export class HarEntryReader implements FileReader {
  readonly #surroundings: ReaderSurroundings;
  readonly #entry: HarEntry;

  constructor(surroundings: ReaderSurroundings, entry: HarEntry) {
    this.#surroundings = surroundings;
    this.#entry = entry;
  }

  append(): void {
    throw new Error('an exchange of a HAR file has no further bytes');
  }

  async finish(): Promise<Ending> {
    const { sink, body, chunk } = this.#surroundings;
    const { request, startedAt, timesKnown, head, chunks } = this.#entry;
    sink.origin({ request, startedAt, timesKnown, bordersKnown: false });
    if (head !== null) {
      sink.head(head);
      body.begin(head);
    }
    let bytes = 0;
    for (const each of chunks) {
      chunk(each.atMicros, each.bytes, false);
      bytes += each.bytes.byteLength;
    }
    await body.finish({ code: 'end/imported', message: '', offset: null });
    return this.#ending(bytes);
  }

  #ending(bytes: number): Ending {
    const { ending, error, head, isBodyMissing, chunks, file } = this.#entry;
    if (ending !== null) return ending;
    const atMicros = chunks.at(-1)?.atMicros ?? 0;
    if (error !== null || head === null) {
      const message = error === null ? 'The HAR file has no answer to this request.' : `It broke off: ${error}`;
      return endingFrom({ code: 'end/import-unfinished', message, offset: bytes }, atMicros);
    }
    if (isBodyMissing) {
      const message = 'The HAR file holds the head of this answer without its body.';
      return endingFrom({ code: 'end/import-unfinished', message, offset: 0 }, atMicros);
    }
    return endingFrom(
      { code: 'end/imported', message: `Imported from ${file}: ${byteCount(bytes)}.`, offset: null },
      atMicros,
    );
  }
}
