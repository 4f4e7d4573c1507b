import { describeFrame, type FrameDescription } from '../../../engine/framing/describe.ts';
import type { Limits } from '../../../shared/limits.ts';
import { frameFlag, frameKinds, type FrameKind, type Framing } from '../../../shared/words.ts';
import { framingOf } from '../openedRecording.ts';
import { BodyCursor } from './bodyCursor.ts';
import type { ExportedRecording } from './exportedRecording.ts';

/** A frame with its contents, as far as they are read. */
export interface ExportedFrame {
  /** From 0. */
  readonly n: number;
  readonly kind: FrameKind;
  readonly type: string;
  readonly framing: Framing;
  readonly offset: number;
  readonly length: number;
  readonly flags: number;
  /** Null where times are not known. */
  readonly micros: number | null;
  /** From 0. */
  readonly chunk: number;
  readonly described: FrameDescription;
}

/** The frames of a recording in order; of a longer one than the limit for JSON its beginning. */
export function* exportedFrames(
  exported: ExportedRecording,
  limits: Limits,
): Generator<ExportedFrame, void, undefined> {
  const { recording } = exported;
  const { frames, types } = recording.analysis;
  const { timesKnown } = recording.facts();
  const framing = framingOf(recording);
  const cursor = new BodyCursor(exported.body());
  const printed = { ...limits, framePreviewBytes: limits.jsonBytes };
  for (let next = 0; next < frames.count;) {
    const run: Omit<ExportedFrame, 'described'>[] = [];
    frames.visit(next, frames.count, (columns, first, from, to) => {
      for (let i = from; i < to; i++) {
        run.push({
          n: first + i,
          kind: frameKinds[columns.kind[i] as number] as FrameKind,
          type: types.name(columns.type[i] as number),
          framing,
          offset: columns.offset[i] as number,
          length: columns.length[i] as number,
          flags: columns.flags[i] as number,
          micros: timesKnown ? (columns.micros[i] as number) : null,
          chunk: columns.chunk[i] as number,
        });
      }
      next = first + to;
      return false;
    });
    if (run.length === 0) return;
    for (const frame of run) {
      const bytes = cursor.read(frame.offset, Math.min(frame.length, limits.jsonBytes));
      yield { ...frame, described: describeFrame(framing, frame.kind, bytes, printed, bytes.length < frame.length) };
    }
  }
}

/** One frame a line, as `inspect --output frames` prints it. */
export function* frameLines(exported: ExportedRecording, limits: Limits): Generator<string, void, undefined> {
  for (const frame of exportedFrames(exported, limits)) {
    const { fields, json, textTruncated } = frame.described;
    const isBlock = frame.framing === 'sse' && ['event', 'terminator', 'incomplete'].includes(frame.kind);
    const line = {
      n: frame.n + 1,
      kind: frame.kind,
      offset: frame.offset,
      length: frame.length,
      ...(frame.micros === null ? {} : { tUs: frame.micros }),
      chunk: frame.chunk + 1,
      ...(isBlock ? { event: fields.event === undefined || fields.event === '' ? 'message' : fields.event } : {}),
      ...(fields.id === undefined ? {} : { id: fields.id }),
      ...(frame.kind === 'blank' ? {} : { data: dataOf(frame) }),
      ...(textTruncated ? { truncated: true } : {}),
      ...(frame.framing === 'sse' ? { dispatched: (frame.flags & frameFlag.dispatched) !== 0 } : {}),
      ...(fields.retryMs === undefined ? {} : { retryMs: fields.retryMs }),
      json,
    };
    yield `${JSON.stringify(line)}\n`;
  }
}

const csvColumns = 'n,kind,type,id,tUs,gapUs,offset,length,chunk,data';

/** RFC 4180: a header line, CRLF, one line a frame. What is not known is an empty field. */
export function* frameCsv(exported: ExportedRecording, limits: Limits): Generator<string, void, undefined> {
  yield `${csvColumns}\r\n`;
  let before: number | null = null;
  for (const frame of exportedFrames(exported, limits)) {
    const gap = frame.micros === null || before === null ? null : frame.micros - before;
    before = frame.micros;
    const fields = [
      String(frame.n + 1),
      frame.kind,
      csvText(frame.type),
      csvText(frame.described.fields.id ?? ''),
      frame.micros === null ? '' : String(frame.micros),
      gap === null ? '' : String(gap),
      String(frame.offset),
      String(frame.length),
      String(frame.chunk + 1),
      csvText(dataOf(frame)),
    ];
    yield `${fields.join(',')}\r\n`;
  }
}

function csvText(value: string): string {
  // A spreadsheet takes a text with such a beginning for a formula, and the text is a server's.
  const text = /^[=+\-@\t\r]/.test(value) ? `'${value}` : value;
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

/** What a frame carries, without the words of its framing. */
export function dataOf({ described, framing, kind }: ExportedFrame): string {
  const { fields, text } = described;
  if (framing !== 'sse') return text;
  return fields.data ?? (kind === 'comment' ? fields.comments?.join('\n') : undefined) ?? '';
}
