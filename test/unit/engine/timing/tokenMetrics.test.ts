import fc from 'fast-check';
import { countTokens } from 'gpt-tokenizer/encoding/o200k_base';
import { describe, expect, it } from 'vitest';
import { AnthropicDecoder } from '../../../../src/engine/dialects/anthropic.ts';
import { Assembly } from '../../../../src/engine/dialects/assemble.ts';
import type { Delta } from '../../../../src/engine/dialects/delta.ts';
import type { JsonObject } from '../../../../src/engine/dialects/jsonValue.ts';
import { boundedTokenCounter, type TokenCounter } from '../../../../src/engine/timing/tokenCounter.ts';
import { tokenMetrics, wantsEstimate } from '../../../../src/engine/timing/tokenMetrics.ts';

function messageOf(...frames: readonly (readonly Delta[])[]): Assembly {
  const message = new Assembly(() => undefined);
  frames.forEach((deltas, n) => {
    for (const delta of deltas) message.add(n, delta);
    message.lastFrame = n;
  });
  return message;
}

const text = (value: string): Delta => ({ type: 'text', choice: 0, part: 0, text: value });
const reasoning = (value: string): Delta => ({ type: 'reasoning', choice: 0, part: 0, text: value });
const usage = (output: number | null, ofReasoning: number | null = null): Delta => ({
  type: 'usage',
  input: 1,
  output,
  reasoning: ofReasoning,
  raw: {},
});
/** Frame n arrives at (n + 1) · 100 ms. */
const microsOf = (frame: number): number => (frame + 1) * 100_000;
const words: TokenCounter = { name: 'words', count: (value) => value.split(/\s+/).filter(Boolean).length };
const base = { dialect: 'openai-chat', variant: null, microsOf, wireBytes: null, counter: null };

describe('times of a token stream', () => {
  const message = messageOf([text('')], [reasoning('hm')], [text('a')], [text('b')], [usage(4)]);

  it('begin with the first content that is not empty, and leave usage out', () => {
    const metrics = tokenMetrics({ ...base, message });
    expect(metrics).toMatchObject({
      ttftMicros: 200_000,
      ttftFrame: 1,
      ttfoMicros: 300_000,
      ttfoFrame: 2,
      lastContentMicros: 400_000,
      lastContentFrame: 3,
    });
  });

  it('give the time between tokens and both speeds', () => {
    const metrics = tokenMetrics({ ...base, message });
    expect(metrics.itlMicros).toBeCloseTo(200_000 / 3);
    expect(metrics.decodePerSecond).toBeCloseTo(15);
    expect(metrics.endToEndPerSecond).toBeCloseTo(10);
  });

  it('are unknown where the recording has no times, and so are speeds', () => {
    expect(tokenMetrics({ ...base, message, microsOf: null })).toMatchObject({
      ttftMicros: null,
      ttftFrame: 1,
      itlMicros: null,
      endToEndPerSecond: null,
      tokens: { count: 4 },
    });
  });

  it('are unknown for a message without content', () => {
    expect(tokenMetrics({ ...base, message: messageOf([usage(0)]) })).toMatchObject({
      ttftMicros: null,
      lastContentMicros: null,
      itlMicros: null,
    });
  });

  it('need two tokens for a time between them', () => {
    const one = tokenMetrics({ ...base, message: messageOf([text('a')], [usage(1)]) });
    expect(one.itlMicros).toBeNull();
    expect(one.endToEndPerSecond).toBeCloseTo(10);
  });
});

describe('counts of tokens', () => {
  it('are the provider’s last number, never a sum', () => {
    const message = messageOf([text('a'), usage(1)], [text('b'), usage(2)]);
    expect(tokenMetrics({ ...base, message, counter: words }).tokens).toEqual({
      count: 2,
      source: 'usage',
      tokenizer: null,
      addedReasoning: 0,
    });
  });

  it.each([
    ['gemini', null, 15],
    ['gemini-interactions', null, 15],
    ['openai-chat', 'xai', 15],
    ['openai-chat', 'deepseek', 10],
    ['anthropic', null, 10],
  ])('of %s (%s) have reasoning added where the provider leaves it out', (dialect, variant, count) => {
    const message = messageOf([text('a'), usage(10, 5)]);
    expect(tokenMetrics({ ...base, dialect, variant, message }).tokens?.count).toBe(count);
  });

  it('are estimated without usage, and say by what', () => {
    const message = messageOf(
      [reasoning('one two'), text('three')],
      [
        { type: 'tool-start', choice: 0, call: 0, id: null, name: 'add', kind: 'function', runs: 'client' },
        { type: 'tool-arguments', call: 0, text: '{}' },
      ],
    );
    expect(tokenMetrics({ ...base, message, counter: words }).tokens).toEqual({
      count: 5,
      source: 'estimated',
      tokenizer: 'words',
      addedReasoning: 0,
    });
    expect(tokenMetrics({ ...base, message }).tokens).toBeNull();
  });
});

