import { describe, expect, it } from 'vitest';
import { readCommandLine } from '../../../../../src/main/hosts/cli/program.ts';
import type { ReplayWords } from '../../../../../src/main/hosts/cli/replayWords.ts';
import { defaultReplayOptions } from '../../../../../src/shared/replay.ts';

function replay(...words: string[]): ReplayWords {
  const read = readCommandLine(['replay', ...words], false, '0', () => undefined);
  if (read.command !== 'replay') throw new Error('replay was expected');
  return read.replay;
}

describe('replay', () => {
  it('serves as recorded where nothing else is said', () => {
    expect(replay('some-id')).toEqual({ target: 'some-id', port: null, options: defaultReplayOptions });
  });

  it('takes speed, delay, jitter, seed, repetitions and port', () => {
    const words = ['--speed', '0.5', '--delay', '2s', '--jitter', '20ms', '--seed', '7', '--loop', '3', '--port', '0'];
    expect(replay('x', ...words)).toEqual({
      target: 'x',
      port: 0,
      options: { speed: 0.5, delayMicros: 2_000_000, jitterMicros: 20_000, seed: 7, passes: 3, faults: [] },
    });
    expect(replay('x', '--loop').options.passes).toBeNull();
    expect(replay('x', '--speed', 'step').options.speed).toBe('step');
  });

  it('takes every fault, frames counted from 1', () => {
    const faults = [
      ['cut:40', { kind: 'cut', afterFrames: 40 }],
      ['reset:0', { kind: 'reset', afterFrames: 0 }],
      ['stall:12,30s', { kind: 'stall', afterFrames: 12, micros: 30_000_000 }],
      ['drop:1', { kind: 'drop', frame: 0 }],
      ['duplicate:3', { kind: 'duplicate', frame: 2 }],
      ['corrupt:0', { kind: 'corrupt', offset: 0 }],
      ['split:7', { kind: 'split', bytes: 7 }],
      ['coalesce:4', { kind: 'coalesce', chunks: 4 }],
      ['slow:2k', { kind: 'slow', bytesPerSecond: 2_048 }],
    ] as const;
    const words = faults.flatMap(([word]) => ['--fault', word]);
    expect(replay('x', ...words).options.faults).toEqual(faults.map(([, fault]) => fault));
  });

  it.each([
    [['--speed', 'fast'], /--speed wants/],
    [['--speed', '0'], /--speed is out of range/],
    [['--fault', 'explode:1'], /There is no fault "explode"/],
    [['--fault', 'drop:0'], /at least 1/],
    [['--fault', 'stall:3'], /a frame and a time/],
    [['--fault', 'cut:3,4'], /takes one value/],
    [['--fault', 'coalesce:1'], /--fault is out of range/],
    [['--port', '70000'], /--port wants/],
    [['--loop', '0'], /at least 1/],
  ])('refuses %j', (words, sentence) => {
    expect(() => replay('x', ...words)).toThrow(sentence);
  });
});
