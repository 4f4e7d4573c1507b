import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { encodeEventLine, encodeHeaderLine } from '../../../src/engine/recording/streamJsonl.ts';
import { openHarEntry, openImport } from '../../../src/main/capture/importFile.ts';
import type { ImportSink } from '../../../src/main/capture/sink.ts';
import { defaultLimits } from '../../../src/shared/limits.ts';
import { deep } from '../../unit/engine/framing/deepRun.ts';
import { RecordingSink } from './recordingSink.ts';

const utf8 = new TextEncoder();

const chunk = (atMicros: number, text: string): string =>
  encodeEventLine({ kind: 'chunk', atMicros, bytes: utf8.encode(text), continues: false });

const entry = {
  startedDateTime: '2026-11-21T09:00:00.000Z',
  time: 1_000,
  request: { method: 'GET', url: 'http://a.test/', headers: [{ name: 'a', value: 'b' }] },
  response: {
    status: 200,
    statusText: 'OK',
    httpVersion: 'HTTP/1.1',
    headers: [{ name: 'content-type', value: 'text/event-stream' }],
    content: { size: 9, mimeType: 'text/event-stream', text: 'data: x\n\n' },
  },
  timings: { send: 1, wait: 2, receive: 3 },
  _eventSourceMessages: [{ time: 1_795_251_600.5, eventName: 'message', eventId: '1', data: 'x' }],
  _chunks: [{ ts: 2, bytes: 9 }],
};

/** A sound file of each kind. */
const files: Readonly<Record<string, string>> = {
  '.stream.jsonl': [
    encodeHeaderLine({
      startedAt: 0,
      source: 'request',
      request: null,
      timesKnown: true,
      bordersKnown: true,
      redactions: [{ kind: 'header authorization', count: 1 }],
    }),
    encodeEventLine({ kind: 'mark', mark: { name: 'connect', atMicros: 1, facts: { remote: '127.0.0.1:1' } } }),
    encodeEventLine({
      kind: 'head',
      head: {
        status: 200,
        statusText: 'OK',
        httpVersion: '1.1',
        headers: [['content-type', 'text/plain']],
        atMicros: 2,
      },
    }),
    chunk(3, 'data: {"a":1}\n\n'),
    chunk(4, 'data: é✓\n\n'),
    encodeEventLine({
      kind: 'end',
      end: {
        ending: { kind: 'complete', code: 'end/complete', message: 'Whole.', offset: null, atMicros: 5 },
        wireBytes: null,
        chunks: 2,
        sha256: null,
      },
    }),
  ].join(''),
  HAR: JSON.stringify({ log: { version: '1.2', creator: { name: 'x', version: '1' }, entries: [entry, entry] } }),
  'aimock fixtures': JSON.stringify({
    fixtures: [
      {
        match: { userMessage: 'hi' },
        response: { content: 'hello', toolCalls: [{ name: 'f', arguments: { a: 1 } }] },
        recordedTimings: { ttftMs: 1, interChunkDelaysMs: [1, 2], totalDurationMs: 3 },
      },
    ],
  }),
  'dump of curl -i':
    'HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nContent-Type: text/event-stream\r\n\r\n9\r\ndata: x\n\n\r\n0\r\n\r\n',
};

/** Bytes taken out of a file at a share of its length, and others put in. */
interface Change {
  readonly at: number;
  readonly remove: number;
  readonly put: Uint8Array;
  readonly repeat: number;
}

const change: fc.Arbitrary<Change> = fc.record({
  at: fc.double({ min: 0, max: 1, noNaN: true }),
  remove: fc.integer({ min: 0, max: 40 }),
  put: fc.oneof(
    fc.constant(new Uint8Array(0)),
    fc.uint8Array({ maxLength: 8 }),
    fc
      .constantFrom(
        '"',
        '{',
        '[',
        ',',
        '\\',
        '\n',
        '\u0000',
        '1e999',
        '-1',
        'null',
        '"\\ud800"',
        '9'.repeat(30),
        '[[[[',
      )
      .map((text) => utf8.encode(text)),
  ),
  repeat: fc.integer({ min: 1, max: 3 }),
});

function changed(file: string, changes: readonly Change[]): Uint8Array {
  let bytes: Buffer = Buffer.from(file);
  for (const { at, remove, put, repeat } of changes) {
    const from = Math.floor(at * bytes.length);
    const puts = Array.from({ length: repeat }, () => put);
    bytes = Buffer.concat([bytes.subarray(0, from), ...puts, bytes.subarray(from + remove)]);
  }
  return bytes;
}

class ImportedSink extends RecordingSink implements ImportSink {
  origins = 0;

  origin(): void {
    this.origins++;
  }
}

async function broughtIn(bytes: Uint8Array, pieceBytes: number): Promise<ImportedSink[]> {
  const sink = new ImportedSink();
  const hints = { name: 'fuzz', contentType: null, url: null, sizeBytes: bytes.length };
  const opened = openImport(hints, sink, defaultLimits);
  for (let at = 0; at < bytes.length; at += pieceBytes) {
    if (!opened.append(bytes.subarray(at, at + pieceBytes))) await opened.drained();
  }
  opened.finish();
  await opened.done;
  const sinks = [sink];
  for (const further of opened.further) {
    const next = new ImportedSink();
    await openHarEntry(further, hints, next, defaultLimits).done;
    sinks.push(next);
  }
  return sinks;
}

describe.each(Object.entries(files))('a damaged %s', (_name, file) => {
  it('ends with a sentence, never with a fault of ours, and alike however it is read', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(change, { minLength: 0, maxLength: 6 }),
        fc.integer({ min: 1, max: 64 }),
        async (changes, pieceBytes) => {
          const bytes = changed(file, changes);
          const whole = await broughtIn(bytes, Math.max(1, bytes.length));
          for (const { ending, origins } of whole) {
            expect(origins).toBe(1);
            expect(ending?.code).not.toBe('end/internal');
            expect(ending?.message).not.toBe('');
          }
          const pieces = await broughtIn(bytes, pieceBytes);
          expect(pieces.map(({ ending }) => ending?.code)).toEqual(whole.map(({ ending }) => ending?.code));
          expect(pieces.map(({ bodyBytes }) => bodyBytes.toString('hex'))).toEqual(
            whole.map(({ bodyBytes }) => bodyBytes.toString('hex')),
          );
        },
      ),
      { interruptAfterTimeLimit: deep(60_000, 4_000), numRuns: deep(100_000, 400) },
    );
  }, 120_000);
});
