import { BrowserWindow, dialog, screen } from 'electron';
import { join } from 'node:path';
import { windowUrl } from './securityPolicy.ts';
import type { WindowMemory } from './windowMemory.ts';
import { placeWindow, smallestWindow } from './windowPlacement.ts';

export interface MainWindowOptions {
  readonly preloadFile: string;
  readonly resourcesFolder: string;
  readonly memory: WindowMemory;
  readonly isDark: boolean;
  /** A page begins to load: the first, or another after a reload. */
  onPageLeft(): void;
  /** The user wants to close it; false keeps it open. */
  mayClose(window: BrowserWindow): boolean;
  onClosed(): void;
}

/** Shown before the page has painted, so that the window does not flash. */
const backgrounds = { light: '#f6f7f9', dark: '#0f1217' } as const;

function rememberPlacement(window: BrowserWindow, memory: WindowMemory): void {
  memory.remember({
    placement: {
      ...window.getNormalBounds(),
      isMaximized: window.isMaximized(),
      isFullScreen: window.isFullScreen(),
    },
  });
}

async function offerReload(window: BrowserWindow, reason: string): Promise<void> {
  const { response } = await dialog.showMessageBox(window, {
    type: 'error',
    message: 'The window stopped working',
    detail: `Its process ended (${reason}). Streams are still being recorded: the engine is a process of its own.`,
    buttons: ['Load the window again', 'Close'],
    defaultId: 0,
    cancelId: 1,
  });
  if (window.isDestroyed()) return;
  if (response === 0) window.webContents.reload();
  else window.close();
}

/** The one window: hardened, where it was last time, shown once it has something to show. */
export function openMainWindow(options: MainWindowOptions): BrowserWindow {
  const { preloadFile, resourcesFolder, memory, isDark } = options;
  const primary = screen.getPrimaryDisplay();
  const others = screen.getAllDisplays().filter((display) => display.id !== primary.id);
  const placement = placeWindow(
    memory.state.placement,
    [primary, ...others].map((display) => display.workArea),
  );
  const { x, y, width, height } = placement;
  const window = new BrowserWindow({
    x,
    y,
    width,
    height,
    minWidth: smallestWindow.width,
    minHeight: smallestWindow.height,
    title: 'Streamscope',
    show: false,
    backgroundColor: isDark ? backgrounds.dark : backgrounds.light,
    icon: join(resourcesFolder, 'icons', 'icon.png'),
    webPreferences: {
      preload: preloadFile,
      sandbox: true,
      contextIsolation: true,
      nodeIntegration: false,
      nodeIntegrationInWorker: false,
      nodeIntegrationInSubFrames: false,
      webSecurity: true,
      allowRunningInsecureContent: false,
      webviewTag: false,
      navigateOnDragDrop: false,
      spellcheck: false,
    },
  });
  if (placement.isMaximized) window.maximize();
  if (placement.isFullScreen) window.setFullScreen(true);

  window.once('ready-to-show', () => {
    window.show();
  });
  window.webContents.on('did-start-navigation', ({ isMainFrame, isSameDocument }) => {
    if (isMainFrame && !isSameDocument) options.onPageLeft();
  });
  window.webContents.on('render-process-gone', (_, { reason }) => {
    options.onPageLeft();
    if (reason !== 'clean-exit') void offerReload(window, reason);
  });
  window.on('close', (event) => {
    rememberPlacement(window, memory);
    if (!options.mayClose(window)) event.preventDefault();
  });
  window.on('closed', () => {
    options.onClosed();
  });
  void window.loadURL(windowUrl);
  return window;
}
