import type { DialectDecision } from '../../shared/message.ts';
import type { FrameKind, Framing } from '../../shared/words.ts';
import type { DiagnosticDetails } from '../diagnostics/rule.ts';
import type { JsonLimits } from '../framing/jsonLimits.ts';
import { Assembly, type FindingSink } from './assemble.ts';
import type { Delta } from './delta.ts';
import { DialectDetector, type Candidate } from './detect.ts';
import { evidence, type Dialect, type DialectDecoder, type DialectFrame, type DialectHints } from './dialect.ts';
import { endFindings } from './endFindings.ts';
import { isObject, type JsonObject } from './jsonValue.ts';
import { PayloadReader, type PayloadFault } from './payload.ts';
import { dialectNamed, dialects } from './registry.ts';

export interface DialectReaderOptions {
  readonly framing: Framing;
  readonly hints: DialectHints;
  readonly limits: JsonLimits;
  /** The user's choice by name; null: detect. */
  readonly dialect: string | null;
  /** Called once a finding is sure, in the order of frames. */
  readonly onFinding?: FindingSink;
}

/** A frame that may have to be decoded again by another dialect. */
interface KeptFrame extends Omit<DialectFrame, 'json'> {
  readonly fault: PayloadFault | null;
}

interface Finding {
  readonly code: string;
  readonly frame: number | null;
  readonly details: DiagnosticDetails;
}

/** Frames and UTF-16 units of them that are kept while nothing is settled. */
const keptFramesAtMost = 64;
const keptUnitsAtMost = 4 * 1024 * 1024;
/** Frames with content after which the dialect is settled, however weak its proof. */
const contentFramesToSettle = 3;
/** Frames of a stream that says nothing but an error, an end sign included. */
const errorStreamFrames = 2;
/** Early frames in which the variant is looked for; later ones only where they carry usage or a finish reason. */
const variantFrames = 16;

const nothing: readonly Delta[] = [];

/**
 * Reads the frames of one stream as a token stream: finds the dialect, decodes, assembles.
 *
 * The dialect is scored anew with every frame until content was decoded by one with a strong proof, or three frames of
 * content were; when a better one appears, all frames so far are decoded again. A stream in which none is found among
 * the first 64 frames is left alone from there on. Never throws for what a stream holds.
 */
export class DialectReader {
  readonly #payloads: PayloadReader;
  readonly #options: DialectReaderOptions;
  #detector: DialectDetector | undefined;
  #kept: KeptFrame[] = [];
  #keptUnits = 0;
  #hasErrorShape = false;
  #dialect: Dialect | undefined;
  #decoder: DialectDecoder | undefined;
  #by: DialectDecision['by'] = 'content';
  #variant: string | null = null;
  #variantFramesLeft = variantFrames;
  #contentFrames = 0;
  #message: Assembly;
  #held: Finding[] = [];
  readonly #deltas: Delta[] = [];

  constructor(options: DialectReaderOptions) {
    this.#options = options;
    this.#payloads = new PayloadReader(options.framing, options.limits);
    this.#message = this.#newMessage();
    const chosen = options.dialect === null ? undefined : dialectNamed(options.dialect);
    if (chosen === undefined) this.#detector = new DialectDetector(dialects, options.hints);
    else this.#use(chosen, 'user');
  }

