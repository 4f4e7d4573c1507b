import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Analysis, type AnalysisOptions, type KeptAnalysis } from '../../../../src/engine/recording/analysis.ts';
import { compileFilter } from '../../../../src/engine/recording/filterExpression.ts';
import { FilterRun } from '../../../../src/engine/recording/filterRun.ts';
import { framesPerBlock } from '../../../../src/engine/recording/frameBlocks.ts';
import { FrameIndex, type BlockPort } from '../../../../src/engine/recording/frameIndex.ts';
import { defaultLimits } from '../../../../src/shared/limits.ts';
import { frameFlag, frameKindCode } from '../../../../src/shared/words.ts';

const utf8 = new TextEncoder();
const options: AnalysisOptions = {
  contentType: 'text/event-stream',
  url: 'https://api.openai.com/v1/chat/completions',
  framing: null,
  limits: defaultLimits,
  timesKnown: true,
};

function memoryPort(): { readonly port: BlockPort; readonly summaries: Uint8Array[] } {
  const blocks: Uint8Array[] = [];
  const summaries: Uint8Array[] = [];
  const port: BlockPort = {
    put(n, summary, bytes) {
      blocks[n] = bytes;
      summaries[n] = summary;
    },
    get(n) {
      const block = blocks[n];
      if (block === undefined) throw new Error(`no block ${String(n)}`);
      return block;
    },
  };
  return { port, summaries };
}

const event = (choice: object): string =>
  `data: ${JSON.stringify({ id: 'c', object: 'chat.completion.chunk', model: 'm', choices: [{ index: 0, ...choice }] })}\n\n`;
const argumentsPart = (text: string, more: object = {}): string =>
  event({ delta: { tool_calls: [{ index: 0, function: { arguments: text }, ...more }] }, finish_reason: null });

/** A tool call whose arguments the length limit cut, `comments` heartbeats long. */
function cutCall(comments: number): string {
  return [
    event({ delta: { role: 'assistant' }, finish_reason: null }),
    event({
      delta: { tool_calls: [{ index: 0, id: 'call', type: 'function', function: { name: 'f', arguments: '' } }] },
      finish_reason: null,
    }),
    argumentsPart('{"a":'),
    ': wait\n\n'.repeat(comments),
    event({ delta: {}, finish_reason: 'length' }),
    'data: [DONE]\n\n',
  ].join('');
}

function feed(analysis: Analysis, text: string, chunkBytes: number): void {
  const bytes = utf8.encode(text);
  for (let n = 0, at = 0; at < bytes.length; n++, at += chunkBytes) {
    const chunk = bytes.subarray(at, at + chunkBytes);
    analysis.chunk(n * 10, chunk.length);
    analysis.body(n, n * 10, chunk);
  }
}

function flagsOf(frames: FrameIndex): number[] {
  const found: number[] = [];
  frames.visit(0, frames.count, (columns, _first, from, to) => {
    found.push(...columns.flags.subarray(from, to));
    return true;
  });
  return found;
}

function newRun(expression: string): FilterRun {
  const compiled = compileFilter(expression);
  if (!compiled.ok) throw new Error(compiled.failure.message);
  return new FilterRun(compiled.value);
}

function advance(run: FilterRun, frames: FrameIndex, text = ''): number[] {
  const source = {
    frames,
    timesKnown: true,
    found: () => false,
    searchedBytes: 100,
    typeName: () => '',
    text: () => text,
  };
  expect(run.advance(source, () => true)).toBe(true);
  return [...run.matches];
}

