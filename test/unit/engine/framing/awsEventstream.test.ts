import { describe, expect, it } from 'vitest';
import { diagnose } from '../../../../src/engine/diagnostics/catalogue.ts';
import { longestMessageBytes } from '../../../../src/engine/framing/awsPrelude.ts';
import { describeFrame, previewFrame } from '../../../../src/engine/framing/describe.ts';
import { awsMessage, event, header, prelude, stringHeaders } from './awsMessages.ts';
import { byteByByte, codes, collect, type Collected } from './collect.ts';

const frames = (...pieces: Uint8Array[]): Collected => collect('aws-eventstream', [Buffer.concat(pieces)]);

/** `kind[/type] length` of each frame, and the codes of its diagnostics. */
function shape(collected: Collected): string[] {
  return collected.frames.map(({ kind, type, length, diagnostics }) => {
    const noted = diagnostics.map(({ code }) => ` !${code}`).join('');
    return `${kind}${type === '' ? '' : `/${type}`} ${String(length)}${noted}`;
  });
}

function firstMessage(collected: Collected): string {
  const { code, place, details } = collected.frames.flatMap((frame) => frame.diagnostics)[0]!;
  return diagnose(code, place, details).message;
}

const healthy = event('chunk', '{"a":1}');
const size = String(healthy.length);

/** A message with one byte turned round. */
function damaged(message: Uint8Array, at: number): Buffer {
  const bytes = Buffer.from(message);
  bytes[at]! ^= 0x20;
  return bytes;
}

describe('messages', () => {
  it('are frames, named by their event, exception or error', () => {
    const exception = awsMessage(
      stringHeaders({ ':message-type': 'exception', ':exception-type': 'throttlingException' }),
      '{"message":"slow down"}',
    );
    const error = awsMessage(stringHeaders({ ':error-code': 'InternalError', ':message-type': 'error' }), '');
    const collected = frames(healthy, exception, error, awsMessage(Buffer.of(), 'x'));
    expect(shape(collected)).toEqual([
      `message/chunk ${size}`,
      `message/throttlingException ${String(exception.length)}`,
      `message/InternalError ${String(error.length)}`,
      'message 17',
    ]);
    expect(codes(collected)).toEqual([]);
  });

  it('come in the push that brings their last byte', () => {
    const collected = collect('aws-eventstream', byteByByte(Buffer.concat([healthy, healthy])));
    expect(collected.frames.map(({ push }) => push)).toEqual([healthy.length - 1, 2 * healthy.length - 1]);
  });

  it('are binary: nothing is said of their encoding, and a byte order mark is no mark', () => {
    expect(codes(frames(awsMessage(Buffer.of(), Buffer.of(0xff, 0xfe, 0xc3))))).toEqual([]);
    expect(shape(frames(Buffer.from('\ufeff'), healthy))).toEqual([
      'invalid 3 !aws/bad-prelude-crc',
      `message/chunk ${size}`,
    ]);
  });

  it('may have the longest length there is, and no more', () => {
    const longest = awsMessage(Buffer.of(), Buffer.alloc(longestMessageBytes - 16, 0x61));
    expect(shape(frames(longest, healthy))).toEqual([
      `message ${String(longestMessageBytes)}`,
      `message/chunk ${size}`,
    ]);
    const longer = awsMessage(Buffer.of(), Buffer.alloc(longestMessageBytes - 15, 0x61));
    const collected = frames(longer, healthy);
    expect(shape(collected)).toEqual([
      `invalid ${String(longer.length)} !aws/bad-prelude-crc`,
      `message/chunk ${size}`,
    ]);
    expect(firstMessage(collected)).toContain('a message has at most 16,777,216');
  });
});

