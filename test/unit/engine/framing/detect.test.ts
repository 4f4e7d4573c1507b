import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createDetector, type Detection } from '../../../../src/engine/framing/detect.ts';
import { byteByByte, split } from './collect.ts';

function detect(contentType: string | null, pieces: readonly Uint8Array[], url: string | null = null): Detection {
  const detector = createDetector({ contentType, url });
  for (const piece of pieces) {
    const detection = detector.push(piece);
    if (detection !== undefined) return detection;
  }
  return detector.end();
}

const detectText = (contentType: string | null, text: string, url: string | null = null) =>
  detect(contentType, [Buffer.from(text)], url);

/** The head of a message of 19 bytes, whose checksum happens to be ASCII. */
const awsBeginning = '\0\0\0\x13\0\0\0\0Bb2;';

describe('content type and bytes agree', () => {
  it.each<[string, string, string]>([
    ['text/event-stream; charset=utf-8', ': hi\n\n', 'sse'],
    ['TEXT/EVENT-STREAM', 'data: {"a":1}\n\n', 'sse'],
    ['application/x-ndjson', '{"a":1}\n', 'ndjson'],
    ['application/jsonl', '[1]\n[2]\n', 'ndjson'],
    ['application/json', '{\n "a": 1\n}', 'json'],
    ['application/problem+json', '{"title":"no"}', 'json'],
    ['application/json', '5', 'json'],
    ['text/plain', 'hello\nworld\n', 'text'],
    ['text/plain', '{ not json\n', 'text'],
    ['text/html', '<p>', 'text'],
    ['text/csv', 'data: a,b\n', 'text'],
    ['image/svg+xml', '<svg/>', 'text'],
    ['application/json-seq', '\x1e{"a":1}\n', 'json-seq'],
    ['application/geo+json-seq', '\x1e{"type":"Point"}\n', 'json-seq'],
    ['application/json-seq', '', 'json-seq'],
    ['application/json-seq', '5\n', 'json-seq'],
    ['application/vnd.amazon.eventstream', awsBeginning, 'aws-eventstream'],
    ['application/vnd.amazon.eventstream', '\0\0\0', 'aws-eventstream'],
    ['application/vnd.amazon.eventstream', '\0\0\0\x10\0\0\0\0damaged', 'aws-eventstream'],
  ])('%s with %j is %s', (contentType, text, framing) => {
    const detection = detectText(contentType, text);
    expect(detection).toMatchObject({ framing, by: 'content-type' });
    expect(detection.mismatch).toBeUndefined();
  });
});

describe('the bytes say otherwise', () => {
  it.each<[string, string, string]>([
    ['text/event-stream', '<!doctype html>', 'text'],
    ['text/event-stream', '{"error":{"code":401}}', 'json'],
    ['text/event-stream', '{"a":1}\n{"a":2}\n', 'ndjson'],
    ['application/json', '{"a":1}\n{"a":2}\n', 'ndjson'],
    ['application/json', 'data: {"a":1}\n\n', 'sse'],
    ['application/json', ': ping\n\ndata: 1\n\n', 'sse'],
    ['application/json', '<html>', 'text'],
    ['application/x-ndjson', '[{"a":1},\n{"a":2}]', 'json'],
    ['application/x-ndjson', '{\n"a":1}\n', 'json'],
    ['application/x-ndjson', 'event: x\ndata: 1\n\n', 'sse'],
    ['text/plain', 'data: 1\n\n', 'sse'],
    ['application/json', '\x1e{"a":1}\n', 'json-seq'],
    ['application/x-ndjson', '\x1e\x1e [1]\n', 'json-seq'],
    ['application/json-seq', '{"a":1}\n{"a":2}\n', 'ndjson'],
    ['application/vnd.amazon.eventstream', '{"message":"no"}', 'json'],
    ['application/vnd.amazon.eventstream', 'event: error\ndata: {}\n\n', 'sse'],
    ['text/event-stream', awsBeginning, 'aws-eventstream'],
    ['text/plain', '{"a":1}\n{"a":2}\n', 'ndjson'],
    ['text/html', '{"a":1}\n{"a":2}\n', 'ndjson'],
    ['text/plain', '[{"a":1},\n{"a":2}]', 'json'],
    ['text/plain', '{\n "a": 1\n}', 'json'],
    ['text/plain', 'id: 7\ndata: x\n\n', 'sse'],
    ['application/json', '--b\r\nContent-Type: text/plain\r\n\r\n', 'multipart'],
    ['multipart/mixed', '{"error":1}', 'json'],
  ])('%s with %j is %s, and a mismatch', (contentType, text, framing) => {
    expect(detectText(contentType, text)).toMatchObject({
      framing,
      by: 'content',
      mismatch: { declared: contentType, found: expect.any(String) as string },
    });
  });

  it('believes a declared event stream that begins with a line of JSON', () => {
    expect(detectText('text/event-stream', '{"note":1}\n\ndata: x\n\n').framing).toBe('sse');
  });
});

