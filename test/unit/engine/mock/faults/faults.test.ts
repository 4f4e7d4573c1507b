import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { streamAnswer, type StreamAnswer } from '../../../../../src/engine/mock/answer.ts';
import { applyFaults } from '../../../../../src/engine/mock/faults/applyFaults.ts';
import { faultDefinitions } from '../../../../../src/engine/mock/faults/catalogue.ts';
import { parseMockFaults, type MockFault } from '../../../../../src/engine/mock/faults/parseFaults.ts';
import { type MockStep, textStep } from '../../../../../src/engine/mock/step.ts';

const utf8 = new TextEncoder();
const circumstances = { target: '/stream', certificateUrl: () => null };

function parsed(text: string): readonly MockFault[] {
  const read = parseMockFaults(text);
  if (!read.ok) throw new Error(read.message);
  return read.value;
}

function steps(fault: string, contentType: string, script: Iterable<MockStep>): readonly MockStep[] {
  const answer = applyFaults(streamAnswer(contentType, script), parsed(fault), circumstances);
  if (answer.kind !== 'stream') throw new Error('no stream');
  return [...answer.steps];
}

const textOf = (all: readonly MockStep[]): string => Buffer.concat(all.map(({ bytes }) => bytes)).toString('utf8');

const lines = ['{"n":1}\n', '{"n":2}\n', '{"n":3}\n', '{"n":4}\n'];
const events = ['data: 1\n\n', ': note\n\n', 'data: 2\n\n', 'data: 3\n\n'];
const script = (pieces: readonly string[]): MockStep[] => pieces.map((piece, n) => textStep(n === 0 ? 0 : 10, piece));

describe('reading faults', () => {
  it('takes name, argument and place, and several of them', () => {
    const [first, second] = parsed('split-characters,rst:INTERNAL_ERROR@frame:5.5');
    expect(first).toMatchObject({ text: 'split-characters', argument: null });
    expect(second).toMatchObject({ argument: 2, place: { kind: 'frame', n: 5, isInside: true } });
    expect(parsed('reset')[0]?.place).toEqual({ kind: 'chunk', n: 1, isInside: false });
    expect(parsed('stall:0@byte:7')[0]).toMatchObject({ argument: 0, place: { kind: 'byte', n: 7 } });
  });

  it.each([
    ['rest@frame:5', 'There is no fault "rest".', 'reset'],
    ['reset:5', 'reset takes nothing behind a colon.', 'reset@frame:5'],
    ['reset@frame', 'reset takes the places head, frame:N, chunk:N, byte:N, end, not "frame".', 'reset@frame:5'],
    ['no-length@end', 'no-length concerns the whole answer and takes no place, not "end".', 'no-length,reset@end'],
    ['status:99', 'Behind "status:" stands a status, 100 to 599; else 503, not "99".', 'status:503'],
    ['', 'There is no fault "".', null],
    ['reset,,fin', 'There is no fault "".', null],
  ])('says what is wrong with %j', (text, message, suggestion) => {
    expect(parseMockFaults(text)).toEqual({ ok: false, message, suggestion });
  });

  it('understands the example of every fault', () => {
    for (const { example } of faultDefinitions) expect(parseMockFaults(example)).toMatchObject({ ok: true });
  });
});

describe('places', () => {
  it.each([
    ['reset@frame:2', 'application/x-ndjson', lines, '{"n":1}\n{"n":2}\n', 0],
    ['reset@frame:2', 'text/event-stream', events, 'data: 1\n\n: note\n\n', 0],
    ['reset@frame:0', 'application/x-ndjson', lines, '', 0],
    ['reset@frame:2.5', 'application/x-ndjson', lines, '{"n":1}\n{"n":2}\n{"n"', 4],
    ['reset@chunk:1', 'text/plain', ['abc', 'defg'], 'abc', 0],
    ['reset@chunk:1.5', 'text/plain', ['abc', 'defg'], 'abcde', 2],
    ['reset@byte:4', 'text/plain', ['abc', 'defg'], 'abcd', 3],
    ['reset@end', 'text/plain', ['abc', 'defg'], 'abcdefg', 0],
  ])('%s in %s', (fault, contentType, pieces, before, unsentBytes) => {
    const broken = steps(fault, contentType, script(pieces));
    expect(textOf(broken)).toBe(before);
    expect(broken.at(-1)?.isLast).toEqual({ kind: 'reset', unsentBytes });
    expect(broken.filter(({ isLast }) => isLast !== undefined)).toHaveLength(1);
  });

  it('that are never reached change nothing', () => {
    const all = steps('reset@frame:9', 'application/x-ndjson', script(lines));
    expect(all.map(({ isLast }) => isLast)).toEqual(lines.map(() => undefined));
    expect(textOf(all)).toBe(lines.join(''));
  });

  it('are the same however the script is cut into steps, and the script is left', () => {
    const body = utf8.encode(events.join(''));
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 1, max: body.length - 1 }), { maxLength: 8 }), (cuts) => {
        let isLeft = false;
        function* pieces(): Generator<MockStep> {
          try {
            const borders = [0, ...[...new Set(cuts)].sort((a, b) => a - b), body.length];
            for (let n = 1; n < borders.length; n++) {
              yield { delayMillis: 1, bytes: body.slice(borders[n - 1], borders[n]) };
            }
            yield textStep(60_000, 'never');
          } finally {
            isLeft = true;
          }
        }
        const broken = steps('fin@frame:3', 'text/event-stream', pieces());
        expect(textOf(broken)).toBe(events.slice(0, 3).join(''));
        expect(isLeft).toBe(true);
      }),
    );
  });
});

