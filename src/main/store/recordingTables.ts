import { z } from 'zod';
import type { ByteOffset } from '../../shared/words.ts';
import { pairsOfFormatOne } from './formatOne.ts';
import {
  bodyBase,
  checkRecordingFile,
  pieceBytes,
  spaceCode,
  type FileVersion,
  type RecordingVersion,
} from './recordingFormat.ts';
import type { ByteSpace } from './recordingStore.ts';
import { copyOverlap } from './segmentStream.ts';
import { SegmentTable } from './segmentTable.ts';
import { openDatabase, sqliteResult, sqliteResultCode, type Database, type Statement } from './sqlite.ts';
import { DamagedFileError } from './storeFailure.ts';

const cachedPieces = 8;
/** JSON of facts may hold a request body of 256 MB; more than this is no fact. */
const metaBytes = 2 ** 29;
const derivedBytes = 2 ** 28;
const pairsBytes = 65_536;
/** What is left of an open segment is one segment at most. */
const tailBytes = 2 ** 30;

const bytes = z.instanceof(Uint8Array);
const count = z.int().min(0);
const segmentsPerPage = 1_024;
const tailRow = z.object({ chunks: count, first_us: z.int(), last_us: z.int(), pairs: bytes, data: bytes });
const pieceRow = z.object({ position: z.int(), data: bytes });
type Piece = z.infer<typeof pieceRow>;
const summaryRow = z.object({ n: count, summary: bytes });
const blobRow = z.object({ blob: bytes });
const textRow = z.object({ text: z.string() });

/** The open segment that a killed or a running writer left in a file, put together. */
export interface Tail {
  readonly chunks: number;
  readonly firstMicros: number;
  readonly lastMicros: number;
  readonly pairs: Uint8Array;
  readonly data: Uint8Array;
}

/**
 * The tables of one recording, for reading. What comes out is checked: methods throw DamagedFileError, or the
 * driver's error, when the file does not hold what it should.
 */
export class RecordingTables {
  readonly #database: Database;
  /** The format of the file. What is read is given in the present one. */
  readonly version: RecordingVersion;
  /** Most recently used last. */
  #pieces: Piece[] = [];
  readonly #pieceAt: Statement;
  readonly #pairsOf: Statement;
  readonly #derivedOf: Statement;
  readonly #summariesOf: Statement;

  /** @throws the driver's error, or DamagedFileError when the file is no recording */
  static open(path: string): { readonly version: FileVersion; readonly tables: RecordingTables | undefined } {
    try {
      return RecordingTables.#open(path);
    } catch (error) {
      if (sqliteResultCode(error) !== sqliteResult.readOnly) throw error;
      // A writer was ended in the middle of a commit: only who may write can take back what it had begun.
      takeBackUnfinishedCommit(path);
      return RecordingTables.#open(path);
    }
  }

