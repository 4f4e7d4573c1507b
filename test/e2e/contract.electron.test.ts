import { spawn } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';
import { expect, test, type ElectronApplication, type Page } from 'playwright/test';
import { launchElectron } from './launchElectron.ts';
import { buildContractApp } from './contractApp/build.ts';
import './contractApp/pageGlobal.ts';

const executable = process.env['STREAMSCOPE_ELECTRON'];
test.skip(executable === undefined, 'STREAMSCOPE_ELECTRON names no Electron to run');

let appFolder: string;
let userData: string;
let app: ElectronApplication;
let page: Page;

test.beforeAll(async () => {
  test.setTimeout(120_000);
  appFolder = await buildContractApp();
});

async function launch(files: readonly string[] = []): Promise<void> {
  const sandbox = process.getuid?.() === 0 ? ['--no-sandbox'] : [];
  app = await launchElectron({
    executablePath: executable!,
    args: [...sandbox, '--disable-gpu', `--user-data-dir=${userData}`, appFolder, ...files],
  });
  page = await app.firstWindow();
  await connected();
}

const connected = () =>
  page.waitForFunction(() => 'contractPage' in window && window.contractPage.host.connection().state === 'connected');

/** Stubs the system's message boxes: every question gets this answer. Returns what was asked. */
const answerDialogs = (response: number) =>
  app.evaluate(({ dialog }, given) => {
    const asked: string[] = [];
    Object.assign(globalThis, { asked });
    Object.assign(dialog, {
      showMessageBox: (...words: { message: string; detail?: string }[]) => {
        const options = words.at(-1)!;
        asked.push(`${options.message} ${options.detail ?? ''}`);
        return Promise.resolve({ response: given });
      },
    });
  }, response);
const asked = () => app.evaluate(() => (globalThis as unknown as { asked: string[] }).asked);

test.beforeEach(async () => {
  userData = await mkdtemp(join(tmpdir(), 'streamscope-e2e-'));
  await launch();
});
test.afterEach(async () => {
  await app.close();
  await rm(userData, { recursive: true, force: true });
});

test('calls: results, typed arrays, bytes both ways, 32 MB', async () => {
  const seen = await page.evaluate(async () => {
    const { client } = window.contractPage.host;
    const rows = await client.call('recording.rows', {
      id: 'r',
      from: 0,
      count: 6,
      filterId: null,
      foldHeartbeats: false,
    });
    const { bytes } = await client.call('recording.bytes', { id: 'r', space: 'wire', offset: 0, length: 1 });
    const pool = new Uint8Array(1_000).map((_, index) => index);
    const appended = await client.call('import.append', { importId: 'i', bytes: pool.subarray(3, 700) });
    return {
      types: Object.values(rows).map((column: unknown) => (column as object).constructor.name),
      n: [...rows.n].map(String),
      kind: [...rows.kind],
      flags: [...rows.flags],
      counts: [...rows.indexInChunk],
      ownBytes: rows.n.buffer.byteLength,
      big: [bytes.length, bytes[0], bytes.at(-1)],
      appended,
    };
  });
  expect(seen).toEqual({
    types: [
      'Number',
      'Number',
      ...Array<string>(5).fill('Float64Array'),
      'Uint8Array',
      'Uint8Array',
      'Float64Array',
      'Uint32Array',
      'Uint32Array',
      'Array',
      'Array',
      'Array',
      'Uint8Array',
      'Object',
    ],
    n: ['0', 'NaN', '0', '9007199254740991', '-1e-300', 'Infinity'],
    kind: [1, 2, 3, 4, 5, 255],
    flags: [0, 1, 2, 3, 4, 5],
    counts: [0, 1, 2, 3, 4, 4_294_967_295],
    ownBytes: 48,
    big: [33_554_432, 171, 171],
    appended: { receivedBytes: 697 },
  });
});

test('failures: unknown call, bad input, data, our own bug, nothing leaks', async () => {
  const failures = await page.evaluate(async () => {
    const { client } = window.contractPage.host;
    const failureOf = (call: Promise<unknown>) =>
      call.then(
        () => null,
        (error: unknown) => (error as { failure: { code: string; message: string; data?: object } }).failure,
      );
    let nested: unknown = [];
    for (let level = 0; level < 10_000; level++) nested = [nested];
    return [
      await failureOf(client.call('recording.destroy' as 'recording.read', { id: 'r' })),
      await failureOf(client.call('recording.read', { id: '../x' })),
      await failureOf(client.call('recording.read', { id: 'missing' })),
      await failureOf(client.call('recording.read', { id: 'bug' })),
      await failureOf(client.call('recording.read', nested as { id: string })),
      await failureOf(client.call('recording.read', { id: 'uncloneable' })),
    ];
  });
  expect(failures.map((failure) => failure?.code)).toEqual([
    'call/unknown',
    'call/invalid-input',
    'recording/not-found',
    'call/internal',
    'call/invalid-input',
    'call/internal',
  ]);
  expect(failures[1]?.data).toEqual({ field: 'id' });
  expect(failures[2]?.data).toEqual({ id: 'missing', tried: 2, deep: true });
  expect(JSON.stringify(failures)).not.toContain('secret');
});

