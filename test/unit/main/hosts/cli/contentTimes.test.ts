import { describe, expect, it } from 'vitest';
import { Inspection } from '../../../../../src/main/hosts/cli/inspection.ts';
import { summaryLine } from '../../../../../src/main/hosts/cli/summaryLine.ts';
import { defaultLimits } from '../../../../../src/shared/limits.ts';

/** Inspects frames that come a millisecond apart, from 1 ms on. */
function summaryOf(frames: readonly string[], timesKnown = true) {
  const ignored = (): void => undefined;
  const inspection = new Inspection(
    {
      request: null,
      framing: 'sse',
      jsonPath: null,
      dialect: null,
      maxFrames: null,
      maxBytes: null,
      limits: defaultLimits,
      uncertaintyMicros: () => null,
    },
    { frame: ignored, body: ignored, reconnecting: ignored, enough: ignored, cut: ignored, ended: ignored },
  );
  inspection.origin({ request: null, startedAt: 0, timesKnown });
  frames.forEach((frame, n) => {
    const bytes = new TextEncoder().encode(frame);
    inspection.chunk((n + 1) * 1_000, bytes);
    inspection.body(n, bytes);
  });
  const ending = { kind: 'complete', code: 'end/complete', message: 'x', offset: null, atMicros: 1e9 } as const;
  inspection.ended(ending);
  return summaryLine('x', inspection, ending, null);
}

const chat = (delta: string): string =>
  `data: {"id":"c1","object":"chat.completion.chunk","choices":[{"index":0,"delta":${delta}}]}\n\n`;
const usage =
  'data: {"object":"chat.completion.chunk","choices":[],"usage":{"prompt_tokens":3,"completion_tokens":4}}\n\n';

describe('the times of a token stream', () => {
  it('are those of the frames that brought content, reasoning apart, long after they went by', () => {
    const comments = Array.from({ length: 3_000 }, () => ': ping\n\n');
    const answer = Array.from({ length: 200 }, () => chat('{"content":"a"}'));
    const { timing, ai } = summaryOf([
      ...comments,
      chat('{"role":"assistant","content":""}'),
      chat('{"reasoning_content":"hm"}'),
      ...answer,
      usage,
      ...comments,
    ]);
    expect(timing).toMatchObject({ ttftUs: 3_002_000, ttfoUs: 3_003_000, lastContentUs: 3_202_000 });
    expect(ai?.tokens).toEqual({
      count: 4,
      source: 'usage',
      itlUs: 66_667,
      decodePerSecond: 15,
      endToEndPerSecond: 1.249,
    });
  });

  it('are those of the dialect that is found at last', () => {
    const event = (value: unknown): string => `data: ${JSON.stringify(value)}\n\n`;
    const frames = [
      event({ choices: [], usage: { prompt_tokens: 1 } }),
      event({ type: 'ping' }),
      event({ type: 'message_start', message: { id: 'm' } }),
      event({ type: 'content_block_delta', index: 0, delta: { type: 'text_delta', text: 'a' } }),
      event({ type: 'content_block_delta', index: 0, delta: { type: 'text_delta', text: 'b' } }),
    ];
    const { timing, ai } = summaryOf(frames);
    expect(ai?.text).toBe('ab');
    expect(timing).toMatchObject({ ttftUs: 4_000, ttfoUs: 4_000, lastContentUs: 5_000 });
  });

  it('are null without times or tokens', () => {
    expect(summaryOf([chat('{"content":"a"}'), usage], false)).toMatchObject({
      timing: null,
      ai: { tokens: { count: 4, itlUs: null, decodePerSecond: null, endToEndPerSecond: null } },
    });
    expect(summaryOf([chat('{"content":""}')])).toMatchObject({
      timing: { ttftUs: null, ttfoUs: null },
      ai: { tokens: null },
    });
    expect(summaryOf(['data: hello\n\n'])).toMatchObject({ timing: { ttftUs: null }, ai: null });
  });
});
