import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { capture } from '../capture/capturing.ts';
import { endingCases, transports, type EndingCase } from '../capture/endingCases.ts';
import { requestFor, type RecordingSink } from '../capture/recordingSink.ts';
import { trustedCertificate } from '../capture/testCertificates.ts';
import { openProxy, type OpenProxy } from './proxying.ts';
import { kept, type Kept } from './replaying.ts';

/** Cases at a time: each has an upstream, a client and a recording of its own. */
const atATime = 16;

/** Ends that come from an option of a request of ours, which a request that passes does not have. */
function isOwnDoing({ options, code }: EndingCase): boolean {
  const { maxTimeMillis, headersTimeoutMillis, maxBytes, connectTimeoutMillis } = options;
  const limits = [maxTimeMillis, headersTimeoutMillis, maxBytes, connectTimeoutMillis];
  return limits.some((limit) => limit !== undefined) || ['end/redirect-limit', 'end/coding-limit'].includes(code);
}

/** The proxy of the test trusts one certificate. */
function trustsOther({ options, transport }: EndingCase): boolean {
  return transport.endsWith('TLS') && options.caPem !== trustedCertificate.cert;
}

/**
 * What goes wrong over HTTP/2 after as many bytes as were announced: over HTTP/1.1 an answer is over with the last of
 * them, so that a client has nothing left to see it by.
 */
const wrongBehindTheEnd = new Set([
  'FIN where Content-Length is reached but END_STREAM missing',
  'more than Content-Length',
  '204 with a body',
  'HEAD with a body',
]);

interface Passed {
  /** What a client of the proxy saw, judged as strictly as anything here. */
  readonly client: RecordingSink;
  readonly recording: Kept;
}

/** What is wrong with how a case passed, as far as HTTP/1.1 without TLS can say it; empty: nothing. */
function problems(row: EndingCase, { client, recording }: Passed): readonly string[] {
  const found: string[] = [];
  const differ = (what: string, seen: unknown, wanted: unknown): void => {
    if (seen !== wanted) found.push(`${row.name}: ${what} is ${String(seen)} instead of ${String(wanted)}`);
  };
  differ('the recording', recording.facts.ending?.code, row.code);
  differ('its kind', recording.facts.ending?.kind, row.kind);
  if (recording.facts.head === null) {
    const said = client.responseHead?.headers.find(([name]) => name === 'X-Streamscope-Error')?.[1];
    differ('the error said', said, row.code);
    differ('its status', client.responseHead?.status, row.kind === 'timeout' ? 504 : 502);
    return found;
  }
  if (row.transport === 'HTTP/1.1' || row.code.startsWith('end/coding'))
    differ('the client’s', client.ending?.code, row.code);
  else if (!wrongBehindTheEnd.has(row.name)) {
    differ('complete', client.ending?.kind === 'complete', row.kind === 'complete');
  }
  differ('bytes equal', client.wireBytes.equals(recording.wire), true);
  return found;
}

for (const transport of transports) {
  describe(`the proxy before ${transport}`, () => {
    let proxy: OpenProxy;
    beforeAll(async () => {
      const httpVersion = transport.startsWith('HTTP/2') ? '2' : '1.1';
      proxy = await openProxy({ transport: { caPem: trustedCertificate.cert, httpVersion } });
    });
    afterAll(() => proxy.close());

    /** Passes a case that is served already. */
    async function pass(row: EndingCase, name: string, upstream: string): Promise<RecordingSink> {
      const { pathname, search } = new URL(upstream);
      const options = { followRedirects: false, httpVersion: '1.1' } as const;
      return capture(requestFor(`${proxy.url}/${name}${pathname}${search}`, { method: row.method, options }));
    }

    // What TLS adds to the way is added under it: over TLS only what there is with it alone is played again.
    it('hands every ending on as it is, and records it as what it is', { timeout: 120_000 }, async () => {
      const rows = endingCases.filter((row) => row.transport === transport && !isOwnDoing(row) && !trustsOther(row));
      const [plain] = transport.split(' over TLS');
      const own =
        transport === plain
          ? rows
          : rows.filter(({ name }) => !endingCases.some((other) => other.transport === plain && other.name === name));
      expect(own.length).toBeGreaterThan(transport === plain ? 70 : 0);
      const found: string[] = [];
      for (let from = 0; from < own.length; from += atATime) {
        const batch = own.slice(from, from + atATime);
        const routes: { name: string; upstream: string }[] = [];
        let ready = (): void => {};
        const allServed = new Promise<void>((resolve) => (ready = resolve));
        const clients = batch.map((row, n) =>
          row.serve(async (upstream) => {
            routes.push({ name: `case-${String(n)}`, upstream: new URL(upstream).origin });
            if (routes.length === batch.length) ready();
            await allServed;
            proxy.configure(routes);
            return pass(row, `case-${String(n)}`, upstream);
          }),
        );
        const seen = await Promise.all(clients);
        const lines = await proxy.over(batch.length);
        for (const [n, row] of batch.entries()) {
          const line = lines.find(({ route }) => route === `case-${String(n)}`);
          const recording = await kept(proxy.instrument, line?.recordingId ?? '');
          const client = seen[n];
          if (client !== undefined) found.push(...problems(row, { client, recording }));
        }
      }
      expect(found).toEqual([]);
    });
  });
}
