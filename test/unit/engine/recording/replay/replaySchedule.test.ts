import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ChunkIndex } from '../../../../../src/engine/recording/chunkIndex.ts';
import type { ByteFault } from '../../../../../src/engine/recording/replay/bodyFaults.ts';
import {
  replaySteps,
  withCorruption,
  type RecordedAnswer,
  type ReplayStep,
} from '../../../../../src/engine/recording/replay/replaySchedule.ts';
import type { Ending } from '../../../../../src/shared/recording.ts';
import { defaultReplayOptions, type ReplayOptions } from '../../../../../src/shared/replay.ts';

interface Chunk {
  readonly gapMicros: number;
  readonly length: number;
  readonly continues: boolean;
}

const chunkLists = fc.array(
  fc.record({
    gapMicros: fc.integer({ min: 0, max: 2_000_000 }),
    length: fc.integer({ min: 1, max: 40 }),
    continues: fc.boolean(),
  }),
  { maxLength: 60 },
);

const complete: Ending = { kind: 'complete', code: 'end/complete', message: '', offset: null, atMicros: 0 };
const requestMicros = 1_500;
const headMicros = 40_000;

function answerOf(chunks: readonly Chunk[], ending: Ending = complete): RecordedAnswer {
  const index = new ChunkIndex(() => new Uint8Array(0));
  let atMicros = headMicros;
  for (const [n, { gapMicros, length, continues }] of chunks.entries()) {
    atMicros += gapMicros;
    index.append(atMicros, length, continues && n > 0);
  }
  return {
    chunks: index,
    firstChunk: 0,
    endChunk: index.count,
    requestMicros,
    headMicros,
    endMicros: atMicros + 70,
    timesKnown: true,
    ending,
    isRaw: false,
  };
}

function run(
  answer: RecordedAnswer,
  options: Partial<ReplayOptions> = {},
  faults: readonly ByteFault[] = [],
  isChunked = true,
): readonly ReplayStep[] {
  return [...replaySteps(answer, { ...defaultReplayOptions, ...options }, faults, isChunked)];
}

type Data = Extract<ReplayStep, { kind: 'data' }>;
const isData = (step: ReplayStep): step is Data => step.kind === 'data';

/** The wire as a client sees it: HTTP chunks with what they were announced with and what came of them. */
function httpChunks(steps: readonly ReplayStep[]): { announced: number; got: number; closed: boolean; at: number }[] {
  const seen: { announced: number; got: number; closed: boolean; at: number }[] = [];
  for (const step of steps.filter(isData)) {
    if (step.opensBytes !== null) seen.push({ announced: step.opensBytes, got: 0, closed: false, at: step.atMicros });
    const last = seen.at(-1);
    if (last === undefined) throw new Error('bytes outside of a chunk');
    last.got += step.length;
    last.closed = step.closes;
    last.at = step.atMicros;
  }
  return seen;
}

/** Body bytes by their wire offset in the recording, so that what was left out or repeated can be seen. */
const sent = (steps: readonly ReplayStep[]): number[] =>
  steps.filter(isData).flatMap(({ from, length }) => Array.from({ length }, (_, i) => from + i));
const range = (from: number, to: number): number[] => Array.from({ length: to - from }, (_, i) => from + i);
const sumOf = (chunks: readonly Chunk[]): number => chunks.reduce((sum, { length }) => sum + length, 0);
const cutAt = (at: number): ByteFault[] => [{ kind: 'cut', at }];

describe('a replay without faults', () => {
  it('sends the recorded bytes once, in the recorded pieces, at the recorded times after the head', () => {
    fc.assert(
      fc.property(chunkLists, fc.boolean(), (chunks, isChunked) => {
        const answer = answerOf(chunks);
        const steps = run(answer, {}, [], isChunked);
        expect(steps[0]).toEqual({ kind: 'head', atMicros: headMicros - requestMicros });
        const data = steps.filter(isData);
        expect(data.map(({ from, length }) => [from, length])).toEqual(
          chunks.map(({ length }, n) => [answer.chunks.offsetOf(n), length]),
        );
        expect(data.map(({ atMicros }) => atMicros)).toEqual(
          chunks.map((_, n) => answer.chunks.microsOf(n) - requestMicros),
        );
        const end = { how: 'complete', note: null, missingBytes: 0 };
        expect(steps.at(-1)).toEqual({ kind: 'end', atMicros: answer.endMicros - requestMicros, end });
      }),
    );
  });

  it('announces every HTTP chunk with its whole length, and ends it with its last piece', () => {
    fc.assert(
      fc.property(chunkLists, (chunks) => {
        const lengths: number[] = [];
        for (const [n, { length, continues }] of chunks.entries()) {
          if (n > 0 && continues) lengths[lengths.length - 1] = (lengths.at(-1) ?? 0) + length;
          else lengths.push(length);
        }
        const seen = httpChunks(run(answerOf(chunks)));
        expect(seen.map(({ announced }) => announced)).toEqual(lengths);
        expect(seen.every(({ announced, got, closed }) => announced === got && closed)).toBe(true);
      }),
    );
  });

  it('scales times by the speed, never what is asked for on top of them', () => {
    const answer = answerOf([{ gapMicros: 1_000_000, length: 3, continues: false }]);
    expect(run(answer, { speed: 10 }).map(({ atMicros }) => atMicros)).toEqual([3_850, 103_850, 103_857]);
    expect(run(answer, { speed: 0.1 }).map(({ atMicros }) => atMicros)).toEqual([385_000, 10_385_000, 10_385_700]);
    expect(run(answer, { speed: 'max', delayMicros: 7 }).map(({ atMicros }) => atMicros)).toEqual([7, 7, 7]);
    expect(run({ ...answer, timesKnown: false }).map(({ atMicros }) => atMicros)).toEqual([0, 0, 0]);
  });

  it('repeats the body after the time it took, and goes on for ever where it is asked to', () => {
    const answer = answerOf([{ gapMicros: 900, length: 2, continues: false }]);
    const twice = run(answer, { passes: 2 });
    expect(sent(twice)).toEqual([0, 1, 0, 1]);
    expect(twice.map(({ atMicros }) => atMicros)).toEqual([38_500, 39_400, 40_370, 40_440]);
    const endless = replaySteps(answer, { ...defaultReplayOptions, passes: null }, [], true);
    for (let n = 0; n < 10_000; n++) expect(endless.next().done).toBe(false);
  });

  it('ends where there is nothing to repeat', () => {
    expect(run(answerOf([]), { passes: null })).toHaveLength(2);
    const answer = answerOf([{ gapMicros: 1, length: 2, continues: false }]);
    expect(run(answer, { passes: null }, [{ kind: 'drop', from: 0, to: 2 }])).toHaveLength(2);
  });
});

