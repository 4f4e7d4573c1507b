import { describe, expect, it } from 'vitest';
import { duration, verdictOf, type VerdictFacts } from '../../../../src/engine/recording/verdict.ts';

const facts: VerdictFacts = {
  state: 'ended',
  ending: { kind: 'complete', code: 'end/complete', message: 'Complete.', offset: null, atMicros: 12_400_000 },
  status: 200,
  counts: {
    chunks: 40,
    frames: 1_204,
    wireBytes: 9_000,
    bodyBytes: 9_000,
    diagnostics: { error: 0, warning: 0, info: 3 },
    stalls: 0,
    heartbeats: 0,
  },
  times: {
    headersMicros: 80_000,
    firstByteMicros: 90_000,
    firstFrameMicros: 412_000,
    lastChunkMicros: 12_300_000,
    endMicros: 12_400_000,
  },
  longestStallMicros: null,
  unfinishedFrame: false,
  importedFrom: null,
};

describe('the verdict', () => {
  it('tells a good end in one sentence', () => {
    expect(verdictOf(facts)).toEqual({
      tone: 'good',
      word: 'Complete',
      sentence: '1,204 frames in 12.4 s, first after 412 ms.',
    });
  });

  it('tells a token stream by its first token, and by its first frame where no token came', () => {
    const contentTimes = { ttftMicros: 640_000, ttfoMicros: null, lastContentMicros: 900_000 };
    expect(verdictOf({ ...facts, contentTimes }).sentence).toBe('1,204 frames in 12.4 s, first token after 640 ms.');
    const none = { ttftMicros: null, ttfoMicros: null, lastContentMicros: null };
    expect(verdictOf({ ...facts, contentTimes: none }).sentence).toBe('1,204 frames in 12.4 s, first after 412 ms.');
  });

  it('never says complete for what was cut, and says where', () => {
    const verdict = verdictOf({
      ...facts,
      ending: {
        kind: 'cut',
        code: 'end/reset',
        message: 'The server reset the connection.',
        offset: 4_000,
        atMicros: 1,
      },
      counts: { ...facts.counts, frames: 319 },
      unfinishedFrame: true,
    });
    expect(verdict.tone).toBe('bad');
    expect(verdict.word).toBe('Cut');
    expect(verdict.sentence).toBe('The server reset the connection after 318 frames, in the middle of frame 319.');
  });

  it('does not say the place of the end of what else the ending says', () => {
    const message = 'The gzip data ended early. What could be decoded was kept.';
    const ending = { kind: 'cut', code: 'end/coding-truncated', message, offset: null, atMicros: 1 } as const;
    const counts = { ...facts.counts, frames: 138 };
    expect(verdictOf({ ...facts, ending, counts, unfinishedFrame: true }).sentence).toBe(
      `${message} It ended after 137 frames, in the middle of frame 138.`,
    );
    const counted = {
      ...ending,
      code: 'end/chunk-cut',
      message: 'In the middle of a chunk: 12 of its 64 bytes had come.',
    };
    expect(verdictOf({ ...facts, ending: counted, counts }).sentence).toContain('had come. It ended after 138 frames.');
  });

  it('tells of an answer without a body when it ended', () => {
    const counts = { ...facts.counts, frames: 0, bodyBytes: 0 };
    expect(verdictOf({ ...facts, counts }).sentence).toBe('The answer has no body; it ended after 12.4 s.');
  });

  it('says both where the transfer is complete and the stream is not well', () => {
    const verdict = verdictOf({
      ...facts,
      counts: { ...facts.counts, diagnostics: { error: 2, warning: 0, info: 0 }, stalls: 1 },
      longestStallMicros: 1_312_000,
    });
    expect(verdict.tone).toBe('bad');
    expect(verdict.word).toBe('Complete');
    expect(verdict.sentence).toContain('2 errors found in the stream.');
    expect(verdict.sentence).toContain('One stall of 1.31 s.');
  });

  it('says for how long nothing had come when a stream was given up', () => {
    const ending = { kind: 'timeout', code: 'end/max-time', message: 'Too long.', offset: null, atMicros: 1 } as const;
    const times = { ...facts.times, lastChunkMicros: 2_000_000, endMicros: 12_000_000 };
    expect(verdictOf({ ...facts, ending, times }).sentence).toContain('Nothing had come for 10.0 s.');
    const short = { ...facts.times, lastChunkMicros: 11_500_000, endMicros: 12_000_000 };
    expect(verdictOf({ ...facts, ending, times: short }).sentence).not.toContain('Nothing');
    expect(verdictOf({ ...facts, times }).sentence).not.toContain('Nothing');
  });

  it('does not call an error status good', () => {
    expect(verdictOf({ ...facts, status: 503 })).toMatchObject({ tone: 'bad' });
  });

  it('tells how often it was connected again, what was lost and when the attempts are used', () => {
    const lost = {
      after: { kind: 'cut', code: 'end/reset', message: 'Reset.', offset: 9, atMicros: 1_000 },
      waitMicros: 3_000_000,
      atMicros: 3_001_000,
      resumedFrom: '41',
      firstChunk: 3,
      wireOffset: 9,
      head: null,
    } as const;
    const complete = verdictOf({ ...facts, reconnections: [lost], reconnect: { kind: 'sse', attempts: 5 } });
    expect(complete).toMatchObject({ tone: 'warning', word: 'Complete' });
    expect(complete.sentence).toContain('Connected again once after 1 lost connection.');
    const refused = { ...lost.after, kind: 'refused', code: 'end/connect-refused', message: 'Refused.' } as const;
    const usedUp = verdictOf({
      ...facts,
      ending: refused,
      reconnections: [lost, lost],
      reconnect: { kind: 'sse', attempts: 2 },
    });
    expect(usedUp.sentence).toBe(
      'Refused. Connected again 2 times after 2 lost connections. No more than 2 attempts were allowed.',
    );
    const stopped = { ...lost.after, kind: 'stopped', code: 'end/stopped', message: 'Stopped by you.' } as const;
    const waiting = verdictOf({ ...facts, ending: stopped, reconnections: [{ ...lost, atMicros: null }] });
    expect(waiting).toMatchObject({ tone: 'neutral', word: 'Stopped' });
    expect(waiting.sentence).toMatch(/^by you/);
    expect(waiting.sentence).toContain('Stopped while waiting to connect again.');
  });

  describe('of reconnections', () => {
    const head = {
      status: 200,
      statusText: 'OK',
      httpVersion: '1.1',
      headers: [['Content-Type', 'text/event-stream']],
      atMicros: 2,
    } as const;
    const after = { kind: 'complete', code: 'end/complete', message: 'Complete.', offset: null, atMicros: 1 } as const;
    const once = { after, waitMicros: 1, atMicros: 2, resumedFrom: '3', firstChunk: 1, wireOffset: 9, head } as const;
    const labCut = { ...after, kind: 'stopped', code: 'end/lab-cut' } as const;
    const lab = { ...facts, reconnections: [{ ...once, after: labCut }] };
    const reconnect = { kind: 'sse', attempts: 1 } as const;

    it('tells that the attempts are used after a complete end too, where another would have followed', () => {
      const usedUp = 'No more than 1 attempt was allowed.';
      expect(verdictOf({ ...facts, reconnections: [once], reconnect }).sentence).toContain(usedUp);
      const noContent = { ...once, head: { ...head, status: 204 } };
      expect(verdictOf({ ...facts, reconnections: [noContent], reconnect }).sentence).not.toContain(usedUp);
      expect(verdictOf({ ...lab, reconnect }).sentence).not.toContain(usedUp);
      const records = { kind: 'records', attempts: 1, field: 'id', into: 'query', name: 'after' } as const;
      expect(verdictOf({ ...facts, reconnections: [once], reconnect: records }).sentence).not.toContain(usedUp);
    });

    it.each([
      [['reconnect/not-resumed', 'reconnect/duplicates'], 'The server did not resume: it started over.'],
      [['reconnect/duplicates'], 'The server did not resume where it was asked to: it repeated frames.'],
      [
        ['reconnect/duplicates', 'reconnect/hole'],
        'The server did not resume where it was asked to: it repeated frames and left frames out.',
      ],
      [['reconnect/refused'], 'The server did not resume: its answer forbids to connect again.'],
      [['reconnect/resumed'], 'The server resumed: it went on after the cut.'],
      [
        ['reconnect/no-position'],
        'Whether the server resumes is unknown: nothing before the cut had an id to go on from.',
      ],
      [[], 'Nothing came after the cut that tells whether the server resumes.'],
    ])('answers in the lab, after %j, whether the server resumed', (codes: readonly string[], answer) => {
      const found = (code: string): number => (codes.includes(code) ? 2 : 0);
      expect(verdictOf({ ...lab, reconnect, found }).sentence).toMatch(
        new RegExp(`Connected again once\\. ${answer}$`),
      );
      expect(verdictOf({ ...facts, reconnections: [once], reconnect, found }).sentence).not.toContain(answer);
    });
  });

  it('tells that decoding was given up', () => {
    const found = (code: string): number => (code === 'end/decoding-limit' ? 1 : 0);
    const counts = { ...facts.counts, diagnostics: { error: 0, warning: 1, info: 0 } };
    const verdict = verdictOf({ ...facts, counts, found });
    expect(verdict.tone).toBe('warning');
    expect(verdict.sentence).toContain('. Decoding stopped at a limit: what follows is kept as it came.');
  });

  it('calls a recording without an ending interrupted', () => {
    const verdict = verdictOf({ ...facts, state: 'interrupted', ending: null });
    expect(verdict).toMatchObject({ tone: 'bad', word: 'Interrupted' });
    expect(verdict.sentence).toContain('1,204 frames');
  });

  it.each([
    [7, '7 µs'],
    [9_999, '10.0 ms'],
    [412_000, '412 ms'],
    [1_312_000, '1.31 s'],
    [12_400_000, '12.4 s'],
    [99_949_999, '99.9 s'],
    [192_000_000, '3 min 12 s'],
    [7_260_000_000, '2 h 1 min'],
  ])('%i µs reads %s', (micros, text) => {
    expect(duration(micros)).toBe(text);
  });
});
