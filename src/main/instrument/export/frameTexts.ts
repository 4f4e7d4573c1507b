import type { Delta } from '../../../engine/dialects/delta.ts';
import { DialectReader } from '../../../engine/dialects/reader.ts';
import { longestPieceFrame, textPieces, type TextPiece } from '../../../engine/redaction/textPieces.ts';
import type { Limits } from '../../../shared/limits.ts';
import { frameKinds, type FrameKind } from '../../../shared/words.ts';
import { dialectHints, framingOf, type OpenedRecording } from '../openedRecording.ts';
import { BodyCursor } from './bodyCursor.ts';

/** The texts of one frame, and where its bytes end in the body. */
export interface FrameTexts {
  readonly pieces: readonly TextPiece[];
  readonly end: number;
}

const framesAtOnce = 1_024;
const nothing: readonly Delta[] = [];

/**
 * The texts of a recording's frames in order, each with the channel it goes on in.
 * @param body all of it, as it is or with other bytes of the same length in place of secrets
 */
export function* frameTexts(
  recording: OpenedRecording,
  body: Generator<Uint8Array, void, undefined>,
  limits: Limits,
): Generator<FrameTexts, void, undefined> {
  const { frames, message } = recording.analysis;
  const framing = framingOf(recording);
  const reader =
    message === null
      ? null
      : new DialectReader({
          framing,
          hints: dialectHints(recording.facts()),
          limits,
          // As it was decided from all frames: the first ones are read by it, too.
          dialect: message.decision.dialect,
        });
  const cursor = new BodyCursor(body);
  for (let next = 0; next < frames.count;) {
    const run: { readonly n: number; readonly kind: FrameKind; readonly offset: number; readonly length: number }[] =
      [];
    frames.visit(next, Math.min(frames.count, next + framesAtOnce), (columns, first, from, to) => {
      for (let i = from; i < to; i++) {
        run.push({
          n: first + i,
          kind: frameKinds[columns.kind[i] as number] as FrameKind,
          offset: columns.offset[i] as number,
          length: columns.length[i] as number,
        });
      }
      return false;
    });
    if (run.length === 0) return;
    for (const { n, kind, offset, length } of run) {
      if (length > longestPieceFrame) continue;
      const bytes = cursor.read(offset, length);
      const deltas = reader?.push(n, kind, bytes) ?? nothing;
      yield { pieces: textPieces({ framing, kind, offset, bytes }, deltas), end: offset + length };
    }
    next += run.length;
  }
}
