import { createServer, type Server, type Socket } from 'node:net';
import { badCertificates, type BadCertificate } from '../../../engine/mock/faults/effect.ts';
import { listenOnFreePort } from '../listenOnFreePort.ts';
import { createCertificates, type CertificateKind, type Certificates } from './tls/certificates.ts';
import type { Serve } from './wire/answerWire.ts';
import { openDoor } from './wire/door.ts';

export interface MockAddress {
  readonly host: string;
  readonly port: number;
  /** `http://host:port`, without a slash at the end. */
  readonly url: string;
  /** The same port over TLS. */
  readonly secureUrl: string;
  /** The port asked for; another than `port` when that one was in use. */
  readonly wantedPort: number;
}

export interface Listeners {
  readonly address: MockAddress;
  /** Ports whose certificate no client should accept; without those that could not be had. */
  readonly certificateUrls: Readonly<Partial<Record<BadCertificate, string>>>;
  /** Made when they are first asked for. */
  certificates(): Promise<Certificates>;
  /** Loses every connection; resolves when the ports are free. */
  close(): Promise<void>;
}

export interface ListenersOptions {
  readonly host: string;
  readonly port: number;
  readonly serve: Serve;
}

const fallbackHost = 'localhost';

/** Opens the server's port, and one for each bad certificate. Rejects with the system's error, or with the signal. */
export async function openListeners(options: ListenersOptions, signal: AbortSignal): Promise<Listeners> {
  const { port: wantedPort, serve } = options;
  const servers: Server[] = [];
  const connections = new Set<Socket>();
  let making: Promise<Certificates> | null = null;
  let host = options.host;

  const certificates = (): Promise<Certificates> => {
    making ??= createCertificates(host);
    return making;
  };
  const listen = async (kind: CertificateKind, port: number): Promise<string> => {
    const server = createServer((socket) => {
      connections.add(socket);
      socket.once('close', () => connections.delete(socket));
      const context = async () => (await certificates()).contextOf(kind);
      openDoor(socket, { serve, context, onlyTls: kind !== 'trusted' });
    });
    servers.push(server);
    const bound = await listenOnFreePort(server, { host, fallbackHost, port }, signal);
    host = bound.host;
    return `${host.includes(':') ? `[${host}]` : host}:${String(bound.port)}`;
  };
  const close = async (): Promise<void> => {
    for (const socket of connections) socket.destroy();
    await Promise.all(servers.map((server) => new Promise((resolve) => server.close(resolve))));
  };

  try {
    const authority = await listen('trusted', wantedPort);
    const certificateUrls: Partial<Record<BadCertificate, string>> = {};
    for (const kind of badCertificates) {
      const where = await listen(kind, 0).catch(() => null);
      if (where !== null) certificateUrls[kind] = `https://${where}`;
    }
    signal.throwIfAborted();
    const port = Number(authority.slice(authority.lastIndexOf(':') + 1));
    const address = { host, port, url: `http://${authority}`, secureUrl: `https://${authority}`, wantedPort };
    return { address, certificateUrls, certificates, close };
  } catch (error) {
    await close();
    throw error;
  }
}
