import { Buffer } from 'node:buffer';
import { createHash } from 'node:crypto';
import { isRule } from '../../engine/diagnostics/catalogue.ts';
import type { Ending } from '../../shared/recording.ts';
import type { Micros } from '../../shared/words.ts';
import {
  decodeEventLine,
  decodeHeaderLine,
  type StreamJsonlEnd,
  type StreamJsonlEvent,
} from '../../engine/recording/streamJsonl.ts';
import { byteCount, endingFrom } from './endings.ts';
import type { FileReader, ReaderSurroundings } from './fileReader.ts';

/** Longer lines are not read: one line holds one chunk, and chunks are what one read of a socket gave. */
const longestLineBytes = 64 * 1024 * 1024;

/** How the sentence begins that says that a file ends before the ending of its recording. */
export const endsWithoutEnding = 'The file ends without the recording’s ending';

/** A recording in the text interchange format, with its own times. */
export class StreamJsonlReader implements FileReader {
  readonly #surroundings: ReaderSurroundings;
  readonly #digest = createHash('sha256');
  /** Pieces of the line in progress. */
  #pieces: Uint8Array[] = [];
  #pieceBytes = 0;
  #skippingLine = false;
  #lines = 0;
  #chunks = 0;
  #wireBytes = 0;
  #latestMicros: Micros = 0;
  #chunkMicros: Micros = 0;
  #hasHead = false;
  #end: StreamJsonlEnd | null = null;
  #unreadableHeader: string | null = null;

  constructor(surroundings: ReaderSurroundings) {
    this.#surroundings = surroundings;
  }

  append(bytes: Uint8Array): void {
    let from = 0;
    for (let lf = bytes.indexOf(0x0a); lf >= 0; lf = bytes.indexOf(0x0a, from)) {
      this.#line(bytes.subarray(from, lf));
      from = lf + 1;
    }
    this.#hold(bytes.subarray(from));
  }

  async finish(): Promise<Ending> {
    // A last line without line feed may be whole or the part that was written when the writer was stopped.
    if (this.#pieceBytes > 0) this.#line(new Uint8Array(0), true);
    const { sink, body } = this.#surroundings;
    if (this.#lines === 0 || this.#unreadableHeader !== null) {
      if (this.#lines === 0) this.#originUnknown();
      await body.finish({ code: 'end/imported', message: '', offset: null });
      const message = this.#unreadableHeader ?? 'The file has no header line.';
      return endingFrom({ code: 'end/import-unreadable', message, offset: null }, 0);
    }
    await body.finish({ code: 'end/imported', message: '', offset: null });
    const end = this.#end;
    if (end === null) {
      const message = `${endsWithoutEnding}, after ${byteCount(this.#wireBytes)}.`;
      return endingFrom({ code: 'end/import-unfinished', message, offset: this.#wireBytes }, this.#latestMicros);
    }
    if (end.sha256 !== null && end.sha256 !== this.#digest.digest('hex')) {
      sink.transportDiagnostic('import/digest-differs', { bytes: this.#wireBytes });
    }
    const message =
      end.ending.message === '' ? `Ended as “${end.ending.kind}” when it was recorded.` : end.ending.message;
    return { ...end.ending, message };
  }

  #hold(bytes: Uint8Array): void {
    if (bytes.byteLength === 0 || this.#skippingLine) return;
    if (this.#pieceBytes + bytes.byteLength > longestLineBytes) {
      this.#skippingLine = true;
      this.#pieces = [];
      this.#pieceBytes = 0;
      return;
    }
    this.#pieces.push(new Uint8Array(bytes));
    this.#pieceBytes += bytes.byteLength;
  }

  #line(lastPiece: Uint8Array, mayBeTruncated = false): void {
    const line = this.#lines;
    this.#lines += 1;
    if (this.#skippingLine) {
      this.#skippingLine = false;
      this.#malformed(line, `It is longer than ${byteCount(longestLineBytes)}.`);
      return;
    }
    const bytes = this.#pieces.length === 0 ? lastPiece : Buffer.concat([...this.#pieces, lastPiece]);
    this.#pieces = [];
    this.#pieceBytes = 0;
    if (this.#unreadableHeader !== null || this.#end !== null) return;
    const text = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('utf8').trim();
    if (line === 0) this.#header(text);
    else if (text !== '') {
      const event = decodeEventLine(text);
      if (!('problem' in event)) this.#event(event);
      else if (event.problem === 'malformed' && !mayBeTruncated) this.#malformed(line, event.message);
    }
  }

  #header(text: string): void {
    const header = decodeHeaderLine(text);
    if ('problem' in header) {
      this.#unreadableHeader = header.message;
      this.#originUnknown();
      return;
    }
    const { request, startedAt, timesKnown, bordersKnown, source } = header;
    const { framing, jsonPath, dialect, contentType, frameLimitOffsets } = header.choices ?? {};
    this.#surroundings.sink.origin({
      request,
      startedAt,
      timesKnown,
      recordedSource: source,
      ...(bordersKnown ? {} : { bordersKnown: false }),
      ...(contentType === undefined ? {} : { contentType }),
      ...(framing === undefined ? {} : { framingOverride: framing }),
      ...(jsonPath === undefined ? {} : { jsonPathOverride: jsonPath }),
      ...(dialect === undefined ? {} : { dialectOverride: dialect }),
      ...(frameLimitOffsets === undefined ? {} : { frameLimitOffsets }),
    });
  }

  #originUnknown(): void {
    this.#surroundings.sink.origin({ request: null, startedAt: Date.now(), timesKnown: false });
  }

  #event(event: StreamJsonlEvent): void {
    const { sink, body, chunk } = this.#surroundings;
    switch (event.kind) {
      case 'mark':
        sink.mark(event.mark);
        this.#latestMicros = Math.max(this.#latestMicros, event.mark.atMicros);
        return;
      case 'sent':
        sink.sent(event.headers);
        return;
      case 'head':
        // What a second head would mean for the body already read, nobody can say.
        if (this.#hasHead || this.#chunks > 0) return;
        this.#hasHead = true;
        sink.head(event.head);
        body.begin(event.head);
        return;
      case 'finding':
        // A newer writer may know more of them.
        if (isRule(event.finding.code)) sink.transportDiagnostic(event.finding.code, event.finding.details);
        return;
      case 'reconnecting': {
        const { head } = event.reconnection;
        sink.reconnecting?.({
          ...event.reconnection,
          head: null,
          firstChunk: this.#chunks,
          wireOffset: this.#wireBytes,
        });
        if (head !== null) sink.head(head);
        return;
      }
      case 'chunk':
        // A recording's times never run backwards; a file that says otherwise is read as if they stood still.
        this.#chunkMicros = Math.max(this.#chunkMicros, event.atMicros);
        this.#latestMicros = Math.max(this.#latestMicros, this.#chunkMicros);
        this.#chunks += 1;
        this.#wireBytes += event.bytes.byteLength;
        this.#digest.update(event.bytes);
        chunk(this.#chunkMicros, event.bytes, event.continues);
        return;
      case 'trailers':
        sink.trailers(event.headers);
        return;
      case 'note':
        sink.note?.(event.text);
        return;
      case 'end':
        this.#end = event.end;
    }
  }

  #malformed(line: number, reason: string): void {
    this.#surroundings.sink.transportDiagnostic('import/malformed-line', { line: line + 1, reason });
  }
}