describe('what is found out about an earlier frame', () => {
  it.each([0, 2 * framesPerBlock])(
    'reaches its flags, filters, seeks and places (%i heartbeats between)',
    (comments) => {
      const { port, summaries } = memoryPort();
      const analysis = new Analysis(port, options);
      const run = newRun('has:error');
      const runWithout = newRun('-has:error');
      feed(analysis, cutCall(comments), 4_000);
      expect(advance(run, analysis.frames)).toEqual([]);
      advance(runWithout, analysis.frames);
      analysis.end();

      const errors = analysis.diagnostics.kept.filter(({ diagnostic }) => diagnostic.severity === 'error');
      expect(errors.map(({ diagnostic }) => diagnostic.code)).toContain('ai/truncated-tool-arguments');
      const frames = [...new Set(errors.flatMap(({ diagnostic }) => diagnostic.frame ?? []))];
      expect(frames).not.toEqual([]);
      expect(advance(run, analysis.frames)).toEqual(frames);
      expect(advance(newRun('has:error'), analysis.frames)).toEqual(frames);
      expect(advance(runWithout, analysis.frames)).toEqual(advance(newRun('-has:error'), analysis.frames));
      expect(analysis.frames.seekFlag(-1, 'next', frameFlag.hasError)).toBe(frames[0]);
      for (const { diagnostic, micros } of analysis.diagnostics.kept) {
        if (diagnostic.frame !== undefined) expect(micros).toBe(analysis.frames.microsOf(diagnostic.frame));
      }
      const { faults, firstFault } = analysis.arrivals.overview.bins;
      expect(faults.reduce((sum, count) => sum + count, 0)).toBe(frames.length);
      expect(firstFault.find((frame) => frame >= 0)).toBe(frames[0]);

      const kept = JSON.parse(JSON.stringify(analysis.toKept(1))) as KeptAnalysis;
      const restored = Analysis.restore(port, options, kept, summaries);
      expect(flagsOf(restored.frames)).toEqual(flagsOf(analysis.frames));
      expect(advance(newRun('has:error'), restored.frames)).toEqual(frames);
      expect(restored.frames.seekFlag(-1, 'next', frameFlag.hasError)).toBe(frames[0]);
    },
  );

  it('is flagged alike however the bytes are split', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 200 }), (chunkBytes) => {
        const flags = [chunkBytes, 1_000_000].map((size) => {
          const analysis = new Analysis(memoryPort().port, { ...options, timesKnown: false });
          feed(analysis, cutCall(3), size);
          analysis.end();
          return flagsOf(analysis.frames);
        });
        expect(flags[0]).toEqual(flags[1]);
      }),
    );
  });
});

describe('flags that are added late', () => {
  const count = 70 * framesPerBlock + 100;

  function index(port: BlockPort): FrameIndex {
    const frames = new FrameIndex(port);
    for (let n = 0; n < count; n++) frames.append(frameKindCode.comment, n, 1, 0, 0, n, 0);
    return frames;
  }

  it('are read at once, and by another index after the flush, from more blocks than are held', () => {
    const { port, summaries } = memoryPort();
    const frames = index(port);
    const flagged = Array.from({ length: 71 }, (_, block) => block * framesPerBlock + 7 * (block % 9));
    for (const n of [...flagged].reverse()) frames.addFlags(n, frameFlag.hasDiagnostic);
    const found = (from: FrameIndex): number[] => advance(newRun('has:diagnostic'), from);
    expect(found(frames)).toEqual(flagged);
    frames.flush();
    const restored = new FrameIndex(port);
    restored.restore(summaries);
    expect(found(restored)).toEqual(flagged);
  });

  it('are counted again by a filter that looked before, however many they are', () => {
    const frames = index(memoryPort().port);
    const run = newRun('has:diagnostic word');
    expect(advance(run, frames, 'word')).toEqual([]);
    const flagged = Array.from({ length: 70_000 }, (_, i) => 3 * i);
    for (const n of flagged) frames.addFlags(n, frameFlag.hasDiagnostic);
    expect(advance(run, frames, 'word')).toEqual(flagged);
    frames.addFlags(1, frameFlag.hasDiagnostic);
    expect(advance(run, frames, 'word')).toEqual([0, 1, ...flagged.slice(1)]);
  });
});
