import { defineConfig } from 'playwright/test';

/**
 * Two projects over the real window: `electron` launches the desktop host with the executable named by
 * STREAMSCOPE_ELECTRON, `web` opens the web host in the Chromium named by STREAMSCOPE_CHROMIUM. `npm test` finds both.
 * Files: test/e2e/*.electron.test.ts run in Electron, *.web.test.ts in Chromium, other *.test.ts in both.
 */
const chromium = process.env['STREAMSCOPE_CHROMIUM'];
const isRoot = process.getuid?.() === 0;
/** Of the browser: the web project's own, and in Electron the one of tests that need a client beside the window. */
const launchOptions = {
  ...(chromium === undefined ? {} : { executablePath: chromium }),
  args: isRoot ? ['--no-sandbox'] : [],
};

export default defineConfig({
  testDir: 'test/e2e',
  outputDir: 'test/output/playwright',
  workers: 1,
  fullyParallel: false,
  forbidOnly: true,
  timeout: 60_000,
  expect: { timeout: 15_000 },
  reporter: [['list']],
  projects: [
    { name: 'electron', testMatch: '**/*.test.ts', testIgnore: '**/*.web.test.ts', use: { launchOptions } },
    {
      name: 'web',
      testMatch: '**/*.test.ts',
      testIgnore: '**/*.electron.test.ts',
      use: {
        browserName: 'chromium',
        viewport: { width: 1440, height: 900 },
        launchOptions,
      },
    },
  ],
});
