import type { RequestOptions } from '../../../src/shared/request.ts';
import type { EndingKind } from '../../../src/shared/words.ts';
import { capture } from './capturing.ts';
import { commonFaults, type AnswerWriter, type CommonFault } from './commonFaults.ts';
import { startFaultServer, type Peer } from './faultServer.ts';
import { faults } from './faults.ts';
import { http2Faults } from './http2Faults.ts';
import { playFault, startHttp2FaultServer } from './http2FaultServer.ts';
import { data, endHeaders, endStream, headers, settings } from './http2Frames.ts';
import { startRawServer, type RawPeer, type RawServerOptions } from './rawServer.ts';
import { requestFor, type RecordingSink } from './recordingSink.ts';
import { inPieces, type Splitting } from './splitting.ts';
import { trustedCertificate } from './testCertificates.ts';

export const transports = ['HTTP/1.1', 'HTTP/1.1 over TLS', 'HTTP/2', 'HTTP/2 over TLS'] as const;
export type Transport = (typeof transports)[number];

/** One fault over one transport, and what must be said about it. */
export interface EndingCase {
  readonly transport: Transport;
  readonly name: string;
  readonly kind: EndingKind;
  readonly code: string;
  readonly wire: string | null;
  readonly message: RegExp | null;
  readonly diagnostic: string | null;
  /** How much the server writes, where that is known: what is written in pieces must be little. */
  readonly bytes: number | null;
  /** Starts a server that plays it, for the time of `use`. */
  serve<T>(use: (url: string) => Promise<T>, splitting?: Splitting): Promise<T>;
  readonly method: string;
  readonly options: Partial<RequestOptions>;
}

/** Captures a case to its end. */
export function captureCase(row: EndingCase, splitting: Splitting = 'whole'): Promise<RecordingSink> {
  return row.serve((url) => capture(requestFor(url, { method: row.method, options: row.options })), splitting);
}

const schemeOf = (transport: Transport): 'http' | 'https' => (transport.endsWith('TLS') ? 'https' : 'http');
const isHttp2 = (transport: Transport): boolean => transport.startsWith('HTTP/2');

async function serving<T>(
  transport: Transport,
  perform: (peer: RawPeer) => Promise<void> | void,
  options: RawServerOptions,
  use: (url: string) => Promise<T>,
): Promise<T> {
  const scheme = schemeOf(transport);
  const server = isHttp2(transport)
    ? await startHttp2FaultServer(scheme, perform, options)
    : await startFaultServer(scheme, perform, options);
  try {
    return await use('url' in server ? server.url : `${server.origin}/stream`);
  } finally {
    await server.close();
  }
}

/** An address where a connection is refused, or accepted without a word. */
async function withoutServer<T>(
  transport: Transport,
  kind: 'gone' | 'silent',
  use: (url: string) => Promise<T>,
): Promise<T> {
  const server = await startRawServer('http', 'http/1.1', () => {});
  const url = `${server.origin.replace('http:', `${schemeOf(transport)}:`)}/stream`;
  if (kind === 'gone') await server.close();
  try {
    return await use(url);
  } finally {
    if (kind === 'silent') await server.close();
  }
}

function optionsOver(transport: Transport, own: Partial<RequestOptions> = {}): Partial<RequestOptions> {
  return { caPem: trustedCertificate.cert, httpVersion: isHttp2(transport) ? '2' : '1.1', ...own };
}

function http1Answer(peer: RawPeer): AnswerWriter {
  return {
    ...peer,
    head: (status, fields = []) => {
      const lines = [...fields, ['transfer-encoding', 'chunked'] as const].map(
        ([name, value]) => `${name}: ${value}\r\n`,
      );
      return peer.write(`HTTP/1.1 ${String(status)} Status\r\n${lines.join('')}\r\n`);
    },
    piece: (bytes) => {
      const body = Buffer.from(bytes);
      const size = Buffer.from(`${body.byteLength.toString(16)}\r\n`);
      return peer.write(Buffer.concat([size, body, Buffer.from('\r\n')]));
    },
    end: () => peer.write('0\r\n\r\n'),
  };
}

function http2Answer(peer: RawPeer): AnswerWriter {
  return {
    ...peer,
    head: (status, fields = []) =>
      peer.write(Buffer.concat([settings(), headers([[':status', String(status)], ...fields], endHeaders)])),
    piece: (bytes) => peer.write(data(bytes)),
    end: () => peer.write(data('', endStream)),
  };
}

function commonCase(fault: CommonFault, transport: Transport): EndingCase {
  const { certificate, options, message, diagnostic } = fault;
  const answer = isHttp2(transport) ? http2Answer : http1Answer;
  return {
    ...fault,
    transport,
    message: message ?? null,
    diagnostic: diagnostic ?? null,
    bytes: null,
    method: 'GET',
    options: optionsOver(transport, options),
    serve: (use, splitting = 'whole') => {
      if (fault.server !== undefined) return withoutServer(transport, fault.server, use);
      return serving(
        transport,
        (peer) => fault.answer(answer(inPieces(peer, splitting))),
        certificate === undefined ? {} : { certificate },
        use,
      );
    },
  };
}

function casesOver(transport: Transport): readonly EndingCase[] {
  const scheme = schemeOf(transport);
  const common = commonFaults
    .filter(({ tlsOnly }) => tlsOnly !== true || scheme === 'https')
    .map((fault) => commonCase(fault, transport));
  if (isHttp2(transport)) {
    const own = http2Faults.map((fault): EndingCase => ({
      ...fault,
      transport,
      message: fault.message ?? null,
      diagnostic: fault.diagnostic ?? null,
      bytes: fault.bytes.byteLength,
      method: fault.method ?? 'GET',
      options: optionsOver(transport),
      serve: (use, splitting) => serving(transport, (peer) => playFault(fault, peer, splitting), {}, use),
    }));
    return [...own, ...common];
  }
  const own = faults
    .filter(({ plainOnly }) => plainOnly !== true || scheme === 'http')
    .map((fault): EndingCase => {
      const { kind, code } = (scheme === 'https' ? fault.overTls : undefined) ?? fault;
      return {
        transport,
        name: fault.name,
        kind,
        code,
        wire: fault.wire,
        message: fault.message ?? null,
        diagnostic: fault.diagnostic ?? null,
        bytes: null,
        method: 'GET',
        options: optionsOver(transport),
        serve: (use, splitting = 'whole') =>
          // An HTTP/1.1 fault server hands over a peer with the request; faults are written against that.
          serving(transport, (peer) => fault.perform(inPieces(peer as Peer, splitting)), {}, use),
      };
    });
  return [...own, ...common];
}

export const endingCases: readonly EndingCase[] = transports.flatMap(casesOver);
