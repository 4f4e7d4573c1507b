import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { MessageFraming } from '../../../../src/main/capture/messageFraming.ts';

const ok = 'HTTP/1.1 200 OK\r\n';
const chunked = `${ok}Transfer-Encoding: chunked\r\n\r\n`;

/** Everything a framing says about bytes that come in the given pieces. */
function account(pieces: readonly Uint8Array[], method = 'GET'): unknown {
  const framing = new MessageFraming(method, { headerBytes: 1_000 });
  const forwarded: Uint8Array[] = [];
  for (const piece of pieces) framing.push(piece, (bytes) => forwarded.push(bytes.slice()));
  return {
    forwarded: Buffer.concat(forwarded).toString('latin1'),
    fault: framing.fault?.code ?? null,
    faultAt: framing.fault?.bodyOffset ?? null,
    position: framing.position(),
    bodyBytes: framing.bodyBytes,
    informational: framing.informationalResponses,
    extra: framing.extraBytes,
    preview: Buffer.from(framing.extraPreview).toString('latin1'),
    extension: framing.longestExtension,
  };
}

const messages: readonly string[] = [
  `${ok}Content-Length: 3\r\n\r\nabc`,
  `${ok}Content-Length: 3\r\n\r\nabcEXTRA`,
  `${ok}Content-Length: 30\r\n\r\nabc`,
  `HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\nHTTP/1.1 100 Continue\r\n\r\n${ok}\r\nuntil close`,
  `${chunked}5\r\nhello\r\nA;x="y"\r\n0123456789\r\n0\r\nX-T: 1\r\n\r\nEXTRA`,
  `${chunked}5\r\nhello\r\n0\r\n\r\n`,
  `${chunked}5\r\nhello\r\nxyz`,
  `${chunked}5\r\nhelloworld`,
  `${chunked}5\r\nhello\n`,
  `${chunked}5\r\nhello\r\n00000000000000000005\r\n`,
  `${chunked}5\r\nhello\r\n0\r\nX-T: ${'y'.repeat(2_000)}`,
  'HTTP/1.1 200 OK\nA: b\n\n',
  `${ok}Content-Length: 3\r\nContent-Length: 4\r\n\r\nabcd`,
  `${ok}X: ${'y'.repeat(2_000)}`,
  'ICY 200 OK\r\n\r\n',
  'HTTP/1.1 101 Switching Protocols\r\n\r\nabc',
  `${ok}A: b`,
];

describe('any splitting of the bytes', () => {
  // A refused first line is judged as soon as it differs, with the bytes that were there: the excerpt may be shorter.
  it.each(messages)('%j gives the same account', (message) => {
    const bytes = Buffer.from(message, 'latin1');
    const whole = account([bytes]);
    expect(account(Array.from(bytes, (byte) => Uint8Array.of(byte)))).toMatchObject(stable(whole));
    fc.assert(
      fc.property(fc.array(fc.nat(bytes.byteLength), { maxLength: 8 }), (cuts) => {
        const borders = [0, ...[...cuts].sort((a, b) => a - b), bytes.byteLength];
        const pieces = borders.slice(1).map((end, n) => bytes.subarray(borders[n], end));
        expect(account(pieces)).toMatchObject(stable(whole));
      }),
      { numRuns: 60 },
    );
  });
});

/** What must not depend on the splitting: a refused head has no place to stand in, and keeps what had come. */
function stable(whole: unknown): Record<string, unknown> {
  const { position, ...rest } = whole as Record<string, unknown>;
  return rest['fault'] === null ? { position, ...rest } : rest;
}

describe('bodies', () => {
  it.each([
    ['HEAD', `${ok}Content-Length: 10\r\n\r\n`],
    ['HEAD', chunked],
    ['GET', 'HTTP/1.1 204 No Content\r\nContent-Length: 10\r\n\r\n'],
    ['GET', 'HTTP/1.1 304 Not Modified\r\nContent-Length: 10\r\n\r\n'],
  ])('%s %j has none', (method, message) => {
    expect(account([Buffer.from(message)], method)).toMatchObject({ position: { in: 'end' }, bodyBytes: 0 });
  });

  it('chunk data is skipped over, not looked at', () => {
    const framing = new MessageFraming('GET', { headerBytes: 1_000 });
    const data = Buffer.alloc(1_000_000, '\r\n0\r\n\r\n');
    framing.push(Buffer.from(`${chunked}f4240\r\n`), () => {});
    framing.push(data, () => {});
    expect(framing.position()).toEqual({ in: 'between-chunks' });
    expect(framing.bodyBytes).toBe(1_000_000);
  });
});