  /** Null while no dialect is found. */
  get decision(): DialectDecision | null {
    if (this.#dialect === undefined) return null;
    const { name, title } = this.#dialect;
    return { dialect: name, title, variant: this.#variant, by: this.#by, isSettled: this.#detector === undefined };
  }

  get dialect(): Dialect | undefined {
    return this.#dialect;
  }

  /** The message as far as it came. Another object once the dialect changed. */
  get message(): Assembly {
    return this.#message;
  }

  /** True where no further frame is looked at: this is no token stream. */
  get isIdle(): boolean {
    return this.#detector === undefined && this.#decoder === undefined;
  }

  /**
   * The next frame, in order.
   * @param bytes the whole frame; not kept
   * @returns what the frame says, as far as it is understood now; valid until the next call
   */
  push(n: number, kind: FrameKind, bytes: Uint8Array): readonly Delta[] {
    if (this.isIdle) return nothing;
    const frame = this.#payloads.read(n, kind, bytes);
    if (frame === undefined) return nothing;
    const { fault } = this.#payloads;
    if (this.#detector !== undefined) return this.#consider(this.#detector, frame, fault);
    this.#decode(frame, fault);
    return this.#deltas;
  }

  /** No more frames. What only the end tells is found, and what was held back is told. */
  end(): void {
    if (this.#detector !== undefined && this.#dialect === undefined) {
      const best = this.#lastResort(this.#detector);
      if (best !== undefined) this.#redecode(best);
    }
    this.#settle();
    if (this.#decoder === undefined || this.#dialect === undefined) return;
    this.#deltas.length = 0;
    this.#decoder.end?.(this.#deltas);
    const last = Math.max(this.#message.lastFrame, 0);
    for (const delta of this.#deltas) this.#message.add(last, delta);
    endFindings(this.#message, this.#dialect, this.#variant, (code, frame, details) => {
      this.#find(code, frame, details);
    });
    this.#decoder = undefined;
  }

  /**
   * Whom a stream may be of in which no frame speaks for a dialect. An error has much the same shape everywhere, so URL
   * and headers say whose it is; without them a weak sign counts only where nothing but the error came.
   */
  #lastResort(detector: DialectDetector): Candidate | undefined {
    const best = detector.best(evidence.possible);
    if (!this.#hasErrorShape) return best !== undefined && best.hintScore > 0 ? best : undefined;
    return detector.named() ?? (this.#kept.length <= errorStreamFrames ? best : undefined);
  }

  #consider(detector: DialectDetector, frame: DialectFrame, fault: PayloadFault | null): readonly Delta[] {
    const { n, event, messageType, text } = frame;
    this.#kept.push({ n, event, messageType, text, fault });
    this.#keptUnits += text.length;
    this.#hasErrorShape ||= event === 'error' || (isObject(frame.json) && isErrorShape(frame.json));
    detector.observe(frame);
    const best = detector.best(evidence.likely);
    if (best === undefined) this.#deltas.length = 0;
    else if (best.dialect === this.#dialect) this.#decode(frame, fault);
    else this.#redecode(best);
    const isStrong = best !== undefined && best.frameScore >= evidence.strong && this.#contentFrames > 0;
    const isFull = this.#kept.length >= keptFramesAtMost || this.#keptUnits >= keptUnitsAtMost;
    if (isStrong || isFull || this.#contentFrames >= contentFramesToSettle) this.#settle();
    return this.#deltas;
  }

  #redecode(candidate: Candidate): void {
    this.#use(candidate.dialect, candidate.hintScore > candidate.frameScore ? 'hints' : 'content');
    for (const kept of this.#kept) this.#decode(this.#payloads.again(kept), kept.fault);
  }

  #use(dialect: Dialect, by: DialectDecision['by']): void {
    this.#dialect = dialect;
    this.#decoder = dialect.create();
    this.#by = by;
    this.#variant = dialect.variantFromHints?.(this.#options.hints) ?? null;
    this.#variantFramesLeft = variantFrames;
    this.#contentFrames = 0;
    this.#held = [];
    this.#message = this.#newMessage();
  }

  #settle(): void {
    this.#detector = undefined;
    this.#kept = [];
    const held = this.#held;
    this.#held = [];
    for (const { code, frame, details } of held) this.#options.onFinding?.(code, frame, details);
  }

  #decode(frame: DialectFrame, fault: PayloadFault | null): void {
    const deltas = this.#deltas;
    // Setting the length would give the list's memory away, to be asked for again with the next frame.
    while (deltas.length > 0) deltas.pop();
    const { n } = frame;
    if (fault === 'not-a-frame' && this.#dialect?.payload === 'json') {
      deltas.push({ type: 'event', name: 'not a frame' });
    } else if (fault !== null && fault !== 'not-a-frame' && this.#dialect?.payload === 'json') {
      deltas.push({ type: 'fault', code: 'ai/invalid-payload', details: { reason: reasons[fault] } });
    } else {
      this.#decoder?.decode(frame, deltas);
    }
    const message = this.#message;
    message.frameUnits = frame.text.length;
    let wantsVariant = this.#variant === null && this.#variantFramesLeft-- > 0;
    for (const delta of deltas) {
      message.add(n, delta);
      if (delta.type === 'usage' || delta.type === 'finish') wantsVariant = this.#variant === null;
    }
    if (wantsVariant) this.#variant = this.#dialect?.variant?.(frame) ?? null;
    message.lastFrame = n;
    if (message.lastContentFrame === n) this.#contentFrames++;
  }

  #newMessage(): Assembly {
    return new Assembly((code, frame, details) => {
      this.#find(code, frame, details);
    });
  }

  #find(code: string, frame: number | null, details: DiagnosticDetails): void {
    if (this.#detector !== undefined) this.#held.push({ code, frame, details });
    else this.#options.onFinding?.(code, frame, details);
  }
}

function isErrorShape(json: JsonObject): boolean {
  return 'error' in json || json.type === 'error' || json.object === 'error';
}

const reasons: Readonly<Record<Exclude<PayloadFault, 'not-a-frame'>, string>> = {
  'invalid-json': 'it is not JSON',
  'too-large': 'it is larger than the limit for JSON',
  'too-deep': 'it is nested deeper than the limit for JSON',
};
