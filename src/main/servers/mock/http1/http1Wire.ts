import type { MockHeader } from '../../../../engine/mock/answer.ts';
import type { WireBreak } from '../../../../engine/mock/step.ts';
import type { WireChanges } from '../../../../engine/mock/wireChanges.ts';
import { assertNever } from '../../../../shared/assertNever.ts';
import type { AnswerHead, AnswerWire } from '../wire/answerWire.ts';
import type { Line } from '../wire/line.ts';
import { http1Head, type Delimiter, type Http1HeadCircumstances } from './http1Head.ts';

const crlf = Buffer.from('\r\n');
const noTlsRecords = Buffer.from('these bytes are no TLS record');

/** One answer in HTTP/1.1, written to the socket by ourselves: what is not written here is not on the wire. */
export class Http1Wire implements AnswerWire {
  readonly signal: AbortSignal;
  /** The connection can carry another answer behind this one. */
  isKept: boolean;
  readonly #line: Line;
  readonly #circumstances: Http1HeadCircumstances;
  #pieces: Uint8Array[] = [];
  #delimiter: Delimiter = 'none';
  #trailers: readonly MockHeader[] = [];
  #extensionBytes = 0;

  constructor(line: Line, circumstances: Http1HeadCircumstances) {
    this.#line = line;
    this.signal = line.signal;
    this.#circumstances = circumstances;
    this.isKept = circumstances.isKept;
  }

  head(head: AnswerHead): void {
    const { text, delimiter } = http1Head(head, this.#circumstances);
    this.#pieces.push(Buffer.from(text, 'latin1'));
    this.#delimiter = delimiter;
    this.#trailers = head.trailers;
    this.#extensionBytes = head.changes.chunkExtensionBytes ?? 0;
    // Behind an answer that is not what it says, the client may be anywhere.
    if (delimiter === 'close' || Object.keys(head.changes).length > 0) this.isKept = false;
  }

  async breakHead(head: AnswerHead, { kind, isInside }: NonNullable<WireChanges['headBreak']>): Promise<void> {
    this.isKept = false;
    const { text } = http1Head(head, this.#circumstances);
    if (isInside) this.#pieces.push(Buffer.from(text.slice(0, Math.floor(text.length / 2)), 'latin1'));
    await this.flush();
    await this.#line.lose(kind);
  }

  chunk(bytes: Uint8Array): void {
    if (bytes.length === 0 || this.#delimiter === 'none') return;
    if (this.#delimiter === 'chunked') this.#pieces.push(this.#sizeLine(bytes.length), bytes, crlf);
    else this.#pieces.push(bytes);
  }

  flush(): Promise<void> | null {
    const [only] = this.#pieces;
    if (only === undefined) return null;
    const bytes = this.#pieces.length === 1 ? only : Buffer.concat(this.#pieces);
    this.#pieces = [];
    return this.#line.write(bytes);
  }

  async end(): Promise<void> {
    this.#addEnd();
    await this.flush();
    await this.#line.written();
    if (!this.isKept) this.#line.close();
  }

  async breakOff(bytes: Uint8Array, how: WireBreak): Promise<void> {
    this.isKept = false;
    switch (how.kind) {
      case 'fin':
      case 'reset':
      case 'tls-cut':
        if (how.unsentBytes > 0 && this.#delimiter === 'chunked') {
          this.#pieces.push(this.#sizeLine(bytes.length + how.unsentBytes), bytes);
        } else this.chunk(bytes);
        await this.flush();
        await this.#line.lose(how.kind);
        return;
      case 'tls-garbage':
        this.chunk(bytes);
        await this.flush();
        await this.#line.writeBelow(noTlsRecords);
        await this.#line.cut();
        return;
      case 'http1':
      case 'extra':
        this.chunk(bytes);
        if (how.kind === 'extra') this.#addEnd();
        this.#pieces.push(how.bytes);
        await this.flush();
        await this.#line.lose('fin');
        return;
      case 'rst':
      case 'goaway':
      case 'h2-garbage':
      case 'h2-oversized':
      case 'h2-flood':
        throw new Error(`${how.kind} cannot be performed over HTTP/1.1`);
      default:
        assertNever(how, 'wire break');
    }
  }

  #addEnd(): void {
    if (this.#delimiter !== 'chunked') return;
    const trailers = this.#trailers.map(([name, value]) => `${name}: ${value}\r\n`).join('');
    this.#pieces.push(Buffer.from(`0\r\n${trailers}\r\n`, 'latin1'));
  }

  #sizeLine(length: number): Uint8Array {
    const extension = this.#extensionBytes > 0 ? `;x=${'y'.repeat(this.#extensionBytes)}` : '';
    this.#extensionBytes = 0;
    return Buffer.from(`${length.toString(16)}${extension}\r\n`, 'latin1');
  }
}
