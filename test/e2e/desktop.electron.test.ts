import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import type { App } from './app.ts';
import { expect, test } from './test.ts';
import { windowParts } from './windowParts.ts';

async function killEngine(app: App): Promise<void> {
  const pid = await app.electron!.evaluate(
    (electron) =>
      electron.app.getAppMetrics().find(({ type, name }) => type === 'Utility' && name === 'Streamscope engine')?.pid,
  );
  process.kill(pid!, 'SIGKILL');
}

test('the engine is killed in mid-stream: the window says so, a restart opens what was kept', async ({
  app,
  server,
}) => {
  const { page } = app;
  const parts = windowParts(page);
  await parts.request(`${server.url}/live`);
  const stream = await server.live();
  stream.write('data: {"n":1}\n\ndata: {"n":2}\n\n');
  await expect(parts.rows).toHaveCount(2);
  await app.idle();
  await killEngine(app);
  const banner = page.locator('[role=alert]', { has: page.getByRole('button', { name: 'Restart the engine' }) });
  await expect(banner).toBeVisible();
  await expect(parts.send).toBeDisabled();
  await expect(parts.verdict).toContainText('Engine lost');
  await banner.getByRole('button', { name: 'Restart the engine' }).click();
  await expect(banner).toBeHidden();
  await parts.recordings.filter({ hasText: 'live' }).click();
  await expect(parts.recordings.filter({ hasText: 'live' })).toContainText('interrupted');
  await expect(parts.rows).toHaveCount(2);
  await expect(parts.row(1)).toContainText('{"n":2}');
  await parts.request(`${server.url}/mixed`);
  await expect(parts.rows).toHaveCount(4);
});

test('a window whose engine is gone closes, and what was kept is there at the next start', async ({
  start,
  server,
}) => {
  const app = await start();
  const parts = windowParts(app.page);
  await parts.request(`${server.url}/live`);
  const stream = await server.live();
  stream.write('data: {"n":1}\n\n');
  await expect(parts.rows).toHaveCount(1);
  await killEngine(app);
  await expect(parts.verdict).toContainText('Engine lost');
  await app.close();
  const next = windowParts((await start()).page);
  await next.recordings.filter({ hasText: 'live' }).click();
  await expect(next.row(0)).toContainText('{"n":1}');
  await expect(next.recordings.filter({ hasText: 'live' })).toContainText('interrupted');
});

test('a reload in mid-stream keeps the recording going', async ({ app, server }) => {
  const { page } = app;
  const parts = windowParts(page);
  await parts.request(`${server.url}/live`);
  const stream = await server.live();
  stream.write('data: {"n":1}\n\n');
  await expect(parts.rows).toHaveCount(1);
  await page.reload();
  await parts.recordings.filter({ hasText: 'live' }).click();
  await expect(parts.rows).toHaveCount(1);
  stream.write('data: {"n":2}\n\n');
  await expect(parts.rows).toHaveCount(2);
  await parts.stop.click();
  await expect(parts.verdict).toContainText('Stopped');
});

test('a file named at the start is opened', async ({ start, home }) => {
  const file = path.join(home, 'answer.ndjson');
  await writeFile(file, '{"n":1}\n{"n":2}\n{"n":3}\n');
  const app = await start({ files: [file] });
  const parts = windowParts(app.page);
  await expect(parts.rows).toHaveCount(3);
  await expect(app.page.getByRole('button', { name: 'Framing: NDJSON' })).toBeVisible();
});
