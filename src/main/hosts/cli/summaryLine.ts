import { aiObject } from '../../../engine/dialects/aiObject.ts';
import type { DialectReader } from '../../../engine/dialects/reader.ts';
import { mediaType } from '../../../shared/headerValue.ts';
import type { Ending, Reconnection } from '../../../shared/recording.ts';
import { frameKindCode, frameKinds } from '../../../shared/words.ts';
import type { Inspection } from './inspection.ts';

export type SummaryLine = ReturnType<typeof summaryLine>;

/** One target's summary as `--output summary` prints it. Unknown is null. */
export function summaryLine(target: string, inspection: Inspection, ending: Ending) {
  const { analysis, facts } = inspection;
  const { head, reconnections } = facts;
  const frameKindCounts = frameKinds.flatMap((kind) => {
    const count = analysis.types.ofKind(frameKindCode[kind]);
    return count === 0 ? [] : [[kind, count] as const];
  });
  return {
    target,
    status: head?.status ?? null,
    httpVersion: head?.httpVersion ?? null,
    contentType: mediaType(inspection.contentType),
    framing: analysis.decision?.framing ?? null,
    dialect: analysis.dialect?.decision?.dialect ?? null,
    ending: endingOf(ending),
    bytes: { wire: inspection.wireBytes, body: analysis.bodyBytes },
    chunks: inspection.chunks,
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
    timing: analysis.timesKnown ? timingOf(inspection, ending) : null,
    ai: aiOf(analysis.dialect),
    ...(reconnections === undefined ? {} : { connections: connectionsOf(reconnections, inspection, ending) }),
  };
}

/** The message of a token stream; null where it is none. */
function aiOf(reader: DialectReader | undefined) {
  const decision = reader?.decision ?? null;
  if (reader?.dialect === undefined || decision === null) return null;
  return aiObject(reader.message, reader.dialect, decision.variant);
}

function endingOf(ending: Ending) {
  return { kind: ending.kind, code: ending.code, message: ending.message, offset: ending.offset };
}

function timingOf({ analysis, facts }: Inspection, ending: Ending) {
  const times = analysis.arrivals.keyTimes(facts.head?.atMicros ?? null, ending.atMicros);
  return {
    headersUs: times.headersMicros,
    firstByteUs: times.firstByteMicros,
    firstFrameUs: times.firstFrameMicros,
    ttftUs: null as number | null,
    ttfoUs: null as number | null,
    lastContentUs: null as number | null,
    endUs: times.endMicros,
    gapUs: analysis.arrivals.frameGaps.statistics(),
    stalls: analysis.arrivals.stallCount,
    uncertaintyUs: facts.uncertaintyMicros,
  };
}

/** The connections of a stream that reconnected, the first one included. */
function connectionsOf(reconnections: readonly Reconnection[], { facts, wireBytes, chunks }: Inspection, last: Ending) {
  const heads = [facts.head, ...reconnections.map(({ head }) => head)];
  return heads.map((head, i) => {
    const before = reconnections[i - 1];
    const after = reconnections[i];
    return {
      status: head?.status ?? null,
      resumedFrom: before?.resumedFrom ?? null,
      waitUs: before?.waitMicros ?? null,
      bytes: (after?.wireOffset ?? wireBytes) - (before?.wireOffset ?? 0),
      chunks: (after?.firstChunk ?? chunks) - (before?.firstChunk ?? 0),
      ending: endingOf(after?.after ?? last),
    };
  });
}