describe('faults of contents', () => {
  const ndjson = 'application/x-ndjson';
  it.each([
    ['drop-frame@frame:2', ndjson, lines, '{"n":1}\n{"n":3}\n{"n":4}\n'],
    ['duplicate-frame@frame:2', ndjson, lines, '{"n":1}\n{"n":2}\n{"n":2}\n{"n":3}\n{"n":4}\n'],
    ['drop-frame@frame:1', 'text/event-stream', events, events.slice(1).join('')],
    ['drop-frame@frame:4', 'text/event-stream', events, events.slice(0, 3).join('')],
    ['duplicate-frame@frame:4', 'text/event-stream', events, [...events, events[3]].join('')],
    ['lone-surrogate@frame:1', ndjson, lines.slice(0, 2), '{"n":1}\n"\\ud83d"\n{"n":2}\n'],
    ['lone-surrogate@frame:1', 'text/event-stream', events.slice(0, 1), 'data: 1\n\ndata: "\\ud83d"\n\n'],
    ['lone-surrogate@frame:1', 'application/json', ['[1', ',2]'], '[1,"\\ud83d",2]'],
    ['nul-id@frame:1', 'text/event-stream', events.slice(0, 1), 'data: 1\n\nid: 1\x002\ndata: "an id with NUL"\n\n'],
    ['giant-line:5@frame:1', ndjson, lines.slice(0, 1), '{"n":1}\n"xxxxx"\n'],
    ['deep-nesting:3@end', ndjson, lines.slice(0, 1), '{"n":1}\n[[[]]]\n'],
    ['split-crlf', ndjson, lines.slice(0, 2), '{"n":1}\r\n{"n":2}\r\n'],
    ['split-bom', ndjson, lines.slice(0, 1), '\ufeff{"n":1}\n'],
    ['tiny-chunks:1', ndjson, lines, lines.join('')],
    ['coalesce:3', ndjson, lines, lines.join('')],
    ['slow:1000', ndjson, lines, lines.join('')],
    ['split-characters', ndjson, ['"äß🧺"\n'], '"äß🧺"\n'],
  ])('%s in %s', (fault, contentType, pieces, wanted) => {
    expect(textOf(steps(fault, contentType, script(pieces)))).toBe(wanted);
  });

  it('keep or change when things are sent', () => {
    const times = (all: readonly MockStep[]): number[] => {
      let at = 0;
      return all.map(({ delayMillis }) => (at += delayMillis));
    };
    expect(times(steps('drop-frame@frame:2', ndjson, script(lines)))).toEqual([0, 10, 20, 30]);
    expect(times(steps('coalesce:2', ndjson, script(lines)))).toEqual([10, 30]);
    expect(times(steps('stall:500@frame:2', ndjson, script(lines))).at(-1)).toBe(530);
    expect(times(steps('slow:1000', ndjson, script(lines))).at(-1)).toBeCloseTo(30 + 32);
    expect(steps('tiny-chunks:1', ndjson, script(lines)).map(({ bytes }) => bytes.length)).toEqual(
      Array.from({ length: 32 }, () => 1),
    );
    expect(steps('split-crlf', ndjson, script(lines.slice(0, 1))).map((step) => textOf([step]))).toEqual([
      '{"n":1}\r',
      '\n',
    ]);
    const corrupt = steps('corrupt-frame@frame:2', ndjson, script(lines));
    expect(Buffer.concat(corrupt.map(({ bytes }) => bytes)).indexOf(0xff)).toBe(12);
  });
});

describe('faults of whole answers', () => {
  const plain: StreamAnswer = { ...streamAnswer('text/plain', script(['abc'])), length: 3 };

  it('replace it by an error or a redirect', () => {
    expect(applyFaults(plain, parsed('rate-limit:5'), circumstances)).toMatchObject({
      status: 429,
      headers: expect.arrayContaining([['Retry-After', '5']]) as unknown,
    });
    expect(applyFaults(plain, parsed('redirect-loop'), circumstances)).toMatchObject({
      status: 302,
      headers: expect.arrayContaining([['Location', '/stream']]) as unknown,
    });
  });

  it('add up, and a changed body has no announced length any more', () => {
    expect(applyFaults(plain, parsed('nul-header,big-headers:3,short-body:9'), circumstances)).toMatchObject({
      length: 3,
      wire: {
        fields: [
          ['x-nul', 'a\0b'],
          ['x-big', 'yyy'],
        ],
        lengths: ['9'],
        delimiter: 'identity',
      },
    });
    expect(applyFaults(plain, parsed('tiny-chunks'), circumstances)).not.toHaveProperty('length');
  });
});
