import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { RequestHead } from '../../../../../src/main/servers/proxy/requestHead.ts';
import { RequestReader } from '../../../../../src/main/servers/proxy/requestReader.ts';

interface Read {
  readonly requests: { readonly head: RequestHead; body: string; ended: boolean }[];
  fault: string | null;
}

/** Reads bytes in pieces; each request is answered at once. */
function read(bytes: string, cuts: readonly number[]): Read {
  const result: Read = { requests: [], fault: null };
  const reader: RequestReader = new RequestReader({
    head: (head) => result.requests.push({ head, body: '', ended: false }),
    data: (piece) => {
      const last = result.requests.at(-1);
      if (last !== undefined) last.body += Buffer.from(piece).toString('latin1');
    },
    end: () => {
      const last = result.requests.at(-1);
      if (last !== undefined) last.ended = true;
    },
    fault: ({ code, message }) => {
      result.fault = `${code}: ${message}`;
    },
  });
  const all = Buffer.from(bytes, 'latin1');
  const at = [...cuts.map((cut) => cut % (all.length + 1)), all.length].sort((a, b) => a - b);
  let from = 0;
  for (const to of at) {
    reader.push(all.subarray(from, to));
    from = to;
    reader.next();
  }
  for (let n = 0; n < 8; n++) reader.next();
  return result;
}

const samples = [
  'GET /a HTTP/1.1\r\nHost: x\r\n\r\nPOST /b HTTP/1.1\r\nContent-Length: 5\r\n\r\nhelloHEAD /c HTTP/1.0\r\n\r\n',
  'POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n5;e=1\r\nhello\r\n1\r\n!\r\n0\r\nX-T: 1\r\n\r\nGET /d HTTP/1.1\r\n\r\n',
  '\r\n\r\nGET / HTTP/1.1\r\nA:b\r\nA: c \r\n\r\n',
  'POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello!\r\n0\r\n\r\n',
  'POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\nhello\r\n0\r\n\r\n',
  'GET / HTTP/2.0\r\n\r\n',
  'GET / HTTP/1.1\r\nContent-Length: 1, 2\r\n\r\n',
  'GET / HTTP/1.1\r\nA : b\r\n\r\n',
  'GET  / HTTP/1.1\r\n\r\n',
  `GET / HTTP/1.1\r\nA: ${'x'.repeat(70_000)}\r\n\r\n`,
];

describe('requests of a connection', () => {
  it('are the same in every splitting', () => {
    fc.assert(
      fc.property(fc.constantFrom(...samples), fc.array(fc.nat(), { maxLength: 12 }), (bytes, cuts) => {
        expect(read(bytes, cuts)).toEqual(read(bytes, []));
      }),
    );
  });

  it('are taken apart, one after another', () => {
    const [first = '', second = ''] = samples;
    const targets = ({ requests }: Read): readonly string[] =>
      requests.map(({ head, body, ended }) => `${head.method} ${head.target} ${body} ${String(ended)}`);
    expect(targets(read(first, []))).toEqual(['GET /a  true', 'POST /b hello true', 'HEAD /c  true']);
    expect(targets(read(second, []))).toEqual(['POST / hello! true', 'GET /d  true']);
  });

  it.each([
    [samples[3], 'malformed-request'],
    [samples[4], 'malformed-request'],
    [samples[5], 'unsupported-version'],
    [samples[6], 'malformed-request'],
    [samples[7], 'malformed-request'],
    [samples[8], 'malformed-request'],
    [samples[9], 'too-long'],
  ])('are refused where two readers could differ', (bytes = '', code) => {
    expect(read(bytes, []).fault).toMatch(new RegExp(`^${code}: `));
  });
});
