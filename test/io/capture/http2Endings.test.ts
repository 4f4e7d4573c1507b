import { describe, expect, it } from 'vitest';
import { capture } from './capturing.ts';
import { http2Faults, type Http2Fault } from './http2Faults.ts';
import { playFault, startHttp2FaultServer, type Splitting } from './http2FaultServer.ts';
import { requestFor, type RecordingSink } from './recordingSink.ts';
import { trustedCertificate } from './testCertificates.ts';

async function captured(
  scheme: 'http' | 'https',
  fault: Http2Fault,
  splitting: Splitting = 'whole',
): Promise<RecordingSink> {
  const server = await startHttp2FaultServer(scheme, (peer) => playFault(fault, peer, splitting));
  try {
    return await capture(
      requestFor(`${server.origin}/stream`, {
        method: fault.method ?? 'GET',
        options: { caPem: trustedCertificate.cert, httpVersion: '2' },
      }),
    );
  } finally {
    await server.close();
  }
}

function check(fault: Http2Fault, sink: RecordingSink): void {
  expect({ kind: sink.ending?.kind, code: sink.ending?.code, message: sink.ending?.message }).toMatchObject({
    kind: fault.kind,
    code: fault.code,
  });
  if (fault.message !== undefined) expect(sink.ending?.message).toMatch(fault.message);
  if (fault.wire !== null) expect(sink.wireBytes.toString('latin1')).toBe(fault.wire);
  expect(sink.diagnostics.map(({ code }) => code)).toEqual(fault.diagnostic === undefined ? [] : [fault.diagnostic]);
  expect(sink.markNames.filter((name) => name === 'end')).toHaveLength(1);
}

for (const scheme of ['http', 'https'] as const) {
  describe(`HTTP/2 endings over ${scheme}`, () => {
    for (const fault of http2Faults) {
      it(fault.name, async () => {
        check(fault, await captured(scheme, fault));
      });
    }
  });
}

describe('HTTP/2 endings however the server writes', () => {
  for (const splitting of ['thirds', 'sevens', 'bytes'] as const) {
    it(`are the same in ${splitting}`, { timeout: 60_000 }, async () => {
      for (const scheme of ['http', 'https'] as const) {
        for (const fault of http2Faults) {
          if (fault.bytes.byteLength > 1_000) continue;
          const sink = await captured(scheme, fault, splitting);
          expect({ name: fault.name, code: sink.ending?.code }).toEqual({ name: fault.name, code: fault.code });
          if (fault.wire !== null) expect(sink.wireBytes.toString('latin1')).toBe(fault.wire);
        }
      }
    });
  }
});

it('what came in place of an answer is kept, as frames', async () => {
  const fault = http2Faults.find(({ name }) => name === 'NUL in a header');
  if (fault === undefined) throw new Error('no such fault');
  const sink = await captured('http', fault);
  expect(sink.wireBytes.toString('latin1')).toBe(
    Buffer.from(fault.bytes).toString('latin1', 9, fault.bytes.byteLength - 14),
  );
});
