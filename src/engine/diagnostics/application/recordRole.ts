/** What a record is for in a stream that has more than data in it. */
export type RecordRole = 'start' | 'data' | 'error' | 'progress' | 'end' | 'heartbeat';

/** Names that record types and events have in the wild, in lower case with `-` between their words. */
const roles: ReadonlyMap<string, RecordRole> = new Map(
  (
    [
      ['start', ['metadata', 'meta', 'header', 'start', 'begin', 'stream-start', 'stream-begin']],
      ['error', ['error', 'stream-error', 'run-error', 'exception', 'fatal', 'fatal-error', 'failure']],
      ['progress', ['progress', 'progress-update', 'stream-progress']],
      [
        'end',
        ['stream-end', 'end', 'end-of-stream', 'stream-done', 'stream-complete', 'done', 'complete', 'completed'],
      ],
      ['end', ['finish', 'finished', 'summary', 'eof', 'eos']],
      ['heartbeat', ['heartbeat', 'ping', 'keepalive', 'keep-alive', 'noop']],
    ] as const
  ).flatMap(([role, names]) => names.map((name) => [name, role] as const)),
);

/** Types whose pair is announced by them: after the one the other is to come. */
const announced: ReadonlyMap<string, string> = new Map([
  ['stream-start', 'stream-end'],
  ['stream-begin', 'stream-end'],
  ['start', 'end'],
  ['begin', 'end'],
]);

const longestName = 32;

/** The role that a record type or an event's name stands for; `data` for every other name. */
export function roleOf(name: string): RecordRole {
  if (name === '' || name.length > longestName) return 'data';
  // AWS event streams name their errors `throttlingException` and the like.
  if (/^[a-z]+Exception$/.test(name)) return 'error';
  return roles.get(normal(name)) ?? 'data';
}

/** The end sign that a stream promises by beginning with a record of this type; null where it promises none. */
export function announcedEnd(name: string): string | null {
  return announced.get(normal(name)) ?? null;
}

function normal(name: string): string {
  return name
    .replace(/([a-z])([A-Z])/g, '$1-$2')
    .replace(/[._\s]/g, '-')
    .toLowerCase();
}
