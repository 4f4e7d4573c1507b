import { shownDeltas, type ShownDelta } from '../../../engine/dialects/shownDeltas.ts';
import type { FrameDescription } from '../../../engine/framing/describe.ts';
import type { AnalysedFrame } from '../../../engine/recording/analysis.ts';
import { frameFlag, type Framing, type Micros } from '../../../shared/words.ts';

/** A frame as `--output frames` prints it; absent fields are left out. */
export interface FrameLine {
  readonly target?: string;
  /** From 1, as in the window. */
  readonly n: number;
  readonly kind: string;
  readonly offset: number;
  readonly length: number;
  readonly tUs?: Micros;
  /** From 1. */
  readonly chunk: number;
  readonly event?: string;
  /** The last event id in force. */
  readonly id?: string;
  readonly data?: string;
  /** Of an AWS event-stream message: values by name, as a person reads them. */
  readonly headers?: Readonly<Record<string, string>>;
  /** Of a part of a multipart body. */
  readonly partHeaders?: Readonly<Record<string, string>>;
  readonly dispatched?: boolean;
  readonly retryMs?: number;
  readonly json: 'valid' | 'invalid' | 'none';
  readonly diagnostics?: readonly string[];
  /** What the frame says as part of a token stream. */
  readonly deltas?: readonly ShownDelta[];
}

export interface FrameLineParts {
  readonly frame: AnalysedFrame;
  readonly framing: Framing;
  readonly described: FrameDescription;
  readonly timesKnown: boolean;
  /** The last event id in force after the frame; null before the first. */
  readonly lastEventId: string | null;
  /** Named where there are several. */
  readonly target: string | null;
}

export function frameLine(parts: FrameLineParts): FrameLine {
  const { frame, described, framing } = parts;
  const { fields } = described;
  const isBlock =
    framing === 'sse' && (frame.kind === 'event' || frame.kind === 'terminator' || frame.kind === 'incomplete');
  const data =
    framing === 'sse'
      ? (fields.data ?? (frame.kind === 'comment' ? fields.comments?.join('\n') : undefined))
      : described.text;
  return {
    ...(parts.target === null ? {} : { target: parts.target }),
    n: frame.n + 1,
    kind: frame.kind,
    offset: frame.offset,
    length: frame.length,
    ...(parts.timesKnown ? { tUs: frame.micros } : {}),
    chunk: frame.chunk + 1,
    ...(isBlock ? { event: fields.event === undefined || fields.event === '' ? 'message' : fields.event } : {}),
    ...(isBlock && parts.lastEventId !== null ? { id: parts.lastEventId } : {}),
    ...(data === undefined || frame.kind === 'blank' ? {} : { data }),
    ...(fields.headers === undefined ? {} : { headers: byName(fields.headers) }),
    ...(fields.partHeaders === undefined ? {} : { partHeaders: byName(fields.partHeaders) }),
    ...(framing === 'sse' ? { dispatched: (frame.flags & frameFlag.dispatched) !== 0 } : {}),
    ...(fields.retryMs === undefined ? {} : { retryMs: fields.retryMs }),
    json: described.json,
    ...(frame.diagnostics.length === 0 ? {} : { diagnostics: frame.diagnostics.map(({ code }) => code) }),
    ...(frame.deltas.length === 0 ? {} : { deltas: shownDeltas(frame.deltas) }),
  };
}

function byName(
  headers: readonly { readonly name: string; readonly value: string }[],
): Readonly<Record<string, string>> {
  return Object.fromEntries(headers.map(({ name, value }) => [name, value]));
}
