import { setImmediate as nextTurn } from 'node:timers/promises';
import zlib from 'node:zlib';
import { decodableCodings } from '../../../src/main/capture/coding.ts';
import type { RequestOptions } from '../../../src/shared/request.ts';
import type { EndingKind } from '../../../src/shared/words.ts';
import {
  elsewhereCertificate,
  expiredCertificate,
  trustedCertificate,
  type TestCertificate,
} from './testCertificates.ts';

/** Writes an answer in the words of whatever protocol is spoken. */
export interface AnswerWriter {
  head(status: number, fields?: readonly (readonly [name: string, value: string])[]): Promise<void>;
  /** One HTTP chunk or DATA frame. */
  piece(bytes: string | Uint8Array): Promise<void>;
  /** The protocol's own end of the answer. */
  end(): Promise<void>;
  writeBelow(bytes: string | Uint8Array): Promise<void>;
  cut(): void;
  reset(): void;
}

/** A fault that has nothing to do with how HTTP puts its messages on the wire, and so concerns every transport. */
export interface CommonFault {
  readonly name: string;
  readonly answer: (to: AnswerWriter) => Promise<void>;
  readonly kind: EndingKind;
  readonly code: string;
  readonly wire: string | null;
  readonly message?: RegExp;
  readonly diagnostic?: string;
  readonly options?: Partial<RequestOptions>;
  readonly tlsOnly?: true;
  /** What is wrong with the server before it says anything: it has gone, or it never shakes hands. */
  readonly server?: 'gone' | 'silent';
  readonly certificate?: TestCertificate;
}

const text = Buffer.from(Array.from({ length: 4_000 }, (_, n) => `line ${String(n * 7919)}\n`).join(''));
const encoders = {
  gzip: (bytes: Buffer) => zlib.gzipSync(bytes),
  deflate: (bytes: Buffer) => zlib.deflateSync(bytes),
  br: (bytes: Buffer) => zlib.brotliCompressSync(bytes),
  zstd: (bytes: Buffer) => zlib.zstdCompressSync(bytes),
} as const;
const codings = (['gzip', 'deflate', 'br', 'zstd'] as const).filter((coding) => decodableCodings().includes(coding));

/** An answer in pieces of 1,000 bytes that ends as it should. */
const whole =
  (status: number, fields: readonly (readonly [string, string])[], body: Buffer) =>
  async (to: AnswerWriter): Promise<void> => {
    await to.head(status, fields);
    for (let at = 0; at < body.byteLength; at += 1_000) await to.piece(body.subarray(at, at + 1_000));
    await to.end();
  };

const coded = (coding: string, body: Buffer): CommonFault['answer'] => whole(200, [['content-encoding', coding]], body);

/** The head and one piece, read; then what else happens. */
const begun =
  (then: (to: AnswerWriter) => Promise<void> | void) =>
  async (to: AnswerWriter): Promise<void> => {
    await to.head(200);
    await to.piece('hello');
    for (let turn = 0; turn < 10; turn += 1) await nextTurn();
    await then(to);
  };

function spoiled(bytes: Buffer, at: number): Buffer {
  const copy = Buffer.from(bytes);
  for (let n = 0; n < 64; n += 1) copy[at + n] = 0xff;
  return copy;
}

