import { createDetector } from '../../src/engine/framing/detect.ts';
import { createFramer } from '../../src/engine/framing/createFramer.ts';
import { aiObject, type AiObject } from '../../src/engine/dialects/aiObject.ts';
import { noHints, type DialectHints } from '../../src/engine/dialects/dialect.ts';
import { DialectReader } from '../../src/engine/dialects/reader.ts';
import type { DialectDecision } from '../../src/shared/message.ts';
import { defaultLimits } from '../../src/shared/limits.ts';
import { frameKinds, type FrameKind } from '../../src/shared/words.ts';

export interface DialectRun {
  readonly decision: DialectDecision | null;
  readonly ai: AiObject | null;
  /** `code frame details`, in order. */
  readonly findings: readonly string[];
  /** How many frames with a payload had come when the dialect was what it stayed; null: only the end decided. */
  readonly framesToDecide: number | null;
}

export interface RunOptions {
  /** Null: nothing but the bytes. */
  readonly contentType: string | null;
  readonly hints?: DialectHints;
  readonly dialect?: string | null;
}

/** A body from its pieces to its message, by the parts that the product puts together. */
export function readDialect(pieces: readonly Uint8Array[], options: RunOptions): DialectRun {
  const body = Buffer.concat(pieces);
  const detector = createDetector({ contentType: options.contentType, url: null });
  let detection = undefined as ReturnType<typeof detector.push>;
  let undecided = 0;
  for (const piece of pieces) {
    detection = detector.push(piece);
    undecided++;
    if (detection !== undefined) break;
  }
  detection ??= detector.end();
  const findings: string[] = [];
  const reader = new DialectReader({
    framing: detection.framing,
    hints: options.hints ?? noHints,
    limits: defaultLimits,
    dialect: options.dialect ?? null,
    onFinding: (code, frame, details) => findings.push(`${code} ${frame ?? '-'} ${JSON.stringify(details)}`),
  });
  let n = 0;
  let payloads = 0;
  const decided = { name: '', frames: 0 };
  const framer = createFramer(
    detection.framing,
    { limits: defaultLimits, shape: detection.shape ?? null },
    {
      frame(kindCode, offset, length) {
        const kind = frameKinds[kindCode] as FrameKind;
        reader.push(n++, kind, body.subarray(offset, offset + length));
        if (kind !== 'comment' && kind !== 'blank') payloads++;
        const name = reader.decision?.dialect ?? '';
        if (name !== decided.name) Object.assign(decided, { name, frames: payloads });
      },
      typeId: () => 0,
      diagnostic: () => undefined,
    },
  );
  for (const piece of pieces.slice(0, undecided)) framer.push(piece);
  for (const piece of pieces.slice(undecided)) framer.push(piece);
  framer.end();
  reader.end();
  const { decision, dialect } = reader;
  const framesToDecide = decided.name === decision?.dialect ? decided.frames : null;
  return {
    framesToDecide,
    decision,
    ai: dialect === undefined || decision === null ? null : aiObject(reader.message, dialect, decision.variant),
    findings,
  };
}