describe('a bad message checksum', () => {
  it.each([14, healthy.length - 6, healthy.length - 1])('costs one message (byte %i)', (at) => {
    expect(shape(frames(healthy, damaged(healthy, at), healthy))).toEqual([
      `message/chunk ${size}`,
      `invalid ${size} !aws/bad-message-crc`,
      `message/chunk ${size}`,
    ]);
  });

  it('says both checksums', () => {
    const sent = healthy.subarray(-4).toString('hex');
    expect(firstMessage(frames(damaged(healthy, healthy.length - 6)))).toMatch(
      new RegExp(`^The checksum of the message at byte 0 is ${sent}, that of its bytes [0-9a-f]{8}\\.$`),
    );
  });
});

describe('a bad prelude', () => {
  it.each([0, 3, 5, 8, 11])('leads to the next good one (byte %i)', (at) => {
    expect(shape(frames(healthy, damaged(healthy, at), healthy, healthy))).toEqual([
      `message/chunk ${size}`,
      `invalid ${size} !aws/bad-prelude-crc`,
      `message/chunk ${size}`,
      `message/chunk ${size}`,
    ]);
  });

  it('is one frame with all that was passed over, through to the end where no good one follows', () => {
    const collected = frames(healthy, Buffer.from('HTTP/1.1 502 Bad Gateway\r\n\r\n'));
    expect(shape(collected)).toEqual([`message/chunk ${size}`, 'invalid 28 !aws/bad-prelude-crc']);
    expect(firstMessage(collected)).toMatch(
      /^No message begins at byte \d+: the checksum there is 20353032, .*\. Passed over: 28 bytes\.$/,
    );
  });

  it('is a length that cannot be, whatever its checksum', () => {
    for (const bad of [prelude(15, 0), prelude(20, 5), prelude(200_000, 131_073), prelude(0xffff_ffff, 0)]) {
      expect(shape(frames(bad, healthy))).toEqual(['invalid 12 !aws/bad-prelude-crc', `message/chunk ${size}`]);
    }
  });

  it('follows when bytes of a message were lost', () => {
    const short = Buffer.concat([healthy.subarray(0, 30), healthy.subarray(35)]);
    expect(shape(frames(short, healthy, healthy))).toEqual([
      `invalid ${size} !aws/bad-message-crc`,
      `invalid ${String(healthy.length - 5)} !aws/bad-prelude-crc`,
      `message/chunk ${size}`,
    ]);
  });

  it('is looked for through two million bytes each of which may begin one', () => {
    const zeros = Buffer.alloc(2_000_000);
    const collected = frames(zeros, healthy);
    expect(shape(collected)).toEqual(['invalid 2000000 !aws/bad-prelude-crc', `message/chunk ${size}`]);
  });
});

describe('headers that cannot be read', () => {
  it.each([
    ['a name goes on', Buffer.of(9, 0x61)],
    ['there is no type 10', Buffer.of(1, 0x61, 10)],
    ['a value goes on', Buffer.of(1, 0x61, 8, 0, 0)],
    ['a value goes on', Buffer.of(1, 0x61, 7, 0)],
    ['a value goes on', Buffer.of(1, 0x61, 7, 0, 9, 0x62)],
  ])('%s', (said, headers) => {
    const good = stringHeaders({ ':event-type': 'x' });
    const collected = frames(awsMessage(Buffer.concat([good, headers]), 'p'), healthy);
    expect(collected.frames.map(({ kind, type }) => [kind, type])).toEqual([
      ['invalid', ''],
      ['message', 'chunk'],
    ]);
    expect(codes(collected)).toEqual(['aws/invalid-headers']);
    expect(firstMessage(collected)).toContain(said);
    expect(collected.frames[0]!.diagnostics[0]!.place.offset).toBeGreaterThanOrEqual(12 + good.length);
  });
});

