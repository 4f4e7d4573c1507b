import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, type Browser, type ElectronApplication, type Page } from 'playwright/test';
import { launchElectron } from './launchElectron.ts';

export const root = fileURLToPath(new URL('../..', import.meta.url));
const pictures = path.join(root, 'test/output/pictures');
const isRoot = process.getuid?.() === 0;
const windowSize = { width: 1280, height: 800 };

/** The real window over a library of its own, in whichever host the project names. */
export interface App {
  readonly page: Page;
  readonly host: 'electron' | 'web';
  /** The library's folder. */
  readonly home: string;
  /** Null in the browser. */
  readonly electron: ElectronApplication | null;
  /** Violations of the content security policy and errors of the page so far. */
  readonly faults: readonly string[];
  /** Resolves when the window says that nothing is under way. */
  idle(): Promise<void>;
  /** Saves a picture beside the test's output, without waiting for animations. */
  picture(name: string): Promise<void>;
  /** The text on the system's clipboard. */
  clipboardText(): Promise<string>;
  /** Puts a text on the clipboard and presses the keys that paste it where the focus is. */
  paste(text: string): Promise<void>;
  /** What dropping a file from the desktop on the window does. */
  dropFile(name: string, content: Uint8Array | string): Promise<void>;
  /** Presses “Choose a file…” and answers the dialog, whichever the host shows, with that file. */
  chooseFile(file: string): Promise<void>;
  /** The window's inner size in CSS pixels. */
  resize(width: number, height: number): Promise<void>;
  /** Closes the window as its user does, streams that are still open included. Does nothing the second time. */
  close(): Promise<void>;
}

export interface AppOptions {
  readonly home: string;
  readonly host: App['host'];
  readonly openBrowser: () => Promise<Browser>;
  /** Files named on the command line; Electron only. */
  readonly files?: readonly string[];
}

function watchFaults(page: Page, faults: string[]): void {
  page.on('pageerror', (error) => faults.push(`page error: ${error.message}`));
  page.on('console', (message) => {
    const text = message.text();
    if (message.type() === 'error' || /content security policy/i.test(text)) faults.push(`console: ${text}`);
  });
}

/** Starts the window and waits until it shows its library. */
export async function startApp(options: AppOptions): Promise<App> {
  const app = options.host === 'electron' ? await startElectron(options) : await startWeb(options);
  await expect(app.page.getByRole('navigation', { name: 'Library' })).toBeVisible();
  await app.idle();
  return app;
}

async function startElectron({ home, files = [] }: AppOptions): Promise<App> {
  const executablePath = process.env['STREAMSCOPE_ELECTRON'];
  if (executablePath === undefined) throw new Error('STREAMSCOPE_ELECTRON is not set: run npm test -- e2e');
  const electron = await launchElectron({
    executablePath,
    args: [
      ...(isRoot ? ['--no-sandbox'] : []),
      '--disable-gpu',
      `--user-data-dir=${path.join(home, 'profile')}`,
      root,
      ...files,
    ],
    env: { ...definedVariables(), STREAMSCOPE_HOME: path.join(home, 'recordings') },
  });
  const page = await electron.firstWindow();
  const faults: string[] = [];
  watchFaults(page, faults);
  const resize = async (width: number, height: number): Promise<void> => {
    await electron.evaluate(
      ({ BrowserWindow }, size) => BrowserWindow.getAllWindows()[0]?.setContentSize(size.width, size.height),
      { width, height },
    );
    await page.waitForFunction((size) => innerWidth === size.width && innerHeight === size.height, { width, height });
  };
  await resize(windowSize.width, windowSize.height);
  let closed = false;
  return {
    ...common(page, home, faults),
    host: 'electron',
    electron,
    clipboardText: () => electron.evaluate(({ clipboard }) => clipboard.readText()),
    async paste(text) {
      await electron.evaluate(({ clipboard }, given) => void clipboard.writeText(given), text);
      await page.keyboard.press('ControlOrMeta+V');
    },
    async chooseFile(file) {
      await electron.evaluate(({ dialog }, chosen) => {
        Object.assign(dialog, { showOpenDialog: () => Promise.resolve({ canceled: false, filePaths: [chosen] }) });
      }, file);
      await page.getByRole('button', { name: 'Choose a file…' }).click();
    },
    resize,
    async close() {
      if (closed) return;
      closed = true;
      // What is still open is asked about in a dialog of the system, which nobody could answer here.
      await electron.evaluate(({ dialog }) => {
        Object.assign(dialog, { showMessageBox: () => Promise.resolve({ response: 1 }) });
      });
      await electron.close();
    },
  };
}

