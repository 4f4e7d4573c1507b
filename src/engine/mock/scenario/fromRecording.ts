import { grouped } from '../../../shared/grouped.ts';
import { headerValue } from '../../../shared/headerValue.ts';
import type { Ending, ResponseHead } from '../../../shared/recording.ts';
import type { HeaderList } from '../../../shared/request.ts';
import type { Micros } from '../../../shared/words.ts';
import { toBase64 } from '../../bytes/base64.ts';
import { recordedEnd, type RecordedEnd } from '../../recording/replay/recordedEnd.ts';

/** An answer as it was recorded, its secrets gone. */
export interface RecordedStream {
  readonly title: string;
  readonly method: string;
  readonly head: ResponseHead;
  /** When the request had been sent. */
  readonly requestMicros: Micros;
  readonly timesKnown: boolean;
  /** `continues`: of the same HTTP chunk as the one before. */
  readonly chunks: Iterable<{ readonly atMicros: Micros; readonly bytes: Uint8Array; readonly continues: boolean }>;
  readonly chunkCount: number;
  readonly trailers: HeaderList;
  /** Null: the recording was interrupted. */
  readonly ending: Ending | null;
}

export interface WrittenScenario {
  readonly text: string;
  /** What it cannot tell of the recording, one sentence each. */
  readonly notes: readonly string[];
}

/** UTF-16 code units of a document that a person still reads in an editor. */
const textAtMost = 1_000_000;
/** Each may take two steps. More would take an editor long to check. */
const chunksAtMost = 4_000;

const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });
/** Endings that a scenario does again just as they were. */
const exactEndings: ReadonlySet<string> = new Set(['end/no-last-chunk', 'end/short-body', 'end/reset']);

/** Writes a scenario (YAML) that sends what a recording holds as it came: head, chunks, times, trailers, ending. */
export function scenarioFromRecording(recording: RecordedStream): WrittenScenario {
  const { title, method, head, trailers, timesKnown, requestMicros, ending } = recording;
  const notes: string[] = [];
  const end = recordedEnd(ending);
  const lines = [`title: ${quoted(title)}`];
  if (method === 'POST') lines.push('method: POST');
  else if (method !== 'GET') notes.push(`It was asked for with ${method}: the scenario answers to GET.`);
  lines.push('steps:');
  const headWait = timesKnown ? head.atMicros - requestMicros : 0;
  if (headWait > 0) lines.push(`  - wait: ${millis(headWait)}`);
  lines.push(...headLines(head, trailers, notes));
  if (!timesKnown) notes.push('The recording has no times: everything is sent at once.');

  let length = lines.join('\n').length;
  let written = 0;
  let hasContinued = false;
  let before = head.atMicros;
  let isShortened = false;
  for (const { atMicros, bytes, continues } of recording.chunks) {
    const wait = timesKnown ? Math.max(0, atMicros - before) : 0;
    const send = `  - send: ${contentOf(bytes)}`;
    length += send.length + 20;
    if (length > textAtMost || written >= chunksAtMost) {
      isShortened = true;
      break;
    }
    if (wait > 0) lines.push(`  - wait: ${millis(wait)}`);
    if (bytes.length > 0) lines.push(send);
    before = Math.max(before, atMicros);
    hasContinued ||= continues;
    written++;
  }
  if (hasContinued) notes.push('Chunks that came in several reads are sent as several chunks.');
  if (isShortened) {
    notes.push(
      `Only the first ${grouped(written)} of ${grouped(recording.chunkCount)} chunks are in it: a scenario of all of them would be too long to read.`,
    );
  } else {
    const rest = timesKnown && ending !== null ? ending.atMicros - before : 0;
    if (rest > 0 && end.how !== 'complete') lines.push(`  - wait: ${millis(rest)}`);
    lines.push(...endLines(end, ending, head, notes));
  }
  return { text: `${lines.join('\n')}\n`, notes };
}

function headLines(head: ResponseHead, trailers: HeaderList, notes: string[]): readonly string[] {
  const { status, httpVersion, headers } = head;
  const isHttp1 = httpVersion.startsWith('1.');
  const length = headerValue(headers, 'content-length');
  const isChunked = !isHttp1 || headerValue(headers, 'transfer-encoding') !== null;
  const named = new Map<string, { readonly name: string; readonly values: string[] }>();
  for (const [name, value] of headers) {
    const lower = name.toLowerCase();
    if (/^(?:transfer-encoding|content-length|connection|keep-alive)$/.test(lower)) continue;
    if (!/^[!#$%&'*+.^_`|~\w-]{1,256}$/.test(name) || /[\0\r\n]/.test(value) || value.length > 8_192) {
      notes.push(`The header ${JSON.stringify(name.slice(0, 40))} cannot be told, and is left out.`);
      continue;
    }
    const known = named.get(lower);
    if (known === undefined) named.set(lower, { name, values: [value] });
    else known.values.push(value);
  }
  const lines = ['  - head:', `      status: ${String(status)}`];
  if (named.size === 0) lines.push('      headers: {}');
  else lines.push('      headers:');
  for (const { name, values } of named.values()) {
    const [only = ''] = values;
    lines.push(`        ${quoted(name)}: ${values.length === 1 ? quoted(only) : JSON.stringify(values)}`);
  }
  if (isChunked && trailers.length > 0) {
    lines.push('      trailers:', ...trailers.map(([name, value]) => `        ${quoted(name)}: ${quoted(value)}`));
  } else if (!isChunked && length !== null && /^\d{1,15}$/.test(length)) {
    lines.push('      body: length', `      length: ${length}`);
  } else if (!isChunked) {
    lines.push('      body: close');
  }
  return lines;
}

function contentOf(bytes: Uint8Array): string {
  try {
    return quoted(decoder.decode(bytes));
  } catch (error) {
    if (error instanceof TypeError) return `{ base64: ${toBase64(bytes)} }`;
    throw error;
  }
}

function endLines(end: RecordedEnd, ending: Ending | null, head: ResponseHead, notes: string[]): readonly string[] {
  if (end.how === 'complete') return [];
  const isHttp1 = head.httpVersion.startsWith('1.');
  if (ending === null) notes.push('The recording was interrupted: where it stops, the scenario closes the connection.');
  else if (!isHttp1 || !exactEndings.has(ending.code)) {
    notes.push(`It ended so: ${ending.message} The scenario does what comes nearest to it.`);
  }
  return [`  - fault: ${faultOf(end)}`];
}

function faultOf(end: RecordedEnd): string {
  if (end.breakWith !== undefined) {
    if (end.breakWith.startsWith('fff')) return 'chunk-overflow';
    if (end.breakWith === '1\n') return 'bare-lf';
    return end.leavesChunkOpen === true ? 'chunk-overrun' : 'bad-chunk-size';
  }
  return end.how === 'reset' ? 'reset' : 'fin';
}

function millis(micros: Micros): string {
  return `${String(Number((micros / 1_000).toFixed(3)))}ms`;
}

/** JSON text, which is YAML as well; what an editor would not show is escaped. */
function quoted(text: string): string {
  return JSON.stringify(text).replace(
    /[\u007f-\u009f\u200b-\u200f\u2028-\u202e\u2066-\u2069\ufeff]/g,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
}
