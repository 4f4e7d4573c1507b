import { randomBytes } from 'node:crypto';
import { createServer } from 'node:http';
import { isIPv6 } from 'node:net';
import type { EngineService } from '../../rpc/handlers.ts';
import { listWindowFiles } from '../windowFiles.ts';
import { windowHeaders } from '../windowHeaders.ts';
import { answer } from './routes.ts';
import { createWebSession, type WebSession, type WebTimings } from './webSession.ts';

export interface WebHostOptions {
  readonly service: EngineService;
  /** The built window, with its `index.html`. */
  readonly rendererFolder: string;
  /** 0 or absent: the system chooses a free one. */
  readonly port?: number;
  /** A loopback address; absent: `127.0.0.1`. */
  readonly host?: string;
  /** Takes what is wrong on our own side, for the log. Absent: standard error. */
  readonly report?: (problem: string) => void;
  readonly timings?: WebTimings;
}

export interface WebHost {
  /** The address to open; its fragment carries the token, which a browser never sends anywhere. */
  readonly url: string;
  readonly authority: string;
  readonly token: string;
  /** Ends all sessions and connections. */
  close(): Promise<void>;
}

const usualTimings: WebTimings = { heartbeatMillis: 15_000, sessionGraceMillis: 10_000 };

const isLoopback = (host: string) => /^127\.\d{1,3}\.\d{1,3}\.\d{1,3}$/.test(host) || host === '::1';

/**
 * Serves the window to a browser on this machine.
 * @throws Error where the folder holds no window, the address is no loopback address, or the port is taken
 */
export async function startWebHost(options: WebHostOptions): Promise<WebHost> {
  const { service, rendererFolder, port = 0, host = '127.0.0.1', timings = usualTimings } = options;
  const report = options.report ?? ((problem: string) => process.stderr.write(`${problem}\n`));
  if (!isLoopback(host)) throw new Error(`${host} is not a loopback address: the window is for this machine only`);

  const files = await listWindowFiles(rendererFolder);
  const token = randomBytes(32).toString('base64url');
  const open = new Map<string, WebSession>();
  const sessions = {
    find: (id: string | undefined) => (id === undefined ? undefined : open.get(id)),
    create() {
      const session = createWebSession(service, timings, { report }, (id) => open.delete(id));
      open.set(session.id, session);
      return session;
    },
  };

  let authority = '';
  const server = createServer((request, response) => {
    for (const [name, value] of Object.entries(windowHeaders)) response.setHeader(name, value);
    response.setHeader('cache-control', 'no-store');
    answer(request, response, { guarded: { authority, token }, files, sessions }).catch((error: unknown) => {
      // A client that goes away in the middle of its request is ordinary.
      if (request.destroyed && !request.complete) return;
      report(`web host: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`);
      response.destroy();
    });
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen({ port, host }, () => {
      server.off('error', reject);
      resolve();
    });
  });
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('the server has no address');
  authority = `${isIPv6(host) ? `[${host}]` : host}:${String(address.port)}`;

  return {
    url: `http://${authority}/#token=${token}`,
    authority,
    token,
    async close() {
      for (const session of [...open.values()]) session.close();
      const closed = new Promise<void>((resolve) => {
        server.close(() => {
          resolve();
        });
      });
      server.closeAllConnections();
      await closed;
    },
  };
}
