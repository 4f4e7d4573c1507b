import { describe, expect, it } from 'vitest';
import { startRawServer } from '../capture/rawServer.ts';
import { bodyOf, rawRequest, withOrigin, withProxy } from './proxying.ts';
import { kept } from './replaying.ts';

describe('the capture proxy', () => {
  it('hands a stream on chunk for chunk and records it', async () => {
    await withOrigin(
      (request, response) => {
        void bodyOf(request).then((body) => {
          response.writeHead(200, { 'content-type': 'text/event-stream', 'cache-control': 'no-cache' });
          response.write(`data: ${body.toString()}\n\n`);
          setTimeout(() => response.end('data: two\n\n'), 10);
        });
      },
      (origin) =>
        withProxy({ everything: origin }, async ({ url, over, instrument }) => {
          const answer = await rawRequest(
            url,
            `POST /v1/chat?a=%20b HTTP/1.1\r\nHost: ${new URL(url).host}\r\nAuthorization: Bearer sk-test\r\nContent-Length: 5\r\n\r\nhello`,
            /\r\n0\r\n\r\n$/,
          );
          expect(answer.text).toContain('\r\n\r\nd\r\ndata: hello\n\n\r\nb\r\ndata: two\n\n\r\n0\r\n\r\n');
          const [line] = await over(1);
          expect(line).toMatchObject({
            route: 'to',
            method: 'POST',
            target: '/v1/chat?a=%20b',
            status: 200,
            state: 'complete',
            bytes: 24,
          });
          const recording = await kept(instrument, line?.recordingId ?? '');
          expect(recording.facts).toMatchObject({
            source: 'proxy',
            request: { method: 'POST', url: `${origin}/v1/chat?a=%20b`, body: { kind: 'text', text: 'hello' } },
            ending: { kind: 'complete', code: 'end/complete' },
            proxied: { route: 'to', client: { address: '127.0.0.1', userAgent: null }, interventions: [] },
          });
          expect(recording.pieces.map(({ bytes }) => bytes)).toEqual([13, 11]);
        }),
    );
  });

  it('says clearly that the upstream is down', async () => {
    const gone = await startRawServer('http', 'http/1.1', () => {});
    await gone.close();
    await withProxy({ everything: gone.origin }, async ({ url, over, instrument }) => {
      const answer = await rawRequest(url, 'GET /x HTTP/1.1\r\nHost: localhost\r\n\r\n', /\}\s*$/);
      expect(answer.text).toMatch(/^HTTP\/1\.1 502 /);
      expect(answer.text).toContain('X-Streamscope-Error: end/connect-refused');
      const [line] = await over(1);
      const recording = await kept(instrument, line?.recordingId ?? '');
      expect(recording.facts.ending).toMatchObject({ kind: 'refused', code: 'end/connect-refused' });
    });
  });
});
