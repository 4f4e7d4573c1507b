import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type RecordedStream, scenarioFromRecording } from '../../../../../src/engine/mock/scenario/fromRecording.ts';
import { answerOf, bytesOf, stepsOf } from './performing.ts';

const recording = (changes: Partial<RecordedStream> = {}): RecordedStream => ({
  title: 'An answer',
  method: 'GET',
  head: {
    status: 200,
    statusText: 'OK',
    httpVersion: '1.1',
    headers: [
      ['Content-Type', 'text/event-stream'],
      ['Set-Cookie', 'a=1'],
      ['set-cookie', 'b=2'],
      ['Transfer-Encoding', 'chunked'],
    ],
    atMicros: 80_000,
  },
  requestMicros: 30_000,
  timesKnown: true,
  chunks: [
    { atMicros: 90_500, bytes: new TextEncoder().encode('data: {{1}} é\n\n'), continues: false },
    { atMicros: 1_190_500, bytes: Uint8Array.of(0xc3), continues: false },
  ],
  chunkCount: 2,
  trailers: [['X-Sum', '2']],
  ending: null,
  ...changes,
});

describe('a recording as a scenario', () => {
  it('keeps head, times, chunk borders, trailers and ending, and can be read', () => {
    const { text, notes } = scenarioFromRecording(recording());
    expect(text).toBe(
      [
        'title: "An answer"',
        'steps:',
        '  - wait: 50ms',
        '  - head:',
        '      status: 200',
        '      headers:',
        '        "Content-Type": "text/event-stream"',
        '        "Set-Cookie": ["a=1","b=2"]',
        '      trailers:',
        '        "X-Sum": "2"',
        '  - wait: 10.5ms',
        '  - send: "data: {{1}} é\\n\\n"',
        '  - wait: 1100ms',
        '  - send: { base64: ww== }',
        '  - fault: fin',
        '',
      ].join('\n'),
    );
    expect(notes).toEqual(['The recording was interrupted: where it stops, the scenario closes the connection.']);
    const answer = answerOf(text);
    expect(answer).toMatchObject({ status: 200, trailers: [['X-Sum', '2']], wire: { headDelayMillis: 50 } });
    expect(stepsOf(text).map(({ delayMillis, bytes }) => [delayMillis, bytes.length])).toEqual([
      [10.5, 16],
      [1100, 1],
      [0, 0],
      [0, 0],
    ]);
  });

  it('announces a length that did not come', () => {
    const head = { ...recording().head, headers: [['Content-Length', '100']] as const };
    const ending = {
      kind: 'cut' as const,
      code: 'end/short-body',
      message: 'Cut: 16 of 100 bytes.',
      offset: 16,
      atMicros: 1_200_000,
    };
    const { text, notes } = scenarioFromRecording(recording({ head, ending, trailers: [] }));
    expect(notes).toEqual([]);
    expect(text).toContain('      body: length\n      length: 100\n');
    expect(answerOf(text).wire).toMatchObject({ lengths: ['100'] });
    expect(stepsOf(text).at(-1)?.isLast).toEqual({ kind: 'fin', unsentBytes: 0 });
  });

  it('is shortened, and says so, where it would be too long', () => {
    const chunk = { atMicros: 90_000, bytes: new Uint8Array(400_000).fill(120), continues: false };
    const { text, notes } = scenarioFromRecording(recording({ chunks: [chunk, chunk, chunk], chunkCount: 3 }));
    expect(text.length).toBeLessThan(1_000_000);
    expect(notes).toEqual([expect.stringMatching(/^Only the first 2 of 3 chunks are in it/)]);
  });

  it('sends the same bytes in the same chunks, whatever they are', { timeout: 30_000 }, () => {
    const bytes = fc.oneof(
      fc.uint8Array({ minLength: 1, maxLength: 40 }),
      fc.string({ unit: 'binary', minLength: 1 }).map((text) => new TextEncoder().encode(text)),
    );
    fc.assert(
      fc.property(fc.array(bytes, { maxLength: 8 }), (pieces) => {
        const chunks = pieces.map((piece, i) => ({ atMicros: 100_000 + i * 333, bytes: piece, continues: false }));
        const { text } = scenarioFromRecording(recording({ chunks, chunkCount: chunks.length }));
        const steps = stepsOf(text).filter(({ bytes: sent }) => sent.length > 0);
        expect(steps.map(({ bytes: sent }) => [...sent])).toEqual(pieces.map((piece) => [...piece]));
        expect([...bytesOf(steps)]).toEqual(pieces.flatMap((piece) => [...piece]));
      }),
      { numRuns: 100 },
    );
  });
});
