import type { WireBreak } from '../step.ts';
import { breakAt } from './atPlace.ts';
import {
  afterFirstChunk,
  anywhere,
  fault,
  type FaultDefinition,
  http1Only,
  numberFault,
  wordFault,
} from './definition.ts';
import type { FaultEffect } from './effect.ts';
import type { FaultPlace } from './place.ts';

const ascii = new TextEncoder();

function broken(place: FaultPlace, how: (unsentBytes: number) => WireBreak): FaultEffect {
  return { kind: 'body', make: (circumstances) => breakAt(place, circumstances, how) };
}

/** Losing the connection is possible also before there is a head. */
function lost(kind: 'fin' | 'reset' | 'tls-cut', place: FaultPlace): FaultEffect {
  if (place.kind === 'head') return { kind: 'wire', changes: { headBreak: { kind, isInside: place.isInside } } };
  return broken(place, (unsentBytes) => ({ kind, unsentBytes }));
}

/** These bytes stand where the next chunk would begin. */
function http1Fault(name: string, sentence: string, bytes: string): FaultDefinition {
  return fault({
    name,
    sentence,
    places: anywhere,
    protocols: http1Only,
    example: `${name}@frame:2`,
    effect: (_argument, place) => broken(place, () => ({ kind: 'http1', bytes: ascii.encode(bytes) })),
  });
}

const bodyAndHead = ['head', ...anywhere] as const;

/** How an answer ends before its time, or goes on behind its end. */
export const endFaults: readonly FaultDefinition[] = [
  fault({
    name: 'reset',
    sentence: 'The connection is reset (RST). At "head" there is no answer at all, at "head.5" half a head.',
    places: bodyAndHead,
    example: 'reset@frame:5',
    effect: (_argument, place) => lost('reset', place),
  }),
  fault({
    name: 'fin',
    sentence: 'The connection is closed in good order, but without the protocol’s end of the body.',
    places: bodyAndHead,
    example: 'fin@frame:5.5',
    effect: (_argument, place) => lost('fin', place),
  }),
  fault({
    name: 'no-last-chunk',
    sentence: 'The whole body is sent, and then the connection is closed where its last chunk should be.',
    protocols: http1Only,
    effect: () => broken({ kind: 'end' }, () => ({ kind: 'fin', unsentBytes: 0 })),
  }),
  fault({
    name: 'tls-cut',
    sentence:
      'The TCP connection under TLS is closed without close_notify: with "no-length" nothing else tells it from a whole body.',
    places: bodyAndHead,
    fallbackPlace: { kind: 'end' },
    protocols: ['tls'],
    example: 'no-length,tls-cut@end',
    effect: (_argument, place) => lost('tls-cut', place),
  }),
  fault({
    name: 'tls-garbage',
    sentence: 'Bytes that are no TLS records are sent below TLS.',
    places: anywhere,
    protocols: ['tls'],
    effect: (_argument, place) => broken(place, () => ({ kind: 'tls-garbage' })),
  }),
  fault({
    name: 'no-length',
    sentence:
      'The body has neither chunks nor a length: only closing the connection ends it. Join it with "reset@end".',
    protocols: http1Only,
    example: 'no-length,reset@end',
    effect: () => ({ kind: 'wire', changes: { delimiter: 'close' } }),
  }),
  numberFault(
    { min: 1, max: 1_000_000_000_000, fallback: 1_000_000_000, what: 'announced bytes' },
    {
      name: 'short-body',
      sentence: 'Content-Length announces more than the body has, and the connection is closed behind the body.',
      example: 'short-body:100000',
      effect: (bytes) => ({ kind: 'wire', changes: { delimiter: 'identity', lengths: [String(bytes)] } }),
    },
  ),
  numberFault(
    { min: 1, max: 1_000_000, fallback: 5, what: 'bytes' },
    {
      name: 'extra-bytes',
      sentence: 'The body ends as it should, and further bytes follow: behind the last chunk, or over HTTP/2 as DATA.',
      places: anywhere,
      fallbackPlace: { kind: 'end' },
      example: 'extra-bytes:20@end',
      effect: (count, place) => broken(place, () => ({ kind: 'extra', bytes: new Uint8Array(count).fill(0x58) })),
    },
  ),
  numberFault(
    { min: 0, max: 1_000_000_000, fallback: 16, what: 'the announced bytes' },
    {
      name: 'beyond-length',
      sentence: 'Content-Length announces less than the body has: the bytes behind it are sent all the same.',
      protocols: http1Only,
      example: 'beyond-length:100',
      effect: (bytes) => ({ kind: 'wire', changes: { delimiter: 'identity', lengths: [String(bytes)] } }),
    },
  ),
  http1Fault('bad-chunk-size', 'A chunk has “xyz” for its size.', 'xyz\r\n'),
  http1Fault('chunk-overflow', 'A chunk announces 68 bits of size.', 'fffffffffffffffff\r\nabc'),
  http1Fault('chunk-overrun', 'A chunk has more bytes than its size says.', '5\r\nhelloworld\r\n0\r\n\r\n'),
  wordFault(['chunk', 'head'], 'chunk', {
    name: 'bare-lf',
    sentence: 'A chunk size, or with “head” each line of the head, ends with LF instead of CR LF.',
    places: anywhere,
    fallbackPlace: afterFirstChunk,
    protocols: http1Only,
    example: 'bare-lf@frame:2',
    effect: (where, place) =>
      where === 'head'
        ? { kind: 'wire', changes: { hasBareLineFeeds: true } }
        : broken(place, () => ({ kind: 'http1', bytes: ascii.encode('5\nhello\r\n0\r\n\r\n') })),
  }),
];
