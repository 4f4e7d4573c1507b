import { verdictOf } from '../../../engine/recording/verdict.ts';
import type { ContentTimes, Ending, KeyTimes, Verdict } from '../../../shared/recording.ts';
import { frameKindCode } from '../../../shared/words.ts';
import { longestStall } from '../../instrument/openedRecording.ts';
import type { Inspection } from './inspection.ts';

const noTimes: KeyTimes = Object.freeze({
  headersMicros: null,
  firstByteMicros: null,
  firstFrameMicros: null,
  lastChunkMicros: null,
  endMicros: null,
});

/** How an inspected target went, in the words of the window. */
export function inspectedVerdict(target: string, inspection: Inspection, ending: Ending): Verdict {
  const { analysis, facts } = inspection;
  const { head, reconnections } = facts;
  const reconnect = facts.request?.options.reconnect;
  const verdict = verdictOf({
    state: 'ended',
    ending,
    status: head?.status ?? null,
    counts: {
      chunks: inspection.chunks,
      frames: analysis.frames.count,
      wireBytes: inspection.wireBytes,
      bodyBytes: analysis.bodyBytes,
      diagnostics: analysis.diagnostics.counts,
      stalls: analysis.arrivals.stallCount,
      heartbeats: analysis.frames.heartbeats,
    },
    times: analysis.timesKnown ? analysis.arrivals.keyTimes(head?.atMicros ?? null, ending.atMicros) : noTimes,
    contentTimes: contentTimesOf(inspection),
    longestStallMicros: longestStall(analysis.arrivals.stalls),
    unfinishedFrame: inspection.lastKind === frameKindCode.incomplete,
    importedFrom: analysis.timesKnown ? null : target,
    ...(reconnections === undefined ? {} : { reconnections }),
    ...(reconnect === undefined ? {} : { reconnect }),
    found: (code) => analysis.diagnostics.found(code),
  });
  return { ...verdict, sentence: `${verdict.sentence}${wayOut(ending)}` };
}

/** What a command can do about an ending, in its own words; empty for nothing. */
export function wayOut({ code }: Ending): string {
  return code === 'end/tls-certificate' ? ' Here: --cacert <file> to trust it, or -k to look the other way.' : '';
}

function contentTimesOf(inspection: Inspection): ContentTimes | null {
  const { message } = inspection.analysis;
  if (message === null) return null;
  return {
    ttftMicros: inspection.contentMicros(message.firstContentFrame),
    ttfoMicros: inspection.contentMicros(message.firstOutputFrame),
    lastContentMicros: inspection.contentMicros(message.lastContentFrame),
  };
}