test('cancelling rejects at once and the engine goes on', async () => {
  const code = await page.evaluate(async () => {
    const { client } = window.contractPage.host;
    const controller = new AbortController();
    const call = client.call('recording.read', { id: 'held' }, controller.signal);
    await client.call('recording.stop', { id: 'r' });
    controller.abort();
    const failure = await call.catch((error: unknown) => (error as { failure: { code: string } }).failure.code);
    await client.call('recording.stop', { id: 'r' });
    return failure;
  });
  expect(code).toBe('call/cancelled');
});

test('events are coalesced, and the last one arrives', async () => {
  const revisions = await page.evaluate(async () => {
    const { client } = window.contractPage.host;
    const seen: number[] = [];
    const last = new Promise<void>((resolve) => {
      client.subscribe('recording.advanced', ({ revision }) => {
        seen.push(revision);
        if (revision === 5_000) resolve();
      });
    });
    await client.call('recording.stop', { id: 'flood' });
    await last;
    return seen;
  });
  expect(revisions).toEqual([1, 5_000]);
});

test('a reload gives the page a new session and releases the old one', async () => {
  await page.evaluate(() => {
    void window.contractPage.host.client.call('recording.read', { id: 'held' }).catch(() => undefined);
  });
  await page.reload();
  await connected();
  await page.waitForFunction(async () => {
    const timing = await window.contractPage.host.client.call('recording.timing', { id: 'r' });
    return (timing as unknown as { ended: number }).ended === 1;
  });
  expect(await page.evaluate(() => window.contractPage.violations)).toEqual([]);
});

test('a killed engine: the window says so, with its last words, and a restart brings everything back', async () => {
  const outcome = await page.evaluate(async () => {
    const { client } = window.contractPage.host;
    let events = 0;
    Object.assign(window, { events: () => events });
    client.subscribe('recording.advanced', () => (events += 1));
    const pending = client.call('recording.read', { id: 'held' });
    const crash = client.call('recording.stop', { id: 'crash' });
    const codeOf = (error: unknown) => (error as { failure: { code: string } }).failure.code;
    const codes = [await pending.catch(codeOf), await crash.catch(codeOf)];
    return [...codes, await client.call('recording.stop', { id: 'r' }).catch(codeOf)];
  });
  expect(outcome).toEqual(['engine/gone', 'engine/gone', 'engine/gone']);
  const lost = await page.evaluate(() => window.contractPage.host.connection());
  expect(lost).toMatchObject({ state: 'lost', remedy: 'Restart the engine', failure: { code: 'engine/gone' } });
  expect(lost.state === 'lost' ? lost.log : '').toContain('the last words of the engine');

  await page.evaluate(() => {
    window.contractPage.host.recover();
  });
  await connected();
  const stopped = await page.evaluate(() => window.contractPage.host.client.call('recording.stop', { id: 'flood' }));
  expect(stopped).toEqual({ stopped: true });
  await page.waitForFunction(() => (window as unknown as { events: () => number }).events() > 0);
});

test('files: from the command line, from a second start, and one that cannot be opened', async () => {
  const good = join(userData, 'good.ndjson');
  const bad = join(userData, 'nothing.bad');
  await writeFile(good, '{}\n');
  await app.close();
  await launch([good]);
  await page.waitForFunction(() => window.contractPage.openings.length === 2);
  expect(await page.evaluate(() => window.contractPage.openings)).toEqual([
    { state: 'reading', name: 'good.ndjson' },
    { state: 'opened', name: 'good.ndjson', id: 'imported' },
  ]);
  const sandbox = process.getuid?.() === 0 ? ['--no-sandbox'] : [];
  const second = spawn(executable!, [...sandbox, '--disable-gpu', `--user-data-dir=${userData}`, appFolder, bad], {
    stdio: 'ignore',
  });
  const code = await new Promise((resolve) => second.once('exit', resolve));
  expect(code).toBe(0);
  await page.waitForFunction(() => window.contractPage.openings.length === 4);
  const openings = await page.evaluate(() => window.contractPage.openings.slice(2));
  expect(openings[1]).toMatchObject({ state: 'failed', name: 'nothing.bad', failure: { code: 'import/unreadable' } });
});

test('the menu runs the commands of the window', async () => {
  await app.evaluate(({ Menu }) => {
    const click = (label: string) => {
      for (const top of Menu.getApplicationMenu()?.items ?? []) {
        const item = top.submenu?.items.find((candidate) => candidate.label === label);
        (item?.click as (() => void) | undefined)?.();
      }
    };
    click('New Request');
    click('Settings…');
  });
  await page.waitForFunction(() => window.contractPage.commands.length === 2);
  expect(await page.evaluate(() => window.contractPage.commands)).toEqual(['request.new', 'settings.open']);
});

