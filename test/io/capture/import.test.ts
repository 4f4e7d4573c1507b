import { createHash } from 'node:crypto';
import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { encodeEventLine, encodeHeaderLine } from '../../../src/engine/recording/streamJsonl.ts';
import { openImport, type ImportHints } from '../../../src/main/capture/importFile.ts';
import type { ImportOrigin, ImportSink } from '../../../src/main/capture/sink.ts';
import { defaultLimits } from '../../../src/shared/limits.ts';
import { RecordingSink } from './recordingSink.ts';

class RecordingImportSink extends RecordingSink implements ImportSink {
  origins: ImportOrigin[] = [];

  origin(origin: ImportOrigin): void {
    if (this.chunks.length > 0 || this.responseHead !== null) throw new Error('the origin comes first');
    this.origins.push(origin);
  }
}

/** Imports a file in pieces of so many bytes, from a buffer that is overwritten after each. */
async function imported(
  file: string | Uint8Array,
  hints: Partial<ImportHints> = {},
  pieceBytes = 1_000_000,
): Promise<RecordingImportSink> {
  const sink = new RecordingImportSink();
  const importer = openImport(
    { name: 'file', contentType: null, url: null, sizeBytes: null, ...hints },
    sink,
    defaultLimits,
  );
  const bytes = Buffer.from(file);
  for (let at = 0; at < bytes.byteLength; at += pieceBytes) {
    const piece = Buffer.from(bytes.subarray(at, at + pieceBytes));
    if (!importer.append(piece)) await importer.drained();
    piece.fill(0xaa);
  }
  importer.finish();
  await importer.done;
  expect(sink.origins).toHaveLength(1);
  return sink;
}

const pieceSizes = [1, 3, 64, 1_000_000];

