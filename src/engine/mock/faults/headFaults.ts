import type { MockHeader } from '../answer.ts';
import type { WireChanges } from '../wireChanges.ts';
import { fault, type FaultDefinition, http1Only, http2Only, numberFault } from './definition.ts';
import type { FaultEffect } from './effect.ts';

const wire = (changes: WireChanges): FaultEffect => ({ kind: 'wire', changes });
const longest = 100_000_000;

const countTrailers: readonly MockHeader[] = [
  ['X-Mock-Trailer', 'behind the body'],
  ['X-Mock-Checksum', 'none'],
];

/** What is wrong with the head of an answer, or comes in place of it. */
export const headFaults: readonly FaultDefinition[] = [
  numberFault(
    { min: 100, max: 599, fallback: 503, what: 'a status' },
    {
      name: 'status',
      sentence: 'An error status with a JSON body in place of the stream.',
      example: 'status:503',
      effect: (status) => ({
        kind: 'status',
        status: status < 200 ? 500 : status,
        headers: [],
        message: `This is the status ${String(status)} that was asked for.`,
      }),
    },
  ),
  numberFault(
    { min: 0, max: 3_600, fallback: 2, what: 'seconds for Retry-After' },
    {
      name: 'rate-limit',
      sentence: '429 Too Many Requests with Retry-After, in place of the stream.',
      example: 'rate-limit:5',
      effect: (seconds) => ({
        kind: 'status',
        status: 429,
        headers: [['Retry-After', String(seconds)]],
        message: `Too many requests: try again after ${String(seconds)} s.`,
      }),
    },
  ),
  fault({
    name: 'redirect-loop',
    sentence: 'A redirect to the very same address, for ever.',
    effect: () => ({ kind: 'redirect-loop' }),
  }),
  numberFault(
    { min: 1, max: 3_600_000, fallback: 60_000, what: 'milliseconds' },
    {
      name: 'slow-head',
      sentence: 'The answer is silent so long before its first byte.',
      example: 'slow-head:60000',
      effect: (millis) => wire({ headDelayMillis: millis }),
    },
  ),
  numberFault(
    { min: 1, max: 100_000, fallback: 1_000, what: 'how many' },
    {
      name: 'early-hints',
      sentence: 'So many 103 Early Hints before the answer.',
      example: 'early-hints:1000',
      effect: (count) => wire({ earlyHints: count }),
    },
  ),
  numberFault(
    { min: 1, max: longest, fallback: 70_000, what: 'bytes' },
    {
      name: 'big-headers',
      sentence: 'One header of so many bytes.',
      example: 'big-headers:70000',
      effect: (length) => wire({ fields: [['x-big', 'y'.repeat(length)]] }),
    },
  ),
  numberFault(
    { min: 1, max: longest, fallback: 20_480, what: 'bytes' },
    {
      name: 'chunk-extension',
      sentence: 'The first chunk has an extension of so many bytes.',
      protocols: http1Only,
      example: 'chunk-extension:20480',
      effect: (length) => wire({ delimiter: 'chunked', chunkExtensionBytes: length }),
    },
  ),
  fault({
    name: 'both-lengths',
    sentence: 'Content-Length and Transfer-Encoding: chunked in one head.',
    protocols: http1Only,
    effect: () => wire({ delimiter: 'chunked', lengths: ['3'] }),
  }),
  fault({
    name: 'two-lengths',
    sentence: 'Two Content-Length headers that contradict each other.',
    effect: () => wire({ delimiter: 'identity', lengths: ['3', '5'] }),
  }),
  fault({
    name: 'nul-header',
    sentence: 'A header with a NUL in its value.',
    effect: () => wire({ fields: [['x-nul', 'a\0b']] }),
  }),
  fault({
    name: 'folded-header',
    sentence: 'A header that goes on in the next line, as HTTP/1.1 has forbidden since 2014.',
    protocols: http1Only,
    effect: () => wire({ rawLines: 'X-Folded: a\r\n b\r\n' }),
  }),
  fault({
    name: 'icy',
    sentence: 'The status line of old radio servers, “ICY 200 OK”.',
    protocols: http1Only,
    effect: () => wire({ statusLine: 'ICY 200 OK' }),
  }),
  fault({
    name: 'http-0.9',
    sentence: 'The body without any head, as in HTTP/0.9.',
    protocols: http1Only,
    effect: () => wire({ isHeadless: true, delimiter: 'close' }),
  }),
  fault({
    name: 'unasked-101',
    sentence: '101 Switching Protocols, which nobody asked for.',
    protocols: http1Only,
    effect: () =>
      wire({
        statusLine: 'HTTP/1.1 101 Switching Protocols',
        rawLines: 'Upgrade: websocket\r\nConnection: Upgrade\r\n',
        delimiter: 'close',
      }),
  }),
  numberFault(
    { min: 1, max: 10_000_000, fallback: 100_000, what: 'how many' },
    {
      name: 'continuation-flood',
      sentence: 'So many empty CONTINUATION frames in place of the end of the head.',
      protocols: http2Only,
      example: 'continuation-flood:100000',
      effect: (count) => wire({ continuations: count }),
    },
  ),
  fault({
    name: 'goaway-then-finish',
    sentence: 'GOAWAY with NO_ERROR behind the head; the stream then goes on to its end, as it should.',
    protocols: http2Only,
    effect: () => wire({ hasGoaway: true }),
  }),
  fault({
    name: 'trailers',
    sentence: 'Two trailer fields behind the body.',
    effect: () => ({ kind: 'trailers', trailers: countTrailers }),
  }),
];
