import zlib from 'node:zlib';
import type { MockCoding, StreamAnswer } from '../../../engine/mock/answer.ts';
import type { CodingFault } from '../../../engine/mock/wireChanges.ts';

type Coder = zlib.Gzip | zlib.Deflate | zlib.BrotliCompress | zlib.ZstdCompress;

/** Bytes that are overwritten to spoil coded data: more than any header or checksum of its own would forgive. */
const spoiledBytes = 64;

/** Codings that this runtime has. */
export function canCode(name: MockCoding): boolean {
  return name !== 'zstd' || typeof zlib.createZstdCompress === 'function';
}

function createCoder(name: MockCoding): Coder {
  switch (name) {
    case 'gzip':
      return zlib.createGzip();
    case 'deflate':
      return zlib.createDeflate();
    case 'br':
      return zlib.createBrotliCompress({ params: { [zlib.constants.BROTLI_PARAM_QUALITY]: 5 } });
    case 'zstd':
      return zlib.createZstdCompress();
  }
}

/** Codes a body step by step, with a flush after each or whenever the coder has enough. */
export class ContentCoder {
  readonly #coder: Coder;
  readonly #flushes: boolean;
  readonly #fault: CodingFault | undefined;
  #out: Buffer[] = [];
  #chunks = 0;

  constructor({ name, flushes }: NonNullable<StreamAnswer['coding']>, fault: CodingFault | undefined) {
    this.#coder = createCoder(name);
    this.#flushes = flushes;
    this.#fault = fault;
    this.#coder.on('data', (bytes: Buffer) => this.#out.push(bytes));
  }

  /** The coded bytes that are ready with these; empty while the coder holds them back. */
  async code(bytes: Uint8Array): Promise<Uint8Array> {
    if (bytes.length === 0) return bytes;
    await new Promise<void>((resolve, reject) => {
      this.#coder.write(bytes, (error) => (error ? reject(error) : resolve()));
    });
    if (this.#flushes) await new Promise<void>((resolve) => this.#coder.flush(resolve));
    const chunk = this.#take();
    if (chunk.length === 0) return chunk;
    this.#chunks++;
    if (this.#fault?.kind === 'corrupt' && this.#fault.chunk === this.#chunks - 1) chunk.fill(0xff, 0, spoiledBytes);
    return chunk;
  }

  /** What is left when the body is over. */
  async end(): Promise<Uint8Array> {
    if (this.#fault?.kind === 'truncated') {
      this.close();
      return Buffer.alloc(0);
    }
    const ended = new Promise((resolve) => this.#coder.once('end', resolve));
    this.#coder.end();
    await ended;
    const rest = this.#take();
    if (this.#fault?.kind === 'corrupt' && this.#fault.chunk >= this.#chunks) rest.fill(0xff);
    return rest;
  }

  close(): void {
    this.#coder.destroy();
  }

  #take(): Buffer {
    const bytes = Buffer.concat(this.#out);
    this.#out = [];
    return bytes;
  }
}
