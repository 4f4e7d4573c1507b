import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isFramingWhitespace } from '../../../../src/engine/framing/framingWhitespace.ts';
import type { JsonShape } from '../../../../src/engine/framing/json.ts';
import type { Framing } from '../../../../src/shared/words.ts';
import { awsMessage, event, prelude, stringHeaders } from './awsMessages.ts';
import { byteByByte, collect, split, type Collected } from './collect.ts';
import { deep } from './deepRun.ts';

/** How many random splittings each framing is put through; a deep run asks for more. */
const splittings = deep(10_000, 1_000);

/** A deep run takes longer than a test usually may. */
const timeoutMillis = 20_000 + splittings * 30;

const limits = { jsonBytes: 400, jsonLevels: 6 };

/** Pieces that streams are made of, good and bad, so that random bodies reach the corners of each framing. */
const sseAtoms = [
  [
    'data: {"a":1}',
    'data',
    'data:',
    'data: [DONE]',
    'event: order',
    'event:',
    'id: 7',
    'id: a\0b',
    'retry: 10',
    'retry: x',
  ],
  [
    '\n',
    '\n\n',
    '\r\n',
    '\r\n\r\n',
    '\r',
    '\r\r',
    ':',
    ': ping',
    ':\n',
    '\ufeff',
    '\ufeffdata: x',
    ' data: x',
    'Data: x',
  ],
  [
    '{',
    '}',
    '{"error":\n\n{"a":"}"}}',
    '[\n\n',
    '{"broken\n',
    '<html>',
    'foo: bar',
    'é漢字🙂',
    'data: 漢',
    '\u2028',
    'x'.repeat(70),
  ],
].flat();
const jsonAtoms = [
  [
    '{"type":"order","id":1}',
    '{"a":{"b":[1,{"c":null}]}}',
    '[1,2]',
    '{"items":[{"a":1},{"a":2}',
    ']}',
    '{"a":1,"a":2}',
    '[]',
    '{}',
  ],
  [
    ',',
    ', ',
    '[',
    ']',
    '{',
    '}',
    '"',
    '\\"',
    ':',
    '\n',
    '\r\n',
    ' ',
    '\x1e',
    '\t',
    '1',
    '-12.5e3',
    '12345678901234567890',
    'true',
    'nul',
  ],
  [
    '"é漢🙂"',
    '"\\ud83d"',
    '"a\nb"',
    'hello',
    '{"a":1,}',
    '[[[[[[[[1]]]]]]]]',
    `{"long":"${'y'.repeat(420)}"}`,
    '\ufeff',
    '0'.repeat(20),
  ],
].flat();
const badBytes = [
  [0xff],
  [0xc3],
  [0xe2, 0x82],
  [0xed, 0xa0, 0x80],
  [0xf0, 0x9f],
  [0xc0, 0xaf],
  [0x80],
  [0xef, 0xbb],
  [0],
];

/** Messages and what is left of them when bytes are changed, lost or put in between. */
const awsAtoms: readonly Uint8Array[] = [
  event('chunk', '{"a":1}'),
  event('delta', '{"text":"é漢🙂"}'),
  awsMessage(Buffer.of(), ''),
  awsMessage(Buffer.of(), Buffer.of(0xff, 0, 1)),
  awsMessage(Buffer.of(9, 9, 9), 'bad headers'),
  awsMessage(stringHeaders({ ':message-type': 'error', ':error-code': 'Throttled' }), ''),
  event('chunk', 'x').fill(0x7a, 40, 41),
  event('chunk', 'y').subarray(0, 50),
  event('chunk', 'z').subarray(13),
  prelude(60, 3),
  prelude(16 * 1024 * 1024 + 1, 0),
  prelude(15, 0),
  prelude(20, 5),
  Buffer.of(0),
  Buffer.of(0, 0, 0, 16),
  Buffer.of(1, 0, 0, 0),
  Buffer.of(10),
  Buffer.from('data: x'),
];

const partAtoms = [
  [
    '--b',
    '--b\r\n',
    '--b\n',
    '--b--',
    '--b--\r\n',
    '\r\n--b',
    '\r\n--b\r\n',
    '\n--b\r\n',
    '--b  \t\r\n',
    '--bx\r\n',
    '--b-\n',
  ],
  ['--', '-', '\r', '\n', '\r\n', '\r\n\r\n', '\n\n', ' ', 'text', '--other\r\n', 'preamble\r\n'],
  [
    'Content-Type: application/json\r\n',
    'Content-Type: image/jpeg\n',
    'Content-Length: 5\r\n',
    'Content-Length: 0\r\n',
  ],
  [
    'Content-Length: 12\n\n',
    'Content-Length: x\r\n',
    'content-disposition: form-data; name="a\\"b"\r\n',
    ' folded\r\n',
  ],
  [
    'no header\r\n',
    'A : b\r\n',
    '{"a":1}',
    '{"a":',
    '[[[[[[[[1]]]]]]]]',
    'hello',
    `"${'y'.repeat(420)}"`,
    '\ufeff',
    'z'.repeat(70_000),
  ],
].flat();

