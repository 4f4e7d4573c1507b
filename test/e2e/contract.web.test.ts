import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect, test } from 'playwright/test';
import { startWebHost, type WebHost } from '../../src/main/hosts/web/startWebHost.ts';
import { createContractService, type ContractService } from '../contract/contractService.ts';
import { buildContractPage } from './contractApp/build.ts';
import './contractApp/pageGlobal.ts';

let pageFolder: string;
let service: ContractService;
let host: WebHost;
let log: string[];

test.beforeAll(async () => {
  pageFolder = await buildContractPage();
});
test.beforeEach(async ({ page }) => {
  log = [];
  service = createContractService();
  host = await startWebHost({ service, rendererFolder: pageFolder, report: (problem) => log.push(problem) });
  await page.goto(host.url);
  await page.waitForFunction(() => window.contractPage.host.connection().state === 'connected');
});
test.afterEach(async () => {
  await host.close();
  expect(log).toEqual([]);
});

test('a browser passes the guard: calls, bytes, cancelling, events', async ({ page }) => {
  const seen = await page.evaluate(async () => {
    const { client } = window.contractPage.host;
    const { bytes } = await client.call('recording.bytes', { id: 'r', space: 'wire', offset: 0, length: 1 });
    const appended = await client.call('import.append', { importId: 'i', bytes: new Uint8Array(3_000_000) });
    const controller = new AbortController();
    const held = client.call('recording.read', { id: 'held' }, controller.signal);
    await client.call('recording.stop', { id: 'r' });
    controller.abort();
    const code = await held.catch((error: unknown) => (error as { failure: { code: string } }).failure.code);
    Object.assign(window, {
      event: new Promise((resolve) => {
        client.subscribe('mock.changed', resolve);
      }),
    });
    return { length: bytes.length, last: bytes.at(-1), appended, code };
  });
  expect(seen).toEqual({
    length: 33_554_432,
    last: 171,
    appended: { receivedBytes: 3_000_000 },
    code: 'call/cancelled',
  });
  const held = await service.nextHeld();
  await service.until(() => held.context.signal.aborted);
  await service.until(() => service.listenerCount('mock.changed') === 1);
  service.emit('mock.changed', { running: true, url: 'x' });
  expect(await page.evaluate(() => (window as unknown as { event: Promise<object> }).event)).toEqual({
    running: true,
    url: 'x',
  });
});

test('the token leaves the address, survives a reload, and is not to be seen by another tab', async ({
  page,
  context,
}) => {
  expect(page.url()).toBe(`http://${host.authority}/`);
  await page.reload();
  await page.waitForFunction(() => window.contractPage.host.connection().state === 'connected');
  expect(await page.evaluate(() => window.contractPage.host.client.call('recording.stop', { id: 'r' }))).toEqual({
    stopped: true,
  });

  const stranger = await context.newPage();
  await stranger.goto(`http://${host.authority}/`);
  await stranger.waitForFunction(() => window.contractPage.host.connection().state === 'lost');
  expect(await stranger.evaluate(() => window.contractPage.host.connection())).toMatchObject({ remedy: null });
  await stranger.close();
});

test('a closed page gives back at once what it held', async ({ page }) => {
  await page.evaluate(() => {
    void window.contractPage.host.client.call('recording.read', { id: 'held' }).catch(() => undefined);
  });
  const held = await service.nextHeld();
  await page.goto('about:blank');
  await service.until(() => held.context.signal.aborted);
  expect(held.context.signal.aborted).toBe(true);
});

test('nothing of it breaks the content security policy', async ({ page }) => {
  await page.evaluate(() => window.contractPage.host.client.call('engine.describe', {}));
  expect(await page.evaluate(() => window.contractPage.violations)).toEqual([]);
});

test('another site reaches nothing', async ({ context }) => {
  // A page without any policy of its own, so that only the guard stands between it and the engine.
  const foreign = createServer((_, response) => {
    response.setHeader('content-type', 'text/html');
    response.end('<!doctype html><title>elsewhere</title>');
  });
  await new Promise<void>((resolve) => {
    foreign.listen(0, '127.0.0.1', resolve);
  });
  const page = await context.newPage();
  await page.goto(`http://127.0.0.1:${String((foreign.address() as AddressInfo).port)}/`);
  const refusals = await page.evaluate(
    async ([target, token]) => {
      const attempt = (init: RequestInit) =>
        fetch(`${target}/rpc/calls/recording.stop`, init).then(
          (response) => `${response.type} ${String(response.status)}`,
          () => 'blocked',
        );
      const post = { method: 'POST', body: new Uint8Array([0xc0]) };
      const framed = await new Promise((resolve) => {
        const frame = document.createElement('iframe');
        frame.src = target;
        frame.onload = () => {
          resolve(frame.contentDocument === null ? 'closed' : 'open');
        };
        document.body.append(frame);
      });
      return [
        await attempt(post),
        await attempt({ ...post, mode: 'no-cors' }),
        await attempt({ ...post, headers: { 'streamscope-token': token } }),
        framed,
      ];
    },
    [`http://${host.authority}`, host.token] as const,
  );
  // The second one is answered 403, which the browser keeps from the page because of the resource policy.
  expect(refusals).toEqual(['blocked', 'blocked', 'blocked', 'closed']);
  expect(service.answeredCalls).toBe(0);
  await page.close();
  foreign.closeAllConnections();
  foreign.close();
});
