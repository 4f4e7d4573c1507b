import { describe, expect, it } from 'vitest';
import { controlEngine, type ControlledEngine } from '../../../../../src/main/hosts/desktop/controlEngine.ts';
import type { FromEngineProcess, ToEngineProcess } from '../../../../../src/main/hosts/desktop/controlMessages.ts';
import type { EnginePortEnd } from '../../../../../src/main/rpc/servePort.ts';
import type { FromEngine } from '../../../../../src/shared/envelope.ts';
import { FailureError } from '../../../../../src/shared/failure.ts';
import { defaultSettings } from '../../../../../src/shared/settings.ts';
import { createContractService } from '../../../../contract/contractService.ts';

function controlled(change: Partial<ControlledEngine> = {}) {
  const service = createContractService();
  const told: FromEngineProcess[] = [];
  const log: string[] = [];
  let receive: ((event: { data: unknown; ports: readonly EnginePortEnd[] }) => void) | undefined;
  let exits = 0;
  const engine: ControlledEngine = {
    handlers: {
      ...service.handlers,
      'settings.read': () => ({ ...defaultSettings, theme: 'dark' }),
      'settings.write': ({ patch }) => ({ ...defaultSettings, theme: patch.theme ?? 'system' }),
    },
    subscribe: (event, listener) => service.subscribe(event, listener),
    sessionEnded: (session) => {
      service.sessionEnded(session);
    },
    importPath: async (file) => `id of ${file}`,
    liveCount: 3,
    close: async () => {},
    ...change,
  };
  const exited = new Promise<void>((resolve) => {
    controlEngine(
      engine,
      {
        postMessage: (message) => told.push(message as FromEngineProcess),
        on(_, listener) {
          receive = listener;
        },
      },
      (problem) => log.push(problem),
      () => {
        exits++;
        resolve();
      },
    );
  });
  const ask = (message: ToEngineProcess, ports: readonly EnginePortEnd[] = []) => receive?.({ data: message, ports });
  return { service, told, log, ask, exited, exits: () => exits };
}

function fakePort() {
  const sent: FromEngine[] = [];
  const listeners: Record<string, ((event: { data: unknown }) => void)[]> = { message: [], close: [] };
  let isClosed = false;
  const port: EnginePortEnd = {
    postMessage: (message) => sent.push(message as FromEngine),
    on: (event: string, listener: (event: { data: unknown }) => void) => listeners[event]?.push(listener),
    start() {},
    close() {
      isClosed = true;
    },
  };
  const emit = (event: 'message' | 'close', data?: unknown) => {
    for (const listener of listeners[event] ?? []) listener({ data });
  };
  return { port, sent, emit, isClosed: () => isClosed };
}

const turn = () => new Promise((resolve) => setImmediate(resolve));

describe('the engine process', () => {
  it('says its theme and then that it is ready', async () => {
    const { told } = controlled();
    await turn();
    expect(told).toEqual([{ type: 'theme', theme: 'dark' }, { type: 'ready' }]);
  });

  it('is ready also where its settings cannot be read, and says so in its log', async () => {
    const { service } = controlled();
    const handlers = {
      ...service.handlers,
      'settings.read': () => {
        throw new Error('unreadable');
      },
    };
    const { told, log } = controlled({ handlers });
    await turn();
    expect(told).toEqual([{ type: 'ready' }]);
    expect(log.join()).toContain('unreadable');
  });

  it('serves the contract to a window it is introduced to, until that window is gone', async () => {
    const { ask, service, told } = controlled();
    const { port, sent, emit } = fakePort();
    ask({ type: 'connect' }, [port]);
    emit('message', { type: 'call', id: 1, name: 'recording.stop', input: { id: 'r' } });
    emit('message', { type: 'call', id: 2, name: 'settings.write', input: { patch: { theme: 'light' } } });
    await turn();
    expect(sent).toMatchObject([
      { type: 'result', id: 1, value: { stopped: true } },
      { type: 'result', id: 2, value: { theme: 'light' } },
    ]);
    expect(told).toContainEqual({ type: 'theme', theme: 'light' });
    emit('close');
    expect(service.endedSessions).toHaveLength(1);
  });

  it('opens files, and says what became of each', async () => {
    const failure = { code: 'import/unreadable', message: 'No.' } as const;
    const { ask, told, log } = controlled({
      importPath: async (file) => {
        if (file === '/a/bad') throw new FailureError(failure);
        if (file === '/a/bug') throw new Error('a bug');
        return 'id';
      },
    });
    for (const file of ['/a/good', '/a/bad', '/a/bug']) ask({ type: 'openFile', file });
    await turn();
    const openings = told.flatMap((message) => (message.type === 'file' ? [message.opening] : []));
    expect(openings.filter((opening) => opening.state === 'reading').map((opening) => opening.name)).toEqual([
      'good',
      'bad',
      'bug',
    ]);
    expect(openings).toContainEqual({ state: 'opened', name: 'good', id: 'id' });
    expect(openings).toContainEqual({ state: 'failed', name: 'bad', failure });
    expect(openings).toContainEqual(
      expect.objectContaining({
        state: 'failed',
        name: 'bug',
        failure: expect.objectContaining({ code: 'import/unreadable' }) as object,
      }),
    );
    expect(log.join()).toContain('a bug');
  });

  it('tells how many streams are live whenever that may have changed', () => {
    const { service, told } = controlled();
    service.emit('library.changed', { id: 'r', summary: null });
    expect(told).toContainEqual({ type: 'live', count: 3 });
  });

  it('lets go of its windows, keeps what it has and exits, also where keeping fails', async () => {
    const { ask, exited, service, log, exits } = controlled({
      close: async () => {
        throw new Error('disk full');
      },
    });
    const { port, isClosed } = fakePort();
    ask({ type: 'connect' }, [port]);
    ask({ type: 'shutDown' });
    await exited;
    expect(isClosed()).toBe(true);
    expect(service.endedSessions).toHaveLength(1);
    expect(log.join()).toContain('disk full');
    expect(exits()).toBe(1);
  });
});
