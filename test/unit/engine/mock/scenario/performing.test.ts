import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { chunksOf, type Cut } from '../../../../../src/engine/mock/scenario/chunking.ts';
import { previewScenario } from '../../../../../src/engine/mock/scenario/preview.ts';
import { seededRandom } from '../../../../../src/engine/mock/random.ts';
import { answerOf, bytesOf, scenarioOf, stepsOf, textOf } from './performing.ts';

const utf8 = new TextEncoder();

describe('what a scenario sends', () => {
  it('writes text, JSON, events, records and bytes', () => {
    const text = `
steps:
  - send: a
  - send: { json: { b: [1, null] } }
  - send: { sse: { comment: hi, event: e, id: 7, retry: 10, data: "one\\ntwo" } }
  - send: { sse: { data: { c: 1 }, lineEnd: crlf } }
  - send: { ndjson: { d: "ü" } }
  - send: { base64: "/w==" }
`;
    expect(textOf(stepsOf(text))).toBe(
      'a{"b":[1,null]}: hi\nevent: e\nid: 7\nretry: 10\ndata: one\ndata: two\n\ndata: {"c":1}\r\n\r\n{"d":"ü"}\n\ufffd',
    );
  });

  it('fills templates in: counters, knobs, arithmetic, the request, its own clock', () => {
    const text = `
knobs: { n: 2, word: hey }
pace: 500ms
steps:
  - repeat: "{{n}}"
    as: page
    steps:
      - repeat: 2
        steps:
          - template: { ndjson: { p: "{{page}}", k: "{{(page - 1) * 2 + i}}", t: "{{time()}}", c: "{{count('x')}}" } }
  - template: "{{word}} {{query('q', 'none')}} {{parameter('id')}} {{header('X-A')}} {{body('a.1')}} {{lastEventId(0) + 1}} {{prompt()}}"
`;
    const call = {
      query: new URLSearchParams({ q: 'asked' }),
      parameters: { id: '7' },
      headers: { 'x-a': 'h' },
      body: '{"a":[1,{"b":2}],"prompt":"why?"}',
      lastEventId: '41',
    };
    expect(textOf(stepsOf(text, 100, call)).split('\n')).toEqual([
      '{"p":1,"k":1,"t":"2026-01-01T00:00:00.000Z","c":1}',
      '{"p":1,"k":2,"t":"2026-01-01T00:00:00.500Z","c":2}',
      '{"p":2,"k":3,"t":"2026-01-01T00:00:01.000Z","c":3}',
      '{"p":2,"k":4,"t":"2026-01-01T00:00:01.500Z","c":4}',
      'hey asked 7 h {"b":2} 42 why?',
    ]);
  });

  it('leaves {{…}} in a send as it stands', () => {
    expect(textOf(stepsOf('steps: [{ send: "{{i}}" }]'))).toBe('{{i}}');
  });

  const random =
    'seed: 3\npace: { natural: 20ms }\nchunks: against-the-grain\nsteps:\n  - repeat: 30\n    steps:\n      - template: { sse: { id: "{{uuid()}}", data: { w: "{{words(5)}}", n: "{{int(1, 9)}}" } } }\n';

  it('the same seed gives the same bytes and the same schedule; another seed others', { timeout: 30_000 }, () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 0xffff_ffff }), (seed) => {
        const one = stepsOf(random, 10_000, {}, { seed });
        const other = stepsOf(random, 10_000, {}, { seed });
        expect(other.map(({ delayMillis }) => delayMillis)).toEqual(one.map(({ delayMillis }) => delayMillis));
        expect(other.map(({ bytes }) => [...bytes])).toEqual(one.map(({ bytes }) => [...bytes]));
        expect(textOf(stepsOf(random, 10_000, {}, { seed: seed ^ 1 }))).not.toBe(textOf(one));
      }),
      { numRuns: 20 },
    );
  });

  it('another pace or chunking leaves the bytes as they are', () => {
    const other = random
      .replace('{ natural: 20ms }', '{ every: 9ms, jitter: 3ms }')
      .replace('against-the-grain', 'words');
    expect(bytesOf(stepsOf(other))).toEqual(bytesOf(stepsOf(random)));
  });

  it('goes on for ever without holding anything', { timeout: 60_000 }, () => {
    const forever =
      'steps:\n  - repeat: forever\n    steps:\n      - repeat: 1000000000\n        steps: [{ template: { ndjson: { i: "{{i}}" } } }]\n';
    let last = '';
    let taken = 0;
    const before = process.memoryUsage().heapUsed;
    for (const { bytes } of answerOf(forever).steps) {
      if (++taken < 300_000) continue;
      last = new TextDecoder().decode(bytes);
      break;
    }
    expect(last).toBe('{"i":300000}\n');
    expect(process.memoryUsage().heapUsed - before).toBeLessThan(100_000_000);
  });

  it('a repeat that sends nothing still lets go of the thread', () => {
    const steps = stepsOf('steps:\n  - repeat: forever\n    steps: [{ template: "{{repeat(\'x\', 0)}}" }]\n', 5);
    expect(steps.map(({ delayMillis, bytes }) => [delayMillis, bytes.length])).toEqual(Array(5).fill([1, 0]));
  });
});

