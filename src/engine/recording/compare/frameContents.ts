import type { FrameCriterion } from '../../../shared/compare.ts';
import type { Limits } from '../../../shared/limits.ts';
import { frameKinds, type FrameKind, type Framing } from '../../../shared/words.ts';
import { payloadOf } from '../../framing/describe.ts';
import { isHeartbeat } from '../../timing/arrivals.ts';
import type { FrameIndex } from '../frameIndex.ts';
import { canonicalJson, parseExactly } from './jsonForm.ts';

/** Body bytes that are read at once for frames that lie close together. */
const readBytes = 1_048_576;

/** The frames of one recording as a comparison reads them. */
export interface ComparedBody {
  readonly frames: FrameIndex;
  /** How many of them are compared: a live recording goes on growing. */
  readonly count: number;
  readonly framing: Framing;
  typeName(type: number): string;
  /** Body bytes `[offset, offset + length)`; fewer at the end. Valid until the next call. */
  read(offset: number, length: number): Uint8Array;
}

export interface ContentRules {
  /** Keys that do not count in JSON, at any level. */
  readonly ignored: ReadonlySet<string>;
  readonly limits: Pick<Limits, 'jsonBytes' | 'jsonLevels'>;
}

/**
 * One frame taken up for a comparison. Frames longer than `jsonBytes` are not taken apart: their bytes are all that
 * counts of them.
 */
export interface FrameContent {
  /** Number among all frames. */
  readonly n: number;
  readonly kind: FrameKind;
  readonly type: string;
  readonly offset: number;
  readonly length: number;
  /** Undefined where the frame is too long to be held; valid until the next frame of the same body. */
  readonly bytes: Uint8Array | undefined;
}

/** Goes through the frames of a body that are neither comment nor blank, in order. Holds one read. */
export class FrameContents {
  readonly #body: ComparedBody;
  readonly #longest: number;
  #next = 0;
  #bytes: Uint8Array = new Uint8Array(0);
  #start = 0;

  constructor(body: ComparedBody, rules: ContentRules, from = 0) {
    this.#body = body;
    this.#longest = rules.limits.jsonBytes;
    this.#next = from;
  }

  next(): FrameContent | undefined {
    const { frames, count } = this.#body;
    while (this.#next < count) {
      const n = this.#next++;
      const found = frames.at(n, (columns, i) => {
        const kind = columns.kind[i] as number;
        if (isHeartbeat(kind)) return undefined;
        return {
          n,
          kind: frameKinds[kind] as FrameKind,
          type: this.#body.typeName(columns.type[i] as number),
          offset: columns.offset[i] as number,
          length: columns.length[i] as number,
        };
      });
      if (found !== undefined) return { ...found, bytes: this.#bytesOf(found.offset, found.length) };
    }
    return undefined;
  }

  #bytesOf(offset: number, length: number): Uint8Array | undefined {
    if (length > this.#longest) return undefined;
    if (offset < this.#start || offset + length > this.#start + this.#bytes.length) {
      this.#start = offset;
      this.#bytes = this.#body.read(offset, Math.max(length, readBytes)).slice();
    }
    return this.#bytes.subarray(offset - this.#start, offset - this.#start + length);
  }
}

/** What of a frame counts by the criterion, as one text; undefined for a frame that is not taken apart. */
export function contentText(
  framing: Framing,
  frame: FrameContent,
  criterion: Exclude<FrameCriterion, 'bytes'>,
  rules: ContentRules,
): string | undefined {
  if (frame.bytes === undefined) return undefined;
  const payload = payloadOf(framing, frame.kind, frame.bytes, false);
  const json = criterion === 'json' ? jsonText(payload, rules) : undefined;
  return `${frame.type}\n${json ?? payload}`;
}

/** Numbers and words that stand alone may be any text; what begins so may be JSON. */
const jsonStart = /^\s*[[{"\-\dtfn]/;

function jsonText(payload: string, { ignored, limits }: ContentRules): string | undefined {
  if (!jsonStart.test(payload)) return undefined;
  const parsed = parseExactly(payload);
  return parsed === undefined ? undefined : canonicalJson(parsed.value, ignored, limits.jsonLevels);
}

/** Whether two frames have the same bytes; long ones are compared piece by piece. */
export function hasSameBytes(left: ComparedBody, a: FrameContent, right: ComparedBody, b: FrameContent): boolean {
  if (a.length !== b.length) return false;
  if (a.bytes !== undefined && b.bytes !== undefined) return isEqual(a.bytes, b.bytes);
  for (let at = 0; at < a.length; at += readBytes) {
    const length = Math.min(readBytes, a.length - at);
    const piece = left.read(a.offset + at, length).slice();
    if (!isEqual(piece, right.read(b.offset + at, length))) return false;
  }
  return true;
}

function isEqual(a: Uint8Array, b: Uint8Array): boolean {
  if (a.length !== b.length) return false;
  for (let i = 0; i < a.length; i++) if (a[i] !== b[i]) return false;
  return true;
}