describe.each(pieceSizes)('in pieces of %i', (pieceBytes) => {
  it('a raw body', async () => {
    const sink = await imported('{"a":1}\n{"a":2}\n', { name: 'orders.NDJSON' }, pieceBytes);
    expect(sink.ending).toMatchObject({ kind: 'complete', code: 'end/imported', message: 'Imported: 16 bytes.' });
    expect(sink.bodyBytes.toString()).toBe('{"a":1}\n{"a":2}\n');
    expect(sink.origins[0]).toMatchObject({ request: null, timesKnown: false, contentType: 'application/x-ndjson' });
  });

  it('a dump whose chunked coding curl has removed', async () => {
    const sink = await imported('HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n{"a":1}\n', {}, pieceBytes);
    expect(sink.responseHead).toMatchObject({
      status: 200,
      statusText: 'OK',
      headers: [['Transfer-Encoding', 'chunked']],
    });
    expect(sink.ending?.code).toBe('end/imported');
    expect(sink.bodyBytes.toString()).toBe('{"a":1}\n');
  });

  it('a dump that is still chunked', async () => {
    const head = 'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n';
    const sink = await imported(`${head}8\r\n{"a":1}\n\r\n8;x=y\r\n{"a":2}\n\r\n0\r\n\r\n`, {}, pieceBytes);
    expect(sink.bodyBytes.toString()).toBe('{"a":1}\n{"a":2}\n');
    expect(sink.ending?.code).toBe('end/imported');
    const cut = await imported(`${head}8\r\n{"a":1}\n\r\n8\r\n{"a"`, {}, pieceBytes);
    expect(cut.ending).toMatchObject({ kind: 'cut', code: 'end/chunk-cut' });
    expect(cut.bodyBytes.toString()).toBe('{"a":1}\n{"a"');
  });

  it('a dump with several heads: the last one counts', async () => {
    const heads =
      'HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 302 Found\r\nLocation: /x\r\n\r\nHTTP/2 200 \r\ncontent-type: text/plain\r\n\r\n';
    const sink = await imported(`${heads}HTTP is what I speak`, {}, pieceBytes);
    expect(sink.responseHead).toMatchObject({
      status: 200,
      httpVersion: '2',
      headers: [['content-type', 'text/plain']],
    });
    expect(sink.bodyBytes.toString()).toBe('HTTP is what I speak');
  });

  it('a dump shorter than its Content-Length', async () => {
    const sink = await imported(`HTTP/1.1 200 OK\nContent-Length: 1000\n\n${'x'.repeat(412)}`, {}, pieceBytes);
    expect(sink.ending).toMatchObject({ kind: 'cut', code: 'end/short-body', offset: 412 });
    expect(sink.ending?.message).toContain('412 of 1,000 bytes');
  });

  it('a dump with coded body, and one that was decoded before', async () => {
    const coded = gzipSync('data: hello\n\n');
    const head = `HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: ${String(coded.byteLength)}\r\n\r\n`;
    const still = await imported(Buffer.concat([Buffer.from(head), coded]), {}, pieceBytes);
    expect(still.bodyBytes.toString()).toBe('data: hello\n\n');
    expect(still.ending?.code).toBe('end/imported');
    const before = await imported(`${head}data: hello\n\n`, {}, pieceBytes);
    expect(before.bodyBytes.toString()).toBe('data: hello\n\n');
    expect(before.ending?.code).toBe('end/imported');
  });

  it('a recording in the text interchange format', async () => {
    const chunks = [Buffer.from('data: ✓\n\n'), Buffer.from([0xe2, 0x9c]), Buffer.from([0x93])];
    const lines = [
      encodeHeaderLine({
        startedAt: 1_763_715_600_000,
        source: 'request',
        request: null,
        timesKnown: true,
        bordersKnown: true,
        redactions: [],
      }),
      encodeEventLine({ kind: 'mark', mark: { name: 'connect', atMicros: 5, facts: { remote: '127.0.0.1:1' } } }),
      encodeEventLine({
        kind: 'head',
        head: {
          status: 200,
          statusText: '',
          httpVersion: '1.1',
          headers: [['content-type', 'text/event-stream']],
          atMicros: 90,
        },
      }),
      ...chunks.map((bytes, n) => encodeEventLine({ kind: 'chunk', atMicros: 100 + n, bytes, continues: n === 2 })),
      '[150,"hologram",{"later":"version"}]\n',
      encodeEventLine({
        kind: 'end',
        end: {
          ending: { kind: 'cut', code: 'end/no-last-chunk', message: 'It was cut.', offset: 14, atMicros: 900 },
          wireBytes: 14,
          chunks: 3,
          sha256: createHash('sha256').update(Buffer.concat(chunks)).digest('hex'),
        },
      }),
    ];
    const sink = await imported(lines.join(''), { name: 'x.stream.jsonl' }, pieceBytes);
    expect(sink.origins[0]).toEqual({
      request: null,
      startedAt: 1_763_715_600_000,
      timesKnown: true,
      recordedSource: 'request',
    });
    expect(sink.chunks.map(({ atMicros, bytes, continues }) => [atMicros, bytes.toString('hex'), continues])).toEqual(
      chunks.map((bytes, n) => [100 + n, bytes.toString('hex'), n === 2]),
    );
    expect(sink.marks).toEqual([{ name: 'connect', atMicros: 5, facts: { remote: '127.0.0.1:1' } }]);
    expect(sink.responseHead?.atMicros).toBe(90);
    expect(sink.ending).toEqual({
      kind: 'cut',
      code: 'end/no-last-chunk',
      message: 'It was cut.',
      offset: 14,
      atMicros: 900,
    });
    expect(sink.diagnostics).toEqual([]);

    const changed = await imported(lines.join('').replace('✓', '✗'), {}, pieceBytes);
    expect(changed.diagnostics.map(({ code }) => code)).toEqual(['import/digest-differs']);
  });

  it('a recording whose writer was killed in mid-line', async () => {
    const header = encodeHeaderLine({
      startedAt: 1,
      source: 'request',
      request: null,
      timesKnown: true,
      bordersKnown: true,
      redactions: [],
    });
    const sink = await imported(`${header}[10,"c","one"]\n[20,"c","tw`, {}, pieceBytes);
    expect(sink.bodyBytes.toString()).toBe('one');
    expect(sink.ending).toMatchObject({ kind: 'cut', code: 'end/import-unfinished', offset: 3, atMicros: 10 });
    expect(sink.diagnostics).toEqual([]);
  });

  it('a recording with damaged lines', async () => {
    const header = encodeHeaderLine({
      startedAt: 1,
      source: 'request',
      request: null,
      timesKnown: true,
      bordersKnown: true,
      redactions: [],
    });
    const lines = [
      '[10,"c","one"]',
      'garbage',
      '["x"]',
      '[-1,"c","no"]',
      '[11,"b","@@@@"]',
      '[5,"c","two"]',
      '[12,"end",{"kind":"complete","code":"end/complete"}]',
    ];
    const sink = await imported(`${header}${lines.join('\n')}\n`, {}, pieceBytes);
    expect(sink.bodyBytes.toString()).toBe('onetwo');
    // Times never run backwards.
    expect(sink.chunks.map(({ atMicros }) => atMicros)).toEqual([10, 10]);
    expect(sink.diagnostics.map(({ code, details }) => [code, details['line']])).toEqual(
      [3, 4, 5, 6].map((line) => ['import/malformed-line', line]),
    );
    expect(sink.ending).toMatchObject({ kind: 'complete', code: 'end/complete' });
  });
});