function bodies(atoms: readonly (string | Uint8Array)[]): fc.Arbitrary<Uint8Array> {
  const atom = fc.oneof(
    { weight: 12, arbitrary: fc.constantFrom(...atoms).map((atom) => Buffer.from(atom)) },
    { weight: 1, arbitrary: fc.constantFrom(...badBytes).map((bytes) => Buffer.from(bytes)) },
  );
  return fc.array(atom, { maxLength: 30 }).map((parts) => new Uint8Array(Buffer.concat(parts)));
}

const cases: readonly {
  readonly framing: Framing;
  readonly shape?: JsonShape;
  readonly contentType?: string;
  readonly jsonPath?: string;
  readonly atoms: readonly (string | Uint8Array)[];
}[] = [
  { framing: 'sse', atoms: sseAtoms },
  { framing: 'ndjson', atoms: [...jsonAtoms, '\n', '\n', '\n', '{"type":"x"}\n'] },
  { framing: 'json', shape: 'auto', atoms: jsonAtoms },
  { framing: 'json', shape: 'array', atoms: jsonAtoms },
  { framing: 'json', shape: 'concatenated', atoms: jsonAtoms },
  { framing: 'json', shape: 'single', atoms: jsonAtoms },
  { framing: 'json', shape: 'path', atoms: ['{"items":[', ...jsonAtoms] },
  { framing: 'json', jsonPath: 'items', atoms: ['{"items":[', '"items":', '"a":', ...jsonAtoms] },
  { framing: 'json', jsonPath: '[*].a.items', atoms: ['[{"a":{"items":[', '"it\\u0065ms":', '"a":{', ...jsonAtoms] },
  { framing: 'json-seq', atoms: [...jsonAtoms, '\x1e', '\x1e', '\x1e', '\n', '\n', '\x1e{"type":"x"}\n'] },
  { framing: 'aws-eventstream', atoms: awsAtoms },
  { framing: 'multipart', atoms: ['--b\r\n', ...partAtoms] },
  { framing: 'multipart', contentType: 'multipart/mixed; boundary=b', atoms: partAtoms },
  { framing: 'text', atoms: [...sseAtoms, 'z'.repeat(40_000), '漢'.repeat(20_000)] },
];

describe.each(cases)('$framing $shape $contentType $jsonPath', ({ framing, atoms, ...given }) => {
  const options = { limits, ...given };

  it(
    `gives the same calls for any of ${String(splittings)} splittings`,
    () => {
      fc.assert(
        fc.property(bodies(atoms), fc.array(fc.nat(1_000_000), { maxLength: 40 }), (body, cuts) => {
          const whole = collect(framing, [body], options);
          const places = cuts.map((cut) => cut % (body.length + 1));
          expect(collect(framing, split(body, places), options).calls).toEqual(whole.calls);
        }),
        { numRuns: splittings },
      );
    },
    timeoutMillis,
  );

  it(
    'gives the same calls byte by byte, and without a native check of the encoding',
    () => {
      fc.assert(
        fc.property(bodies(atoms.filter((atom) => atom.length < 1_000)), (body) => {
          const whole = collect(framing, [body], options);
          const pieces = byteByByte(body);
          expect(collect(framing, pieces, { ...options, nativeProbe: false }).calls).toEqual(whole.calls);
          expect(collect(framing, [body], { ...options, nativeProbe: false }).calls).toEqual(whole.calls);
        }),
        { numRuns: Math.ceil(splittings / 10) },
      );
    },
    timeoutMillis,
  );

  it(
    'leaves no byte out: frames in order, whitespace of the framing between them',
    () => {
      fc.assert(
        fc.property(bodies(atoms), (body) => {
          expect(bytesOutside(collect(framing, [body], options), body)).toSatisfy(
            (outside: readonly [number, number][]) =>
              outside.every(([at, value]) => isFramingWhitespace(framing, value, at)),
          );
        }),
        { numRuns: Math.ceil(splittings / 5) },
      );
    },
    timeoutMillis,
  );
});

it('tells the counts of what is too much to list in the order of the body, however it was split', () => {
  const body = Buffer.concat([Buffer.from('x\n'.repeat(150)), Buffer.alloc(300, 0xff)]);
  const inOrder = ['json-seq/missing-separator', 'utf8/invalid'];
  for (const cuts of [[], [200], [300], [301, 302]]) {
    const told = collect('json-seq', split(body, cuts)).diagnostics.map(({ code }) => code);
    expect(told).toEqual(inOrder);
  }
});

/** Bytes that belong to no frame, as (offset, value). Throws for frames that overlap or leave the body. */
function bytesOutside(collected: Collected, body: Uint8Array): [number, number][] {
  const outside: [number, number][] = [];
  let at = 0;
  for (const { offset, length } of collected.frames) {
    if (offset < at || length <= 0 || offset + length > body.length) throw new Error(`frame at ${String(offset)}`);
    for (; at < offset; at++) outside.push([at, body[at]!]);
    at = offset + length;
  }
  for (; at < body.length; at++) outside.push([at, body[at]!]);
  return outside;
}
