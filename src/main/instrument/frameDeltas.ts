import type { Delta } from '../../engine/dialects/delta.ts';
import { frameDeltas, rowWords, spanWords } from '../../engine/dialects/frameWords.ts';
import { PayloadReader } from '../../engine/dialects/payload.ts';
import type { DialectReader } from '../../engine/dialects/reader.ts';
import { tokensPerUnit } from '../../engine/timing/tokensPerUnit.ts';
import type { DeltaRows } from '../../shared/columns.ts';
import type { Limits } from '../../shared/limits.ts';
import type { FrameDelta, SpanWords } from '../../shared/message.ts';
import type { FrameKind, Framing, Micros } from '../../shared/words.ts';
import type { OpenedRecording } from './openedRecording.ts';

/** What the frames `n` say. */
export function deltaRows({ message, decision }: DialectReader, n: Float64Array): DeltaRows {
  const kind = new Uint8Array(n.length);
  const units = new Float64Array(n.length);
  const text: string[] = [];
  n.forEach((frame, row) => {
    kind[row] = message.index.kindOf(frame);
    units[row] = message.index.unitsBefore(frame + 1) - message.index.unitsBefore(frame);
    text.push(rowWords(message, frame));
  });
  const share = tokensPerUnit(message, decision?.dialect ?? '', decision?.variant ?? null);
  return { kind, units, text, tokensPerUnit: share };
}

/** Everything that one frame says. @param frame its bytes, at most the limit of JSON */
export function deltasOfFrame(
  { message, dialect }: DialectReader,
  frame: { readonly n: number; readonly kind: FrameKind; readonly bytes: Uint8Array },
  framing: Framing,
  limits: Limits,
): readonly FrameDelta[] {
  const own: Delta[] = [];
  const payload = new PayloadReader(framing, limits).read(frame.n, frame.kind, frame.bytes);
  if (payload !== undefined) dialect?.create().decode(payload, own);
  return frameDeltas(message, frame.n, own);
}

export function wordsOfSpan(
  { analysis }: OpenedRecording,
  { message }: DialectReader,
  fromMicros: Micros,
  toMicros: Micros,
): SpanWords {
  const { frames } = analysis;
  const from = frames.countBefore(fromMicros);
  const to = frames.countBefore(Math.max(toMicros, fromMicros + 1));
  return spanWords(message, from, to, (frame) => frames.microsOf(frame));
}
