import { errorNames } from '../../http2/frame.ts';
import type { WireBreak } from '../step.ts';
import { breakAt } from './atPlace.ts';
import {
  afterFirstChunk,
  anywhere,
  fault,
  type FaultArgument,
  type FaultDefinition,
  http2Only,
  numberFault,
} from './definition.ts';
import type { FaultEffect } from './effect.ts';
import type { FaultPlace } from './place.ts';

const largestCode = 0xffff_ffff;

function codeArgument(fallback: string): FaultArgument {
  return {
    allowed: `an error code by name or number (${errorNames.join(', ')}); else ${fallback}`,
    fallback: errorNames.indexOf(fallback),
    parse: (text) => {
      const named = errorNames.indexOf(text.toUpperCase().replaceAll('-', '_'));
      if (named >= 0) return named;
      const code = /^\d{1,10}$/.test(text) ? Number(text) : largestCode + 1;
      return code <= largestCode ? code : undefined;
    },
  };
}

function broken(place: FaultPlace, how: WireBreak): FaultEffect {
  return { kind: 'body', make: (circumstances) => breakAt(place, circumstances, () => how) };
}

function codeFault(name: 'rst' | 'goaway', sentence: string, fallback: string, example: string): FaultDefinition {
  return {
    name,
    sentence,
    argument: codeArgument(fallback),
    places: anywhere,
    fallbackPlace: afterFirstChunk,
    protocols: http2Only,
    example,
    effect: (code, place) => broken(place, { kind: name, code: Number(code) }),
  };
}

function floodFault(of: 'ping' | 'settings' | 'empty-data', frames: string): FaultDefinition {
  const name = `${of}-flood`;
  return numberFault(
    { min: 1, max: 10_000_000, fallback: 100_000, what: 'how many' },
    {
      name,
      sentence: `So many ${frames} frames.`,
      places: anywhere,
      protocols: http2Only,
      example: `${name}:100000@frame:2`,
      effect: (count, place) => broken(place, { kind: 'h2-flood', of, count }),
    },
  );
}

/** What only HTTP/2 can do wrong. */
export const http2Faults: readonly FaultDefinition[] = [
  codeFault('rst', 'The stream is ended with RST_STREAM.', 'CANCEL', 'rst:INTERNAL_ERROR@frame:5'),
  codeFault(
    'goaway',
    'GOAWAY that counts the stream, and then the connection is closed without its end.',
    'NO_ERROR',
    'goaway:ENHANCE_YOUR_CALM@frame:5',
  ),
  fault({
    name: 'h2-garbage',
    sentence: 'Bytes that are no HTTP/2 frames.',
    places: anywhere,
    protocols: http2Only,
    effect: (_argument, place) => broken(place, { kind: 'h2-garbage' }),
  }),
  fault({
    name: 'oversized-data',
    sentence: 'A DATA frame one byte larger than the client takes.',
    places: anywhere,
    protocols: http2Only,
    effect: (_argument, place) => broken(place, { kind: 'h2-oversized' }),
  }),
  floodFault('ping', 'PING'),
  floodFault('settings', 'SETTINGS'),
  floodFault('empty-data', 'empty DATA'),
];