describe('pace', () => {
  const delays = (pace: string, count = 6, send = '"abcd"'): readonly number[] =>
    stepsOf(`pace: ${pace}\nsteps:\n  - repeat: ${String(count)}\n    steps: [{ send: ${send} }]\n`).map(
      ({ delayMillis }) => delayMillis,
    );

  it('fixed, in bursts, by content', () => {
    expect(delays('40ms', 3)).toEqual([40, 40, 40]);
    expect(delays('{ burst: 3, every: 1s, within: 5ms }')).toEqual([1000, 5, 5, 1000, 5, 5]);
    expect(delays('{ perCharacter: 10ms, most: 35ms }', 1, '"añ🌊"')).toEqual([30]);
    expect(delays('{ perCharacter: 10ms, most: 35ms }', 1)).toEqual([35]);
  });

  it('jittered stays in its bounds and is spread over them', () => {
    const all = delays('{ every: 100ms, jitter: 20ms }', 2_000);
    expect(Math.min(...all)).toBeGreaterThanOrEqual(80);
    expect(Math.max(...all)).toBeLessThanOrEqual(120);
    expect(all.reduce((sum, each) => sum + each, 0) / all.length).toBeCloseTo(100, -1);
  });

  it('natural has the median that was asked for, and some that come together', () => {
    const all = delays('{ natural: 32ms, together: 0.1 }', 4_000);
    const zeros = all.filter((each) => each === 0).length;
    const rest = all.filter((each) => each > 0).sort((a, b) => a - b);
    expect(zeros / all.length).toBeGreaterThan(0.07);
    expect(zeros / all.length).toBeLessThan(0.13);
    expect(rest[rest.length >> 1]).toBeGreaterThan(29);
    expect(rest[rest.length >> 1]).toBeLessThan(35);
  });
});

describe('chunks', () => {
  const pieces = (text: string, cut: Cut): readonly string[] =>
    [...chunksOf(utf8.encode(text), cut, seededRandom(1))].map((piece) => Buffer.from(piece).toString('latin1'));

  it.each<[string, Cut, readonly string[]]>([
    ['abcde', { kind: 'bytes', size: 2 }, ['ab', 'cd', 'e']],
    ['aüb', { kind: 'characters', size: 1 }, ['a', 'Ã¼', 'b']],
    ['one two  three\nfour', { kind: 'words', size: 1 }, ['one', ' two', '  three', '\nfour']],
    ['a\nb\r\nc', { kind: 'lines', size: 1 }, ['a\n', 'b\r\n', 'c']],
    ['data: a\n\ndata: b\r\n\r\ndata: c', { kind: 'records', size: 1 }, ['data: a\n\n', 'data: b\r\n\r\n', 'data: c']],
    ['{"a":1}\n{"b":2}\n', { kind: 'records', size: 1 }, ['{"a":1}\n', '{"b":2}\n']],
    ['aüb', { kind: 'against', grains: ['utf8'] }, ['aÃ', '¼b']],
    ['a\r\nb\n\nc', { kind: 'against', grains: ['crlf'] }, ['a\r', '\nb\n', '\nc']],
    ['{"key":"v\\n"}', { kind: 'against', grains: ['json'] }, ['{"k', 'ey":"v\\', 'n"}']],
    ['abcd', { kind: 'against', grains: ['utf8'] }, ['ab', 'cd']],
  ])('%j %j', (text, cut, expected) => {
    expect(pieces(text, cut)).toEqual(expected);
  });

  it('lose and change nothing, however they are cut', { timeout: 30_000 }, () => {
    const cut = fc.oneof(
      fc.record({
        kind: fc.constantFrom(
          'bytes' as const,
          'characters' as const,
          'words' as const,
          'lines' as const,
          'records' as const,
        ),
        size: fc.integer({ min: 1, max: 9 }),
      }),
      fc.record({ kind: fc.constant('against' as const), grains: fc.constant(['utf8', 'crlf', 'json'] as const) }),
    );
    fc.assert(
      fc.property(
        fc.oneof(
          fc.uint8Array(),
          fc.string({ unit: 'binary' }).map((text) => utf8.encode(`"${text}"\r\n\r\n`)),
        ),
        cut,
        fc.nat(),
        (bytes, how, seed) => {
          const made = [...chunksOf(bytes, how, seededRandom(seed))];
          expect(made.every((piece) => piece.length > 0)).toBe(true);
          expect(Buffer.concat(made).equals(Buffer.from(bytes))).toBe(true);
        },
      ),
      { numRuns: 200 },
    );
  });
});

