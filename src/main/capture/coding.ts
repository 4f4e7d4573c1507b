import type { Transform } from 'node:stream';
import zlib from 'node:zlib';

const codings = ['gzip', 'deflate', 'br', 'zstd'] as const;
/** A content coding that can be removed (RFC 9110 §8.4.1, RFC 7932, RFC 8878). */
export type Coding = (typeof codings)[number];

/** A decompressor of `node:zlib`; `bytesWritten` counts the input bytes it has used. */
export type Decompressor = Transform & { readonly bytesWritten: number };

/** What a Content-Encoding header says: the codings in the order they were applied, or a name nobody here knows. */
export type CodingList = { readonly codings: readonly Coding[] } | { readonly unknown: string };

/** The codings that this runtime removes, in the order of preference that a request states. */
export function decodableCodings(): readonly Coding[] {
  return 'createZstdDecompress' in zlib ? codings : codings.filter((coding) => coding !== 'zstd');
}

/** Reads the value of Content-Encoding; null stands for an absent header. */
export function readCodings(contentEncoding: string | null): CodingList {
  const list: Coding[] = [];
  for (const item of (contentEncoding ?? '').split(',')) {
    const name = item
      .trim()
      .toLowerCase()
      .replace(/^x-gzip$/, 'gzip');
    if (name === '' || name === 'identity') continue;
    const coding = decodableCodings().find((known) => known === name);
    if (coding === undefined) return { unknown: item.trim() };
    list.push(coding);
  }
  return { codings: list };
}

/** Why a coding could not be removed to its end. */
export type CodingFault =
  /** It ends before it is over. */
  | { readonly kind: 'truncated' }
  | { readonly kind: 'corrupt'; readonly reason: string }
  /** The data is not in this coding at all. */
  | { readonly kind: 'mismatch' };

export interface StageListener {
  /** What chunk number `chunk` yielded. */
  output(chunk: number, bytes: Uint8Array): void;
  /** So many bytes of what was written are worked off. */
  taken(bytes: number): void;
  /** The coded data is over, with so many bytes after it. Once, unless `failed`. */
  ended(trailingBytes: number): void;
  /** Once, last. */
  failed(fault: CodingFault): void;
}

/** Removes one coding. Output comes asynchronously, in order. */
export interface CodingStage {
  /** The bytes must stay as they are until they are worked off. */
  write(chunk: number, bytes: Uint8Array): void;
  /** Nothing follows. */
  end(): void;
  /** Gives no output until `resume`, but for some that is decoded already: at most 32 KB. */
  pause(): void;
  resume(): void;
  /** Gives up; nothing is reported after it. */
  close(): void;
}