test('a window with live streams asks before it closes', async () => {
  await page.evaluate(() => window.contractPage.host.client.call('recording.stop', { id: 'live' }));
  await answerDialogs(0);
  await app.evaluate(({ BrowserWindow }) => {
    BrowserWindow.getAllWindows()[0]!.close();
  });
  await expect.poll(asked).toHaveLength(1);
  expect((await asked())[0]).toContain('2 streams are still open');
  expect(await app.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows().length)).toBe(1);

  await answerDialogs(1);
  const ended = new Promise<void>((resolve) => {
    app.process().once('exit', () => {
      resolve();
    });
  });
  await app
    .evaluate(({ BrowserWindow }) => {
      BrowserWindow.getAllWindows()[0]!.close();
    })
    .catch(() => undefined);
  await ended;
  await launch();
});

test('the chrome of the window follows the theme setting, also at the next start', async () => {
  const themeSource = () => app.evaluate(({ nativeTheme }) => nativeTheme.themeSource);
  for (const theme of ['light', 'high-contrast', 'dark'] as const) {
    await page.evaluate(
      (given) => window.contractPage.host.client.call('settings.write', { patch: { theme: given } }),
      theme,
    );
    await expect.poll(themeSource).toBe(theme === 'high-contrast' ? 'system' : theme);
  }
  const { theme } = JSON.parse(await readFile(join(userData, 'window.json'), 'utf8')) as { theme: string };
  expect(theme).toBe('dark');
});

test('the window is where it was', async () => {
  const bounds = { x: 60, y: 40, width: 1_000, height: 700 };
  await app.evaluate(({ BrowserWindow }, given) => {
    BrowserWindow.getAllWindows()[0]!.setBounds(given);
  }, bounds);
  await app.close();
  await launch();
  const found = await app.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows()[0]!.getBounds());
  expect(found).toEqual(bounds);
});

test('the page can do nothing but its work', async () => {
  const preferences = await app.evaluate(({ BrowserWindow }) => {
    const { webContents } = BrowserWindow.getAllWindows()[0]!;
    const last = (
      webContents as unknown as { getLastWebPreferences(): Record<string, unknown> }
    ).getLastWebPreferences();
    return [last['sandbox'], last['contextIsolation'], last['nodeIntegration'], last['webviewTag']];
  });
  expect(preferences).toEqual([true, true, false, false]);

  const inside = await page.evaluate(async () => {
    const refused = (work: () => Promise<unknown>) =>
      work().then(
        (value) => String(value),
        () => 'refused',
      );
    const found = window as unknown as Record<string, unknown>;
    // What the test runner evaluates may compile code; what a task of the page does may not.
    const evaluated = await new Promise<string>((resolve) => {
      setTimeout(() => {
        resolve(refused(async () => String((0, eval)('1'))));
      });
    });
    return {
      node: [typeof found['require'], typeof found['process'], typeof found['ipcRenderer']],
      bridge: Object.keys(found['streamscopeBridge'] as object).sort(),
      eval: evaluated,
      network: await refused(() => fetch('https://example.com/')),
      file: await refused(() => fetch('file:///etc/passwd')),
      traversal: await refused(async () => (await fetch('app://streamscope/../../../etc/passwd')).status),
      elsewhere: await refused(() => fetch('app://other/index.html')),
      popup: window.open('https://example.com/') === null,
      notifications: await Notification.requestPermission(),
      location: await refused(
        () =>
          new Promise((_, reject) => {
            navigator.geolocation.getCurrentPosition(
              () => undefined,
              () => {
                reject(new Error('denied'));
              },
            );
          }),
      ),
      clipboard: (await navigator.permissions.query({ name: 'clipboard-write' as PermissionName })).state,
    };
  });
  expect(inside).toEqual({
    node: ['undefined', 'undefined', 'undefined'],
    bridge: ['listen', 'platform', 'send'],
    eval: 'refused',
    network: 'refused',
    file: 'refused',
    traversal: '404',
    elsewhere: 'refused',
    popup: true,
    notifications: 'denied',
    location: 'refused',
    clipboard: 'granted',
  });

  await page.evaluate(() => {
    location.href = 'https://example.com/';
  });
  await page.evaluate(() => {
    location.href = 'file:///etc/passwd';
  });
  expect(page.url()).toBe('app://streamscope/');
  expect(await page.evaluate(() => window.contractPage.host.connection().state)).toBe('connected');
});

test('an address is opened in the browser only after asking, and only where it is one of the web', async () => {
  await app.evaluate(({ shell }) => {
    const opened: string[] = [];
    Object.assign(globalThis, { opened });
    Object.assign(shell, { openExternal: (url: string) => Promise.resolve(opened.push(url)) });
  });
  await answerDialogs(0);
  await page.evaluate(() => {
    const { openExternal } = window.contractPage.host;
    openExternal('file:///etc/passwd');
    openExternal('javascript:alert(1)');
    openExternal('https://user:secret@example.com/');
    openExternal('https://example.com/declined');
  });
  await expect.poll(asked).toHaveLength(1);
  await answerDialogs(1);
  await page.evaluate(() => {
    window.contractPage.host.openExternal('https://example.com/agreed');
  });
  const opened = () => app.evaluate(() => (globalThis as unknown as { opened: string[] }).opened);
  await expect.poll(opened).toEqual(['https://example.com/agreed']);
});
