import type { RecordingDetail } from '../../shared/recording.ts';
import type { Micros } from '../../shared/words.ts';

/** Reason phrases for the statuses people meet: HTTP/2 sends none (RFC 9110 §15). */
const phrases: Readonly<Record<number, string>> = {
  101: 'Switching Protocols',
  200: 'OK',
  201: 'Created',
  202: 'Accepted',
  204: 'No Content',
  206: 'Partial Content',
  301: 'Moved Permanently',
  302: 'Found',
  303: 'See Other',
  304: 'Not Modified',
  307: 'Temporary Redirect',
  308: 'Permanent Redirect',
  400: 'Bad Request',
  401: 'Unauthorized',
  402: 'Payment Required',
  403: 'Forbidden',
  404: 'Not Found',
  405: 'Method Not Allowed',
  406: 'Not Acceptable',
  408: 'Request Timeout',
  409: 'Conflict',
  410: 'Gone',
  413: 'Content Too Large',
  415: 'Unsupported Media Type',
  422: 'Unprocessable Content',
  425: 'Too Early',
  429: 'Too Many Requests',
  500: 'Internal Server Error',
  501: 'Not Implemented',
  502: 'Bad Gateway',
  503: 'Service Unavailable',
  504: 'Gateway Timeout',
};

export interface StatusWords {
  readonly text: string;
  readonly tone: 'good' | 'warning' | 'bad' | 'neutral';
}

/** The answer's status in words and tone; before there is one, what is waited for. */
export function statusWords(detail: RecordingDetail, live: boolean): StatusWords {
  const { head, source, importedFrom } = detail.exchange;
  if (head !== null) {
    const phrase = head.statusText === '' ? (phrases[head.status] ?? '') : head.statusText;
    const tone = head.status >= 400 ? 'bad' : head.status >= 300 ? 'warning' : 'good';
    return { text: `${head.status} ${phrase}`.trim(), tone };
  }
  if (live) return { text: 'Waiting', tone: 'neutral' };
  if (source === 'import' || importedFrom !== undefined) return { text: 'File', tone: 'neutral' };
  return { text: 'No answer', tone: 'bad' };
}

/** The HTTP version as people write it. */
export function versionWords(httpVersion: string): string {
  return httpVersion === '2' ? 'h2' : httpVersion === '3' ? 'h3' : `HTTP/${httpVersion}`;
}

/** Time left, rounded so that the words hold still: whole seconds, from a minute on whole minutes. */
export function remainingWords(remainingMicros: Micros): string {
  const seconds = Math.ceil(remainingMicros / 1e6);
  if (seconds <= 1) return '1 s left';
  if (seconds < 60) return `${seconds} s left`;
  const minutes = Math.ceil(seconds / 60);
  if (minutes < 60) return `${minutes} min left`;
  return `${Math.floor(minutes / 60)} h ${minutes % 60} min left`;
}

const silenceFromMicros = 1_000_000;

/** How long nothing has come; null while that is not worth saying. */
export function silentMicros(
  nowMicros: Micros | null,
  lastChunkMicros: Micros | null,
  headersMicros: Micros | null,
): Micros | null {
  if (nowMicros === null) return null;
  const since = lastChunkMicros ?? headersMicros ?? 0;
  const silent = nowMicros - since;
  return silent >= silenceFromMicros ? silent : null;
}

/** Seconds to the tenth, for a figure that counts: `4.1 s`, from a minute on `1:04`. */
export function countingSeconds(micros: Micros): string {
  const tenths = Math.floor(micros / 100_000);
  if (tenths < 600) return `${(tenths / 10).toFixed(1)} s`;
  const seconds = Math.floor(tenths / 10);
  const two = (value: number): string => String(value).padStart(2, '0');
  const hours = Math.floor(seconds / 3_600);
  const minutes = Math.floor(seconds / 60) % 60;
  return hours > 0 ? `${hours}:${two(minutes)}:${two(seconds % 60)}` : `${minutes}:${two(seconds % 60)}`;
}
