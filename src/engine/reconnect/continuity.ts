import type { ReconnectPlan } from '../../shared/request.ts';
import type { ByteOffset, Framing } from '../../shared/words.ts';
import type { DiagnosticDetails } from '../diagnostics/rule.ts';
import type { JsonLimits } from '../framing/jsonLimits.ts';
import { EventIds } from './eventIds.ts';
import { KeyHistory } from './keyHistory.ts';
import type { KeyReader, ResumePosition } from './keyReader.ts';
import { RecordKeys } from './recordKeys.ts';

export interface ContinuityOptions {
  readonly plan: ReconnectPlan;
  /** The `Last-Event-ID` that the first request is sent with; null: none. */
  readonly initialId: string | null;
  readonly limits: JsonLimits;
}

/** Something found about a later connection. */
export interface ContinuityFinding {
  readonly code: string;
  readonly details: DiagnosticDetails;
}

/** The repeated frames at the place where they began. */
export interface Repetition {
  readonly frame: number;
  readonly offset: ByteOffset;
  readonly length: number;
  readonly details: DiagnosticDetails;
}

/** What frame of a later connection says about it. */
export interface FrameContinuity {
  readonly findings: readonly ContinuityFinding[];
  /** Frames repeated from this one on: told later, when they were counted. */
  readonly beginsRepetition: boolean;
}

const shownChars = 80;
const nothing: FrameContinuity = Object.freeze({ findings: [], beginsRepetition: false });

interface Repeating {
  readonly frame: number;
  readonly offset: ByteOffset;
  readonly length: number;
  readonly firstKey: string;
  lastKey: string;
  count: number;
}

/**
 * Follows a stream over its connections: where it can be asked to go on, and whether it did. Fed like a framer's
 * neighbour: `push` before the framer, `frame` for each frame that it reports, `pushed` after it.
 */
export class Continuity {
  readonly #options: ContinuityOptions;
  readonly #history = new KeyHistory();
  readonly #repetitions: Repetition[] = [];
  #reader: KeyReader | undefined;
  #firstKey: string | undefined;
  #connection = 0;
  #hasFrames = false;
  #saidNoPosition = false;
  /** What the connection was asked to go on from. */
  #resumedFrom: string | null = null;
  #isFirstKeyOfConnection = true;
  #hasNewKey = false;
  #repeating: Repeating | undefined;

  constructor(options: ContinuityOptions) {
    this.#options = options;
  }

  get position(): ResumePosition {
    const initial = this.#options.plan.kind === 'sse' ? this.#options.initialId : null;
    return this.#reader?.position ?? { value: initial === '' ? null : initial, retryMillis: null };
  }

  /** The framing is decided; once, before the first `push`. */
  begin(framing: Framing): void {
    const { plan, initialId, limits } = this.#options;
    if (plan.kind === 'records') this.#reader = new RecordKeys(plan.field, framing, limits, null);
    else if (framing === 'sse') this.#reader = new EventIds(initialId);
  }

  push(bytes: Uint8Array, offset: ByteOffset): void {
    this.#reader?.push(bytes, offset);
  }

  pushed(): void {
    this.#reader?.pushed();
  }

  /** Frame `n`, which the framer reports now. */
  frame(n: number, kindCode: number, offset: ByteOffset, length: number, flags: number): FrameContinuity {
    this.#hasFrames = true;
    const key = this.#reader?.frame(kindCode, offset, length, flags);
    if (key === undefined) return nothing;
    this.#firstKey ??= key;
    const novelty = this.#history.judge(key, this.#connection > 0 && !this.#hasNewKey);
    const isFirstOfConnection = this.#isFirstKeyOfConnection;
    this.#isFirstKeyOfConnection = false;
    if (this.#connection === 0) return nothing;
    if (novelty.is === 'seen') return this.#repeats(key, { frame: n, offset, length }, isFirstOfConnection);
    this.#endRepetition();
    const isFirstNew = !this.#hasNewKey;
    this.#hasNewKey = true;
    if (!isFirstNew) return nothing;
    if (novelty.is === 'after-hole') {
      const { missing, after } = novelty;
      return found('reconnect/hole', { missing, after, key: shown(key) });
    }
    if (!isFirstOfConnection || this.#resumedFrom === null) return nothing;
    const isExact = novelty.is === 'next' ? 1 : 0;
    return found('reconnect/resumed', { key: shown(key), from: shown(this.#resumedFrom), isExact });
  }

  #repeats(
    key: string,
    place: { readonly frame: number; readonly offset: ByteOffset; readonly length: number },
    isFirstOfConnection: boolean,
  ): FrameContinuity {
    if (this.#repeating !== undefined) {
      this.#repeating.count++;
      this.#repeating.lastKey = key;
      return nothing;
    }
    if (this.#hasNewKey) return nothing;
    this.#repeating = { ...place, firstKey: key, lastKey: key, count: 1 };
    const startedOver = isFirstOfConnection && key === this.#firstKey && this.#resumedFrom !== null;
    const findings =
      startedOver && key !== this.#resumedFrom
        ? [{ code: 'reconnect/not-resumed', details: { key: shown(key), from: shown(this.#resumedFrom ?? '') } }]
        : [];
    return { findings, beginsRepetition: true };
  }

  #endRepetition(): void {
    if (this.#repeating === undefined) return;
    const { frame, offset, length, firstKey, lastKey, count } = this.#repeating;
    this.#repeating = undefined;
    const details = { count, firstKey: shown(firstKey), lastKey: shown(lastKey), forgotten: this.#history.forgotten };
    this.#repetitions.push({ frame, offset, length, details });
  }

  /** Repetitions that are over since the last call. */
  takeRepetitions(): readonly Repetition[] {
    return this.#repetitions.splice(0);
  }

  /** The body of a connection is over. */
  end(): void {
    this.#reader?.end();
    this.#endRepetition();
  }

  /**
   * Another connection begins.
   * @param resumedFrom what it is asked to go on from
   */
  reconnected(resumedFrom: string | null): readonly ContinuityFinding[] {
    this.#connection++;
    this.#resumedFrom = resumedFrom;
    this.#isFirstKeyOfConnection = true;
    this.#hasNewKey = false;
    if (this.#saidNoPosition || !this.#hasFrames || this.#firstKey !== undefined || resumedFrom !== null) return [];
    this.#saidNoPosition = true;
    return [{ code: 'reconnect/no-position', details: {} }];
  }
}

function found(code: string, details: DiagnosticDetails): FrameContinuity {
  return { findings: [{ code, details }], beginsRepetition: false };
}

/** A key in a sentence: it may be as long as a line. */
function shown(key: string): string {
  return key.length <= shownChars ? key : `${key.slice(0, shownChars)}…`;
}
