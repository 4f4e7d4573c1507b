import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { test as base, expect, type Browser } from 'playwright/test';
import { startApp, type App, type AppOptions } from './app.ts';
import { startStreamServer, type StreamServer } from './streamServer.ts';

interface Fixtures {
  /** A folder of the test's own: its library, its settings, its files. */
  readonly home: string;
  /** Starts the window over `home`; once more after closing it is the next start. */
  readonly start: (options?: Pick<AppOptions, 'files'>) => Promise<App>;
  /** The window at its first start. */
  readonly app: App;
  readonly server: StreamServer;
}

/** Tests of the real window. At the end of each, no page may have reported an error or a violation of its policy. */
export const test = base.extend<Fixtures, { readonly openBrowser: () => Promise<Browser> }>({
  openBrowser: [
    async ({ playwright, launchOptions }, use) => {
      let opened: Promise<Browser> | undefined;
      // Playwright's own fixture would start a browser beside every Electron too.
      await use(() => (opened ??= playwright.chromium.launch(launchOptions)));
      await (await opened)?.close();
    },
    { scope: 'worker' },
  ],
  home: async ({}, use) => {
    const home = await mkdtemp(path.join(tmpdir(), 'streamscope-e2e-'));
    await use(home);
    await rm(home, { recursive: true, force: true });
  },
  start: async ({ home, openBrowser }, use, { project }) => {
    const started: App[] = [];
    await use(async (options = {}) => {
      const host = project.name === 'electron' ? 'electron' : 'web';
      const app = await startApp({ ...options, home, host, openBrowser });
      started.push(app);
      return app;
    });
    for (const app of started) await app.close();
    expect(started.flatMap(({ faults }) => faults)).toEqual([]);
  },
  app: async ({ start }, use) => {
    await use(await start());
  },
  server: async ({}, use) => {
    const server = await startStreamServer();
    await use(server);
    await server.close();
  },
});

export { expect };
