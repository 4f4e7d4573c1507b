import { once } from 'node:events';
import { connect, createServer, type Server, type Socket } from 'node:net';
import { createServer as createTlsServer } from 'node:tls';
import type { TestCertificate } from './testCertificates.ts';

/** What a proxy does with a request for a tunnel. */
export type TunnelAnswer =
  | { readonly kind: 'connect' }
  /** These bytes in place of an answer; then the connection is closed unless `stays`. */
  | { readonly kind: 'say'; readonly bytes: string; readonly stays?: boolean }
  | { readonly kind: 'reset' };

export interface ForwardProxyOptions {
  /** With TLS between client and proxy. */
  readonly certificate?: TestCertificate;
  /** `user:password` that every request has to bring. */
  readonly credentials?: string;
  readonly tunnel?: TunnelAnswer;
  /** Sent in one piece with the answer 200. */
  readonly bytesAfterAnswer?: string;
}

export interface ForwardProxy {
  readonly url: string;
  readonly address: string;
  /** Heads of the requests that were received, oldest first. */
  readonly requests: readonly string[];
  readonly openConnections: number;
  close(): Promise<void>;
}

/** An HTTP proxy that forwards requests in absolute form and opens tunnels, byte for byte, or fails as it is told. */
export async function startForwardProxy(options: ForwardProxyOptions = {}): Promise<ForwardProxy> {
  const requests: string[] = [];
  const connections = new Set<Socket>();
  const server: Server =
    options.certificate === undefined
      ? createServer(accept)
      : createTlsServer({ key: options.certificate.key, cert: options.certificate.cert }, accept);
  server.on('connection', keep);
  server.on('tlsClientError', () => {});
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('no port');
  const scheme = options.certificate === undefined ? 'http' : 'https';
  return {
    url: `${scheme}://127.0.0.1:${String(address.port)}`,
    address: `127.0.0.1:${String(address.port)}`,
    requests,
    get openConnections() {
      return connections.size;
    },
    close: async () => {
      for (const socket of connections) socket.destroy();
      server.close();
      await once(server, 'close');
    },
  };

  function keep(socket: Socket): void {
    connections.add(socket);
    socket.on('error', () => {});
    socket.once('close', () => connections.delete(socket));
  }

  function accept(client: Socket): void {
    client.on('error', () => {});
    let received = Buffer.alloc(0);
    const onData = (bytes: Buffer): void => {
      received = Buffer.concat([received, bytes]);
      const end = received.indexOf('\r\n\r\n');
      if (end < 0) return;
      client.off('data', onData);
      client.pause();
      const head = received.subarray(0, end).toString('latin1');
      requests.push(head);
      handle(client, head, received.subarray(end + 4));
    };
    client.on('data', onData);
  }

  function handle(client: Socket, head: string, rest: Buffer): void {
    const [method = '', target = ''] = head.split(' ');
    const given = /^proxy-authorization: *Basic +(\S+)/im.exec(head)?.[1];
    const wanted = options.credentials;
    if (wanted !== undefined && given !== Buffer.from(wanted).toString('base64')) {
      client.end(
        'HTTP/1.1 407 Proxy Authentication Required\r\nProxy-Authenticate: Basic realm="p"\r\nContent-Length: 0\r\n\r\n',
      );
      return;
    }
    if (method === 'CONNECT') {
      tunnel(client, target);
      return;
    }
    const url = new URL(target);
    const server_ = upstream(client, url.hostname, Number(url.port || 80));
    const forwarded = head
      .replace(target, `${url.pathname}${url.search}`)
      .split('\r\n')
      .filter((line) => !/^proxy-authorization:/i.test(line))
      .join('\r\n');
    server_.write(`${forwarded}\r\n\r\n`);
    server_.write(rest);
    join(client, server_);
  }

  function tunnel(client: Socket, authority: string): void {
    const answer = options.tunnel ?? { kind: 'connect' };
    if (answer.kind === 'reset') {
      client.resetAndDestroy();
      return;
    }
    if (answer.kind === 'say') {
      client.write(answer.bytes);
      if (answer.stays !== true) client.end();
      return;
    }
    const colon = authority.lastIndexOf(':');
    const host = authority.slice(0, colon).replace(/^\[|\]$/g, '');
    const server_ = upstream(client, host, Number(authority.slice(colon + 1)));
    server_.once('connect', () => {
      client.write(`HTTP/1.1 200 Connection established\r\n\r\n${options.bytesAfterAnswer ?? ''}`);
      join(client, server_);
    });
  }

  function upstream(client: Socket, host: string, port: number): Socket {
    const socket = connect(port, host);
    keep(socket);
    socket.once('error', () => client.destroy());
    return socket;
  }

  function join(client: Socket, server_: Socket): void {
    client.pipe(server_);
    server_.pipe(client);
    client.once('close', () => server_.destroy());
    server_.once('close', () => client.destroy());
  }
}
