import { borderKindOf } from '../../engine/recording/borderKind.ts';
import { headerValue } from '../../shared/headerValue.ts';
import { contentLengthOf, progressOf } from '../../engine/recording/progress.ts';
import type { Analysis } from '../../engine/recording/analysis.ts';
import { verdictOf } from '../../engine/recording/verdict.ts';
import type { ProxiedFacts } from '../../shared/proxy.ts';
import type {
  ContentTimes,
  ExchangeFacts,
  KeyTimes,
  RecordingCounts,
  RecordingDetail,
  RecordingProgress,
  RecordingSummary,
} from '../../shared/recording.ts';
import { frameKindCode, type Micros, type RecordingState } from '../../shared/words.ts';
import { contentTypeOf, longestStall, type OpenedRecording } from './openedRecording.ts';

const nameLength = 64;

/** What the library calls a recording: its file's name, or the last two pieces of its path. */
function recordingName(facts: ExchangeFacts): string {
  if (facts.importedFrom !== undefined) return facts.importedFrom.slice(-nameLength);
  if (facts.request === null) return facts.id;
  if (!URL.canParse(facts.request.url)) return facts.request.url.slice(0, nameLength);
  const url = new URL(facts.request.url);
  const pieces = url.pathname.split('/').filter((piece) => piece !== '');
  return pieces.length === 0 ? url.host : pieces.slice(-2).join('/').slice(-nameLength);
}

const noCounts: RecordingCounts = Object.freeze({
  chunks: 0,
  frames: 0,
  wireBytes: 0,
  bodyBytes: 0,
  diagnostics: Object.freeze({ error: 0, warning: 0, info: 0 }),
  stalls: 0,
  heartbeats: 0,
});

/** The library line of an exchange about which nothing is known yet but the request. */
export function firstSummary(facts: ExchangeFacts, sample: boolean): RecordingSummary {
  return summaryOf(facts, 'live', noCounts, null, null, sample);
}

export function countsOf(recording: OpenedRecording): RecordingCounts {
  const { analysis, chunks } = recording;
  return {
    chunks: chunks.count,
    frames: analysis.frames.count,
    wireBytes: chunks.wireBytes,
    bodyBytes: analysis.bodyBytes,
    diagnostics: analysis.diagnostics.counts,
    stalls: analysis.arrivals.stallCount,
    heartbeats: analysis.frames.heartbeats,
  };
}

/** What a recording says of itself; the user's words and its size are the library's (`Library.told`). */
export function summaryOfOpened(recording: OpenedRecording): RecordingSummary {
  const facts = recording.facts();
  const framing = recording.analysis.decision?.framing ?? null;
  return summaryOf(facts, recording.state, countsOf(recording), framing, recording.analysis.message, recording.sample);
}

function summaryOf(
  facts: ExchangeFacts,
  state: RecordingState,
  counts: RecordingCounts,
  framing: RecordingSummary['framing'],
  message: Analysis['message'],
  sample: boolean,
): RecordingSummary {
  return {
    id: facts.id,
    state,
    source: facts.source,
    startedAt: facts.startedAt,
    method: facts.request?.method ?? '',
    url: facts.request?.url ?? '',
    name: recordingName(facts),
    status: facts.head?.status ?? null,
    framing,
    dialect: message?.decision.dialect ?? null,
    httpVersion: facts.head?.httpVersion ?? null,
    endingKind: facts.ending?.kind ?? null,
    durationMicros: facts.timesKnown ? (facts.ending?.atMicros ?? null) : null,
    counts,
    sample,
    model: message?.model ?? null,
    tags: [],
    starred: false,
    note: null,
    sizeOnDisk: null,
    ...(facts.proxied === undefined ? {} : wayOf(facts.proxied)),
  };
}

/** Who sent an exchange through the proxy, and along which route. */
function wayOf({ client: { process, userAgent }, route }: ProxiedFacts): Pick<RecordingSummary, 'client' | 'route'> {
  const client = process === null ? userAgent : `${process.name} (${String(process.id)})`;
  return { ...(client === null ? {} : { client }), ...(route === null ? {} : { route }) };
}

export function keyTimesOf(recording: OpenedRecording): KeyTimes {
  const facts = recording.facts();
  if (!facts.timesKnown) {
    return {
      headersMicros: null,
      firstByteMicros: null,
      firstFrameMicros: null,
      lastChunkMicros: null,
      endMicros: null,
    };
  }
  return recording.analysis.arrivals.keyTimes(facts.head?.atMicros ?? null, facts.ending?.atMicros ?? null);
}

function contentTimesOf({ analysis }: OpenedRecording): ContentTimes | null {
  const { frames, message, timesKnown } = analysis;
  if (message === null) return null;
  const at = (frame: number): Micros | null => (frame < 0 || !timesKnown ? null : frames.microsOf(frame));
  return {
    ttftMicros: at(message.firstContentFrame),
    ttfoMicros: at(message.firstOutputFrame),
    lastContentMicros: at(message.lastContentFrame),
  };
}

/** How far the recording is, as the window shows it while it is live. */
export function recordingProgress(recording: OpenedRecording): RecordingProgress | null {
  const { analysis, chunks, state } = recording;
  return progressOf({
    said: analysis.progress,
    head: recording.facts().head,
    wireBytes: chunks.wireBytes,
    nowMicros: state === 'live' ? recording.nowMicros() : null,
    firstByteMicros: keyTimesOf(recording).firstByteMicros,
  });
}

export function detailOf(recording: OpenedRecording): RecordingDetail {
  const facts = recording.facts();
  const { analysis } = recording;
  const summary = summaryOfOpened(recording);
  const timing = keyTimesOf(recording);
  const contentTimes = contentTimesOf(recording);
  const reconnect = facts.request?.options.reconnect;
  const lastKind =
    analysis.frames.count === 0 ? -1 : analysis.frames.at(analysis.frames.count - 1, (c, i) => c.kind[i]);
  return {
    summary,
    exchange: facts,
    framing: analysis.decision,
    dialect: analysis.message?.decision ?? null,
    contentType: contentTypeOf(facts),
    contentEncoding: facts.head === null ? null : headerValue(facts.head.headers, 'content-encoding'),
    verdict: verdictOf({
      state: recording.state,
      ending: facts.ending,
      status: summary.status,
      counts: summary.counts,
      times: timing,
      contentTimes,
      longestStallMicros: longestStall(analysis.arrivals.stalls),
      unfinishedFrame: lastKind === frameKindCode.incomplete,
      importedFrom: facts.importedFrom ?? null,
      ...(facts.reconnections === undefined ? {} : { reconnections: facts.reconnections }),
      ...(reconnect === undefined ? {} : { reconnect }),
      found: (code) => analysis.diagnostics.found(code),
    }),
    types: analysis.types.counts(),
    timing,
    contentTimes,
    analysisProgress: recording.analysisProgress,
    readableBodyBytes: recording.reader.byteLength('body'),
    expectedWireBytes: contentLengthOf(facts.head),
    progress: recordingProgress(recording),
    borders: borderKindOf(facts),
    reconnectionFrames: (facts.reconnections ?? []).map(({ firstChunk }) =>
      analysis.frames.countBeforeChunk(firstChunk),
    ),
  };
}
