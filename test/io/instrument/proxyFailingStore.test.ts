import { rm } from 'node:fs/promises';
import { expect, it } from 'vitest';
import { defaultLimits } from '../../../src/shared/limits.ts';
import { rawRequest, withOrigin, withProxy } from './proxying.ts';
import { kept } from './replaying.ts';

const request = 'GET /events HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n';

it('passes everything when nothing can be recorded, and says so', async () => {
  await withOrigin(
    (_request, response) => response.end('all of it'),
    (origin) =>
      withProxy({ everything: origin }, async ({ url, over, folder, instrument }) => {
        await rm(folder, { recursive: true, force: true });
        const answer = await rawRequest(url, request);
        expect(answer.text).toMatch(/^HTTP\/1\.1 200 [^]*all of it$/);
        const [line] = await over(1);
        expect(line).toMatchObject({ recordingId: null, state: 'complete', status: 200 });
        expect(instrument.proxy.describe().recordingProblem).toMatch(/^Exchanges pass, but are not recorded: /);
      }),
  );
});

it('goes on when the disk is full in mid-stream: the recording ends, the traffic does not', async () => {
  const wanted = Array.from({ length: 60 }, (_, n) => `data: ${String(n)}\n\n`);
  await withOrigin(
    (_request, response) => {
      response.writeHead(200, { 'content-type': 'text/event-stream' });
      let n = 0;
      const timer = setInterval(() => {
        const next = wanted[n++];
        if (next !== undefined) response.write(next);
        else {
          clearInterval(timer);
          response.end();
        }
      }, 50);
    },
    (origin) =>
      withProxy(
        { everything: origin },
        async ({ url, over, instrument }) => {
          const answer = await rawRequest(url, request);
          const [, body = ''] = /\r\n\r\n([^]*)$/.exec(answer.text) ?? [];
          expect(body.replace(/[0-9a-f]+\r\n(data: \d+\n\n)\r\n/g, '$1').replace('0\r\n\r\n', '')).toBe(
            wanted.join(''),
          );
          const [line] = await over(1);
          expect(line?.state).toBe('complete');
          const { facts, wire } = await kept(instrument, line?.recordingId ?? '');
          expect(facts.ending).toMatchObject({ kind: 'failed-local', code: 'end/disk' });
          expect(wanted.join('').startsWith(Buffer.from(wire).toString())).toBe(true);
          expect(wire.byteLength).toBeLessThan(wanted.join('').length);
          expect(instrument.proxy.describe().recordingProblem).toContain('of the disk are free');
        },
        { limits: { ...defaultLimits, freeDiskBytes: Number.MAX_SAFE_INTEGER } },
      ),
  );
});
