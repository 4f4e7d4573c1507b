import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { _electron, test as base, type ElectronApplication, type Page } from 'playwright/test';

export const root = fileURLToPath(new URL('../..', import.meta.url));
const isRoot = process.getuid?.() === 0;

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
  /** Saves a picture beside the test's output. */
  picture(name: string): Promise<void>;
}

function watchFaults(page: Page, faults: string[]): void {
  page.on('pageerror', (error) => faults.push(`page error: ${error.message}`));
  page.on('console', (message) => {
    const text = message.text();
    if (message.type() === 'error' || /content security policy/i.test(text)) faults.push(`console: ${text}`);
  });
}

export async function launchElectron(home: string): Promise<ElectronApplication> {
  const executablePath = process.env['STREAMSCOPE_ELECTRON'];
  if (executablePath === undefined) throw new Error('STREAMSCOPE_ELECTRON is not set: run npm test -- e2e');
  return _electron.launch({
    executablePath,
    args: [...(isRoot ? ['--no-sandbox'] : []), '--disable-gpu', root],
    env: { ...(process.env as Record<string, string>), STREAMSCOPE_HOME: home, XDG_CONFIG_HOME: path.join(home, 'config') },
  });
}

/** Starts the web host; answers with the address to open. */
export async function launchWeb(home: string): Promise<{ readonly url: string; readonly process: ChildProcess }> {
  const child = spawn(process.execPath, [path.join(root, 'out/main/cli.js'), 'serve'], {
    env: { ...process.env, STREAMSCOPE_HOME: home },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const [first] = (await once(child.stdout, 'data')) as [Buffer];
  const url = /http:\/\/\S+/.exec(first.toString())?.[0];
  if (url === undefined) throw new Error(`serve printed no address: ${first.toString()}`);
  return { url, process: child };
}

async function ended(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null) return;
  child.kill('SIGTERM');
  await once(child, 'exit');
}

export const test = base.extend<{ home: string; app: App }>({
  // eslint-disable-next-line no-empty-pattern -- Playwright reads the parameter's pattern
  home: async ({}, use) => {
    const home = await mkdtemp(path.join(tmpdir(), 'streamscope-e2e-'));
    await use(home);
    await rm(home, { recursive: true, force: true });
  },
  app: async ({ home, browser }, use, testInfo) => {
    const host = testInfo.project.name === 'electron' ? 'electron' : 'web';
    const faults: string[] = [];
    const rest = (page: Page): Omit<App, 'electron'> => ({
      page,
      host,
      home,
      faults,
      async idle() {
        await page.evaluate(() => (window as unknown as { streamscopeIdle(): Promise<void> }).streamscopeIdle());
      },
      async picture(name) {
        await page.screenshot({ path: path.join(root, 'test/output/pictures', `${host}-${name}.png`) });
      },
    });
    if (host === 'electron') {
      const electron = await launchElectron(home);
      const page = await electron.firstWindow();
      watchFaults(page, faults);
      await use({ ...rest(page), electron });
      await electron.close();
    } else {
      const { url, process: server } = await launchWeb(home);
      const context = await browser.newContext({ viewport: { width: 1280, height: 800 } });
      const page = await context.newPage();
      watchFaults(page, faults);
      await page.goto(url);
      await use({ ...rest(page), electron: null });
      await context.close();
      await ended(server);
    }
  },
});

export { expect } from 'playwright/test';