describe('a body that ends inside a message', () => {
  it.each([1, 11, 12, 13, 40, healthy.length - 1])('is incomplete after %i bytes', (length) => {
    const collected = frames(healthy, healthy.subarray(0, length));
    expect(shape(collected)).toEqual([`message/chunk ${size}`, `incomplete ${String(length)} !aws/truncated-message`]);
    expect(firstMessage(collected)).toContain(`ended ${length === 1 ? '1 byte' : `${String(length)} bytes`} into`);
  });

  it('is not, where what is left can be no message', () => {
    expect(shape(frames(healthy, Buffer.from('\r\n')))).toEqual([
      `message/chunk ${size}`,
      'invalid 2 !aws/bad-prelude-crc',
    ]);
  });
});

describe('described', () => {
  const int64 = Buffer.alloc(8);
  int64.writeBigInt64BE(-9_007_199_254_740_993n);

  it('has its headers as text and its payload as JSON', () => {
    const described = describeFrame('aws-eventstream', 'message', healthy);
    expect(described).toMatchObject({ text: '{"a":1}', json: 'valid', jsonNote: null, textTruncated: false });
    expect(described.fields.headers).toEqual([
      { name: ':event-type', type: 'string', value: 'chunk' },
      { name: ':content-type', type: 'string', value: 'application/json' },
      { name: ':message-type', type: 'string', value: 'event' },
    ]);
    expect(previewFrame('aws-eventstream', 'message', healthy, 80)).toBe('{"a":1}');
  });

  it('writes every type of value for a person', () => {
    const uuid = Buffer.from('000102030405060708090a0b0c0d0e0f', 'hex');
    const headers = [
      header('t', 0),
      header('f', 1),
      header('byte', 2, Buffer.of(0x80)),
      header('short', 3, Buffer.of(0xff, 0xfe)),
      header('integer', 4, Buffer.of(0x80, 0, 0, 0)),
      header('long', 5, int64),
      header('bytes', 6, Buffer.of(1, 2, 0xff)),
      header('string', 7, Buffer.from('é')),
      header('timestamp', 8, Buffer.of(0, 0, 0, 0, 0, 0, 0, 1)),
      header('far', 8, Buffer.alloc(8, 0x7f)),
      header('uuid', 9, uuid),
      header('', 7, Buffer.of()),
    ];
    const described = describeFrame('aws-eventstream', 'message', awsMessage(Buffer.concat(headers), 'x'));
    expect(described.fields.headers?.map(({ name, value }) => `${name}=${value}`)).toEqual([
      't=true',
      'f=false',
      'byte=-128',
      'short=-2',
      'integer=-2147483648',
      'long=-9007199254740993',
      'bytes=AQL/',
      'string=é',
      'timestamp=1970-01-01T00:00:00.001Z',
      'far=9187201950435737471 ms',
      'uuid=00010203-0405-0607-0809-0a0b0c0d0e0f',
      '=',
    ]);
  });

  it('says what its headers say where it has no payload', () => {
    const error = awsMessage(stringHeaders({ ':error-code': 'Busy', ':error-message': 'Try later' }), '');
    expect(describeFrame('aws-eventstream', 'message', error)).toMatchObject({
      text: ':error-code: Busy\n:error-message: Try later',
      json: 'none',
    });
    expect(previewFrame('aws-eventstream', 'message', error, 80)).toBe(':error-code: Busy↵:error-message: Try later');
  });

  it('is read as far as it goes when it is damaged or cut off', () => {
    const broken = describeFrame('aws-eventstream', 'invalid', damaged(healthy, healthy.length - 1));
    expect(broken).toMatchObject({ text: '{"a":1}', json: 'valid' });
    const cutOff = describeFrame('aws-eventstream', 'incomplete', healthy.subarray(0, healthy.length - 7));
    expect(cutOff).toMatchObject({ text: '{"a"', json: 'invalid' });
    expect(cutOff.fields.headers).toHaveLength(3);
    expect(describeFrame('aws-eventstream', 'invalid', Buffer.from('<html>\n'))).toMatchObject({
      text: '<html>\n',
      fields: {},
    });
  });
});