describe('a fault', () => {
  const withPlace = chunkLists
    .filter((chunks) => chunks.length > 0)
    .chain((chunks) => fc.tuple(fc.constant(chunks), fc.integer({ min: 0, max: sumOf(chunks) })));

  it('cut sends every byte before its place, none behind it, and leaves a chunk it lies in unfinished', () => {
    fc.assert(
      fc.property(withPlace, ([chunks, at]) => {
        const answer = answerOf(chunks);
        const steps = run(answer, { passes: 5 }, cutAt(at));
        expect(sent(steps)).toEqual(range(0, at));
        expect(steps.at(-1)).toMatchObject({ end: { how: 'close' } });
        const whole = httpChunks(run(answer)).map(({ announced }) => announced);
        const seen = httpChunks(steps);
        // Announced as they were, so that a client can tell where it was cut.
        expect(seen.map(({ announced }) => announced)).toEqual(whole.slice(0, seen.length));
        const last = seen.at(-1);
        if (last !== undefined) expect(last.closed).toBe(last.got === last.announced);
      }),
    );
  });

  it('reset ends with a reset', () => {
    const steps = run(answerOf([{ gapMicros: 1, length: 9, continues: false }]), {}, [{ kind: 'reset', at: 4 }]);
    expect(steps.at(-1)).toMatchObject({ end: { how: 'reset' } });
    expect(httpChunks(steps)).toMatchObject([{ announced: 9, got: 4, closed: false }]);
  });

  it('stall delays what is behind its place by as much as it says, and the end', () => {
    fc.assert(
      fc.property(withPlace, fc.integer({ min: 1, max: 9_000_000 }), ([chunks, at], micros) => {
        const answer = answerOf(chunks);
        const plain = new Map<number, number>();
        for (const step of run(answer).filter(isData)) {
          for (let i = 0; i < step.length; i++) plain.set(step.from + i, step.atMicros);
        }
        const steps = run(answer, {}, [{ kind: 'stall', at, micros }]);
        for (const step of steps.filter(isData)) {
          const expected = (plain.get(step.from) ?? NaN) + (step.from >= at ? micros : 0);
          expect(step.atMicros).toBe(expected);
        }
        expect(sent(steps)).toEqual(range(0, sumOf(chunks)));
        expect(steps.at(-1)?.atMicros).toBe(answer.endMicros - requestMicros + micros);
      }),
    );
  });

  it('drop leaves out and duplicate repeats exactly its bytes, in HTTP chunks that are whole', () => {
    fc.assert(
      fc.property(withPlace, fc.nat(50), ([chunks, from], length) => {
        const total = sumOf(chunks);
        const to = Math.min(total, from + length);
        const dropped = run(answerOf(chunks), {}, [{ kind: 'drop', from, to }]);
        expect(sent(dropped)).toEqual([...range(0, from), ...range(to, total)]);
        const repeated = run(answerOf(chunks), {}, [{ kind: 'duplicate', from, to }]);
        expect(sent(repeated)).toEqual([...range(0, to), ...range(from, to), ...range(to, total)]);
        for (const steps of [dropped, repeated]) {
          expect(httpChunks(steps).every(({ announced, got, closed }) => announced === got && closed)).toBe(true);
        }
      }),
    );
  });

  it('corrupt inverts its byte and no other, wherever the bytes are split', () => {
    const faults: ByteFault[] = [{ kind: 'corrupt', at: 5 }];
    expect([...withCorruption(Uint8Array.of(1, 2, 3), 4, faults)]).toEqual([1, 253, 3]);
    expect([...withCorruption(Uint8Array.of(1, 2), 6, faults)]).toEqual([1, 2]);
    expect([...withCorruption(Uint8Array.of(1, 2), 3, faults)]).toEqual([1, 2]);
  });

  it('split makes chunks of at most so many bytes of each chunk, at its time', () => {
    fc.assert(
      fc.property(chunkLists, fc.integer({ min: 1, max: 50 }), (chunks, bytes) => {
        const answer = answerOf(chunks);
        const steps = run(answer, {}, [{ kind: 'split', bytes }]);
        expect(sent(steps)).toEqual(range(0, sumOf(chunks)));
        const expected = httpChunks(run(answer)).flatMap(({ announced }) =>
          Array.from({ length: Math.ceil(announced / bytes) }, (_, i) => Math.min(bytes, announced - i * bytes)),
        );
        expect(httpChunks(steps).map(({ got }) => got)).toEqual(expected);
      }),
    );
  });

  it('coalesce makes one chunk of so many, at the time of the last', () => {
    fc.assert(
      fc.property(chunkLists, fc.integer({ min: 2, max: 9 }), (chunks, count) => {
        const answer = answerOf(chunks);
        const plain = httpChunks(run(answer));
        const seen = httpChunks(run(answer, {}, [{ kind: 'coalesce', chunks: count }]));
        const groups = Array.from({ length: Math.ceil(plain.length / count) }, (_, i) =>
          plain.slice(i * count, (i + 1) * count),
        );
        expect(seen.map(({ announced, at }) => [announced, at])).toEqual(
          groups.map((group) => [group.reduce((sum, { announced }) => sum + announced, 0), group.at(-1)?.at]),
        );
      }),
    );
  });

  it('slow never lets more bytes go than its rate allows, and no byte before its time', () => {
    fc.assert(
      fc.property(chunkLists, fc.integer({ min: 1, max: 5_000 }), (chunks, bytesPerSecond) => {
        const answer = answerOf(chunks);
        const steps = run(answer, {}, [{ kind: 'slow', bytesPerSecond }]);
        expect(sent(steps)).toEqual(range(0, sumOf(chunks)));
        expect(httpChunks(steps).map(({ announced }) => announced)).toEqual(
          httpChunks(run(answer)).map(({ announced }) => announced),
        );
        let bytes = 0;
        const firstMicros = headMicros - requestMicros;
        for (const step of steps.filter(isData)) {
          bytes += step.length;
          expect(step.atMicros + 1).toBeGreaterThanOrEqual(firstMicros + (bytes / bytesPerSecond) * 1e6);
        }
      }),
    );
  });
});

