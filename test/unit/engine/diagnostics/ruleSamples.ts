import type { AnalysisOptions } from '../../../../src/engine/recording/analysis.ts';
import { defaultLimits } from '../../../../src/shared/limits.ts';
import { aiProofs } from './aiRuleSamples.ts';
import { awsMessage, event, header, prelude } from '../framing/awsMessages.ts';
import type { Proof, Sample, SamplePiece } from './ruleSample.ts';

const sse = 'text/event-stream';
const ndjson = 'application/x-ndjson';
const json = 'application/json';
const jsonSeq = 'application/json-seq';
const aws = 'application/vnd.amazon.eventstream';
const multipart = 'multipart/mixed; boundary=b';
const rs = '\x1e';

const of =
  (contentType: string) =>
  (body: string | Uint8Array, over: Partial<Sample> = {}): Sample => ({ contentType, body, ...over });
const onSse = of(sse);
const onNdjson = of(ndjson);
const onJson = of(json);
const onJsonSeq = of(jsonSeq);
const onAws = of(aws);
const onMultipart = of(multipart);

const smallLimits = (limits: Partial<AnalysisOptions['limits']>): Partial<Sample> => ({
  options: { limits: { ...defaultLimits, ...limits } },
});

const noCache = ['Cache-Control', 'no-cache'] as const;
const healthySse = onSse('id: 1\nevent: order\ndata: {"a":1}\n\nid: 2\ndata: two\ndata: lines\n\n: ping\n\n', {
  headers: [noCache],
});
const healthyNdjson = onNdjson(lines({ type: 'row', a: 1 }, { type: 'row', a: 2 }));
const healthyJson = onJson('[{"a":1},{"a":[2]}]\n');
const healthyJsonSeq = onJsonSeq(`${rs}{"a":1}\n${rs}[2]\n`);
const healthyAws = onAws(Buffer.concat([event('delta', '{"a":1}'), event('delta', '{"a":2}')]));
const part = '--b\r\nContent-Type: text/plain\r\nContent-Length: 2\r\n\r\nhi\r\n';
const healthyMultipart = onMultipart(`${part}${part}--b--\r\n`);
const provenIn = (path: string): Proof => ({ provenIn: `test/${path}` });
const faults = provenIn('io/capture/commonFaults.ts');
const reconnecting = provenIn('io/capture/reconnect.test.ts');
const borders = provenIn('io/capture/borders.test.ts');

function lines(...records: readonly object[]): string {
  return records.map((record) => `${JSON.stringify(record)}\n`).join('');
}

function events(...records: readonly object[]): string {
  return records.map((record) => `data: ${JSON.stringify(record)}\n\n`).join('');
}

const rows = (count: number, over: object = {}): readonly object[] =>
  Array.from({ length: count }, (_, n) => ({ type: 'data', n, ...over }));

/** Events of ten bytes each in bursts; each burst but the first begins in the middle of an event where `cut` is set. */
function bursts(
  frames: readonly number[],
  everyMicros: number,
  cut: boolean,
  line = 'data: abc\n\n',
): readonly SamplePiece[] {
  const whole = line.repeat(frames.reduce((sum, count) => sum + count, 0));
  let from = 0;
  let seen = 0;
  return frames.map((count, n) => {
    seen += count;
    const to = n === frames.length - 1 ? whole.length : seen * line.length + (cut ? 4 : 0);
    const piece = { atMicros: 200_000 + n * everyMicros, body: whole.slice(from, to) };
    from = to;
    return piece;
  });
}

/** A token each, at the uneven pace of a model; now and then two at once. */
const tokens: readonly SamplePiece[] = Array.from({ length: 200 }, (_, n) => ({
  atMicros: 400_000 + n * 30_000 + ((n * 7_919) % 25_000) + (n > 100 ? 400_000 : 0),
  body: n % 9 === 0 ? 'data: a\n\ndata: b\n\n' : 'data: a\n\n',
}));

