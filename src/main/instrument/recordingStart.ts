import { randomBytes } from 'node:crypto';
import type { ExchangeFacts } from '../../shared/recording.ts';
import type { ProxiedFacts } from '../../shared/proxy.ts';
import type { RequestSpec } from '../../shared/request.ts';
import type { EpochMillis, Source } from '../../shared/words.ts';
import type { ExchangeClock } from '../capture/sink.ts';
import type { FramingChoice } from './framingChoice.ts';
import type { OpenedRecording } from './openedRecording.ts';

/** What a recording begins with. */
/** What makes a recording a run of a set. */
export interface PartOfRunSet {
  readonly runSet: NonNullable<ExchangeFacts['runSet']>;
  /** Called when it ended: the recording is still open. */
  readonly onEnded: (recording: OpenedRecording) => void;
  /** Called last: its ending is kept, or could not be. */
  readonly onSaved: () => void;
}

export interface RecordingStart {
  readonly request: RequestSpec | null;
  readonly choice: FramingChoice;
  readonly source: Source;
  readonly clock: ExchangeClock;
  readonly sample: boolean;
  readonly importedFrom?: string;
  readonly part?: PartOfRunSet;
  /** It comes through the proxy. */
  readonly proxied?: ProxiedFacts;
}

/** The facts of a recording of which nothing has happened yet, under an id of its own. */
export function firstFacts({
  request,
  choice,
  source,
  clock,
  importedFrom,
  part,
  proxied,
}: RecordingStart): ExchangeFacts {
  return {
    id: newTimedId(clock.startedAt),
    source,
    startedAt: clock.startedAt,
    request,
    sentHeaders: [],
    marks: [],
    head: null,
    trailers: [],
    ending: null,
    timesKnown: source !== 'import',
    framingOverride: choice.framing,
    ...(choice.jsonPath === undefined ? {} : { jsonPathOverride: choice.jsonPath }),
    ...(typeof choice.dialect === 'string' ? { dialectOverride: choice.dialect } : {}),
    uncertaintyMicros: null,
    ...(part === undefined ? {} : { runSet: part.runSet }),
    ...(proxied === undefined ? {} : { proxied }),
    ...(importedFrom === undefined ? {} : { importedFrom }),
  };
}

/** `YYYYMMDD-HHMMSS-xxxxxx`: ids of recordings and of run sets sort by time of start. */
export function newTimedId(startedAt: EpochMillis): string {
  const time = new Date(startedAt).toISOString();
  const day = time.slice(0, 10).replaceAll('-', '');
  const clock = time.slice(11, 19).replaceAll(':', '');
  return `${day}-${clock}-${randomBytes(3).toString('hex')}`;
}