describe('faults', () => {
  const ends = (fault: string) =>
    stepsOf(`steps:\n  - send: { ndjson: 1 }\n  - wait: 30ms\n  - fault: ${fault}\n  - send: { ndjson: 2 }\n`);

  it('happen where they stand', () => {
    const steps = ends('reset');
    expect(textOf(steps)).toBe('1\n');
    expect(steps.at(-1)?.isLast).toEqual({ kind: 'reset', unsentBytes: 0 });
    expect(steps.reduce((sum, { delayMillis }) => sum + delayMillis, 0)).toBe(30);
  });

  it('happen at the place that they name', () => {
    const steps = ends('reset@frame:2');
    expect(textOf(steps)).toBe('1\n2\n');
    expect(steps.at(-1)?.isLast).toEqual({ kind: 'reset', unsentBytes: 0 });
  });

  it('stall, and go on', () => {
    const steps = ends('"stall:500"');
    expect(textOf(steps)).toBe('1\n2\n');
    expect(steps.reduce((sum, { delayMillis }) => sum + delayMillis, 0)).toBe(530);
  });

  it('change everything from where they stand', () => {
    expect(
      ends('"tiny-chunks:1"')
        .map(({ bytes }) => bytes.length)
        .filter((length) => length > 0),
    ).toEqual([2, 1, 1]);
    expect(textOf(ends('duplicate-frame'))).toBe('1\n2\n2\n');
  });

  it('concern the head where that is what they do', () => {
    expect(answerOf('steps: [{ send: x }, { fault: both-lengths }]').wire).toBeDefined();
    expect(answerOf('steps: [{ wait: 250ms }, { head: {} }, { send: x }]').wire).toEqual({ headDelayMillis: 250 });
    expect(answerOf('steps: [{ head: { body: length } }, { send: héllo }]').length).toBe(6);
  });
});

describe('the preview', () => {
  it('tells when which bytes go', () => {
    const preview = previewScenario(
      scenarioOf('steps:\n  - wait: 100ms\n  - head: {}\n  - send: ab\n  - wait: 50ms\n  - send: c\n  - fault: fin\n'),
    );
    expect([...preview.atMicros]).toEqual([100_000, 150_000, 150_000]);
    expect([...preview.bytes]).toEqual([2, 1, 0]);
    expect([...preview.marks]).toEqual([0, 0, 1]);
    expect(preview).toMatchObject({ isShortened: false, totalBytes: 3, durationMicros: 150_000, beginning: 'abc' });
    expect(preview.head).toMatch(/^HTTP\/1\.1 200\nContent-Type: text\/plain/);
  });

  it('is bounded for what has no end', () => {
    const preview = previewScenario(
      scenarioOf('steps:\n  - repeat: forever\n    pace: 1ms\n    steps: [{ send: x }]\n'),
    );
    expect(preview.atMicros.length).toBe(20_000);
    expect(preview).toMatchObject({ isShortened: true, totalBytes: null, durationMicros: null });
  });
});
