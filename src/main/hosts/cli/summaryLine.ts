import { aiObject } from '../../../engine/dialects/aiObject.ts';
import type { DialectReader } from '../../../engine/dialects/reader.ts';
import { progressOf } from '../../../engine/recording/progress.ts';
import type { TokenCounter } from '../../../engine/timing/tokenCounter.ts';
import { tokenMetrics } from '../../../engine/timing/tokenMetrics.ts';
import { mediaType } from '../../../shared/headerValue.ts';
import type { TokenMetrics } from '../../../shared/message.ts';
import type { Ending, Reconnection } from '../../../shared/recording.ts';
import { frameKindCode, frameKinds } from '../../../shared/words.ts';
import type { Inspection } from './inspection.ts';

export type SummaryLine = ReturnType<typeof summaryLine>;

/**
 * One target's summary as `--output summary` prints it. Unknown is null.
 * @param counter estimates tokens where the provider gave no number
 */
export function summaryLine(target: string, inspection: Inspection, ending: Ending, counter: TokenCounter | null) {
  const { analysis, facts } = inspection;
  const { head, reconnections } = facts;
  const tokens = tokenMetricsOf(inspection, counter);
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
    timing: analysis.timesKnown ? timingOf(inspection, ending, tokens) : null,
    ai: aiOf(analysis.dialect, tokens),
    ...(reconnections === undefined ? {} : { connections: connectionsOf(reconnections, inspection, ending) }),
    progress: progressIn(inspection),
  };
}

/** The message of a token stream; null where it is none. */
function aiOf(reader: DialectReader | undefined, metrics: TokenMetrics | null) {
  const decision = reader?.decision ?? null;
  if (reader?.dialect === undefined || decision === null || metrics === null) return null;
  return { ...aiObject(reader.message, reader.dialect, decision.variant), tokens: tokensOf(metrics) };
}

function tokenMetricsOf(inspection: Inspection, counter: TokenCounter | null): TokenMetrics | null {
  const reader = inspection.analysis.dialect;
  const decision = reader?.decision ?? null;
  if (reader === undefined || decision === null) return null;
  return tokenMetrics({
    message: reader.message,
    dialect: decision.dialect,
    variant: decision.variant,
    microsOf: inspection.analysis.timesKnown ? (frame) => inspection.contentMicros(frame) : null,
    wireBytes: inspection.wireBytes,
    counter,
  });
}

/** Null where neither the provider nor a tokenizer has a number. */
function tokensOf({ tokens, itlMicros, decodePerSecond, endToEndPerSecond }: TokenMetrics) {
  if (tokens === null) return null;
  return {
    count: tokens.count,
    source: tokens.source,
    itlUs: itlMicros === null ? null : Math.round(itlMicros),
    decodePerSecond: thousandths(decodePerSecond),
    endToEndPerSecond: thousandths(endToEndPerSecond),
  };
}

function thousandths(value: number | null): number | null {
  return value === null ? null : Math.round(value * 1_000) / 1_000;
}

/** How far the stream said it was, last; null where it says nothing of its length. */
function progressIn({ analysis, facts, wireBytes }: Inspection) {
  const { head } = facts;
  const said = analysis.progress;
  const progress = progressOf({ said, head, wireBytes, nowMicros: null, firstByteMicros: null });
  if (progress === null) return null;
  const { unit, done, total, source } = progress;
  return { unit, done, total, source };
}

function endingOf(ending: Ending) {
  return { kind: ending.kind, code: ending.code, message: ending.message, offset: ending.offset };
}

function timingOf({ analysis, facts }: Inspection, ending: Ending, tokens: TokenMetrics | null) {
  const times = analysis.arrivals.keyTimes(facts.head?.atMicros ?? null, ending.atMicros);
  return {
    headersUs: times.headersMicros,
    firstByteUs: times.firstByteMicros,
    firstFrameUs: times.firstFrameMicros,
    ttftUs: tokens?.ttftMicros ?? null,
    ttfoUs: tokens?.ttfoMicros ?? null,
    lastContentUs: tokens?.lastContentMicros ?? null,
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
