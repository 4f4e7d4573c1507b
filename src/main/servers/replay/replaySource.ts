import type { ByteFault } from '../../../engine/recording/replay/bodyFaults.ts';
import type { RecordedAnswer } from '../../../engine/recording/replay/replaySchedule.ts';
import type { ResponseHead } from '../../../shared/recording.ts';
import type { HeaderList } from '../../../shared/request.ts';
import type { ByteOffset } from '../../../shared/words.ts';

/** An answer of a recording with its head; `head` is null where the connection was lost before it came. */
export interface ServedAnswer extends RecordedAnswer {
  readonly head: ResponseHead | null;
  readonly trailers: HeaderList;
  /** What a request carries that wants to go on here: the value of `Last-Event-ID`, of another header or a parameter. */
  readonly resumedFrom: string | null;
}

/** What a replay serves: read in pieces, so that it may be of any length. Whoever made it closes it. */
export interface ReplaySource {
  /** At least one; those after the first are for requests that resume. */
  readonly answers: readonly [ServedAnswer, ...ServedAnswer[]];
  readonly faults: readonly ByteFault[];
  /** Fresh copy of wire bytes. */
  read(from: ByteOffset, length: number): Uint8Array;
}

/** The answer for a request: the one it resumes at, or the first. */
export function answerFor(
  source: ReplaySource,
  requestTarget: string,
  headers: Readonly<Record<string, string | readonly string[] | undefined>>,
): ServedAnswer {
  const said = new Set<string>();
  for (const value of Object.values(headers)) {
    if (typeof value === 'string') said.add(value);
  }
  const query = requestTarget.indexOf('?');
  if (query >= 0) for (const value of new URLSearchParams(requestTarget.slice(query + 1)).values()) said.add(value);
  return source.answers.find(({ resumedFrom }) => resumedFrom !== null && said.has(resumedFrom)) ?? source.answers[0];
}
