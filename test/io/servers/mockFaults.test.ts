import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { faultDefinitions } from '../../../src/engine/mock/faults/catalogue.ts';
import { decodableCodings } from '../../../src/main/capture/coding.ts';
import { createMockServer, type MockServer } from '../../../src/main/servers/mock/mockServer.ts';
import { capture } from '../capture/capturing.ts';
import { requestFor, type RecordingSink } from '../capture/recordingSink.ts';
import { carriers, mockFaultRows, type Carrier, type MockFaultRow } from './mockFaultTable.ts';

let server: MockServer;
let caPem = '';

beforeAll(async () => {
  server = createMockServer({ port: 0 });
  await server.start();
  caPem = await server.authorityPem();
});

afterAll(() => server.stop());

const isSecure = (carrier: Carrier): boolean => carrier.endsWith('TLS');
const isHttp2 = (carrier: Carrier): boolean => carrier.startsWith('HTTP/2');
const judgementOf = (row: MockFaultRow, carrier: Carrier): MockFaultRow['http1'] =>
  row.onlyTls === true && !isSecure(carrier) ? null : isHttp2(carrier) ? row.http2 : row.http1;

function opened(fault: string, carrier: Carrier, options: MockFaultRow['options'] = {}): Promise<RecordingSink> {
  const { address } = server.status();
  if (address === null) throw new Error('the mock server does not listen');
  const origin = isSecure(carrier) ? address.secureUrl : address.url;
  const url = `${origin}/v1/orders/stream?n=6&delayMs=0&error=none&fault=${encodeURIComponent(fault)}`;
  return capture(requestFor(url, { options: { caPem, httpVersion: isHttp2(carrier) ? '2' : '1.1', ...options } }));
}

describe.each(carriers)('faults of the mock server over %s', (carrier) => {
  it.for(mockFaultRows)('$fault', { timeout: 20_000 }, async (row, { skip }) => {
    const needsZstd = row.fault.endsWith(':zstd');
    skip(needsZstd && !decodableCodings().includes('zstd'), 'this runtime has no zstd');
    const judgement = judgementOf(row, carrier);
    const sink = await opened(row.fault, carrier, row.options);
    if (judgement === null) {
      expect(sink.responseHead?.status).toBe(400);
      expect(sink.bodyBytes.toString('utf8')).toContain('can only be performed over');
      return;
    }
    const { kind, code } = judgement;
    expect({ kind: sink.ending?.kind, code: sink.ending?.code, message: sink.ending?.message }).toMatchObject({
      kind,
      code,
    });
    const said = sink.diagnostics.map((each) => each.code);
    if (judgement.diagnostic === undefined) expect(said).toEqual([]);
    else expect(said).toContain(judgement.diagnostic);
  });
});

describe('the catalogue', () => {
  it('has every fault in the table, over just the protocols that it names', () => {
    for (const { name, protocols } of faultDefinitions) {
      const rows = mockFaultRows.filter(
        ({ fault }) => fault.split(/[,@:]/, 1)[0] === name || fault.includes(`,${name}`),
      );
      expect(rows.length, name).toBeGreaterThan(0);
      const played = carriers.filter((carrier) => rows.some((row) => judgementOf(row, carrier) !== null));
      const named = {
        http1: protocols.includes('http/1.1') || !protocols.includes('h2'),
        http2: protocols.includes('h2') || !protocols.includes('http/1.1'),
      };
      expect({ http1: played.some((each) => !isHttp2(each)), http2: played.some(isHttp2) }, name).toEqual(named);
      const needsTls = rows.every(({ onlyTls }) => onlyTls === true);
      if (protocols.includes('tls')) expect(played.some(isSecure), name).toBe(true);
      if (!needsTls)
        expect(
          played.some((each) => !isSecure(each)),
          name,
        ).toBe(true);
    }
  });
});
