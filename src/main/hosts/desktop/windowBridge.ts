import { ipcMain, MessageChannelMain, type BrowserWindow } from 'electron';
import { z } from 'zod';
import { assertNever } from '../../../shared/assertNever.ts';
import { bridgeChannel, type FromWindow, type ToWindow } from '../../../shared/desktopBridge.ts';
import type { EngineProcess } from './engineProcess.ts';
import { trustsSender } from './securityPolicy.ts';

const fromWindowSchema: z.ZodType<FromWindow> = z.discriminatedUnion('type', [
  z.object({ type: z.literal('connect') }),
  z.object({ type: z.literal('restartEngine') }),
  z.object({ type: z.literal('showOpenDialog') }),
  z.object({ type: z.literal('openExternal'), url: z.string().max(65_536) }),
]);

export interface WindowBridge {
  /** Kept for a page that does not listen yet. */
  tell(message: ToWindow): void;
  /** A new page is loading: it has not asked for anything yet. */
  pageLeft(): void;
}

export interface WindowBridgeOptions {
  /** Null while there is no window. */
  readonly window: () => BrowserWindow | null;
  readonly engine: () => EngineProcess;
  readonly showOpenDialog: () => void;
  readonly openExternal: (url: string) => void;
}

/** Main's end of the bridge: plain messages both ways, and the engine's port handed over when the page asks. */
export function openWindowBridge({ window, engine, showOpenDialog, openExternal }: WindowBridgeOptions): WindowBridge {
  let pageListens = false;
  let waiting: ToWindow[] = [];

  function send(message: ToWindow): void {
    window()?.webContents.send(bridgeChannel.toWindow, message);
  }

  function connect(): void {
    pageListens = true;
    send({ type: 'engine', engine: engine().state });
    const messages = waiting;
    waiting = [];
    for (const message of messages) send(message);
    if (engine().state.state === 'gone') return;
    const { port1, port2 } = new MessageChannelMain();
    engine().connect(port1);
    window()?.webContents.postMessage(bridgeChannel.port, null, [port2]);
  }

  ipcMain.on(bridgeChannel.fromWindow, (event, data: unknown) => {
    if (event.sender !== window()?.webContents || !trustsSender(event.senderFrame)) return;
    const parsed = fromWindowSchema.safeParse(data);
    if (!parsed.success) return;
    const message = parsed.data;
    switch (message.type) {
      case 'connect':
        connect();
        return;
      case 'restartEngine':
        engine().restart();
        return;
      case 'showOpenDialog':
        showOpenDialog();
        return;
      case 'openExternal':
        openExternal(message.url);
        return;
      default:
        assertNever(message, 'message from the window');
    }
  });

  return {
    tell(message) {
      if (pageListens) send(message);
      // The engine's state is told to each page when it connects; the rest would be lost.
      else if (message.type !== 'engine') waiting.push(message);
    },
    pageLeft() {
      pageListens = false;
    },
  };
}
