import { app, type BrowserWindow, Menu, nativeTheme } from 'electron';
import { join, resolve } from 'node:path';
import type { Settings } from '../../../shared/settings.ts';
import { defaultRecordingsFolder } from '../../store/recordingsFolder.ts';
import { listWindowFiles, type WindowFiles } from '../windowFiles.ts';
import { createCloseGuard } from './closeGuard.ts';
import { endOfLifeNotice } from './endOfLife.ts';
import { startEngineProcess, type EngineProcess } from './engineProcess.ts';
import { fileArguments } from './fileArguments.ts';
import { declareWindowScheme, harden } from './hardening.ts';
import { openMainWindow } from './mainWindow.ts';
import { menuTemplate } from './menu.ts';
import { askForFiles, askToClose, askToOpenExternally, showAbout, showFolder } from './userQuestions.ts';
import { openWindowBridge } from './windowBridge.ts';
import { openWindowMemory } from './windowMemory.ts';

export interface DesktopOptions {
  /** The built entry of the engine process. */
  readonly engineEntry: string;
  readonly preloadFile: string;
  readonly rendererFolder: string;
  readonly resourcesFolder: string;
}

interface SecondStart {
  readonly files: readonly string[];
}

const report = (problem: string) => {
  process.stderr.write(`${problem}\n`);
};

/** High contrast is the window's own; its chrome has no such look and follows the system. */
const chromeTheme = (theme: Settings['theme']) => (theme === 'high-contrast' ? 'system' : theme);

function ownFiles(): readonly string[] {
  return fileArguments(process.argv, process.cwd(), process.defaultApp);
}

/**
 * Becomes the desktop app. Runs synchronously in the entry module: a module that waits for the app to be ready while it
 * loads waits for ever.
 */
export function startDesktop(options: DesktopOptions): void {
  if (!app.requestSingleInstanceLock({ files: ownFiles() } satisfies SecondStart)) {
    // The first instance has been told what this one was asked to open.
    app.exit(0);
    return;
  }
  declareWindowScheme();
  // As root, Chromium's own sandbox cannot work, and asking for it undoes the switch that says so.
  if (!app.commandLine.hasSwitch('no-sandbox')) app.enableSandbox();

  /** Asked for by the system before there is an engine to open them. */
  let openFiles = (files: readonly string[]): void => {
    early.push(...files);
  };
  const early: string[] = [...ownFiles()];
  app.on('open-file', (event, file) => {
    event.preventDefault();
    openFiles([file]);
  });

  app
    .whenReady()
    .then(() => listWindowFiles(options.rendererFolder))
    .then((files) => {
      openFiles = compose(options, files);
      openFiles(early);
    })
    .catch((error: unknown) => {
      report(error instanceof Error ? (error.stack ?? error.message) : String(error));
      app.exit(1);
    });
}

/** @returns opens files in the engine, and shows the window */
function compose(options: DesktopOptions, files: WindowFiles): (files: readonly string[]) => void {
  const { engineEntry, preloadFile, resourcesFolder } = options;
  const folder = defaultRecordingsFolder();
  const notices = [endOfLifeNotice(process.versions.electron)].filter((notice) => notice !== undefined);
  const memory = openWindowMemory(app.getPath('userData'), report);
  let window: BrowserWindow | null = null;
  let liveCount = 0;

  const openExternal = (url: string) => {
    void askToOpenExternally(window, url);
  };
  const pickFiles = () => {
    void askForFiles(window).then(openFiles);
  };
  const closeGuard = createCloseGuard(
    (count) => askToClose(window, count),
    () => {
      app.quit();
    },
  );

  nativeTheme.themeSource = chromeTheme(memory.state.theme);
  harden(files, openExternal);

  const bridge = openWindowBridge({
    window: () => window,
    engine: () => engine,
    showOpenDialog: pickFiles,
    openExternal,
  });
  const engine: EngineProcess = startEngineProcess({
    entry: engineEntry,
    config: { version: app.getVersion(), folder, samplesFolder: join(resourcesFolder, 'samples'), notices },
    onState: (state) => {
      bridge.tell({ type: 'engine', engine: state });
    },
    onMessage: (message) => {
      switch (message.type) {
        case 'live':
          liveCount = message.count;
          return;
        case 'theme':
          memory.remember({ theme: message.theme });
          nativeTheme.themeSource = chromeTheme(message.theme);
          setMenu();
          return;
        case 'file':
          bridge.tell({ type: 'file', opening: message.opening });
          return;
      }
    },
  });

  function showWindow(): void {
    if (window !== null) {
      if (window.isMinimized()) window.restore();
      window.focus();
      return;
    }
    window = openMainWindow({
      preloadFile,
      resourcesFolder,
      memory,
      isDark: nativeTheme.shouldUseDarkColors,
      onPageLeft: () => {
        bridge.pageLeft();
      },
      // On a Mac the app outlives its window, and so do its streams.
      mayClose: () => process.platform === 'darwin' || closeGuard.mayClose(liveCount),
      onClosed: () => {
        window = null;
        bridge.pageLeft();
      },
    });
  }

  function openFiles(paths: readonly string[]): void {
    showWindow();
    for (const path of paths) engine.openFile(resolve(path));
  }

  const platform = process.platform === 'darwin' ? 'mac' : process.platform === 'win32' ? 'windows' : 'linux';
  function setMenu(): void {
    const template = menuTemplate(platform, memory.state.theme, {
      openFile: pickFiles,
      command: (command) => {
        showWindow();
        bridge.tell({ type: 'menu', command });
      },
      openRecordingsFolder: () => {
        void showFolder(window, folder);
      },
      showAbout: () => {
        void showAbout(window, notices);
      },
    });
    Menu.setApplicationMenu(Menu.buildFromTemplate(template));
  }
  setMenu();

  app.on('activate', showWindow);
  app.on('second-instance', (_event, _words, _folder, data) => {
    openFiles((data as SecondStart).files);
  });
  app.on('window-all-closed', () => {
    if (process.platform !== 'darwin') app.quit();
  });
  app.on('before-quit', (event) => {
    if (!closeGuard.mayClose(liveCount)) event.preventDefault();
  });
  let isShutDown = false;
  app.on('will-quit', (event) => {
    if (isShutDown) return;
    event.preventDefault();
    void engine.shutDown().then(() => {
      isShutDown = true;
      // Where there was no engine to wait for, this event is still being delivered, and quitting would be ignored.
      setImmediate(() => {
        app.quit();
      });
    });
  });
  return openFiles;
}
