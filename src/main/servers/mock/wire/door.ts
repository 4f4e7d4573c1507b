import type { Socket } from 'node:net';
import { TLSSocket, type SecureContext } from 'node:tls';
import { connectionPreface } from '../../../../engine/http2/frame.ts';
import { serveHttp1 } from '../http1/http1Connection.ts';
import { Http2Connection } from '../http2/http2Connection.ts';
import type { Serve } from './answerWire.ts';
import { Line } from './line.ts';

/** The first byte of a TLS handshake record (RFC 8446 §5.1). */
const handshake = 0x16;
/** A client that connects and says nothing is let go of after this long. */
const silentMillis = 60_000;
const protocols = ['h2', 'http/1.1'];

/**
 * Takes a new connection: TLS, HTTP/2 with prior knowledge and HTTP/1.1 are told apart by their first bytes, so that
 * all of them are on one port.
 * @param onlyTls anything else is hung up on
 * @param context made when the first client speaks TLS
 */
export function openDoor(
  tcp: Socket,
  {
    serve,
    context,
    onlyTls,
  }: {
    readonly serve: Serve;
    readonly context: () => Promise<SecureContext>;
    readonly onlyTls: boolean;
  },
): void {
  tcp.setNoDelay(true);
  tcp.setTimeout(silentMillis, () => tcp.destroy());
  tcp.on('error', () => undefined);
  let first: Buffer = Buffer.alloc(0);

  const onReadable = (): void => {
    for (let bytes = tcp.read() as Buffer | null; bytes !== null; bytes = tcp.read() as Buffer | null) {
      first = first.length === 0 ? bytes : Buffer.concat([first, bytes]);
    }
    const spoken = protocolOf(first);
    if (spoken === null) return;
    tcp.removeListener('readable', onReadable);
    tcp.setTimeout(0);
    tcp.removeAllListeners('timeout');
    if (onlyTls && spoken !== 'tls') {
      tcp.destroy();
      return;
    }
    tcp.unshift(first);
    if (spoken === 'tls') openSecure(tcp, serve, context);
    else begin(new Line(tcp, tcp), spoken, serve);
  };
  tcp.on('readable', onReadable);
}

function openSecure(tcp: Socket, serve: Serve, context: () => Promise<SecureContext>): void {
  context().then(
    (secureContext) => {
      if (tcp.destroyed) return;
      const socket = new TLSSocket(tcp, { isServer: true, secureContext, ALPNProtocols: protocols });
      socket.on('error', () => tcp.destroy());
      const timer = setTimeout(() => tcp.destroy(), silentMillis);
      tcp.once('close', () => clearTimeout(timer));
      socket.once('secure', () => {
        clearTimeout(timer);
        begin(new Line(socket, tcp), socket.alpnProtocol === 'h2' ? 'h2' : 'http/1.1', serve);
      });
    },
    (error: unknown) => {
      process.emitWarning(error instanceof Error ? error : String(error));
      tcp.destroy();
    },
  );
}

function begin(line: Line, protocol: 'h2' | 'http/1.1', serve: Serve): void {
  if (protocol === 'h2') new Http2Connection(line, serve);
  else serveHttp1(line, serve);
}

/** Null: it takes more bytes to tell. */
function protocolOf(first: Buffer): 'tls' | 'h2' | 'http/1.1' | null {
  if (first.length === 0) return null;
  if (first[0] === handshake) return 'tls';
  const length = Math.min(first.length, connectionPreface.length);
  if (!first.subarray(0, length).equals(connectionPreface.subarray(0, length))) return 'http/1.1';
  return length === connectionPreface.length ? 'h2' : null;
}
