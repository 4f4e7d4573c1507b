import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  chatCompletion,
  chatStream,
  type ChatScript,
  stallMillis,
} from '../../../../src/engine/mock/chatCompletions.ts';
import { tokenPieces } from '../../../../src/engine/mock/chatAnswer.ts';
import { promptRequest, readChatRequest } from '../../../../src/engine/mock/chatRequest.ts';
import { orderAt } from '../../../../src/engine/mock/orders.ts';
import { ordersEvents, resumeOrders } from '../../../../src/engine/mock/ordersEvents.ts';
import { ordersExport } from '../../../../src/engine/mock/ordersExport.ts';
import { ordersStream, type OrdersScript } from '../../../../src/engine/mock/ordersStream.ts';
import type { MockStep } from '../../../../src/engine/mock/step.ts';
import { wholeAtOnce } from '../../../../src/engine/mock/wholeAtOnce.ts';

const script: OrdersScript = { n: 12, delayMs: 100, seed: 7, error: 'middle' };

function text(steps: Iterable<MockStep>): string {
  const decoder = new TextDecoder('utf-8', { fatal: true });
  return Array.from(steps, (step) => decoder.decode(step.bytes)).join('');
}

interface Event {
  readonly id: number;
  readonly name: string;
  readonly data: unknown;
}

function events(body: string): Event[] {
  return body
    .split('\n\n')
    .map((block) => new Map(block.split('\n').map((line) => line.split(/: (.*)/s).slice(0, 2) as [string, string])))
    .filter((fields) => fields.has('data'))
    .map((fields) => ({
      id: Number(fields.get('id')),
      name: fields.get('event') ?? '',
      data: JSON.parse(fields.get('data') ?? '') as unknown,
    }));
}

describe('orders', () => {
  it('are the same for the same seed, others for another, and exact in their sums', () => {
    expect(orderAt(1, 9_999_999)).toEqual(orderAt(1, 9_999_999));
    expect(orderAt(1, 3)).not.toEqual(orderAt(2, 3));
    for (let index = 0; index < 200; index++) {
      const order = orderAt(3, index);
      expect(order.totalMinor).toBe(order.items.reduce((sum, item) => sum + item.quantity * item.unitPriceMinor, 0));
      expect(order.number).toBe(index + 1);
    }
  });

  it('sent at once are the same bytes, when the last of them is due', () => {
    const streamed = [...ordersStream(script)];
    const [buffered, ...more] = [...wholeAtOnce(streamed)];
    expect(more).toEqual([]);
    expect(buffered === undefined ? '' : text([buffered])).toBe(text(streamed));
    expect(buffered?.delayMillis).toBe(streamed.reduce((sum, { delayMillis }) => sum + delayMillis, 0));
  });

  it('hold characters of every length in UTF-8', () => {
    const sample = JSON.stringify(Array.from({ length: 100 }, (_, index) => orderAt(1, index)));
    expect(sample).toMatch(/é/);
    expect(sample).toMatch(/\p{Script=Han}/u);
    expect(sample).toMatch(/\p{Emoji_Presentation}/u);
    expect(sample).toMatch(/\u200d/);
  });
});

describe('the NDJSON script', () => {
  it.each([0, 1, 2, 12, 51])('says at its end what it carried, for %i orders', (n) => {
    for (const error of ['middle', 'none'] as const) {
      const records = text(ordersStream({ ...script, n, error }))
        .trimEnd()
        .split('\n')
        .map((line) => JSON.parse(line) as { type: string; totalRecords?: number });
      const count = (type: string): number => records.filter((record) => record.type === type).length;
      expect(records[0]).toMatchObject({ type: 'metadata', totalRecords: n });
      expect(count('data')).toBe(n);
      expect(count('error')).toBe(error === 'middle' && n > 0 ? 1 : 0);
      expect(records.at(-1)).toEqual({ type: 'stream-end', totalProcessed: n, errors: count('error') });
    }
  });

  it('waits before each order and nowhere else', () => {
    const delays = Array.from(ordersStream({ ...script, n: 2, error: 'none' }), (step) => step.delayMillis);
    expect(delays).toEqual([0, 100, 100, 0]);
  });
});

