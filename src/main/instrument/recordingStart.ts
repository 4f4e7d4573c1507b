import { randomBytes } from 'node:crypto';
import type { ExchangeFacts } from '../../shared/recording.ts';
import type { RequestSpec } from '../../shared/request.ts';
import type { EpochMillis, RecordingId, Source } from '../../shared/words.ts';
import type { ExchangeClock } from '../capture/sink.ts';
import type { FramingChoice } from './framingChoice.ts';

/** What a recording begins with. */
export interface RecordingStart {
  readonly request: RequestSpec | null;
  readonly choice: FramingChoice;
  readonly source: Source;
  readonly clock: ExchangeClock;
  readonly sample: boolean;
  readonly importedFrom?: string;
}

/** The facts of a recording of which nothing has happened yet, under an id of its own. */
export function firstFacts({ request, choice, source, clock, importedFrom }: RecordingStart): ExchangeFacts {
  return {
    id: newRecordingId(clock.startedAt),
    source,
    startedAt: clock.startedAt,
    request,
    sentHeaders: [],
    marks: [],
    head: null,
    trailers: [],
    ending: null,
    timesKnown: source === 'request',
    framingOverride: choice.framing,
    ...(choice.jsonPath === undefined ? {} : { jsonPathOverride: choice.jsonPath }),
    ...(typeof choice.dialect === 'string' ? { dialectOverride: choice.dialect } : {}),
    uncertaintyMicros: null,
    ...(importedFrom === undefined ? {} : { importedFrom }),
  };
}

function newRecordingId(startedAt: EpochMillis): RecordingId {
  const time = new Date(startedAt).toISOString();
  const day = time.slice(0, 10).replaceAll('-', '');
  const clock = time.slice(11, 19).replaceAll(':', '');
  return `${day}-${clock}-${randomBytes(3).toString('hex')}`;
}