describe('nothing is declared', () => {
  it.each<[string | null, string, string]>([
    [null, 'event: a\ndata: 1\n\n', 'sse'],
    [null, '\ufeff\n: hi\n\ndata: 1\n\n', 'sse'],
    ['application/octet-stream', '{"a":1}\n{"a":2}\n', 'ndjson'],
    [null, '{"a":1}', 'json'],
    [null, '[{"a":1}]', 'json'],
    [null, '[INFO] started\n', 'text'],
    [null, '[1,2]\n[3,4]\n', 'ndjson'],
    [null, '[1,\n2]', 'json'],
    [null, '--b\r\nX-Camera: 1\r\n', 'multipart'],
    [null, '---\ntitle: front matter\n', 'text'],
    [null, '-----\n\nruled\n', 'text'],
    [null, 'http://example.org\n', 'text'],
    [null, '{ hello }\n', 'text'],
    [null, ':-) hello\nworld\n', 'text'],
    [null, '', 'text'],
    [null, '\0\u0001\u0002', 'text'],
    [null, '\0\0\0\x10\0\0\0\0no checksum', 'text'],
    ['application/octet-stream', awsBeginning, 'aws-eventstream'],
    [null, '\x1e{"a":1}', 'json-seq'],
    [null, '\x1eRS in a log\n', 'text'],
    [null, '\x1e', 'text'],
  ])('%s with %j is %s', (contentType, text, framing) => {
    const detection = detectText(contentType, text);
    expect(detection.framing).toBe(framing);
    expect(detection.mismatch).toBeUndefined();
  });

  it('goes by the name of a file where the bytes do not tell', () => {
    expect(detectText(null, '"a"\n"b"\n', '/tmp/log.ndjson').framing).toBe('ndjson');
    expect(detectText(null, '', 'https://example.org/x.sse?y=1').framing).toBe('sse');
  });
});

describe('when it decides', () => {
  const firstDecision = (contentType: string | null, text: string): number => {
    const detector = createDetector({ contentType, url: null });
    return byteByByte(Buffer.from(text)).findIndex((piece) => detector.push(piece) !== undefined) + 1;
  };

  it('does not hold back a live stream', () => {
    expect(firstDecision('text/event-stream', 'data: 1\n\n')).toBe(1);
    expect(firstDecision('application/x-ndjson', '{"a":1}\n')).toBe(8);
    expect(firstDecision('application/json', '[{"a":1},')).toBe(2);
    expect(firstDecision('application/json', '{\n "a": 1')).toBe(4);
    expect(firstDecision('application/json', '{"a":1}{"b":2}')).toBe(8);
    expect(firstDecision('text/plain', 'hello world')).toBe(7);
    expect(firstDecision('application/json-seq', '\x1e{"a":1}\n')).toBe(1);
    expect(firstDecision(null, '\x1e{"a":1}\n')).toBe(2);
    expect(firstDecision(null, `${awsBeginning}abcdefg`)).toBe(12);
  });

  it('decides by 4 KB at the latest', () => {
    expect(firstDecision('application/json', `{"a":"${'x'.repeat(10_000)}"}`)).toBe(4_096);
  });

  it('does not depend on how the bytes were split', () => {
    const atoms = [
      '{',
      '}',
      '[',
      ']',
      '"a"',
      ':',
      '1',
      ',',
      '\n',
      '\r\n',
      ' ',
      'data: x',
      ': c',
      'id',
      'event:',
      '<',
      '\ufeff',
      '\x1e',
      '\0\0\0\x13\0',
      '\0\0\0Bb2;',
      'x'.repeat(900),
    ];
    const types = [
      'text/event-stream',
      'application/x-ndjson',
      'application/json',
      'text/plain',
      'application/json-seq',
      null,
    ];
    fc.assert(
      fc.property(
        fc.constantFrom(...types),
        fc.array(fc.constantFrom(...atoms), { maxLength: 14 }),
        fc.array(fc.nat(1_000_000), { maxLength: 10 }),
        (type, parts, cuts) => {
          const body = Buffer.from(parts.join(''));
          const whole = detect(type, [body]);
          expect(
            detect(
              type,
              split(
                body,
                cuts.map((cut) => cut % (body.length + 1)),
              ),
            ),
          ).toEqual(whole);
          expect(detect(type, byteByByte(body))).toEqual(whole);
        },
      ),
      { numRuns: 1_000 },
    );
  });
});
