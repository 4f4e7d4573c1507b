import { compareFigures, type MeasuredRecording } from '../../engine/recording/compare/figures.ts';
import { compareHeads } from '../../engine/recording/compare/heads.ts';
import { wantsEstimate } from '../../engine/timing/tokenMetrics.ts';
import type { Alignment, ComparedSide, RecordingComparison } from '../../shared/compare.ts';
import type { Limits } from '../../shared/limits.ts';
import type { Micros } from '../../shared/words.ts';
import { detailOf, keyTimesOf } from './detail.ts';
import { messageReader } from './messages.ts';
import { metricsOf } from './messageView.ts';
import type { OpenedRecording } from './openedRecording.ts';
import { tokenCounter } from './tokenizer.ts';

/**
 * Two recordings side by side.
 * @param frames the frames whose arrivals are aligned, for `frame`; undefined: the first that is no heartbeat
 */
export async function compareRecordings(
  left: OpenedRecording,
  right: OpenedRecording,
  align: Alignment,
  frames: readonly [number, number] | undefined,
  limits: Limits,
): Promise<RecordingComparison> {
  const measuredLeft = await measure(left, limits);
  const measuredRight = await measure(right, limits);
  const leftSide = sideOf(left, originOf(left, align, frames?.[0]));
  const rightSide = sideOf(right, originOf(right, align, frames?.[1]));
  return {
    align,
    left: leftSide,
    right: rightSide,
    figures: compareFigures(measuredLeft, measuredRight, leftSide.originMicros, rightSide.originMicros),
    head: compareHeads(left.facts().head, right.facts().head),
  };
}

async function measure(recording: OpenedRecording, limits: Limits): Promise<MeasuredRecording> {
  const reader = await messageReader(recording, limits);
  const isEstimated = reader !== null && wantsEstimate(reader.message);
  const counter = isEstimated && recording.state !== 'live' ? await tokenCounter() : null;
  const { analysis } = recording;
  const { timesKnown, uncertaintyMicros } = recording.facts();
  return {
    times: keyTimesOf(recording),
    metrics: reader === null ? null : metricsOf(recording, reader, counter),
    counts: detailOf(recording).summary.counts,
    frameGaps: timesKnown ? analysis.arrivals.frameGaps.statistics() : null,
    stalls: timesKnown ? analysis.arrivals.stallCount : null,
    uncertaintyMicros,
  };
}

function originOf(recording: OpenedRecording, align: Alignment, frame: number | undefined): Micros | null {
  const { analysis } = recording;
  if (!recording.facts().timesKnown) return null;
  switch (align) {
    case 'start':
      return 0;
    case 'first-byte':
      return keyTimesOf(recording).firstByteMicros;
    case 'frame': {
      const { frames } = analysis;
      if (frame === undefined) return keyTimesOf(recording).firstFrameMicros;
      return frame < frames.count ? frames.microsOf(frame) : null;
    }
  }
}

function sideOf(recording: OpenedRecording, originMicros: Micros | null): ComparedSide {
  const { summary, framing, dialect, verdict, exchange, timing, analysisProgress } = detailOf(recording);
  return {
    summary,
    framing,
    dialect,
    verdict,
    endingCode: exchange.ending?.code ?? null,
    timesKnown: exchange.timesKnown,
    isSettled: summary.state !== 'live' && analysisProgress === null,
    originMicros,
    lastMicros: exchange.timesKnown ? (timing.endMicros ?? timing.lastChunkMicros) : null,
  };
}
