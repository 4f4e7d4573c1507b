import { once } from 'node:events';
import { connect, createServer } from 'node:http2';
import { connect as connectTcp } from 'node:net';
import { Duplex } from 'node:stream';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { encodeHeaderBlock, HpackDecoder } from '../../../src/engine/http2/hpack.ts';
import type { HeaderField } from '../../../src/engine/http2/hpackTable.ts';

const limit = 65_536;

function decoded(decoder: HpackDecoder, block: Uint8Array): readonly HeaderField[] {
  const reading = decoder.decode(block, limit);
  if (!('fields' in reading)) throw new Error(JSON.stringify(reading));
  return reading.fields;
}

describe('HPACK', () => {
  it('reads the examples of RFC 7541 C.6: Huffman, a table of 256 bytes, evictions', () => {
    const decoder = new HpackDecoder();
    const toTableOf256 = '3fe101';
    const blocks = [
      `${toTableOf256}4882 6402 5885 aec3 771a 4b61 96d0 7abe 9410 54d4 44a8 2005 9504 0b81 66e0 82a6 2d1b ff6e 919d 29ad 1718 63c7 8f0b 97c8 e9ae 82ae 43d3`,
      '4883 640e ffc1 c0bf',
      '88c1 6196 d07a be94 1054 d444 a820 0595 040b 8166 e084 a62d 1bff c05a 839b d9ab 77ad 94e7 821d d7f2 e6c7 b335 dfdf cd5b 3960 d5af 2708 7f36 72c1 ab27 0fb5 291f 9587 3160 65c0 03ed 4ee5 b106 3d50 07',
    ];
    const date = 'Mon, 21 Oct 2013 20:13:';
    const rest = (seconds: string): HeaderField[] => [
      ['cache-control', 'private'],
      ['date', `${date}${seconds} GMT`],
      ['location', 'https://www.example.com'],
    ];
    const lists = blocks.map((hex) => decoded(decoder, Buffer.from(hex.replaceAll(' ', ''), 'hex')));
    expect(lists).toEqual([
      [[':status', '302'], ...rest('21')],
      [[':status', '307'], ...rest('21')],
      [
        [':status', '200'],
        ...rest('22'),
        ['content-encoding', 'gzip'],
        ['set-cookie', 'foo=ASDJKHQKBZXOQWEOPIUAXQWEOIU; max-age=3600; version=1'],
      ],
    ]);
  });

  it('reads back every list that it writes', () => {
    const text = fc.string({ maxLength: 300, unit: fc.nat(255).map((code) => String.fromCharCode(code)) });
    fc.assert(
      fc.property(fc.array(fc.tuple(text, text), { maxLength: 20 }), (fields) => {
        expect(decoded(new HpackDecoder(), encodeHeaderBlock(fields))).toEqual(fields);
      }),
      { numRuns: 200 },
    );
  });

  it('reads what another implementation compresses: every byte that a value can have, and its table from head to trailers', async () => {
    const values = Array.from({ length: 256 }, (_, code) => code)
      .filter((code) => code === 9 || (code >= 0x21 && code !== 0x7f))
      // Short codes around it make Huffman worth while, whatever the length of this one.
      .map((code) => `aaaaaaaaaaaaaaaaaaaaaaaaa${String.fromCharCode(code)}eeeeeeeeeeeeeeeeeeeeeee`);
    const server = createServer();
    server.on('stream', (stream) => {
      stream.respond({ ':status': 200, 'x-all': values, 'x-again': 'the same' }, { waitForTrailers: true });
      stream.on('wantTrailers', () => stream.sendTrailers({ 'x-again': 'the same' }));
      stream.end();
    });
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    const address = server.address();
    if (address === null || typeof address === 'string') throw new Error('no port');
    const tcp = connectTcp(address.port, '127.0.0.1');
    const received: Buffer[] = [];
    const tap = Duplex.from({ readable: tcp, writable: tcp });
    tcp.on('data', (bytes: Buffer) => received.push(bytes));
    const client = connect(`http://127.0.0.1:${String(address.port)}`, {
      createConnection: () => tap,
      maxHeaderListPairs: 1_000,
    });
    const request = client.request({ ':path': '/' });
    request.resume();
    await once(request, 'close');
    client.destroy();
    tcp.destroy();
    server.close();

    const blocks: Buffer[][] = [];
    const bytes = Buffer.concat(received);
    for (let at = 0; at < bytes.byteLength; at += 9 + bytes.readUIntBE(at, 3)) {
      const payload = bytes.subarray(at + 9, at + 9 + bytes.readUIntBE(at, 3));
      if (bytes[at + 3] === 1) blocks.push([payload]);
      if (bytes[at + 3] === 9) blocks.at(-1)?.push(payload);
    }
    const decoder = new HpackDecoder();
    const [head = [], trailers = []] = blocks.map((pieces) => decoded(decoder, Buffer.concat(pieces)));
    expect(head.filter(([name]) => name === 'x-all').map(([, value]) => value)).toEqual(values);
    expect(trailers).toEqual([['x-again', 'the same']]);
  });

  it('gives up on hostile blocks in time, whatever their bytes are', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 2_000 }), (bytes) => {
        const reading = new HpackDecoder().decode(bytes, limit);
        expect('fields' in reading || 'broken' in reading || 'overLimit' in reading).toBe(true);
      }),
      { numRuns: 1_000 },
    );
  });
});
