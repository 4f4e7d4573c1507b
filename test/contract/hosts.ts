import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { MessageChannel, type MessagePort as NodePort } from 'node:worker_threads';
import { createClient } from '../../src/shared/client.ts';
import type { EngineClient } from '../../src/shared/calls.ts';
import type { EnginePort } from '../../src/shared/enginePort.ts';
import type { EngineService } from '../../src/main/rpc/handlers.ts';
import { startWebHost } from '../../src/main/hosts/web/startWebHost.ts';
import { inMemoryPort } from '../../src/main/rpc/inMemoryPort.ts';
import { servePort, type EnginePortEnd } from '../../src/main/rpc/servePort.ts';
import { webPort } from '../../src/renderer/host/webPort.ts';
import { messagePort } from '../../src/renderer/host/messagePort.ts';

export interface ContractConnection {
  readonly client: EngineClient;
  /** What the engine wrote to its log. */
  readonly log: readonly string[];
  /** A client of ours is too well-behaved for some cases: this is the port under it, before anyone listens. */
  rawPort(): EnginePort | Promise<EnginePort>;
  /** The engine's side goes away while the window stays. */
  endEngine(): void | Promise<void>;
  dispose(): Promise<void>;
}

export interface ContractHost {
  readonly name: string;
  connect(service: EngineService): Promise<ContractConnection>;
}

/** Electron's ports hand over an event with `data`; Node's hand over the value. */
function likeElectron(port: NodePort): EnginePortEnd {
  return {
    postMessage: (message) => {
      port.postMessage(message);
    },
    on(event: 'message' | 'close', listener: ((event: { readonly data: unknown }) => void) | (() => void)) {
      if (event === 'close') return port.on('close', listener as () => void);
      return port.on('message', (data: unknown) => {
        listener({ data });
      });
    },
    start: () => {
      port.start();
    },
    close: () => {
      port.close();
    },
  };
}

const inMemory: ContractHost = {
  name: 'in memory',
  async connect(service) {
    const log: string[] = [];
    const options = { report: (problem: string) => log.push(problem) };
    const ports: EnginePort[] = [];
    const open = () => {
      const port = inMemoryPort(service, options);
      ports.push(port);
      return port;
    };
    const close = () => {
      for (const port of ports) port.close();
    };
    return { client: createClient(open()), log, rawPort: open, endEngine: close, dispose: async () => close() };
  },
};

const overMessagePort: ContractHost = {
  name: 'MessagePort',
  async connect(service) {
    const log: string[] = [];
    const ends: NodePort[] = [];
    const open = () => {
      const { port1, port2 } = new MessageChannel();
      servePort(service, likeElectron(port1), { report: (problem) => log.push(problem) });
      ends.push(port1, port2);
      const port = messagePort();
      port.replace(port2 as unknown as MessagePort);
      return port;
    };
    const own = open();
    return {
      client: createClient(own),
      log,
      rawPort: open,
      endEngine: () => {
        // What the desktop host tells the window when the engine process exits.
        own.lose({ code: 'engine/gone', message: 'The engine stopped.', retry: true });
      },
      dispose: async () => {
        for (const end of ends) end.close();
      },
    };
  },
};

/** A browser names the origin of each request by itself. */
export function browserFetch(authority: string): typeof fetch {
  return (input, init = {}) => {
    const headers = new Headers(init.headers);
    headers.set('origin', `http://${authority}`);
    headers.set('sec-fetch-site', 'same-origin');
    return fetch(input, { ...init, headers });
  };
}

const overHttp: ContractHost = {
  name: 'HTTP',
  async connect(service) {
    const log: string[] = [];
    const rendererFolder = await mkdtemp(join(tmpdir(), 'streamscope-window-'));
    await writeFile(join(rendererFolder, 'index.html'), '<!doctype html><title>window</title>');
    const host = await startWebHost({ service, rendererFolder, report: (problem) => log.push(problem) });
    const open = () =>
      webPort({ token: host.token, base: `http://${host.authority}`, fetch: browserFetch(host.authority) });
    return {
      client: createClient(open()),
      log,
      rawPort: open,
      endEngine: () => host.close(),
      async dispose() {
        await host.close();
        await rm(rendererFolder, { recursive: true });
      },
    };
  },
};

export const hosts: readonly ContractHost[] = [inMemory, overMessagePort, overHttp];