describe('jitter', () => {
  it('delays chunks by up to its bound, in order, equally for equal seeds', () => {
    fc.assert(
      fc.property(chunkLists, fc.integer({ min: 1, max: 100_000 }), fc.nat(1_000), (chunks, jitterMicros, seed) => {
        const answer = answerOf(chunks);
        const plain = run(answer).filter(isData);
        const steps = run(answer, { jitterMicros, seed }).filter(isData);
        let last = 0;
        for (const [n, { atMicros }] of steps.entries()) {
          expect(atMicros).toBeGreaterThanOrEqual(plain[n]?.atMicros ?? Infinity);
          expect(atMicros).toBeLessThanOrEqual((plain[n]?.atMicros ?? -Infinity) + jitterMicros);
          expect(atMicros).toBeGreaterThanOrEqual(last);
          last = atMicros;
        }
        expect(run(answer, { jitterMicros, seed }).filter(isData)).toEqual(steps);
      }),
    );
  });
});

describe('a recording that did not end well', () => {
  const one = [{ gapMicros: 5, length: 10, continues: false }];
  const ending = (code: string, message: string): Ending => ({ ...complete, kind: 'cut', code, message });

  it('is cut in the middle of the same chunk again, with the length it was announced with', () => {
    const message = 'The server closed the connection in the middle of a chunk: 10 of its 1,234 bytes had come.';
    const steps = run(answerOf(one, ending('end/chunk-cut', message)));
    expect(httpChunks(steps)).toMatchObject([{ announced: 1_234, got: 10, closed: false }]);
    expect(steps.at(-1)).toMatchObject({ end: { how: 'close', note: null } });
  });

  it('announces a chunk of which nothing had come', () => {
    const message = 'The connection was reset in the middle of a chunk: 0 of its 77 bytes had come.';
    const steps = run(answerOf(one, ending('end/chunk-cut', message)));
    expect(httpChunks(steps)).toMatchObject([{ announced: 10, got: 10, closed: true }]);
    expect(steps.at(-1)).toMatchObject({ end: { how: 'reset', announcedBytes: 77 } });
  });

  it('says so when its end was made here and not by the server', () => {
    const steps = run(answerOf(one, { ...complete, kind: 'stopped', code: 'end/stopped', message: 'Stopped.' }));
    expect(steps.at(-1)).toMatchObject({
      end: { how: 'close', note: expect.stringContaining('ended here') as string },
    });
  });
});