/** Many records in each piece, as fast as they can be read. */
const fastExport: readonly SamplePiece[] = Array.from({ length: 60 }, (_, n) => ({
  atMicros: 50_000 + n * 900 + (n % 20 === 0 ? 3_000 : 0),
  body: lines(...rows(40)),
}));

/** An event now and then, and comments in between. */
const heartbeats: readonly SamplePiece[] = Array.from({ length: 30 }, (_, n) => ({
  atMicros: 100_000 + n * 10_000_000,
  body: n % 3 === 0 ? 'data: now\n\n' : ': ping\n\n',
}));

const cursorBatches: readonly SamplePiece[] = Array.from({ length: 12 }, (_, n) => ({
  atMicros: 100_000 + n * 500_000,
  body: lines(...rows(100)),
}));

/** One proof of every rule that is checked, by code. */
export const proofs: Readonly<Record<string, Proof>> = {
  ...aiProofs,
  'sse/unterminated-event': { fires: [onSse('data: 1\n\ndata: 2')], silent: [healthySse] },
  'sse/unknown-field': { fires: [onSse('data: 1\nnonsense: 2\n\n')], silent: [healthySse] },
  'sse/invalid-retry': { fires: [onSse('retry: soon\ndata: 1\n\n')], silent: [onSse('retry: 2000\ndata: 1\n\n')] },
  'sse/id-with-nul': { fires: [onSse('id: a\0b\ndata: 1\n\n')], silent: [healthySse] },
  'sse/no-data': { fires: [onSse('event: ping\n\n')], silent: [healthySse] },
  'sse/foreign-text': { fires: [onSse('data: 1\n\n{"error":"gone"}\n\n')], silent: [healthySse] },
  'ndjson/invalid-json': { fires: [onNdjson('{"a":1}\n{bad}\n')], silent: [healthyNdjson] },
  'ndjson/missing-final-newline': { fires: [onNdjson('{"a":1}\n{"a":2}')], silent: [healthyNdjson] },
  'ndjson/not-an-object': { fires: [onNdjson('{"a":1}\n[1]\n')], silent: [healthyNdjson] },
  'json/invalid': { fires: [onJson('[{"a":1},nope,2]')], silent: [healthyJson] },
  'json/truncated': { fires: [onJson('[{"a":1},{"a":')], silent: [healthyJson] },
  'json/trailing-comma': { fires: [onJson('[{"a":1,},2]')], silent: [healthyJson] },
  'json/duplicate-key': { fires: [onJson('[{"a":1,"a":2}]')], silent: [healthyJson] },
  'json/unsafe-number': { fires: [onJson('[{"a":90071992547409931}]')], silent: [healthyJson] },
  'json/too-deep': { fires: [onJson('[[[[1]]]]', smallLimits({ jsonLevels: 2 }))], silent: [healthyJson] },
  'json/too-large': {
    fires: [onNdjson('{"a":"0123456789"}\n{"a":1}\n', smallLimits({ jsonBytes: 10 }))],
    silent: [healthyNdjson],
  },
  'json/nothing-at-path': provenIn('unit/engine/framing/jsonPath.test.ts'),
  'json-seq/missing-separator': { fires: [onJsonSeq(`${rs}{"a":1}\n{"a":2}\n`)], silent: [healthyJsonSeq] },
  'json-seq/truncated-text': { fires: [onJsonSeq(`${rs}{"a":${rs}{"a":2}\n`)], silent: [healthyJsonSeq] },
  'aws/bad-prelude-crc': {
    fires: [onAws(Buffer.concat([event('a', '{}'), Buffer.alloc(30, 7), event('a', '{}')]))],
    silent: [healthyAws],
  },
  'aws/bad-message-crc': { fires: [onAws(withLastByteChanged(event('a', '{}')))], silent: [healthyAws] },
  'aws/invalid-headers': { fires: [onAws(awsMessage(header('a', 99), '{}'))], silent: [healthyAws] },
  'aws/truncated-message': {
    fires: [onAws(Buffer.concat([event('a', '{}'), prelude(100, 10)]))],
    silent: [healthyAws],
  },
  'multipart/missing-boundary': {
    fires: [of('multipart/mixed')('no boundary here\r\n')],
    silent: [healthyMultipart],
  },
  'multipart/boundary-mismatch': {
    fires: [of('multipart/mixed; boundary=other')(`${part}--b--\r\n`)],
    silent: [healthyMultipart],
  },
  'multipart/invalid-header': {
    fires: [onMultipart('--b\r\nno colon\r\n\r\nhi\r\n--b--\r\n')],
    silent: [healthyMultipart],
  },
  'multipart/wrong-length': {
    fires: [onMultipart('--b\r\nContent-Length: 9\r\n\r\nhi\r\n--b--\r\n')],
    silent: [healthyMultipart],
  },
  'multipart/text-after-boundary': {
    fires: [onMultipart('--b junk\r\n\r\nhi\r\n--b--\r\n')],
    silent: [healthyMultipart],
  },
  'multipart/after-close': { fires: [onMultipart(`${part}--b--\r\n${part}`)], silent: [healthyMultipart] },
  'multipart/truncated-part': { fires: [onMultipart('--b\r\n\r\nhi')], silent: [healthyMultipart] },
  'multipart/missing-close': provenIn('unit/engine/framing/multipart.test.ts'),
  'utf8/invalid': { fires: [onSse(Buffer.from('data: \xff\n\n', 'latin1'))], silent: [onSse('data: é漢🔔\n\n')] },
  'utf8/truncated': { fires: [onNdjson(Buffer.from('{"a":"\xc3', 'latin1'))], silent: [healthyNdjson] },
  'text/bom-inside': { fires: [onNdjson('{"a":1}\n\ufeff{"a":2}\n')], silent: [onNdjson('\ufeff{"a":1}\n')] },

  'end/extra-bytes': provenIn('io/capture/faults.ts'),
  'end/long-chunk-extension': provenIn('io/capture/faults.ts'),
  'http/chunk-extension': borders,
  'http/more-chunk-extensions': borders,
  'end/many-informational': provenIn('io/capture/faults.ts'),
  'end/coding-trailing': faults,
  'end/coding-truncated': faults,
  'end/coding-corrupt': faults,
  'end/coding-mismatch': faults,
  'end/decoding-limit': faults,
  'http/status': { fires: [onJson('{}', { status: 503 })], silent: [onJson('{}', { status: 204 })] },
  'head/content-type-mismatch': {
    fires: [onSse('<!doctype html><html><body>Bad gateway</body></html>')],
    silent: [healthySse, healthyNdjson],
  },
  'head/sse-cacheable': {
    fires: [
      onSse('data: 1\n\n', { headers: [['Cache-Control', 'max-age=60']] }),
      onSse('data: 1\n\n', { headers: [] }),
    ],
    silent: [healthySse, onSse('data: 1\n\n', { headers: [['Cache-Control', 'no-store']] })],
  },
  'head/compressed-stream': {
    fires: [onSse('data: 1\n\n', { headers: [noCache, ['Content-Encoding', 'gzip']] })],
    silent: [
      onSse('data: 1\n\n', { headers: [noCache, ['Content-Encoding', 'identity']] }),
      onJson('{}', { headers: [['Content-Encoding', 'gzip']] }),
    ],
  },
  'head/unknown-coding': faults,
  'head/accel-buffering-missing': {
    fires: [onSse('data: 1\n\n', { headers: [noCache, ['Server', 'nginx/1.22.1']] })],
    silent: [
      onSse('data: 1\n\n', { headers: [noCache, ['Server', 'nginx'], ['X-Accel-Buffering', 'no']] }),
      onJson('{}', { headers: [['Server', 'nginx']] }),
    ],
  },
  'head/content-length-on-stream': {
    fires: [onSse('data: 1\n\n', { headers: [noCache, ['Content-Length', '9']] })],
    silent: [healthySse, onNdjson('{}\n', { headers: [['Content-Length', '3']] })],
  },
  'head/charset-ignored': {
    fires: [
      of('text/event-stream; charset=latin1')('data: 1\n\n', {
        headers: [noCache, ['Content-Type', 'text/event-stream; charset=latin1']],
      }),
    ],
    silent: [
      of('text/event-stream; charset=utf-8')('data: 1\n\n', {
        headers: [noCache, ['Content-Type', 'text/event-stream; charset=UTF-8']],
      }),
    ],
  },
  'head/http1.0-stream': {
    fires: [onSse('data: 1\n\n', { headers: [noCache], httpVersion: '1.0' })],
    silent: [healthySse],
  },

  'timing/stall': {
    fires: [{ contentType: sse, pieces: [...tokens, { atMicros: 9_500_000, body: 'data: late\n\n' }] }],
    silent: [{ contentType: sse, pieces: tokens }],
  },
  'timing/buffered': {
    fires: [
      { contentType: sse, pieces: bursts([78, 78, 78, 78], 2_000_000, false) },
      { contentType: sse, pieces: bursts([40, 37, 41, 38, 2], 180_000, true) },
      { contentType: ndjson, pieces: bursts([40, 37, 41, 38, 2], 180_000, true, '{"a":12}\n') },
      { contentType: ndjson, pieces: bursts([61, 58, 66, 60], 1_000_000, false, '{"a":12}\n') },
    ],
    silent: [
      { contentType: sse, pieces: tokens },
      { contentType: ndjson, pieces: fastExport },
      { contentType: sse, pieces: heartbeats },
      { contentType: ndjson, pieces: cursorBatches },
      { contentType: sse, pieces: bursts([3, 2, 4, 3, 3, 2], 300_000, true) },
      { contentType: sse, pieces: bursts([60, 60], 2_000_000, false) },
    ],
  },
  'timing/no-heartbeat': {
    fires: [
      { contentType: sse, pieces: at([0, 'data: 1\n\n'], [16_000_000, 'data: 2\n\n']) },
      { contentType: sse, pieces: at([0, 'data: 1\n\n']), ending: { isWhole: false, endMicros: 40_000_000 } },
    ],
    silent: [
      { contentType: sse, pieces: heartbeats },
      { contentType: json, pieces: at([0, '[{"a":1}'], [16_000_000, ',{"a":2}]']) },
      { contentType: sse, pieces: at([0, 'data: 1\n\n']), ending: { endMicros: 4_000_000 } },
    ],
  },
  'timing/slow-first-byte': {
    fires: [{ contentType: sse, pieces: at([1_400_000, 'data: 1\n\n']) }],
    silent: [
      { contentType: sse, pieces: at([900_000, 'data: 1\n\n']) },
      { contentType: sse, pieces: at([1_400_000, 'data: 1\n\n']), options: { timesKnown: false } },
    ],
  },
  'timing/clock-uncertain': {
    fires: [onSse('data: 1\n\n', { ending: { uncertaintyMicros: 480_000 } })],
    silent: [
      onSse('data: 1\n\n', { ending: { uncertaintyMicros: 12_000 } }),
      onSse('data: 1\n\n', { ending: { uncertaintyMicros: null } }),
    ],
  },

  'reconnect/resumed': reconnecting,
  'reconnect/not-resumed': reconnecting,
  'reconnect/duplicates': reconnecting,
  'reconnect/hole': reconnecting,
  'reconnect/no-position': reconnecting,
  'reconnect/refused': reconnecting,
  'reconnect/unsendable-position': reconnecting,
  'proxy/answered-here': provenIn('io/instrument/proxy.test.ts'),
  'proxy/intervened': provenIn('io/instrument/proxyInterventions.test.ts'),
  'proxy/request-shortened': provenIn('io/instrument/proxy.test.ts'),
  'import/malformed-line': provenIn('io/capture/import.test.ts'),
  'import/digest-differs': provenIn('io/capture/import.test.ts'),
  'recording/damaged-file': provenIn('io/instrument/derivedAnew.test.ts'),

  'app/error-in-stream': {
    fires: [
      onNdjson(lines({ type: 'data', n: 1 }, { type: 'error', error: { code: 'E1', message: 'the disk is full' } })),
      onNdjson(lines({ n: 1 }, { n: 2 }, { error: 'model not found' })),
      onSse('event: order\ndata: {"n":1}\n\nevent: error\ndata: the disk is full\n\n'),
      onSse(events({ choices: [] }, { id: 'x', error: { code: 502, message: 'overloaded' }, choices: [] })),
      onSse(events(...rows(20, { type: 'text' }), { type: 'error', message: 'no more' })),
      onJson('[{"n":1},{"error":{"code":503,"message":"no more"}}]'),
      onAws(event('throttlingException', '{"message":"slow down"}')),
    ],
    silent: [
      healthyNdjson,
      onNdjson(lines({ id: 1, error: null }, { id: 2, error: '' }, { id: 3, error: { code: null } })),
      onNdjson(lines(...rows(20), { url: '/a', error: 'timeout', level: 'warn' }, { level: 'info', msg: '"error"' })),
      onSse(events({ text: 'an "error" in a sentence' }, { usage: {}, error: false })),
      onSse('event: tool-output-error\ndata: {"errorText":"no such file"}\n\n'),
    ],
  },
  'app/missing-end': {
    fires: [
      onNdjson(lines({ type: 'metadata', totalRecords: 2 }, ...rows(2))),
      onNdjson(lines({ type: 'stream-start' }, ...rows(3))),
      onSse('event: start\ndata: {}\n\nevent: order\ndata: {"n":1}\n\n'),
    ],
    silent: [
      healthyNdjson,
      onNdjson(lines({ type: 'metadata', totalRecords: 2 }, ...rows(2), { type: 'stream-end', totalProcessed: 2 })),
      onNdjson(lines({ type: 'metadata', schema: 'orders' }, ...rows(2))),
      onNdjson(lines({ type: 'stream-start' }, ...rows(3)), { ending: { isWhole: false } }),
      onNdjson(lines({ type: 'start' }, ...rows(3), { type: 'error', message: 'no more' })),
      onSse('event: start\ndata: {}\n\nevent: order\ndata: {"n":1}\n\nevent: complete\ndata: {}\n\n'),
      onSse('event: start\ndata: {}\n\ndata: {"n":1}\n\ndata: [DONE]\n\n'),
    ],
  },
  'app/count-mismatch': {
    fires: [
      onNdjson(lines({ type: 'metadata', totalRecords: 5 }, ...rows(3), { type: 'stream-end' })),
      onNdjson(lines({ type: 'metadata' }, ...rows(3), { type: 'stream-end', totalProcessed: 4, errors: 0 })),
      onNdjson(lines(...rows(3), { type: 'stream-end', totalProcessed: 3, errors: 2 })),
      onSse(`${'event: order\ndata: {}\n\n'.repeat(3)}event: done\ndata: {"processed":7}\n\n`),
      onNdjson(lines({ totalRecords: 9 }, { n: 1 }, { n: 2 })),
      onNdjson(lines(...rows(12), { type: 'summary', summary: { count: 20 } })),
    ],
    silent: [
      onNdjson(
        lines(
          { type: 'metadata', totalRecords: 3 },
          ...rows(2),
          { type: 'error', error: { message: 'no' } },
          ...rows(1),
          {
            type: 'stream-end',
            totalProcessed: 3,
            errors: 1,
          },
        ),
      ),
      onNdjson(
        lines(...rows(3), { type: 'error', message: 'one more failed' }, { type: 'end', processed: 4, errors: 1 }),
      ),
      onNdjson(lines({ type: 'metadata', total: 500, limit: 3 }, ...rows(3), { type: 'end' })),
      onNdjson(
        lines({ type: 'metadata', totalRecords: 4 }, { type: 'batch', rows: [1, 2] }, { type: 'batch', rows: [3, 4] }),
      ),
      onNdjson(lines({ type: 'metadata', totalRecords: 5 }, ...rows(3)), { ending: { isWhole: false } }),
      onSse(`${'event: order\ndata: {}\n\n'.repeat(3)}event: done\ndata: {"processed":7}\n\n`, {
        options: { isContinued: true },
      }),
      onSse(`${'event: order\ndata: {}\n\nevent: log\ndata: x\n\n'.repeat(3)}event: done\ndata: {"count":3}\n\n`),
      onNdjson(lines({ order: 1, total: 99 }, { order: 2, total: 12 })),
      onSse(events({ id: 'x', usage: { total_tokens: 40 } })),
    ],
  },
  'app/progress-backwards': {
    fires: [
      onSse('event: progress\ndata: {"percent":40}\n\nevent: progress\ndata: {"percent":30}\n\n'),
      onNdjson(lines({ type: 'progress', processed: 5, total: 9 }, { type: 'progress', processed: 3, total: 9 })),
      onSse(events({ progress: 0.5 }, { progress: 0.25 })),
    ],
    silent: [
      onSse(
        'event: progress\ndata: {"percent":40}\n\nevent: progress\ndata: {"percent":40}\n\nevent: progress\ndata: {"percent":100}\n\nevent: progress\ndata: {"percent":10}\n\n',
      ),
      onNdjson(
        lines(
          { status: 'pulling', digest: 'a', total: 9, completed: 8 },
          { status: 'pulling', digest: 'b', total: 9, completed: 1 },
        ),
      ),
      onNdjson(
        lines({ type: 'progress', phase: 'read', percent: 90 }, { type: 'progress', phase: 'write', percent: 5 }),
      ),
      onSse(events({ progress: 0.5 }, { progress: 0.75 }, { progress: 1 })),
      onNdjson(lines({ n: 1, progress: 40 }, { n: 2, progress: 20 })),
    ],
  },
  'sse/id-not-increasing': {
    fires: [onSse('id: 7\ndata: a\n\nid: 5\ndata: b\n\n'), onSse('id: 7\ndata: a\n\nid:7\r\ndata: b\n\n')],
    silent: [
      healthySse,
      onSse('id: b\ndata: 1\n\nid: a\ndata: 2\n\n'),
      onSse('id: 9\ndata: a\n\nid: 10\ndata: b\n\ndata: c\n\n'),
    ],
  },
  'sse/event-ids-missing': {
    fires: [onSse('data: 1\n\ndata: 2\n\n', { options: { isResumable: true } })],
    silent: [
      onSse('data: 1\n\ndata: 2\n\n'),
      onSse('id: 1\ndata: 1\n\ndata: 2\n\n', { options: { isResumable: true } }),
      onSse('data: 1\n\ndata: 2\n\ndata: [DONE]\n\n', { options: { isResumable: true } }),
      ...[
        [
          '{"type":"message_start","message":{"id":"m","usage":{"output_tokens":1}}}',
          '{"type":"content_block_delta","index":0,"delta":{"type":"text_delta","text":"a"}}',
        ],
        Array<string>(2).fill('{"candidates":[{"content":{"parts":[{"text":"a"}],"role":"model"},"index":0}]}'),
        Array<string>(2).fill(
          '{"id":"c","object":"chat.completion.chunk","model":"m","choices":[{"index":0,"delta":{"content":"a"}}]}',
        ),
      ].map((events) => onSse(events.map((data) => `data: ${data}\n\n`).join(''), { options: { isResumable: true } })),
      onNdjson('{"a":1}\n{"a":2}\n', { options: { isResumable: true } }),
    ],
  },
};

function at(...pieces: readonly (readonly [number, string])[]): readonly SamplePiece[] {
  return pieces.map(([atMicros, body]) => ({ atMicros, body }));
}

function withLastByteChanged(bytes: Buffer): Buffer {
  bytes.writeUInt8((bytes.at(-1) ?? 0) ^ 1, bytes.length - 1);
  return bytes;
}
