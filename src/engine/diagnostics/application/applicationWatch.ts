import { frameFlag, frameKindCode, type FrameKind, type Framing } from '../../../shared/words.ts';
import { WordSearch, type NativeSearch } from '../../bytes/wordSearch.ts';
import type { BodyWindow } from '../../recording/bodyWindow.ts';
import type { DiagnosticDetails } from '../catalogue.ts';
import { declaredAtEnd, declaredTotal, isBatch, type DeclaredCount } from './declaredCounts.ts';
import { EventIds } from './eventIds.ts';
import { readPayload, type JsonObject, type Payload } from './payload.ts';
import { isTelling } from './payloadPeek.ts';
import { ProgressFollower, saidProgress } from './progress.ts';
import { announcedEnd, roleOf, type RecordRole } from './recordRole.ts';
import { errorMessage, untypedError } from './streamError.ts';

/** Frames that are read whatever they begin with: how a stream begins says what it is. */
const readFirst = 8;
/** Frames beyond this length are not read. */
const longestRead = 65_536;
const idsTold = 100;

const contentKinds: ReadonlySet<FrameKind> = new Set(['event', 'record', 'element', 'message']);
const isContent = Uint8Array.from(Object.entries(frameKindCode), ([kind]) =>
  contentKinds.has(kind as FrameKind) ? 1 : 0,
);

/** How far a stream says it is, and in which frame it said so. */
export interface WatchedProgress {
  readonly unit: 'records' | 'percent';
  readonly done: number;
  readonly total: number;
  readonly field: string;
  readonly frame: number;
}

/** A finding about the frame that is being watched, or, at the end, about frame `frame`. */
export type TellFinding = (code: string, details: DiagnosticDetails, frame?: number) => void;

export interface ApplicationWatchOptions {
  readonly framing: Framing;
  /** Bytes of the frame that `frame` is called for. */
  readonly body: BodyWindow;
  /** Where this stream does not begin at its beginning (resumed, a range), its counts say nothing of what came. */
  readonly isContinued: boolean;
  typeName(typeId: number): string;
  /** Frames of each type so far. */
  countsByType(): readonly number[];
  readonly tell: TellFinding;
  readonly search?: NativeSearch;
}

/**
 * Reads what an application says inside its own stream: errors, counts, progress and its end sign. Of most frames it
 * looks at a few bytes only; the same bytes give the same findings however they were split.
 */
export class ApplicationWatch {
  readonly #options: ApplicationWatchOptions;
  readonly #errorKey = new WordSearch('"error"');
  readonly #roles: RecordRole[] = [];
  readonly #ids: EventIds;
  readonly #follower = new ProgressFollower();
  #pieceStart = -1;
  /** Body offset of the next `"error"` in the piece that is at or after the last place asked about. */
  #nextError = -1;
  #contentFrames = 0;
  #dataRecords = 0;
  #errorRecords = 0;
  #untypedRecords = 0;
  #idFalls = 0;
  #isBatched = false;
  #isContinued: boolean;
  #sharesSeen = false;
  #promisedEnd: string | null = null;
  #total: (DeclaredCount & { readonly frame: number }) | null = null;
  #isTotalJudged = false;
  #lastRole: RecordRole = 'data';
  #hasIds = false;
  #said: WatchedProgress | null = null;

  constructor(options: ApplicationWatchOptions) {
    this.#options = options;
    this.#isContinued = options.isContinued;
    this.#ids = new EventIds(options.search);
  }