  static #open(path: string): { readonly version: FileVersion; readonly tables: RecordingTables | undefined } {
    const database = openDatabase(path, { mode: 'read' });
    try {
      const version = checkRecordingFile(database);
      if (version.is === 'ours') return { version, tables: new RecordingTables(database, version.version) };
      database.close();
      return { version, tables: undefined };
    } catch (error) {
      database.close();
      throw error;
    }
  }

  private constructor(database: Database, version: RecordingVersion) {
    this.#database = database;
    this.version = version;
    database.exec('PRAGMA cache_size=-1024');
    this.#pieceAt = database.prepare(
      'SELECT position, CASE WHEN length(data) <= ? THEN data END AS data FROM bytes WHERE position <= ? ORDER BY position DESC LIMIT 1',
    );
    this.#pairsOf = database.prepare(
      'SELECT CASE WHEN length(pairs) <= ? THEN pairs END AS blob FROM chunk_times WHERE segment = ?',
    );
    this.#derivedOf = database.prepare(
      'SELECT CASE WHEN length(bytes) <= ? THEN bytes END AS blob FROM derived WHERE kind = ? AND version = ? AND n = ?',
    );
    this.#summariesOf = database.prepare(
      'SELECT n, CASE WHEN length(summary) <= ? THEN summary END AS summary FROM derived WHERE kind = ? AND version = ? ORDER BY n',
    );
  }

  close(): void {
    this.#pieces = [];
    this.#database.close();
  }

  /** Runs several reads so that they see one state of a file that is being written. */
  consistently<T>(read: () => T): T {
    this.#database.exec('BEGIN');
    try {
      return read();
    } finally {
      this.#database.exec('COMMIT');
    }
  }

  meta(key: 'facts' | 'request_body' | 'summary' | 'words' | 'writer'): string | undefined {
    const row = this.#database
      .prepare('SELECT CASE WHEN length(value) <= ? THEN value END AS text FROM meta WHERE key = ?')
      .get(metaBytes, key);
    return row === undefined ? undefined : checked(textRow, row, key).text;
  }

  /** Sealed segments of a space, checked to follow one another without a gap. */
  segments(space: ByteSpace): SegmentTable {
    const segments = new SegmentTable();
    // One text for many rows: a tenth of the time and none of the memory that an object a row takes.
    const pageFrom = this.#database.prepare(
      // Adding 0 makes a number of what a hostile file has in place of one.
      'SELECT json_group_array(json_array(n+0,first_chunk+0,chunks+0,byte_offset+0,bytes+0,first_us+0,last_us+0)) ' +
        'AS text FROM (SELECT * FROM segments WHERE space = ? AND n >= ? ORDER BY n LIMIT ?)',
    );
    for (;;) {
      const { text } = checked(textRow, pageFrom.get(spaceCode[space], segments.length, segmentsPerPage), 'segments');
      const page = segmentPage(text);
      for (const [n, firstChunk, chunks, offset, bytes, firstMicros, lastMicros] of page) {
        const follows = n === segments.length && firstChunk === segments.chunks && offset === segments.bytes;
        if (!follows || lastMicros < firstMicros || firstMicros < segments.lastMicros) {
          throw new DamagedFileError(`segment ${String(n)} does not follow the one before it`);
        }
        segments.add(chunks, bytes, firstMicros, lastMicros);
      }
      if (page.length < segmentsPerPage) return segments;
    }
  }

  tail(space: ByteSpace): Tail | undefined {
    const size = this.#database
      .prepare(
        "SELECT coalesce(sum(length(data) + length(pairs)), 0) AS position, x'' AS data FROM tail WHERE space = ?",
      )
      .get(spaceCode[space]);
    if (checked(pieceRow, size, 'tail').position > tailBytes)
      throw new DamagedFileError('its last segment is too long');
    const parts = this.#database
      .prepare('SELECT chunks, first_us, last_us, pairs, data FROM tail WHERE space = ? ORDER BY part')
      .all(spaceCode[space])
      .map((row) => checked(tailRow, row, 'tail'));
    const [first] = parts;
    const last = parts.at(-1);
    if (first === undefined || last === undefined) return undefined;
    return {
      chunks: parts.reduce((sum, part) => sum + part.chunks, 0),
      firstMicros: first.first_us,
      lastMicros: last.last_us,
      pairs: this.#present(new Uint8Array(Buffer.concat(parts.map((part) => part.pairs))), space),
      data: new Uint8Array(Buffer.concat(parts.map((part) => part.data))),
    };
  }

  /** @throws DamagedFileError when the segment has none */
  pairs(segment: number): Uint8Array {
    const row = this.#pairsOf.get(pairsBytes, segment);
    if (row === undefined) throw new DamagedFileError(`the times of segment ${String(segment)} are missing`);
    return this.#present(checked(blobRow, row, `times of segment ${String(segment)}`).blob, 'wire');
  }

  #present(pairs: Uint8Array, space: ByteSpace): Uint8Array {
    return this.version === 1 && space === 'wire' ? pairsOfFormatOne(pairs) : pairs;
  }

  /** Which chunks a segment of the decoded body came from; undefined in format 1. @throws DamagedFileError */
  bodyPieces(segment: number): Uint8Array | undefined {
    if (this.version === 1) return undefined;
    const row = this.#database
      .prepare('SELECT CASE WHEN length(pieces) <= ? THEN pieces END AS blob FROM body_chunks WHERE segment = ?')
      .get(pairsBytes, segment);
    if (row === undefined) throw new DamagedFileError(`the chunks of body segment ${String(segment)} are missing`);
    return checked(blobRow, row, `chunks of body segment ${String(segment)}`).blob;
  }

  /** Fills `target` with the bytes from `offset` on. @throws DamagedFileError when some are missing */
  copy(space: ByteSpace, offset: ByteOffset, target: Uint8Array): void {
    const base = space === 'body' ? bodyBase : 0;
    // Pieces are met from the last to the first: a piece is found by the greatest position at or before a byte.
    let end = offset + target.length;
    while (end > offset) {
      const piece = this.#piece(base + end - 1);
      const start = piece.position - base;
      // In a damaged tree even a search may answer with what lies elsewhere.
      if (start < 0 || start >= end || start + piece.data.length < end) {
        throw new DamagedFileError(`bytes before ${String(end)} are missing`);
      }
      copyOverlap(start, piece.data, offset, target);
      end = start;
    }
  }

  /** The piece that begins last at or before `position`. */
  #piece(position: number): Piece {
    const known = this.#pieces.findIndex((piece) => covers(piece, position));
    const [kept] = known === -1 ? [] : this.#pieces.splice(known, 1);
    const piece = kept ?? this.#readPiece(position);
    this.#pieces.push(piece);
    if (this.#pieces.length > cachedPieces) this.#pieces.shift();
    return piece;
  }

  #readPiece(position: number): Piece {
    const row = this.#pieceAt.get(pieceBytes, position);
    if (row === undefined) throw new DamagedFileError('its bytes are missing');
    return checked(pieceRow, row, 'bytes');
  }

  derivedBlock(kind: string, version: string, n: number): Uint8Array | undefined {
    const row = this.#derivedOf.get(derivedBytes, kind, version, n);
    return row === undefined ? undefined : checked(blobRow, row, 'derived data').blob;
  }

  derivedSummaries(kind: string, version: string): readonly { readonly n: number; readonly summary: Uint8Array }[] {
    return this.#summariesOf.all(derivedBytes, kind, version).map((row) => checked(summaryRow, row, 'derived data'));
  }
}