export const commonFaults: readonly CommonFault[] = [
  // Time
  {
    name: 'no answer in time',
    answer: async () => {},
    kind: 'timeout',
    code: 'end/headers-timeout',
    wire: '',
    options: { headersTimeoutMillis: 40 },
  },
  {
    name: 'an answer without end, and a limit of time',
    answer: begun(() => {}),
    kind: 'timeout',
    code: 'end/max-time',
    wire: 'hello',
    options: { maxTimeMillis: 1_000 },
  },

  // No connection
  {
    name: 'nobody listens',
    answer: async () => {},
    kind: 'refused',
    code: 'end/connect-refused',
    wire: '',
    server: 'gone',
  },
  {
    name: 'a handshake that never comes',
    answer: async () => {},
    kind: 'timeout',
    code: 'end/connect-timeout',
    wire: '',
    options: { connectTimeoutMillis: 40 },
    server: 'silent',
    tlsOnly: true,
  },

  // Limits
  {
    name: 'more than may come',
    answer: begun((to) => to.piece('world')),
    kind: 'stopped',
    code: 'end/byte-limit',
    wire: 'hellowor',
    options: { maxBytes: 8 },
  },
  {
    name: 'redirects in a circle',
    answer: whole(302, [['location', '/stream']], Buffer.alloc(0)),
    kind: 'stopped',
    code: 'end/redirect-limit',
    wire: '',
    message: /10 redirects/,
  },
  {
    name: 'six content codings',
    answer: coded('gzip, gzip, gzip, gzip, gzip, gzip', Buffer.from('abc')),
    kind: 'stopped',
    code: 'end/coding-limit',
    wire: null,
  },
  {
    name: 'a compression bomb',
    answer: coded('br', zlib.brotliCompressSync(Buffer.alloc(32 * 1024 * 1024))),
    kind: 'complete',
    code: 'end/complete',
    wire: null,
    diagnostic: 'end/decoding-limit',
  },

  // Compressed data
  ...codings.flatMap((coding): readonly CommonFault[] => {
    const bytes = encoders[coding](text);
    return [
      {
        name: `${coding} truncated`,
        answer: coded(coding, bytes.subarray(0, -200)),
        kind: 'cut',
        code: 'end/coding-truncated',
        wire: bytes.subarray(0, -200).toString('latin1'),
        message: new RegExp(`${coding} data in it ended early`),
      },
      {
        name: `${coding} that is plain`,
        answer: coded(coding, Buffer.from('plain text, and no more')),
        kind: 'invalid',
        code: 'end/coding-mismatch',
        wire: 'plain text, and no more',
      },
    ];
  }),
  {
    name: 'gzip corrupt',
    answer: coded('gzip', spoiled(zlib.gzipSync(text), 9_000)),
    kind: 'invalid',
    code: 'end/coding-corrupt',
    wire: spoiled(zlib.gzipSync(text), 9_000).toString('latin1'),
  },
  {
    name: 'zlib data corrupt',
    answer: coded('deflate', spoiled(zlib.deflateSync(text), 9_000)),
    kind: 'invalid',
    code: 'end/coding-corrupt',
    wire: spoiled(zlib.deflateSync(text), 9_000).toString('latin1'),
  },
  {
    name: 'gzip in gzip truncated',
    answer: coded('gzip, gzip', zlib.gzipSync(zlib.gzipSync(text).subarray(0, -500))),
    kind: 'cut',
    code: 'end/coding-truncated',
    wire: null,
  },
  {
    name: 'gzip with something behind it',
    answer: coded('gzip', Buffer.concat([zlib.gzipSync(text), Buffer.from('behind it')])),
    kind: 'complete',
    code: 'end/complete',
    wire: null,
    diagnostic: 'end/coding-trailing',
  },
  {
    name: 'unknown encoding',
    answer: coded('shrink', Buffer.from('abc')),
    kind: 'complete',
    code: 'end/complete',
    wire: 'abc',
    diagnostic: 'head/unknown-coding',
  },

  // Healthy
  {
    name: '404 with a body',
    answer: whole(404, [], Buffer.from('nope')),
    kind: 'complete',
    code: 'end/complete',
    wire: 'nope',
  },
  {
    name: 'no bytes at all',
    answer: whole(200, [], Buffer.alloc(0)),
    kind: 'complete',
    code: 'end/complete',
    wire: '',
  },

  // TLS
  {
    name: 'no TLS records mid-body',
    answer: begun((to) => to.writeBelow('this is not TLS')),
    kind: 'invalid',
    code: 'end/tls-broken',
    wire: 'hello',
    tlsOnly: true,
  },
  {
    name: 'a self-signed certificate',
    answer: begun((to) => to.end()),
    kind: 'refused',
    code: 'end/tls-certificate',
    wire: '',
    message: /self-signed/,
    options: { caPem: elsewhereCertificate.cert },
    tlsOnly: true,
  },
  {
    name: 'an expired certificate',
    answer: begun((to) => to.end()),
    kind: 'refused',
    code: 'end/tls-certificate',
    wire: '',
    message: /expired on/,
    options: { caPem: expiredCertificate.cert },
    certificate: expiredCertificate,
    tlsOnly: true,
  },
  {
    name: 'a certificate for another name',
    answer: begun((to) => to.end()),
    kind: 'refused',
    code: 'end/tls-certificate',
    wire: '',
    message: /not for/,
    options: { caPem: elsewhereCertificate.cert },
    certificate: elsewhereCertificate,
    tlsOnly: true,
  },
  {
    name: 'a certificate that was trusted',
    answer: begun((to) => to.end()),
    kind: 'complete',
    code: 'end/complete',
    wire: 'hello',
    options: { caPem: trustedCertificate.cert },
    tlsOnly: true,
  },
];
