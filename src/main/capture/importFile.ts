import { Buffer } from 'node:buffer';
import type { Limits } from '../../shared/limits.ts';
import type { Ending } from '../../shared/recording.ts';
import { defaultRequestOptions, type RequestSpec } from '../../shared/request.ts';
import type { Micros } from '../../shared/words.ts';
import type { HarEntry } from '../../engine/recording/harEntry.ts';
import { streamJsonlStart } from '../../engine/recording/streamJsonl.ts';
import { BodyDelivery } from './bodyDelivery.ts';
import { byteCount, endingFrom } from './endings.ts';
import type { FileReader, ReaderSurroundings } from './fileReader.ts';
import { DumpReader, dumpStart } from './importDump.ts';
import { HarEntryReader, HarReader, mayHoldExchanges } from './importHar.ts';
import { StreamJsonlReader } from './importStreamJsonl.ts';
import type { Capture, ExchangeClock, ImportSink, StopReason } from './sink.ts';
import { stopFacts } from './stopFacts.ts';

/** What is known about a file besides its bytes. All but the name may be unknown. */
export interface ImportHints {
  readonly name: string;
  /** The media type its body is said to have; without it the name's extension decides. */
  readonly contentType: string | null;
  /** Where it was downloaded from, as far as detection may use it. */
  readonly url: string | null;
  readonly sizeBytes: number | null;
  /** The bytes come as they are made (a pipe): this clock, started before the first of them, tells when. */
  readonly clock?: ExchangeClock;
  /** False: a HAR file is a JSON body like any other. Absent: its exchanges are brought in. */
  readonly takesHar?: boolean;
}

/** A file on its way into a recording. Pausing it makes `append` answer false. */
export interface Import extends Capture {
  /** Takes the next bytes, which stay the caller's. Returns false when `drained` should be awaited before the next. */
  append(bytes: Uint8Array): boolean;
  /** Resolves when more bytes are welcome, at once if they are now. */
  drained(): Promise<void>;
  /** The file is whole; the ending follows. */
  finish(): void;
  /** The file will not be whole; the recording ends as stopped by the user. */
  abort(): void;
  /** The exchanges of a HAR file after its first, each for a recording of its own; known once `done` resolved. */
  readonly further: readonly HarEntry[];
}

/** Enough of a file's beginning to tell what it is. */
const sniffBytes = 64;

const typeOfExtension: Readonly<Record<string, string>> = {
  sse: 'text/event-stream',
  ndjson: 'application/x-ndjson',
  jsonl: 'application/x-ndjson',
  json: 'application/json',
  txt: 'text/plain',
};

/**
 * Brings a file in as a recording, in pieces of any size and in bounded memory. It is recognised by its beginning: a
 * `.stream.jsonl` recording, a HAR file, fixtures of aimock, a dump with response head (`curl -i`), else a raw body.
 * Everything wrong with it becomes a diagnostic or the ending.
 */
export function openImport(hints: ImportHints, sink: ImportSink, limits: Limits): Import {
  return new FileImport(hints, sink, limits);
}

/** Brings one exchange of a HAR file in as a recording; it is on its way already. */
export function openHarEntry(entry: HarEntry, hints: ImportHints, sink: ImportSink, limits: Limits): Import {
  const opened = new FileImport(hints, sink, limits, entry);
  opened.finish();
  return opened;
}

class FileImport implements Import {
  further: readonly HarEntry[] = [];
  readonly done: Promise<void>;
  readonly #sink: ImportSink;
  readonly #surroundings: ReaderSurroundings;
  readonly #takesHar: boolean;
  #reader: FileReader | null = null;
  #sniffed: Uint8Array = new Uint8Array(0);
  #wireBytes = 0;
  #lastMicros: Micros = 0;
  #over = false;
  /** The ending is decided; it follows when what was taken is decoded. */
  #stopped = false;
  readonly #holders = new Set<'owner' | 'decoder'>();
  readonly #waiting: (() => void)[] = [];
  readonly #resolveDone: () => void;

