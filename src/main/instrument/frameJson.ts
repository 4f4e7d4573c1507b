import { fitsLevels, parseExactly } from '../../engine/recording/compare/jsonForm.ts';
import { payloadOf } from '../../engine/framing/describe.ts';
import { FailureError } from '../../shared/failure.ts';
import { grouped } from '../../shared/grouped.ts';
import type { Limits } from '../../shared/limits.ts';
import { frameKinds, type FrameKind } from '../../shared/words.ts';
import { framingOf, type OpenedRecording } from './openedRecording.ts';

/** A frame's payload as JSON, or why there is none, for a person. */
export type FrameJson =
  { readonly note: null; readonly value: unknown } | { readonly note: string; readonly value: undefined };

/** @throws FailureError for a frame that is not there */
export function frameJson(
  recording: OpenedRecording,
  n: number,
  { jsonBytes, jsonLevels }: Pick<Limits, 'jsonBytes' | 'jsonLevels'>,
): FrameJson {
  const { frames } = recording.analysis;
  if (n >= frames.count) {
    throw new FailureError({
      code: 'call/invalid-input',
      message: `There is no frame ${String(n)}: the recording has ${String(frames.count)}.`,
    });
  }
  const without = (why: string): FrameJson => ({
    note: `Frame ${grouped(n + 1)} of ${recording.id} ${why}`,
    value: undefined,
  });
  return frames.at(n, (columns, i) => {
    const length = columns.length[i] as number;
    if (length > jsonBytes) return without(`is too large to be read as JSON: ${grouped(length)} bytes.`);
    const bytes = recording.reader.read('body', columns.offset[i] as number, length);
    const kind = frameKinds[columns.kind[i] as number] as FrameKind;
    const parsed = parseExactly(payloadOf(framingOf(recording), kind, bytes, false));
    if (parsed === undefined) return without('is not JSON.');
    if (!fitsLevels(parsed.value, jsonLevels)) {
      return without(`is nested too deep: more than ${grouped(jsonLevels)} levels.`);
    }
    return { note: null, value: parsed.value };
  });
}
