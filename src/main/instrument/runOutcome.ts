import { isTerminated } from '../../engine/dialects/endFindings.ts';
import type { TokenCounter } from '../../engine/timing/tokenCounter.ts';
import { wantsEstimate } from '../../engine/timing/tokenMetrics.ts';
import type { TokenMetrics } from '../../shared/message.ts';
import type { Run, RunFigures } from '../../shared/runs.ts';
import type { Micros } from '../../shared/words.ts';
import { keyTimesOf } from './detail.ts';
import { metricsOf } from './messageView.ts';
import type { OpenedRecording } from './openedRecording.ts';

export const unknownFigures: RunFigures = Object.freeze({
  headers: null,
  firstByte: null,
  ttft: null,
  ttfo: null,
  lastContent: null,
  e2e: null,
  itl: null,
  tps: null,
  e2eTps: null,
  tokens: null,
});

/**
 * A run as its recording tells it, while it is live or when it ended.
 * @param startedMicros its t0 on the clock of the set
 * @param counter estimates tokens where the provider does not count them; null: nothing is estimated
 */
export function runOf(n: number, startedMicros: Micros, recording: OpenedRecording, counter: TokenCounter | null): Run {
  const facts = recording.facts();
  const { analysis } = recording;
  const reader = analysis.dialect;
  const decision = reader?.decision ?? null;
  const metrics =
    reader === undefined || decision === null
      ? null
      : metricsOf(recording, reader, wantsEstimate(reader.message) ? counter : null);
  return {
    n,
    recordingId: recording.id,
    startedMicros,
    ending:
      facts.ending === null
        ? null
        : { kind: facts.ending.kind, code: facts.ending.code, message: facts.ending.message },
    status: facts.head?.status ?? null,
    framing: analysis.decision?.framing ?? null,
    dialect: decision?.dialect ?? null,
    model: decision === null ? null : (reader?.message.model ?? null),
    figures: figuresOf(recording, metrics),
    tokens: metrics?.tokens ?? null,
    diagnostics: analysis.diagnostics.counts,
    streamErrors: decision === null ? null : (reader?.message.errors.length ?? null),
    isTerminated: hasTerminator(recording),
    reconnections: facts.reconnections?.length ?? 0,
    uncertaintyMicros: facts.uncertaintyMicros,
  };
}

function figuresOf(recording: OpenedRecording, metrics: TokenMetrics | null): RunFigures {
  const times = keyTimesOf(recording);
  return {
    headers: times.headersMicros,
    firstByte: times.firstByteMicros,
    ttft: metrics?.ttftMicros ?? null,
    ttfo: metrics?.ttfoMicros ?? null,
    lastContent: metrics?.lastContentMicros ?? null,
    e2e: times.endMicros,
    itl: metrics?.itlMicros ?? null,
    tps: metrics?.decodePerSecond ?? null,
    e2eTps: metrics?.endToEndPerSecond ?? null,
    tokens: metrics?.tokens?.count ?? null,
  };
}

/** Whether the end sign of the dialect, else of the format, came; null where neither has one. */
function hasTerminator(recording: OpenedRecording): boolean | null {
  const { analysis, state } = recording;
  const { dialect: reader } = analysis;
  const decision = reader?.decision ?? null;
  if (reader?.dialect !== undefined && decision !== null) {
    return isTerminated(reader.message, reader.dialect, decision.variant);
  }
  if (analysis.types.counts().some(({ kind }) => kind === 'terminator')) return true;
  if (state === 'live' || analysis.decision?.framing !== 'json') return null;
  return analysis.frames.count > 0 && analysis.diagnostics.found('json/truncated') === 0;
}
