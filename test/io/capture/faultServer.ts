import { startRawServer, type RawPeer, type RawServerOptions } from './rawServer.ts';

export interface Peer extends RawPeer {
  /** The request as far as it was read. */
  readonly request: string;
}

export type Performance = (peer: Peer) => Promise<void> | void;

export interface FaultServer {
  readonly url: string;
  /** Requests as they were received, oldest first. */
  readonly requests: readonly string[];
  /** Connections that are open now. */
  readonly openConnections: number;
  close(): Promise<void>;
}

export type FaultServerOptions = RawServerOptions;

/** Answers each HTTP/1.1 request (whose body, if any, has a Content-Length) with `perform`. */
export async function startFaultServer(
  scheme: 'http' | 'https',
  perform: Performance,
  options: FaultServerOptions = {},
): Promise<FaultServer> {
  const requests: string[] = [];
  const server = await startRawServer(
    scheme,
    'http/1.1',
    (socket, peer) => {
      let request = Buffer.alloc(0);
      const onData = (bytes: Buffer): void => {
        request = Buffer.concat([request, bytes]);
        const text = request.toString('latin1');
        const headEnd = text.indexOf('\r\n\r\n');
        if (headEnd < 0) return;
        const length = Number(/^content-length: *(\d+)/im.exec(text)?.[1] ?? 0);
        if (request.byteLength < headEnd + 4 + length) return;
        socket.off('data', onData);
        socket.resume();
        requests.push(text);
        void perform({ ...peer, request: text });
      };
      socket.on('data', onData);
    },
    options,
  );
  return {
    url: `${server.origin}/stream`,
    requests,
    get openConnections() {
      return server.openConnections;
    },
    close: () => server.close(),
  };
}
