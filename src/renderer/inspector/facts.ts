import type { FrameDetail } from '../../shared/recording.ts';
import type { BorderKind, Micros } from '../../shared/words.ts';
import { borderWords } from '../ui/borderWords.ts';
import { deltaTitle } from '../ui/deltaWords.ts';
import { formatBytes, formatCount, formatMicros, formatOrdinal } from '../ui/format.ts';
import { visibleText } from '../ui/visibleText.ts';

/** The least that the stall rule of `metrics.md` calls a stall. */
const leastStallMicros: Micros = 1_000_000;

export interface Fact {
  readonly name: string;
  readonly value: string;
  /** Said on hover and focus; null where the name says it all. */
  readonly means: string | null;
  readonly tone: 'plain' | 'warning';
}

/** What is known of the recording that a frame belongs to. */
export interface FactContext {
  readonly chunks: number;
  readonly borders: BorderKind | null;
  readonly timesKnown: boolean;
  readonly uncertaintyMicros: Micros | null;
}

/** What the inspector lists under a frame's payload. */
export function factsOf(frame: FrameDetail, context: FactContext): readonly Fact[] {
  const stall = frame.diagnostics.some((diagnostic) => diagnostic.code === 'timing/stall');
  const facts: Fact[] = [
    fact(
      'arrived',
      arrived(frame, context),
      'When the chunk came that completed this frame, after the request was handed over; ± the largest delay of the clock while the stream was open',
    ),
    fact('since previous', sincePrevious(frame, stall), 'Time since the frame before', stall ? 'warning' : 'plain'),
    fact(
      'chunk',
      `${formatOrdinal(frame.chunk)} of ${formatCount(context.chunks)}, frame ${formatCount(frame.indexInChunk)} of ${formatCount(frame.framesInChunk)}`,
      'The body read that completed this frame, and this frame’s place among those that it completed',
    ),
  ];
  const division = divisionWords(frame, context);
  if (division !== null) facts.push(fact('carried by', division, borderWords[context.borders ?? 'read'].means));
  const place = `${formatBytes(frame.length)} at ${formatCount(frame.offset)}`;
  facts.push(fact('bytes', place, 'Length of the frame, and where it begins in the body'));
  const adds = addsWords(frame);
  if (adds !== null) facts.push(fact('adds', adds, 'What this frame says in the stream’s dialect'));
  const { event, id, lastEventId, retryMs, comments, dispatched, headers, partHeaders } = frame.fields;
  if (event !== undefined) facts.push(fact('event', visibleText(event)));
  else if (frame.type !== '') facts.push(fact('type', visibleText(frame.type)));
  if (id !== undefined) facts.push(fact('id', id === '' ? '(empty: resets the last event id)' : visibleText(id)));
  else if (lastEventId !== undefined && lastEventId !== '') {
    facts.push(fact('last event id', visibleText(lastEventId), 'The id in force, set by an earlier event'));
  }
  if (retryMs !== undefined)
    facts.push(fact('retry', `${formatCount(retryMs)} ms`, 'How long a client is to wait before it reconnects'));
  if (comments !== undefined && frame.kind !== 'comment')
    facts.push(fact('comments', visibleText(comments.join(' · '))));
  if (dispatched === false && frame.kind === 'event') {
    facts.push(
      fact(
        'dispatched',
        'no',
        'An event stream hands over only blocks that have data and end with a blank line',
        'warning',
      ),
    );
  }
  for (const { name, type, value } of headers ?? [])
    facts.push(fact(visibleText(name), visibleText(value), `A header of this message, of type ${type}`));
  for (const { name, value } of partHeaders ?? [])
    facts.push(fact(visibleText(name), visibleText(value), 'A header of this part'));
  return facts;
}

const addedUnits = 60;

/** `text “ retry”`, `tool call get_status “{"job”, usage`; null for a frame that says nothing. */
function addsWords({ deltas }: FrameDetail): string | null {
  const told = (deltas ?? []).filter(({ kind }) => kind !== 'event' && kind !== 'none');
  if (told.length === 0) return null;
  return told
    .map(({ kind, name, text }) => {
      const head = [deltaTitle(kind), kind === 'tool' && name !== null ? visibleText(name) : ''].filter(Boolean);
      const isLong = kind === 'usage' || kind === 'citation' || kind === 'tool-result' || kind === 'start';
      if (text !== '' && !isLong) head.push(`“${shortened(visibleText(text))}”`);
      return head.join(' ');
    })
    .join(', ');
}

function shortened(text: string): string {
  return text.length <= addedUnits ? text : `${text.slice(0, addedUnits)}…`;
}

function fact(name: string, value: string, means: string | null = null, tone: Fact['tone'] = 'plain'): Fact {
  return { name, value, means, tone };
}

/** `HTTP chunk of 273 bytes in 2 reads`; null where the body is not divided or that is not known. */
function divisionWords({ division }: FrameDetail, { borders }: FactContext): string | null {
  if (division === null || (borders !== 'http-chunk' && borders !== 'data-frame')) return null;
  const name = borders === 'http-chunk' ? 'HTTP chunk' : 'DATA frame';
  const reads = division.reads === 1 ? '1 read' : `${formatCount(division.reads)} reads`;
  return `${name} of ${formatBytes(division.bytes)} in ${reads}`;
}

function arrived(frame: FrameDetail, { timesKnown, uncertaintyMicros }: FactContext): string {
  if (!timesKnown || frame.micros === null) return 'unknown';
  const doubt = uncertaintyMicros === null ? '' : ` ± ${formatMicros(uncertaintyMicros, { mode: 'gap' })}`;
  return `+${formatMicros(frame.micros)} ms${doubt}`;
}

function sincePrevious(frame: FrameDetail, stall: boolean): string {
  if (frame.gapMicros === null) return frame.micros === null ? 'unknown' : 'first frame';
  const gap = `${formatMicros(frame.gapMicros)} ms`;
  if (!stall) return gap;
  // A shorter gap cannot be the stall itself: heartbeats came while the content was silent.
  return frame.gapMicros > leastStallMicros ? `${gap} — stall` : `${gap}, after a stall of content`;
}