describe('an import', () => {
  it('of nothing is complete and empty', async () => {
    const sink = await imported('');
    expect(sink.ending).toMatchObject({ kind: 'complete', code: 'end/imported' });
    expect(sink.chunks).toEqual([]);
  });

  it('of a newer format version says so', async () => {
    const sink = await imported(
      '{"format":"streamscope","version":2,"startedAt":"2027-01-01T00:00:00.000Z","source":"request"}\n[1,"c","x"]\n',
    );
    expect(sink.ending).toMatchObject({ kind: 'invalid', code: 'end/import-unreadable' });
    expect(sink.ending?.message).toContain('version 2');
    expect(sink.chunks).toEqual([]);
  });

  it('with hints knows where it came from', async () => {
    const sink = await imported('data: 1\n\n', {
      url: 'https://example.test/x',
      contentType: 'text/event-stream',
      name: 'a.json',
    });
    expect(sink.origins[0]).toMatchObject({
      request: { method: 'GET', url: 'https://example.test/x' },
      contentType: 'text/event-stream',
    });
  });

  it('can be held back, and given up', async () => {
    const sink = new RecordingImportSink();
    sink.hasRoom = () => false;
    const importer = openImport({ name: 'x', contentType: null, url: null, sizeBytes: null }, sink, defaultLimits);
    expect(importer.append(Buffer.alloc(100))).toBe(false);
    let isDrained = false;
    const drained = importer.drained().then(() => {
      isDrained = true;
    });
    await Promise.resolve();
    expect(isDrained).toBe(false);
    importer.resume();
    await drained;
    importer.abort();
    await importer.done;
    expect(sink.ending).toMatchObject({ kind: 'stopped', code: 'end/stopped' });
    expect(importer.append(Buffer.alloc(100))).toBe(true);
    expect(sink.chunks).toHaveLength(1);
  });

  it.each(['one piece that is recognised at its end', 'pieces'])(
    'stops at the recording limit though the file ends at once, in %s',
    async (how) => {
      const coded = gzipSync(
        Buffer.from(Array.from({ length: 20_000 }, (_, n) => `{"n":${String(n * 7_919)}}`).join('\n')),
      );
      const file = Buffer.concat([Buffer.from('HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\n\r\n'), coded]);
      const sink = new RecordingImportSink();
      const limits = { ...defaultLimits, recordingBytes: 1_000 };
      const importer = openImport({ name: 'x', contentType: null, url: null, sizeBytes: null }, sink, limits);
      const step = how === 'pieces' ? 5_000 : file.length;
      for (let at = 0; at < file.length; at += step) importer.append(file.subarray(at, at + step));
      importer.finish();
      await importer.done;
      expect(sink.ending).toMatchObject({ kind: 'stopped', code: 'end/byte-limit', offset: 1_000 });
      expect(sink.wireBytes).toHaveLength(1_000);
    },
  );

  it('stops at the recording limit', async () => {
    const sink = new RecordingImportSink();
    const importer = openImport({ name: 'x', contentType: null, url: null, sizeBytes: null }, sink, {
      ...defaultLimits,
      recordingBytes: 150,
    });
    importer.append(Buffer.alloc(100));
    importer.append(Buffer.alloc(100));
    await importer.done;
    expect(sink.wireBytes.byteLength).toBe(150);
    expect(sink.ending).toMatchObject({ kind: 'stopped', code: 'end/byte-limit' });
  });
});