function takeBackUnfinishedCommit(path: string): void {
  const database = openDatabase(path, { mode: 'write' });
  try {
    database.prepare('SELECT count(*) FROM sqlite_schema').get();
  } finally {
    database.close();
  }
}

/** n, first_chunk, chunks, byte_offset, bytes, first_us, last_us. */
type SegmentRow = readonly [number, number, number, number, number, number, number];

/** A page of segments, checked by hand: there are tens of thousands, and a schema takes longer than reading them. */
function segmentPage(text: string): readonly SegmentRow[] {
  const page: unknown = JSON.parse(text);
  if (!Array.isArray(page) || !page.every(isSegmentRow)) {
    throw new DamagedFileError('its segments do not hold what they should');
  }
  return page;
}

function isSegmentRow(row: unknown): row is SegmentRow {
  return Array.isArray(row) && row.length === 7 && row.every(isCount);
}

function isCount(value: unknown): boolean {
  return typeof value === 'number' && Number.isSafeInteger(value) && value >= 0;
}

function covers(piece: Piece, position: number): boolean {
  return piece.position <= position && position < piece.position + piece.data.length;
}

function checked<T>(schema: z.ZodType<T>, row: unknown, what: string): T {
  const parsed = schema.safeParse(row);
  if (!parsed.success) throw new DamagedFileError(`its ${what} do not hold what they should`);
  return parsed.data;
}