describe('the export script', () => {
  it.each([0, 1, 3])('is one JSON array of %i orders', (n) => {
    expect(JSON.parse(text(ordersExport({ ...script, n })))).toEqual(
      Array.from({ length: n }, (_, index) => orderAt(script.seed, index)),
    );
  });
});

describe('the SSE script', () => {
  it('numbers all events without a gap and ends with what it carried', () => {
    const all = events(text(ordersEvents(script, { kind: 'start', unknownId: false })));
    expect(all.map((event) => event.id)).toEqual(all.map((_, index) => index + 1));
    expect(new Set(all.map((event) => event.name))).toEqual(new Set(['order', 'error', 'progress', 'done']));
    expect(all.at(-1)).toMatchObject({ name: 'done', data: { totalProcessed: 12, errors: 1 } });
    expect(all.filter((event) => event.name === 'order')).toHaveLength(12);
  });

  it('continues after any event with exactly the events that are missing', () => {
    fc.assert(
      fc.property(
        fc.nat({ max: 43 }),
        fc.constantFrom('middle' as const, 'none' as const),
        fc.nat({ max: 80 }),
        (n, error, position) => {
          const whole: OrdersScript = { ...script, n, error };
          const all = events(text(ordersEvents(whole, { kind: 'start', unknownId: false })));
          const lastId = (position % all.length) + 1;
          const resumption = resumeOrders(String(lastId), whole);
          if (lastId === all.length) {
            expect(resumption).toEqual({ kind: 'finished' });
            return;
          }
          if (resumption.kind === 'finished') throw new Error('finished too early');
          const rest = events(text(ordersEvents(whole, resumption)));
          expect(rest.slice(0, -1)).toEqual(all.slice(lastId, -1));
          const carried = rest.filter((event) => event.name === 'order').length;
          expect(rest.at(-1)).toMatchObject({
            id: all.length,
            data: { totalProcessed: carried, resumedAfter: lastId },
          });
        },
      ),
    );
  });

  it.each([
    ['exact', 5],
    ['repeat', 3],
    ['skip', 7],
    ['ignore', 0],
  ] as const)('resumes %s: the first event after 5 has an id beyond %i', (behaviour, beyond) => {
    const resumption = resumeOrders('5', script, behaviour);
    if (resumption.kind === 'finished') throw new Error('finished too early');
    expect(events(text(ordersEvents(script, resumption)))[0]?.id).toBe(beyond + 1);
  });

  it('loses the connection right behind the event that is asked for', () => {
    const steps = [...ordersEvents(script, { kind: 'start', unknownId: false }, 4)];
    expect(steps.map(({ isLast }) => isLast ?? 'goes on').indexOf('cut')).toBe(steps.length - 1);
    expect(events(text(steps)).map(({ id }) => id)).toEqual([1, 2, 3, 4]);
  });

  it.each([
    [null, false],
    ['', false],
    ['x', true],
    ['0', true],
    ['-1', true],
    ['99999999999', true],
    ['1000', true],
  ])('starts over for the id %j', (lastEventId, unknownId) => {
    expect(resumeOrders(lastEventId, script)).toEqual({ kind: 'start', unknownId });
  });

  it('keeps the pace of the orders where a heartbeat comes between them', () => {
    const steps = Array.from(ordersEvents({ ...script, n: 11, error: 'none' }, { kind: 'start', unknownId: false }));
    expect(steps.reduce((sum, step) => sum + step.delayMillis, 0)).toBe(1100);
    expect(text(steps)).toContain(': heartbeat\n\n');
  });
});

