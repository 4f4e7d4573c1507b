import type { Limits } from '../../shared/limits.ts';
import type { DialectDecision } from '../../shared/message.ts';
import { frameKinds, type FrameKind, type Framing } from '../../shared/words.ts';
import type { NativeSearch } from '../bytes/wordSearch.ts';
import {
  ApplicationWatch,
  type TellFinding,
  type WatchedProgress,
} from '../diagnostics/application/applicationWatch.ts';
import type { Delta } from '../dialects/delta.ts';
import { noHints, type DialectHints } from '../dialects/dialect.ts';
import { DialectReader } from '../dialects/reader.ts';
import type { BodyWindow } from './bodyWindow.ts';
import type { TypeTable } from './typeTable.ts';

/** Bytes of an unfinished frame that are held, so that what it says can be read when it is whole. */
export const heldBytes = 69_632;
/** What a frame may have beside the JSON that is read of it. */
const aroundJsonBytes = 65_536;

/** Findings that a token stream's dialect makes better, or that mean nothing for one. */
const notOfTokenStreams: ReadonlySet<string> = new Set([
  'app/error-in-stream',
  'app/missing-end',
  'sse/event-ids-missing',
]);
const nothing: readonly Delta[] = [];

/** What is kept of a token stream's message: the message itself is read from the frames again when it is asked for. */
export interface KeptMessage {
  readonly decision: DialectDecision;
  readonly model: string | null;
  /** Frames with the first content, the first that is no reasoning, and the last; −1 for none. */
  readonly firstContentFrame: number;
  readonly firstOutputFrame: number;
  readonly lastContentFrame: number;
}

export interface FrameMeaningOptions {
  readonly framing: Framing;
  readonly limits: Limits;
  /** Bytes of the frame that `frame` is called for. How much of an unfinished one it holds is set here. */
  readonly body: BodyWindow;
  readonly types: TypeTable;
  /** The user's choice of dialect by name; null or absent: detected. */
  readonly dialect?: string | null;
  readonly dialectHints?: DialectHints;
  readonly isContinued?: boolean;
  readonly isResumable?: boolean;
  readonly search?: NativeSearch;
  /** Takes what is found: about the frame at hand, about frame `frame`, or, below 0, about the stream. */
  readonly tell: TellFinding;
}

/** What the frames of a stream mean: to the dialect of a token stream, and by an application's own words. */
export class FrameMeaning {
  readonly dialect: DialectReader;
  readonly #options: FrameMeaningOptions;
  readonly #application: ApplicationWatch;
  /** Frames whose error was told before it was known that a dialect tells it too. */
  readonly #errorFrames = new Set<number>();
  #atFrame = -1;
  #isWhole = true;

  constructor(options: FrameMeaningOptions) {
    const { framing, limits, body, types, dialect = null, dialectHints = noHints, search } = options;
    this.#options = options;
    body.limitBytes = limits.jsonBytes + aroundJsonBytes;
    this.#application = new ApplicationWatch({
      framing,
      body,
      isContinued: options.isContinued ?? false,
      ...(search === undefined ? {} : { search }),
      typeName: (typeId) => types.name(typeId),
      countsByType: () => types.counts().map(({ count }) => count),
      tell: (code, details, frame) => {
        if (notOfTokenStreams.has(code) && this.message !== null) return;
        if (code === 'app/error-in-stream' && !this.dialect.isIdle) this.#errorFrames.add(frame ?? this.#atFrame);
        options.tell(code, details, frame);
      },
    });
    this.dialect = new DialectReader({
      framing,
      hints: dialectHints,
      limits,
      dialect,
      onFinding: (code, frame, details) => {
        // What was cut off cannot be missing: the ending says that already.
        if (frame === null && !this.#isWhole) return;
        if (code === 'ai/error-in-stream' && frame !== null && this.#errorFrames.has(frame)) return;
        options.tell(code, details, frame ?? -1);
      },
    });
  }

  /** How far the stream says it is; null where it says nothing. */
  get progress(): WatchedProgress | null {
    return this.#application.progress;
  }

  /** The token stream's key facts; null where it is none. */
  get message(): KeptMessage | null {
    const { decision } = this.dialect;
    if (decision === null) return null;
    const { model, firstContentFrame, firstOutputFrame, lastContentFrame } = this.dialect.message;
    return { decision, model, firstContentFrame, firstOutputFrame, lastContentFrame };
  }

  /**
   * The next frame, of which the body window has the bytes.
   * @returns what it says in a token stream; valid until the next call
   */
  frame(n: number, kindCode: number, offset: number, length: number, flags: number, typeId: number): readonly Delta[] {
    this.#atFrame = n;
    const deltas = this.#understand(n, kindCode, offset, length);
    this.#application.frame(n, kindCode, offset, length, flags, typeId);
    return deltas;
  }

  /** Another connection continues the stream. */
  continued(): void {
    this.#application.continued();
  }

  /** @param isWhole the transfer came to its own end: what is missing was never sent */
  end(isWhole: boolean): void {
    // What the end tells is about no frame at hand.
    this.#atFrame = -1;
    this.#application.end(isWhole, this.#options.isResumable ?? false);
    this.#isWhole = isWhole;
    this.dialect.end();
  }

  #understand(n: number, kindCode: number, offset: number, length: number): readonly Delta[] {
    if (this.dialect.isIdle) return nothing;
    const { body } = this.#options;
    const deltas = this.dialect.push(n, frameKinds[kindCode] as FrameKind, body.read(offset, length));
    if (this.#hasGivenUp()) body.limitBytes = heldBytes;
    return deltas;
  }

  #hasGivenUp(): boolean {
    return this.dialect.isIdle;
  }
}