  /** The progress that the stream tells itself; null where it tells none. */
  get progress(): WatchedProgress | null {
    if (this.#said !== null || this.#total === null || this.#isBatched || this.#isContinued) return this.#said;
    const { declared, field, frame } = this.#total;
    return declared === 0 ? null : { unit: 'records', done: this.#dataRecords, total: declared, field, frame };
  }

  /** Another connection continues the stream: what it says of counts is of its own part. */
  continued(): void {
    this.#isContinued = true;
    // What comes again is told as such; that its ids are lower says nothing more.
    this.#ids.passOver();
  }

  /** A frame was found, of which `body` has the bytes. */
  frame(n: number, kindCode: number, offset: number, length: number, flags: number, typeId: number): void {
    if (isContent[kindCode] !== 1) {
      if (kindCode === frameKindCode.terminator) this.#lastRole = 'end';
      return;
    }
    const isRead = length <= longestRead;
    if ((flags & frameFlag.hasId) !== 0) this.#takeId(offset, length, isRead);
    const first = this.#contentFrames++ < readFirst;
    const role = this.#roles[typeId] ?? this.#roleOfType(typeId);
    if (role === 'heartbeat') return;
    const isTellingFrame = first || role !== 'data' || this.#isTelling(offset, length, typeId);
    if (isRead && (isTellingFrame || this.#mentionsError(offset, length))) {
      this.#take(n, role, typeId, readPayload(this.#options.framing, this.#options.body.read(offset, length)));
    } else {
      this.#count(role, typeId);
    }
  }

  #roleOfType(typeId: number): RecordRole {
    const role = roleOf(this.#options.typeName(typeId));
    this.#roles[typeId] = role;
    return role;
  }

  #count(role: RecordRole, typeId: number): void {
    this.#lastRole = role;
    if (role === 'data') {
      this.#dataRecords++;
      if (typeId === 0) this.#untypedRecords++;
    } else if (role === 'error') this.#errorRecords++;
  }

  #takeId(offset: number, length: number, isRead: boolean): void {
    this.#hasIds = true;
    if (!isRead) {
      this.#ids.passOver();
      return;
    }
    const { body } = this.#options;
    const at = offset - body.pieceStart;
    const fall =
      at >= 0 ? this.#ids.take(body.piece, at, at + length) : this.#ids.take(body.read(offset, length), 0, length);
    if (fall === undefined || ++this.#idFalls > idsTold) return;
    this.#options.tell('sse/id-not-increasing', { before: String(fall.before), after: String(fall.after) });
  }

  /** Names in the payload of an event; a record's own are its type already. */
  #isTelling(offset: number, length: number, typeId: number): boolean {
    return typeId === 0 && this.#atBytes(offset, length, isTelling);
  }

  #mentionsError(offset: number, length: number): boolean {
    const { piece, pieceStart } = this.#options.body;
    if (offset < pieceStart) {
      return this.#atBytes(offset, length, (bytes, start, end) => this.#errorKey.find(bytes, start, end) >= 0);
    }
    if (this.#pieceStart !== pieceStart) {
      this.#pieceStart = pieceStart;
      this.#nextError = -1;
    }
    if (this.#nextError < offset) {
      const found = this.#errorKey.findNext(piece, offset - pieceStart, this.#options.search);
      this.#nextError = found < 0 ? Number.POSITIVE_INFINITY : pieceStart + found;
    }
    return this.#nextError < offset + length;
  }