async function startWeb({ home, openBrowser }: AppOptions): Promise<App> {
  const { url, process: server } = await serve(path.join(home, 'recordings'));
  const browser = await openBrowser();
  const context = await browser.newContext({
    viewport: windowSize,
    permissions: ['clipboard-read', 'clipboard-write'],
  });
  const page = await context.newPage();
  const faults: string[] = [];
  watchFaults(page, faults);
  await page.goto(url);
  let closed = false;
  return {
    ...common(page, home, faults),
    host: 'web',
    electron: null,
    clipboardText: () => page.evaluate(() => navigator.clipboard.readText()),
    async paste(text) {
      await page.evaluate((given) => navigator.clipboard.writeText(given), text);
      await page.keyboard.press('ControlOrMeta+V');
    },
    async chooseFile(file) {
      const asked = page.waitForEvent('filechooser');
      await page.getByRole('button', { name: 'Choose a file…' }).click();
      await (await asked).setFiles(file);
    },
    async resize(width, height) {
      await page.setViewportSize({ width, height });
    },
    async close() {
      if (closed) return;
      closed = true;
      await context.close();
      server.kill('SIGTERM');
      if (server.exitCode === null) await once(server, 'exit');
    },
  };
}

function common(page: Page, home: string, faults: readonly string[]) {
  return {
    page,
    home,
    faults,
    async idle() {
      await page.evaluate(() => (window as unknown as { streamscopeIdle(): Promise<void> }).streamscopeIdle());
    },
    async picture(name) {
      await page.screenshot({ path: path.join(pictures, `${name}.png`), animations: 'disabled' });
    },
    async dropFile(name, content) {
      const bytes = typeof content === 'string' ? Buffer.from(content) : Buffer.from(content);
      const transfer = await page.evaluateHandle(
        ({ fileName, base64 }) => {
          const pieces = Uint8Array.from(atob(base64), (character) => character.charCodeAt(0));
          const carried = new DataTransfer();
          carried.items.add(new File([pieces], fileName));
          return carried;
        },
        { fileName: name, base64: bytes.toString('base64') },
      );
      for (const type of ['dragenter', 'dragover', 'drop']) {
        await page.dispatchEvent('body', type, { dataTransfer: transfer });
      }
    },
  } satisfies Partial<App>;
}

function definedVariables(): Record<string, string> {
  return Object.fromEntries(
    Object.entries(process.env).filter((entry): entry is [string, string] => entry[1] !== undefined),
  );
}

/** Starts the web host; answers with the address to open, token included. */
async function serve(recordings: string): Promise<{ readonly url: string; readonly process: ChildProcess }> {
  const child = spawn(process.execPath, [path.join(root, 'out/main/cli.js'), 'serve'], {
    env: { ...process.env, STREAMSCOPE_HOME: recordings },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let log = '';
  child.stderr.on('data', (piece: Buffer) => (log += piece.toString()));
  const [first] = (await Promise.race([once(child.stdout, 'data'), once(child, 'exit')])) as [unknown];
  const url = /http:\/\/\S+/.exec(String(first))?.[0];
  if (url === undefined) throw new Error(`serve gave no address: ${String(first)} ${log}`);
  return { url, process: child };
}

/** A file of the repository, by its path there. */
export function repositoryFile(name: string): Promise<Buffer> {
  return readFile(path.join(root, name));
}
