import { describe, expect, it } from 'vitest';
import { Analysis } from '../../../../src/engine/recording/analysis.ts';
import { progressOf } from '../../../../src/engine/recording/progress.ts';
import { defaultLimits } from '../../../../src/shared/limits.ts';
import type { ResponseHead } from '../../../../src/shared/recording.ts';

function watched(contentType: string, body: string) {
  const port = { put: () => undefined, get: () => new Uint8Array(0) };
  const options = { contentType, url: null, framing: null, limits: defaultLimits, timesKnown: true };
  const analysis = new Analysis(port, options);
  const bytes = new TextEncoder().encode(body);
  analysis.chunk(1_000, bytes.length);
  analysis.body(0, 1_000, bytes);
  return analysis.progress;
}

const head = (length: string): ResponseHead => ({
  status: 200,
  statusText: 'OK',
  httpVersion: '1.1',
  headers: [['Content-Length', length]],
  atMicros: 0,
});
const facts = { said: null, head: null, wireBytes: 250, nowMicros: 3_000_000, firstByteMicros: 1_000_000 };

describe('how far a stream is', () => {
  it('is told by the records that came of those that were announced', () => {
    const said = watched(
      'application/x-ndjson',
      '{"type":"metadata","totalRecords":8}\n{"type":"data"}\n{"type":"data"}\n',
    );
    expect(progressOf({ ...facts, said })).toEqual({
      unit: 'records',
      done: 2,
      total: 8,
      source: 'totalRecords in frame 1',
      remainingMicros: 6_000_000,
    });
  });

  it('stays told when the stream has come to its end sign', () => {
    const end = '{"type":"stream-end","totalProcessed":1}\n';
    const said = watched('application/x-ndjson', `{"type":"metadata","totalRecords":1}\n{"type":"data"}\n${end}`);
    expect(said).toMatchObject({ done: 1, total: 1 });
  });

  it('is told by progress events, in records or in percent', () => {
    const event = (data: string) => `event: progress\ndata: ${data}\n\n`;
    expect(watched('text/event-stream', event('{"processed":5,"total":20,"percent":25}'))).toMatchObject({
      unit: 'records',
      done: 5,
      total: 20,
    });
    expect(watched('text/event-stream', event('{"percent":10}') + event('{"percent":35}'))).toMatchObject({
      unit: 'percent',
      done: 35,
      frame: 1,
    });
    expect(watched('text/event-stream', event('{"progress":0.5}'))).toMatchObject({ unit: 'percent', done: 50 });
  });

  it('is told by Content-Length in bytes of the wire where the stream says nothing itself', () => {
    expect(progressOf({ ...facts, head: head('1000') })).toEqual({
      unit: 'bytes',
      done: 250,
      total: 1_000,
      source: 'Content-Length',
      remainingMicros: 6_000_000,
    });
  });

  it('is not known where nothing tells, and nothing remains of what has ended', () => {
    expect(progressOf(facts)).toBeNull();
    expect(progressOf({ ...facts, head: head('many') })).toBeNull();
    expect(watched('text/event-stream', 'data: {"a":1}\n\n')).toBeNull();
    expect(progressOf({ ...facts, head: head('1000'), nowMicros: null })?.remainingMicros).toBeNull();
  });
});