describe('a placeholder in the place of the count', () => {
  const start = { type: 'message_start', message: { id: 'm', usage: { input_tokens: 9, output_tokens: 1 } } };
  const block = { type: 'content_block_delta', index: 0, delta: { type: 'text_delta', text: 'one two three' } };
  const counted = { type: 'message_delta', delta: {}, usage: { output_tokens: 7 } };
  const read = (...events: readonly JsonObject[]): Assembly => {
    const decoder = new AnthropicDecoder();
    return messageOf(
      ...events.map((event) => {
        const deltas: Delta[] = [];
        decoder.event(event, '', deltas);
        return deltas;
      }),
    );
  };
  const anthropic = { ...base, dialect: 'anthropic' };

  it('is no count: tokens are estimated, or unknown, until the count came', () => {
    const cut = read(start, block);
    expect(wantsEstimate(cut)).toBe(true);
    expect(cut.usage?.delta.output).toBe(1);
    expect(tokenMetrics({ ...anthropic, message: cut }).tokens).toBeNull();
    const estimated = { count: 3, source: 'estimated' };
    expect(tokenMetrics({ ...anthropic, message: cut, counter: words }).tokens).toMatchObject(estimated);
    const emptyUsage = read(start, block, { ...counted, usage: { output_tokens: null } });
    expect(tokenMetrics({ ...anthropic, message: emptyUsage, counter: words }).tokens).toMatchObject(estimated);
  });

  it('gives way to the count, and comes back with another message', () => {
    const whole = read(start, block, counted);
    expect(wantsEstimate(whole)).toBe(false);
    expect(tokenMetrics({ ...anthropic, message: whole, counter: words }).tokens).toMatchObject({
      count: 7,
      source: 'usage',
    });
    expect(wantsEstimate(read(start, block, counted, start, block))).toBe(true);
  });
});

describe('wire overhead', () => {
  it('is what is no content, counted in UTF-8', () => {
    const message = messageOf([text('aé€😀')]);
    expect(tokenMetrics({ ...base, message, wireBytes: 100 }).wireOverhead).toBeCloseTo(0.9);
    expect(tokenMetrics({ ...base, message }).wireOverhead).toBeNull();
  });
});

describe('a bounded tokenizer', () => {
  const count = (value: string): number => countTokens(value, { disallowedSpecial: new Set() });

  it('counts ordinary text as the tokenizer itself does', () => {
    const sentence = 'The quick brown fox jumps over the lazy dog, and “naïve” readers agree: 12,345 times! ';
    const counter = boundedTokenCounter('o200k_base', count);
    expect(counter.count(sentence.repeat(20))).toBe(count(sentence.repeat(20)));
    const long = sentence.repeat(2_000);
    expect(Math.abs(counter.count(long) - count(long))).toBeLessThanOrEqual(long.length / 8_192 + 1);
  });

  it('never hands over more than a slice, nor a word of more than 512 units, nor half a pair', () => {
    fc.assert(
      fc.property(fc.array(fc.constantFrom('a', ' ', '😀', 'long-word', '\n'), { maxLength: 4_000 }), (parts) => {
        const value = parts.map((part, i) => part.repeat(1 + (i % 300))).join('');
        let joined = '';
        boundedTokenCounter('pieces', (piece) => {
          expect(piece.length).toBeLessThanOrEqual(8_192);
          expect(/\S{514}/.test(piece)).toBe(false);
          expect(piece.isWellFormed()).toBe(true);
          joined += piece;
          return 1;
        }).count(value);
        expect(joined).toBe(value);
      }),
      { numRuns: 30 },
    );
  });
});
