import { describe, expect, it } from 'vitest';
import { frameDeltas, rowWords, spanWords } from '../../../../src/engine/dialects/frameWords.ts';
import { Assembly } from '../../../../src/engine/dialects/assemble.ts';
import type { Delta } from '../../../../src/engine/dialects/delta.ts';
import { indexedFramesAtMost } from '../../../../src/engine/dialects/deltaIndex.ts';
import { deltaKinds } from '../../../../src/shared/words.ts';

const text = (value: string): Delta => ({ type: 'text', choice: 0, part: 0, text: value });
const start: Delta = {
  type: 'tool-start',
  choice: 0,
  call: 0,
  id: 'c1',
  name: 'get_status',
  kind: 'function',
  runs: 'client',
};
const usage: Delta = { type: 'usage', input: 9, output: 4, reasoning: null, raw: { prompt_tokens: 9 } };

/** Frames 2, 5, 6, 7, 9 and 10 say something; the others do not. */
function message(): Assembly {
  const assembly = new Assembly(() => undefined);
  const add = (frame: number, ...deltas: readonly Delta[]): void => {
    for (const delta of deltas) assembly.add(frame, delta);
  };
  add(2, { type: 'meta', id: 'm1', model: 'gpt-x' }, text(''));
  add(5, { type: 'reasoning', choice: 0, part: 0, text: 'Hm.' });
  add(6, text(' retry'));
  add(7, start, { type: 'tool-arguments', call: 0, text: '{"job"' });
  add(9, { type: 'tool-arguments', call: 0, text: ':1}' }, text('!'));
  add(10, { type: 'finish', choice: 0, reason: 'stop', meaning: 'end' }, usage);
  return assembly;
}

const kind = (assembly: Assembly, frame: number): string => deltaKinds[assembly.index.kindOf(frame)] ?? '';

describe('what a frame says', () => {
  it('goes by the first thing that a person asks for', () => {
    const said = message();
    expect([2, 3, 5, 6, 7, 9, 10, 11].map((frame) => kind(said, frame))).toEqual([
      'start',
      'none',
      'reasoning',
      'text',
      'tool',
      'tool',
      'finish',
      'none',
    ]);
  });

  it('is told in a row by its words, a tool call with its name where it begins', () => {
    const said = message();
    expect([3, 5, 6, 7, 9, 10].map((frame) => rowWords(said, frame))).toEqual([
      '',
      'Hm.',
      ' retry',
      'get_status {"job"',
      ':1}',
      'stop',
    ]);
    expect(rowWords(said, 7, 5)).toBe('get_s');
  });

  it('counts content up to each frame', () => {
    const { index, contentUnits } = message();
    expect([0, 5, 6, 7, 8, 9, 10, 99].map((frame) => index.unitsBefore(frame))).toEqual([0, 0, 3, 9, 25, 25, 29, 29]);
    expect(contentUnits).toBe(29);
  });

  it('is listed whole, with what only the frame itself tells', () => {
    const said = message();
    expect(frameDeltas(said, 9, [])).toEqual([
      { kind: 'text', name: null, choice: 0, text: '!', length: 1 },
      { kind: 'tool', name: 'get_status', choice: 0, text: ':1}', length: 3 },
    ]);
    const last = frameDeltas(said, 10, [{ type: 'finish', choice: 0, reason: 'stop', meaning: 'end' }, usage]);
    expect(last.map((delta) => delta.kind)).toEqual(['finish', 'usage']);
    expect(last[1]?.text).toBe('{\n  "prompt_tokens": 9\n}');
  });

  it('takes nothing from the frame that its message does not have', () => {
    expect(frameDeltas(message(), 6, [usage]).map((delta) => delta.kind)).toEqual(['text']);
  });

  it('is in no row beyond the frames that are indexed, and in the message all the same', () => {
    const assembly = new Assembly(() => undefined);
    assembly.add(indexedFramesAtMost, text('late'));
    expect(assembly.index.length).toBe(0);
    expect(assembly.choice(0)?.text.text).toBe('late');
  });
});

describe('what came in a span', () => {
  const micros = (frame: number): number => frame * 1_000;

  it('is its words in their order', () => {
    expect(spanWords(message(), 5, 8, micros)).toEqual({
      runs: [
        { kind: 'reasoning', text: 'Hm.' },
        { kind: 'text', text: ' retry' },
        { kind: 'tool', text: 'get_status {"job"' },
      ],
      omitted: 0,
      contentUnits: 25,
      before: null,
      after: { frame: 9, micros: 9_000, kind: 'tool', text: ':1}' },
      framesWithoutContent: 0,
    });
  });

  it('of a gap are the words before and after it', () => {
    const gap = spanWords(message(), 8, 9, micros);
    expect(gap.runs).toEqual([]);
    expect(gap.framesWithoutContent).toBe(1);
    expect([gap.before?.text, gap.after?.text]).toEqual(['get_status {"job"', ':1}']);
  });

  it('is bounded, and says what is left out', () => {
    const assembly = new Assembly(() => undefined);
    for (let frame = 0; frame < 100; frame++) assembly.add(frame, text('x'.repeat(100)));
    const said = spanWords(assembly, 0, 100, micros);
    expect(said.runs[0]?.text).toHaveLength(4_096);
    expect(said.omitted).toBe(10_000 - 4_096);
  });
});
