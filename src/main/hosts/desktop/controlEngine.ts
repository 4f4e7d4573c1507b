import { basename } from 'node:path';
import { assertNever } from '../../../shared/assertNever.ts';
import { FailureError, type Failure } from '../../../shared/failure.ts';
import type { RecordingId } from '../../../shared/words.ts';
import type { EngineService, Handlers } from '../../rpc/handlers.ts';
import { servePort, type EnginePortEnd } from '../../rpc/servePort.ts';
import type { Session } from '../../rpc/serveSession.ts';
import { toEngineProcessSchema, type FromEngineProcess } from './controlMessages.ts';

/** What this host needs of an engine beside the contract. */
export interface ControlledEngine extends EngineService {
  importPath(file: string): Promise<RecordingId>;
  readonly liveCount: number;
  close(): Promise<void>;
}

/** The way to main, as `process.parentPort` of a utility process is. */
export interface ParentPort {
  postMessage(message: unknown): void;
  on(
    event: 'message',
    listener: (event: { readonly data: unknown; readonly ports: readonly EnginePortEnd[] }) => void,
  ): unknown;
}

function failureOf(error: unknown, name: string): Failure {
  if (error instanceof FailureError) return error.failure;
  const reason = error instanceof Error ? error.message : String(error);
  return { code: 'import/unreadable', message: `${name} could not be opened: ${reason}.` };
}

/**
 * Serves an engine to the windows that main introduces, and carries out what main asks for.
 * @param exit called once, when the engine was shut down and everything is kept
 */
export function controlEngine(
  engine: ControlledEngine,
  parent: ParentPort,
  report: (problem: string) => void,
  exit: () => void,
): void {
  const sessions = new Set<Session>();
  const tell = (message: FromEngineProcess) => {
    parent.postMessage(message);
  };

  // The window's chrome follows the theme, which is a setting like any other and known to main only through here.
  const handlers: Handlers = {
    ...engine.handlers,
    'settings.write': async (input, context) => {
      const settings = await engine.handlers['settings.write'](input, context);
      tell({ type: 'theme', theme: settings.theme });
      return settings;
    },
  };
  const service: EngineService = {
    handlers,
    subscribe: (event, listener) => engine.subscribe(event, listener),
    sessionEnded: (session) => {
      engine.sessionEnded(session);
    },
  };

  async function openFile(file: string): Promise<void> {
    const name = basename(file);
    tell({ type: 'file', opening: { state: 'reading', name } });
    try {
      tell({ type: 'file', opening: { state: 'opened', name, id: await engine.importPath(file) } });
    } catch (error) {
      if (!(error instanceof FailureError)) report(error instanceof Error ? (error.stack ?? '') : String(error));
      tell({ type: 'file', opening: { state: 'failed', name, failure: failureOf(error, name) } });
    }
  }

  async function shutDown(): Promise<void> {
    for (const session of sessions) session.close();
    try {
      await engine.close();
    } catch (error) {
      report(`the engine did not close cleanly: ${String(error)}`);
    }
    exit();
  }

  engine.subscribe('library.changed', () => {
    tell({ type: 'live', count: engine.liveCount });
  });
  parent.on('message', ({ data, ports }) => {
    const message = toEngineProcessSchema.parse(data);
    switch (message.type) {
      case 'connect': {
        const [port] = ports;
        if (port === undefined) throw new Error('main asked to connect a window and sent no port');
        const session = servePort(service, port, { report });
        sessions.add(session);
        port.on('close', () => sessions.delete(session));
        return;
      }
      case 'openFile':
        void openFile(message.file);
        return;
      case 'shutDown':
        void shutDown();
        return;
      default:
        assertNever(message, 'message from main');
    }
  });

  async function begin(): Promise<void> {
    const settings = await engine.handlers['settings.read'](
      {},
      { signal: new AbortController().signal, session: 'desktop' },
    );
    tell({ type: 'theme', theme: settings.theme });
    tell({ type: 'ready' });
  }
  begin().catch((error: unknown) => {
    // Settings that cannot be read are the window's to tell; it can connect all the same.
    report(`settings: ${String(error)}`);
    tell({ type: 'ready' });
  });
}