  /** Where the frame lies in the piece at hand its bytes are looked at there, without a view of their own. */
  #atBytes<Result>(
    offset: number,
    length: number,
    look: (bytes: Uint8Array, start: number, end: number) => Result,
  ): Result {
    const { body } = this.#options;
    const at = offset - body.pieceStart;
    return at >= 0 ? look(body.piece, at, at + length) : look(body.read(offset, length), 0, length);
  }

  #take(n: number, typedRole: RecordRole, typeId: number, payload: Payload): void {
    const { object } = payload;
    const role = this.#roleIn(typedRole, typeId, object);
    const message = role === 'error' ? errorMessage(payload) : object === null ? null : untypedError(object);
    if (message !== null) {
      this.#options.tell('app/error-in-stream', { message });
      this.#count('error', typeId);
      return;
    }
    this.#count(role, typeId);
    if (object === null) return;
    if (role === 'start' || (role === 'data' && this.#contentFrames === 1)) this.#takeStart(n, role, typeId, object);
    if (role === 'data' && isBatch(object)) this.#isBatched = true;
    if (role === 'end') this.#takeEnd(object);
    this.#takeProgress(n, role, object);
  }

  /** The role that the payload gives itself, where nothing around it says one. */
  #roleIn(typedRole: RecordRole, typeId: number, object: JsonObject | null): RecordRole {
    if (typedRole !== 'data' || typeId !== 0 || object === null) return typedRole;
    for (const key of ['type', 'event', 'kind']) {
      const name = object[key];
      if (typeof name === 'string') return roleOf(name);
    }
    return object['done'] === true && Object.keys(object).length > 1 && declaredAtEnd(object).records !== null
      ? 'end'
      : typedRole;
  }

  #takeStart(n: number, role: RecordRole, typeId: number, object: JsonObject): void {
    if (this.#contentFrames > 1) return;
    const total = declaredTotal(object, role === 'start');
    if (total !== null) {
      this.#total = { ...total, frame: n };
      // It is about the records, and none of them.
      if (role === 'data') this.#dataRecords--;
    }
    if (role !== 'start') return;
    const name = typeId === 0 ? '' : this.#options.typeName(typeId);
    this.#promisedEnd = announcedEnd(name) ?? (total === null ? null : 'stream-end');
  }

  #takeEnd(object: JsonObject): void {
    if (this.#isContinued || this.#isBatched) return;
    const { records, errors } = declaredAtEnd(object);
    if (records !== null) this.#judge(records);
    else this.#judgeTotal();
    if (errors !== null && errors.declared !== this.#errorRecords) {
      this.#options.tell('app/count-mismatch', { ...errors, seen: this.#errorRecords });
    }
    this.#isTotalJudged = true;
  }

  #judge({ field, declared }: DeclaredCount, frame?: number): void {
    // Some count what failed too, and some only records of one type.
    const plausible = [this.#dataRecords, this.#dataRecords + this.#errorRecords, ...this.#options.countsByType()];
    if (plausible.includes(declared)) return;
    this.#options.tell('app/count-mismatch', { field, declared, seen: this.#dataRecords }, frame);
  }

  #judgeTotal(frame?: number): void {
    if (this.#total !== null) this.#judge(this.#total, frame);
  }

  #takeProgress(n: number, role: RecordRole, object: JsonObject): void {
    if (role !== 'progress' && !(role === 'data' && isProgressRecord(object))) return;
    const said = saidProgress(object, this.#sharesSeen);
    if (said === null) return;
    this.#sharesSeen ||= said.isShare;
    const before = this.#follower.take(said, object);
    if (before !== undefined) {
      this.#options.tell('app/progress-backwards', { field: said.field, before: before.done, after: said.done });
    }
    this.#said = { unit: said.unit, done: said.done, total: said.total, field: said.field, frame: n };
  }

  /**
   * No more frames.
   * @param isWhole the transfer came to its own end, so that what is missing was never sent
   * @param isResumable the client is one that asks again for what comes after an id
   */
  end(isWhole: boolean, isResumable: boolean): void {
    const { tell, framing } = this.#options;
    if (this.#idFalls > idsTold) tell('sse/id-not-increasing', { omitted: this.#idFalls - idsTold }, -1);
    if (isResumable && framing === 'sse' && !this.#hasIds && this.#contentFrames > 1 && this.#lastRole !== 'end') {
      tell('sse/event-ids-missing', {}, -1);
    }
    if (!isWhole || this.#isContinued) return;
    if (this.#total !== null && !this.#isBatched && !this.#isTotalJudged) this.#judgeTotal(this.#total.frame);
    const endsWithSign = this.#lastRole === 'end' || this.#lastRole === 'error';
    if (this.#promisedEnd !== null && !endsWithSign && this.#untypedRecords === 0) {
      tell('app/missing-end', { expected: this.#promisedEnd }, -1);
    }
  }
}

/** A record without a type that is about progress: its first key says so. */
function isProgressRecord(object: JsonObject): boolean {
  const first = Object.keys(object)[0] ?? '';
  return ['progress', 'percent', 'percentage', 'processed', 'status'].includes(first);
}
