import { mediaType } from '../../../shared/headerValue.ts';
import type { Analysis } from '../../../engine/recording/analysis.ts';
import type { Ending, ResponseHead } from '../../../shared/recording.ts';
import { frameKindCode, frameKinds, type Micros } from '../../../shared/words.ts';

export interface SummaryParts {
  readonly target: string;
  readonly head: ResponseHead | null;
  readonly contentType: string | null;
  readonly analysis: Analysis;
  readonly ending: Ending;
  readonly wireBytes: number;
  readonly chunks: number;
  readonly uncertaintyMicros: Micros | null;
}

/** One target's summary as `--output summary` prints it. Unknown is null; fields of features to come are null. */
export function summaryLine(parts: SummaryParts) {
  const { analysis, ending, head } = parts;
  const frameKindCounts = frameKinds.flatMap((kind) => {
    const count = analysis.types.ofKind(frameKindCode[kind]);
    return count === 0 ? [] : [[kind, count] as const];
  });
  return {
    target: parts.target,
    status: head?.status ?? null,
    httpVersion: head?.httpVersion ?? null,
    contentType: mediaType(parts.contentType),
    framing: analysis.decision?.framing ?? null,
    dialect: null,
    ending: { kind: ending.kind, code: ending.code, message: ending.message, offset: ending.offset },
    bytes: { wire: parts.wireBytes, body: analysis.bodyBytes },
    chunks: parts.chunks,
    frames: analysis.frames.count,
    frameKinds: Object.fromEntries(frameKindCounts),
    diagnostics: analysis.diagnostics.kept.map(({ diagnostic }) => ({
      code: diagnostic.code,
      severity: diagnostic.severity,
      message: diagnostic.message,
      frame: diagnostic.frame === undefined ? null : diagnostic.frame + 1,
      offset: diagnostic.offset ?? null,
      length: diagnostic.length ?? null,
    })),
    timing: analysis.timesKnown ? timingOf(parts) : null,
    ai: null,
  };
}

function timingOf({ analysis, head, ending, uncertaintyMicros }: SummaryParts) {
  const times = analysis.arrivals.keyTimes(head?.atMicros ?? null, ending.atMicros);
  return {
    headersUs: times.headersMicros,
    firstByteUs: times.firstByteMicros,
    firstFrameUs: times.firstFrameMicros,
    ttftUs: null,
    ttfoUs: null,
    lastContentUs: null,
    endUs: times.endMicros,
    gapUs: analysis.arrivals.frameGaps.statistics(),
    stalls: analysis.arrivals.stallCount,
    uncertaintyUs: uncertaintyMicros,
  };
}