  constructor(hints: ImportHints, sink: ImportSink, limits: Limits, entry?: HarEntry) {
    this.#sink = sink;
    this.#takesHar = hints.takesHar ?? true;
    let resolveDone = (): void => undefined;
    this.done = new Promise((resolve) => {
      resolveDone = resolve;
    });
    this.#resolveDone = resolveDone;
    const body = new BodyDelivery(sink, limits, {
      hold: () => this.#holders.add('decoder'),
      release: () => this.#release('decoder'),
      sinkIsFull: () => {
        this.pause();
        body.pause();
      },
    });
    this.#surroundings = {
      sink,
      limits,
      body,
      chunk: (atMicros, bytes, continues) => this.#chunk(atMicros, bytes, continues, limits.recordingBytes),
      startedAt: hints.clock?.startedAt ?? Date.now(),
      timesKnown: hints.clock !== undefined,
      now: () => hints.clock?.now() ?? 0,
      request: hints.url === null ? null : getOf(hints.url),
      contentType:
        hints.contentType ?? typeOfExtension[/\.([a-z]+)$/i.exec(hints.name)?.[1]?.toLowerCase() ?? ''] ?? null,
    };
    if (entry !== undefined) this.#reader = new HarEntryReader(this.#surroundings, entry);
  }

  append(bytes: Uint8Array): boolean {
    if (this.#over || this.#stopped || bytes.byteLength === 0) return this.#holders.size === 0;
    if (this.#reader !== null) this.#reader.append(bytes);
    else {
      this.#sniffed = Buffer.concat([this.#sniffed, bytes]);
      if (this.#sniffed.byteLength >= sniffBytes || !mayBeSpecial(this.#sniffed)) this.#recognise();
    }
    return this.#holders.size === 0;
  }

  drained(): Promise<void> {
    if (this.#holders.size === 0 || this.#over) return Promise.resolve();
    return new Promise((resolve) => this.#waiting.push(resolve));
  }

  finish(): void {
    if (this.#over || this.#stopped) return;
    const reader = this.#reader ?? this.#recognise();
    // A short file is recognised only now, and may be more than is taken.
    if (this.#isStopped()) return;
    void reader.finish().then(
      (ending) => {
        if (!this.#stopped) this.#end(ending);
      },
      (error: unknown) => {
        const message = `The file could not be read because of a fault in this program: ${String(error)}.`;
        this.#end(endingFrom({ code: 'end/internal', message, offset: this.#wireBytes }, this.#surroundings.now()));
      },
    );
  }

  abort(): void {
    this.stop({ by: 'user' });
  }

  pause(): void {
    this.#holders.add('owner');
  }

  resume(): void {
    this.#surroundings.body.resume();
    this.#release('owner');
  }

  stop(reason: StopReason): void {
    if (this.#over || this.#stopped) return;
    this.#stopped = true;
    const ending = endingFrom(stopFacts(reason, this.#wireBytes), Math.max(this.#lastMicros, this.#surroundings.now()));
    void this.#surroundings.body
      .finish({ code: 'end/stopped', message: '', offset: null })
      .then(() => this.#end(ending));
  }

  #isStopped(): boolean {
    return this.#stopped;
  }

  #recognise(): FileReader {
    const start = Buffer.from(this.#sniffed.subarray(0, sniffBytes)).toString('utf8');
    const reader = streamJsonlStart.test(start)
      ? new StreamJsonlReader(this.#surroundings)
      : dumpStart.test(start)
        ? new DumpReader(this.#surroundings)
        : this.#takesHar && mayHoldExchanges(start)
          ? this.#harReader()
          : new RawReader(this.#surroundings);
    this.#reader = reader;
    if (this.#sniffed.byteLength > 0) reader.append(this.#sniffed);
    this.#sniffed = new Uint8Array(0);
    return reader;
  }

  #harReader(): FileReader {
    const otherwise = (): FileReader => new RawReader(this.#surroundings);
    return new HarReader(this.#surroundings, otherwise, (entries) => {
      this.further = entries;
    });
  }

  #chunk(atMicros: Micros, bytes: Uint8Array, continues: boolean, limit: number): void {
    if (this.#over || this.#stopped || bytes.byteLength === 0) return;
    this.#lastMicros = atMicros;
    const within = bytes.subarray(0, limit - this.#wireBytes);
    const kept = this.#surroundings.body.keepsChunks ? new Uint8Array(within) : within;
    this.#wireBytes += kept.byteLength;
    if (kept.byteLength > 0 && !this.#surroundings.body.chunk(atMicros, kept, continues)) this.pause();
    if (kept.byteLength < bytes.byteLength) this.stop({ by: 'limit', limit: 'recording size', value: limit });
  }

  #release(holder: 'owner' | 'decoder'): void {
    if (!this.#holders.delete(holder) || this.#holders.size > 0) return;
    for (const resolve of this.#waiting.splice(0)) resolve();
  }

  #end(ending: Ending): void {
    if (this.#over) return;
    this.#over = true;
    this.#sink.ended(ending);
    this.#resolveDone();
    this.#holders.clear();
    for (const resolve of this.#waiting.splice(0)) resolve();
  }
}

/** False when a beginning, however short, is that of a body: what comes through a pipe is not to wait for more. */
function mayBeSpecial(start: Uint8Array): boolean {
  const text = Buffer.from(start).toString('utf8');
  const headers = ['{"format":"streamscope"', '{"log":{', '{"fixtures":['];
  const written = text.replace(/[\uFEFF\uFFFD\s]/g, '');
  return (
    'HTTP/'.startsWith(text.slice(0, 5)) || headers.some((header) => header.startsWith(written.slice(0, header.length)))
  );
}

/** A body and nothing else. */
class RawReader implements FileReader {
  readonly #surroundings: ReaderSurroundings;
  #bytes = 0;

  constructor(surroundings: ReaderSurroundings) {
    this.#surroundings = surroundings;
    const { sink, request, contentType, startedAt, timesKnown } = surroundings;
    sink.origin({
      request,
      startedAt,
      timesKnown,
      ...(contentType === null ? {} : { contentType }),
    });
  }

  append(bytes: Uint8Array): void {
    this.#bytes += bytes.byteLength;
    this.#surroundings.chunk(this.#surroundings.now(), bytes, false);
  }

  finish(): Promise<Ending> {
    const message = `Imported: ${byteCount(this.#bytes)}.`;
    const atMicros = this.#surroundings.now();
    return Promise.resolve(endingFrom({ code: 'end/imported', message, offset: null }, atMicros));
  }
}

function getOf(url: string): RequestSpec {
  return {
    method: 'GET',
    url,
    headers: [],
    body: { kind: 'none' },
    auth: { kind: 'none' },
    options: defaultRequestOptions,
  };
}