describe('the chat script', () => {
  const chat: ChatScript = { n: 60, delayMs: 30, seed: 5, stall: false, request: promptRequest('What is 漢字?') };

  interface Chunk {
    readonly choices: readonly {
      readonly delta: { readonly content?: string };
      readonly finish_reason: string | null;
    }[];
    readonly usage: { readonly completion_tokens: number } | null;
  }
  const payloads = (steps: Iterable<MockStep>): string[] =>
    text(steps)
      .split('\n\n')
      .filter((block) => block !== '')
      .map((block) => block.replace(/^data: /, ''));
  const chunks = (steps: Iterable<MockStep>): Chunk[] =>
    payloads(steps)
      .slice(0, -1)
      .map((payload) => JSON.parse(payload) as Chunk);

  it('streams the answer that the same request gets in one piece', () => {
    expect(payloads(chatStream(chat)).at(-1)).toBe('[DONE]');
    const all = chunks(chatStream(chat));
    const content = all.map((chunk) => chunk.choices[0]?.delta.content ?? '').join('');
    const whole = JSON.parse(chatCompletion(chat)) as {
      choices: { message: { content: string }; finish_reason: string }[];
      usage: object;
    };
    expect(content).toBe(whole.choices[0]?.message.content);
    expect(content).toContain('What is 漢字?');
    expect(all.at(-2)?.choices[0]?.finish_reason).toBe(whole.choices[0]?.finish_reason);
    expect(all.at(-1)).toMatchObject({ choices: [], usage: whole.usage });
    expect(all.at(-1)?.usage?.completion_tokens).toBe(all.length - 3);
  });

  it('stays within its tokens and says when they cut it', () => {
    const short = chunks(chatStream({ ...chat, request: { ...chat.request, maxTokens: 3 } }));
    expect(short.at(-1)?.usage?.completion_tokens).toBe(3);
    expect(short.at(-2)?.choices[0]?.finish_reason).toBe('length');
    expect(chunks(chatStream(chat)).at(-2)?.choices[0]?.finish_reason).toBe('stop');
  });

  it('sends no usage where the request turns it off', () => {
    const all = chunks(chatStream({ ...chat, request: { ...chat.request, includeUsage: false } }));
    expect(all.every((chunk) => chunk.choices.length === 1 && !('usage' in chunk))).toBe(true);
  });

  it('is silent once for 1.3 s when asked to, between two tokens', () => {
    const delays = Array.from(chatStream({ ...chat, stall: true }), (step) => step.delayMillis);
    const stalls = delays.flatMap((delay, index) => (delay === stallMillis ? [index] : []));
    expect(stalls).toHaveLength(1);
    expect(stalls[0]).toBeGreaterThan(5);
    expect(stalls[0]).toBeLessThan(delays.length - 5);
    expect(Array.from(chatStream(chat), (step) => step.delayMillis)).not.toContain(stallMillis);
  });

  it('varies its pace around the median, the same for the same seed', () => {
    const long: ChatScript = { ...chat, n: 3_000 };
    const pace = (seed: number): number[] => Array.from(chatStream({ ...long, seed }), (step) => step.delayMillis);
    expect(pace(1)).toEqual(pace(1));
    expect(pace(1)).not.toEqual(pace(2));
    const sorted = pace(1).sort((a, b) => a - b);
    const median = sorted[Math.floor(sorted.length / 2)] ?? 0;
    expect(median).toBeGreaterThan(25);
    expect(median).toBeLessThan(35);
    expect(new Set(sorted).size).toBeGreaterThan(1_000);
    expect(Array.from(chatStream({ ...chat, delayMs: 0 }), (step) => step.delayMillis).every((d) => d === 0)).toBe(
      true,
    );
  });

  it('splits text into tokens without losing any', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), (sample) => {
        expect(tokenPieces(sample).join('')).toBe(sample);
      }),
    );
  });

  it('reads what OpenAI clients send and names what it cannot read', () => {
    const read = readChatRequest(
      JSON.stringify({
        model: 'm',
        stream: true,
        temperature: 1,
        max_completion_tokens: 9,
        stream_options: { include_usage: false },
        messages: [
          { role: 'system', content: 'x' },
          {
            role: 'user',
            content: [
              { type: 'text', text: 'hello' },
              { type: 'image_url', image_url: {} },
            ],
          },
        ],
      }),
    );
    expect(read).toEqual({
      ok: true,
      request: { model: 'm', prompt: 'hello', stream: true, includeUsage: false, maxTokens: 9 },
    });
    expect(readChatRequest('{')).toMatchObject({ ok: false, message: expect.stringContaining('not JSON') as string });
    expect(readChatRequest('{"messages":[{"role":1}]}')).toMatchObject({
      ok: false,
      message: expect.stringContaining('messages.0.role') as string,
    });
  });
});
