import type { Framing } from '../../shared/words.ts';
import type { DiagnosticDetails } from '../diagnostics/catalogue.ts';
import { byte, isJsonWhitespace } from '../bytes/ascii.ts';
import { expectedFraming, type Expectation } from './contentTypes.ts';
import type { JsonShape } from './json.ts';
import { sniff, type Sniffed } from './sniffers.ts';

/** What a body's framing was decided to be, and why. */
export interface Detection {
  readonly framing: Framing;
  /** `json` only; absent: found out by the framer. */
  readonly shape?: JsonShape;
  readonly by: 'content-type' | 'content' | 'none';
  readonly confidence: 'certain' | 'probable' | 'guess';
  /** For a person, to follow "decided because". */
  readonly reason: string;
  /** Details of `head/content-type-mismatch`, where the content type says otherwise than the bytes. */
  readonly mismatch?: DiagnosticDetails;
}

/** Decides the framing of one body. Fed from its first byte until it answers. */
export interface Detector {
  /** @returns the decision, or undefined while more bytes are needed; `bytes` are not kept beyond the call */
  push(bytes: Uint8Array): Detection | undefined;
  /** The body is over: decides from what there is. */
  end(): Detection;
}

export interface DetectorHints {
  /** Value of the Content-Type header, null for none. */
  readonly contentType: string | null;
  /** URL or file name, for its extension; null for none. */
  readonly url: string | null;
}

/** The most that is looked at. Without a line end by then, it is decided from what there is. */
const lookedAtBytes = 4_096;

export function createDetector(hints: DetectorHints): Detector {
  const expectation = expectedFraming(hints.contentType, hints.url);
  const head = new Uint8Array(lookedAtBytes);
  let length = 0;
  let judged = 0;
  const decide = (isAll: boolean): Detection | undefined => {
    // Prefix by prefix, so that the decision does not depend on how the bytes were split.
    while (judged < length) {
      judged++;
      if (!mayDecide(head, judged)) continue;
      const sniffed = sniff(head.subarray(0, judged), expectation.framing, judged === lookedAtBytes);
      if (sniffed !== undefined) return settle(expectation, sniffed);
    }
    const sniffed = isAll ? sniff(head.subarray(0, length), expectation.framing, true) : undefined;
    return sniffed === undefined ? undefined : settle(expectation, sniffed);
  };
  return {
    push(bytes) {
      if (expectation.isFinal) return settle(expectation, 'nothing');
      const room = Math.min(bytes.length, lookedAtBytes - length);
      head.set(bytes.subarray(0, room), length);
      length += room;
      return decide(false);
    },
    end() {
      if (expectation.isFinal) return settle(expectation, 'nothing');
      return decide(true) ?? settle(expectation, 'nothing');
    },
  };
}

/** Every byte of the beginning may decide; later ones only where a token or a line begins or ends. */
function mayDecide(head: Uint8Array, length: number): boolean {
  if (length <= 16 || length === lookedAtBytes) return true;
  return isBorder(head[length - 1] as number) || isBorder(head[length - 2] as number);
}

function isBorder(value: number): boolean {
  return isJsonWhitespace(value) || value === byte.colon || value === byte.closeBrace || value === byte.closeBracket;
}

/** Brings together what was declared and what was seen. `nothing`: the bytes do not tell. */
function settle(expectation: Expectation, sniffed: Sniffed | 'nothing'): Detection {
  const { framing: expected, declared } = expectation;
  if (sniffed === 'nothing') {
    if (expected !== null) return { framing: expected, by: expectation.by, confidence: 'certain', reason: declared };
    return { framing: 'text', by: 'none', confidence: 'guess', reason: 'nothing tells what it is' };
  }
  const shape = sniffed.shape === undefined ? {} : { shape: sniffed.shape };
  if (expected === sniffed.framing) {
    return { framing: expected, ...shape, by: expectation.by, confidence: 'certain', reason: declared };
  }
  const { framing, confidence, seen } = sniffed;
  if (expected === null) return { framing, ...shape, by: 'content', confidence, reason: seen };
  const reason = `${seen}, although ${declared}`;
  const isDeclared = expectation.by === 'content-type' && expectation.mediaType !== null;
  const mismatch = isDeclared ? { mismatch: { declared: expectation.mediaType, found: seen } } : {};
  return { framing, ...shape, by: 'content', confidence, reason, ...mismatch };
}
