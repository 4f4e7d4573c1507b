import { grouped } from '../../../shared/grouped.ts';
import type { MockFault } from '../faults/parseFaults.ts';
import type { FaultPlace } from '../faults/place.ts';
import type { Grain } from './againstTheGrain.ts';
import type { Chunking } from './chunking.ts';
import { durationWords } from './duration.ts';
import type { Amount } from './amount.ts';
import type { Content, ContentKind } from './model.ts';
import type { Pace } from './pacing.ts';

/** `a`, `a and b`, `a, b and c`. */
export function joined(words: readonly string[]): string {
  if (words.length <= 1) return words[0] ?? '';
  return `${words.slice(0, -1).join(', ')} and ${words.at(-1) ?? ''}`;
}

/** A number that a knob may change names the knob. */
export function amountWords(amount: Amount, words: (value: number) => string): string {
  if (amount.usual === null) return 'as many';
  return amount.knob === null ? words(amount.usual) : `${words(amount.usual)} (${amount.knob})`;
}

const names: Readonly<Record<ContentKind, readonly [one: string, many: string]>> = {
  text: ['a piece of text', 'pieces of text'],
  json: ['a JSON value', 'JSON values'],
  event: ['an event', 'events'],
  comment: ['a comment', 'comments'],
  record: ['a record', 'records'],
  bytes: ['some bytes', 'pieces of bytes'],
};

/** @param count in words; null: without end, or one */
export function contentWords({ kind, bytes }: Content, count: string | null, isOne: boolean): string {
  const [one, many] = names[kind];
  if (!isOne) return count === null ? many : `${count} ${many}`;
  return kind === 'bytes' && bytes !== null ? `${grouped(bytes.length)} bytes` : one;
}

/** How chunks follow each other; nothing where one goes at once. */
export function paceWords(pace: Pace, { cut, gap }: Chunking, isOne: boolean): string {
  // One chunk has no other to be apart from.
  const isSingle = isOne && (cut.kind === 'whole' || gap !== null);
  const time = (amount: Amount): string => (amount.usual === null ? 'some time' : amountWords(amount, durationWords));
  const apart = (words: string): string => (isSingle ? `after ${words}` : `${words} apart`);
  switch (pace.kind) {
    case 'fixed':
      if (pace.every.usual === 0 && pace.every.knob === null) return isSingle ? '' : 'at once';
      return apart(time(pace.every));
    case 'jittered':
      return apart(`${time(pace.every)} ± ${time(pace.jitter)}`);
    case 'adaptive':
      return `at ${time(pace.perCharacter)} a character`;
    case 'burst':
      return `in bursts of ${grouped(pace.size)}, ${time(pace.every)} apart`;
    case 'natural':
      return isSingle
        ? `after about ${time(pace.median)}`
        : `at the uneven pace of tokens, about ${time(pace.median)} apart`;
  }
}

const grainWords: Readonly<Record<Grain, string>> = {
  utf8: 'UTF-8 characters',
  crlf: 'line ends',
  json: 'JSON strings',
};

export function chunkWords({ cut }: Chunking): string {
  switch (cut.kind) {
    case 'whole':
      return '';
    case 'against':
      return `split inside ${joined(cut.grains.map((grain) => grainWords[grain]))}`;
    case 'bytes':
    case 'characters':
    case 'words':
    case 'lines':
    case 'records':
      return cut.size === 1 ? `a ${cut.kind.slice(0, -1)} a chunk` : `${grouped(cut.size)} ${cut.kind} a chunk`;
  }
}

/** Whether nothing follows behind a fault. */
export function breaks({ definition, argument, place }: MockFault): boolean {
  const here: FaultPlace = definition.places.includes('chunk') ? { kind: 'chunk', n: 0, isInside: false } : place;
  const effect = definition.effect(argument, here);
  if (effect.kind !== 'body') return false;
  const fault = effect.make({ contentType: null });
  const steps = here === place ? fault.end() : fault.push({ delayMillis: 0, bytes: new Uint8Array(0) });
  for (const step of steps) return step.isLast !== undefined;
  return false;
}

/** What a fault does, as the stream's doing, and where, if it says so. */
export function faultWords(fault: MockFault): string {
  const { definition, argument, place, text } = fault;
  const where = text.includes('@') ? placeWords(place) : '';
  switch (definition.name) {
    case 'reset':
      return `resets the connection${where}`;
    case 'fin':
    case 'no-last-chunk':
      return `closes the connection without an end of the body${where}`;
    case 'stall':
      return argument === 0 ? `falls silent for good${where}` : `a stall of ${durationWords(Number(argument))}${where}`;
    case 'heartbeats':
      return `heartbeats without end${where}`;
    case 'extra-bytes':
      return `ends and sends ${grouped(Number(argument))} bytes more${where}`;
    case 'rst':
      return `resets the HTTP/2 stream with ${String(argument)}${where}`;
    default:
      return breaks(fault) ? `breaks with the fault ${text}` : `the fault ${text}`;
  }
}

function placeWords(place: FaultPlace): string {
  switch (place.kind) {
    case 'head':
      return place.isInside ? ' in the middle of the head' : ' in place of an answer';
    case 'end':
      return ' at the end';
    case 'byte':
      return ` behind byte ${grouped(place.n)}`;
    case 'frame':
    case 'chunk':
      return place.isInside
        ? ` in the middle of ${place.kind} ${grouped(place.n + 1)}`
        : ` behind ${place.kind} ${grouped(place.n)}`;
  }
}
