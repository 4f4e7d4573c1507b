import { utilityProcess, type MessagePortMain, type UtilityProcess } from 'electron';
import type { EngineState } from '../../../shared/desktopBridge.ts';
import type { Failure } from '../../../shared/failure.ts';
import type { EngineConfig, FromEngineProcess, ToEngineProcess } from './controlMessages.ts';
import { createLogTail } from './logTail.ts';

export interface EngineProcess {
  readonly state: EngineState;
  /** Introduces a window: the engine serves the contract over this port. Waits for an engine that is starting. */
  connect(port: MessagePortMain): void;
  openFile(file: string): void;
  /** Starts it anew where it is gone. */
  restart(): void;
  /** Lets it keep what it has and exit; ends it where that takes too long. */
  shutDown(): Promise<void>;
}

export interface EngineProcessOptions {
  /** The built entry, absolute. */
  readonly entry: string;
  readonly config: EngineConfig;
  readonly onState: (state: EngineState) => void;
  readonly onMessage: (message: Exclude<FromEngineProcess, { type: 'ready' } | { type: 'unable' }>) => void;
}

const logBytes = 64 * 1024;
const patienceMillis = 5_000;

function died(code: number): Failure {
  return {
    code: 'engine/gone',
    message: `The engine process ended unexpectedly (exit code ${String(code)}). What had arrived until then is kept. Restart the engine to go on.`,
    retry: true,
  };
}

/** Runs the engine in a utility process of its own, so that neither it nor the window can hold up the other. */
export function startEngineProcess({ entry, config, onState, onMessage }: EngineProcessOptions): EngineProcess {
  const log = createLogTail(logBytes);
  let child: UtilityProcess | undefined;
  let state: EngineState = { state: 'starting' };
  let unable: Failure | undefined;
  let isShuttingDown = false;
  /** Asked for while there is no running engine. */
  let waitingPorts: MessagePortMain[] = [];
  let waitingFiles: string[] = [];

  function become(next: EngineState): void {
    state = next;
    onState(next);
  }

  function post(message: ToEngineProcess, ports: MessagePortMain[] = []): void {
    child?.postMessage(message, ports);
  }

  function received(message: FromEngineProcess): void {
    if (message.type === 'unable') {
      unable = message.failure;
      return;
    }
    if (message.type !== 'ready') {
      onMessage(message);
      return;
    }
    become({ state: 'running' });
    for (const port of waitingPorts) post({ type: 'connect' }, [port]);
    for (const file of waitingFiles) post({ type: 'openFile', file });
    waitingPorts = [];
    waitingFiles = [];
  }

  function start(): void {
    log.clear();
    unable = undefined;
    become({ state: 'starting' });
    const started = utilityProcess.fork(entry, [JSON.stringify(config)], {
      serviceName: 'Streamscope engine',
      stdio: 'pipe',
    });
    child = started;
    started.stdout?.pipe(process.stdout, { end: false });
    started.stderr?.on('data', (piece: Buffer) => {
      log.push(piece);
      process.stderr.write(piece);
    });
    started.on('message', (message: FromEngineProcess) => {
      if (child === started) received(message);
    });
    started.on('exit', (code) => {
      if (child !== started) return;
      child = undefined;
      if (isShuttingDown) return;
      onMessage({ type: 'live', count: 0 });
      // A window asks again when the engine is started anew; files that were to be opened still are, then.
      for (const port of waitingPorts) port.close();
      waitingPorts = [];
      become({ state: 'gone', failure: unable ?? died(code), log: log.text() });
    });
  }

  start();
  return {
    get state() {
      return state;
    },
    connect(port) {
      if (state.state === 'running') post({ type: 'connect' }, [port]);
      else waitingPorts.push(port);
    },
    openFile(file) {
      if (state.state === 'running') post({ type: 'openFile', file });
      else waitingFiles.push(file);
    },
    restart() {
      if (state.state === 'gone') start();
    },
    async shutDown() {
      isShuttingDown = true;
      const running = child;
      if (running === undefined) return;
      await new Promise<void>((resolve) => {
        const impatience = setTimeout(() => running.kill(), patienceMillis);
        running.once('exit', () => {
          clearTimeout(impatience);
          resolve();
        });
        post({ type: 'shutDown' });
      });
    },
  };
}
