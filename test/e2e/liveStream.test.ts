import { expect, test } from './test.ts';
import { windowParts } from './windowParts.ts';

test('a live stream is seen as it comes, is stopped, and is there after the next start', async ({ start, server }) => {
  const app = await start();
  const parts = windowParts(app.page);
  await parts.request(`${server.url}/live`);
  const stream = await server.live();
  await expect(parts.recordings.first()).toContainText('live');
  await expect(app.page.getByText('No frame yet')).toBeVisible();
  await expect(parts.stop).toBeVisible();

  stream.write('event: order\ndata: {"n":1}\n\n');
  await expect(parts.rows).toHaveCount(1);
  await expect(parts.counts).toContainText('1 frame');
  stream.write('event: order\ndata: {"n":2}\n\n: heartbeat\n\n');
  await expect(parts.rows).toHaveCount(3);
  await expect(parts.counts).toContainText('3 frames');
  await expect(parts.timelineText).toContainText('3 frames');
  await expect(parts.row(1)).toContainText('{"n":2}');

  const silence = async (): Promise<number> =>
    Number(/silent for (\d+\.\d) s/.exec((await parts.verdict.textContent()) ?? '')?.[1] ?? 0);
  await expect.poll(silence).toBeGreaterThanOrEqual(1);
  const before = await silence();
  await expect.poll(silence).toBeGreaterThan(before);

  const closed = new Promise((resolve) => stream.once('close', resolve));
  await parts.stop.click();
  await expect(parts.verdict).toContainText('Stopped');
  await expect(parts.send).toBeVisible();
  await closed;
  const words = await parts.verdict.textContent();
  await app.close();

  const nextDay = await start();
  const again = windowParts(nextDay.page);
  await again.recordings.filter({ hasText: 'live' }).click();
  await expect(again.rows).toHaveCount(3);
  await expect(again.row(0)).toContainText('{"n":1}');
  await expect(again.row(1)).toContainText('{"n":2}');
  await expect(again.verdict).toHaveText(words ?? '');
  await expect(again.send).toBeVisible();
});

test('the newest frame stays in view until the user moves, also in a window of another size', async ({
  app,
  server,
}) => {
  const { page } = app;
  const parts = windowParts(page);
  await parts.request(`${server.url}/live`);
  const stream = await server.live();
  let n = 0;
  const write = async (count: number): Promise<void> => {
    for (const end = n + count; n < end; n++) stream.write(`data: {"n":${n}}\n\n`);
    await expect(parts.counts).toContainText(`${n} frames`);
  };
  const followAgain = page.getByRole('button', { name: 'Follow live' });
  await write(80);
  await expect(parts.row(79)).toBeInViewport();
  for (const [width, height] of [
    [1024, 640],
    [1440, 900],
    [1280, 800],
  ] as const) {
    await app.resize(width, height);
    await expect(parts.row(n - 1)).toBeInViewport();
    await write(3);
    await expect(parts.row(n - 1)).toBeInViewport();
    await expect(followAgain).toHaveCount(0);
  }
  await parts.grid.focus();
  await page.keyboard.press('g');
  await expect(parts.row(0)).toBeInViewport();
  await write(40);
  await expect(parts.row(0)).toBeInViewport();
  await expect(followAgain).not.toHaveCount(0);
  await page.keyboard.press('f');
  await expect(followAgain).toHaveCount(0);
  await expect(parts.row(n - 1)).toBeInViewport();
  stream.end(Array.from({ length: 60 }, (_, more) => `data: {"n":${n + more}}\n\n`).join(''));
  await expect(parts.verdict).toContainText('Complete');
  await expect(parts.row(n + 59)).toBeInViewport();
});

test('sending while a stream is live stops that one first', async ({ app, server }) => {
  const parts = windowParts(app.page);
  await parts.request(`${server.url}/live`);
  const stream = await server.live();
  const closed = new Promise((resolve) => stream.once('close', resolve));
  stream.write('data: 1\n\n');
  await expect(parts.rows).toHaveCount(1);
  await parts.url.fill(`${server.url}/mixed`);
  await parts.url.press('Enter');
  await closed;
  await expect(parts.recordings.first()).toContainText('mixed');
  await expect(parts.recordings.filter({ hasText: 'live' })).toContainText('stopped');
  await expect(parts.rows).toHaveCount(4);
});

test('a server that resets in mid-frame: cut, the rest shown as an unfinished frame, its diagnostics lead there', async ({
  app,
  server,
}) => {
  const { page } = app;
  const parts = windowParts(page);
  await parts.request(`${server.url}/live`);
  const stream = await server.live();
  stream.write('data: {"n":1}\n\ndata: {"n":2}\n\ndata: {"n":3');
  await expect(parts.rows).toHaveCount(2);
  await expect(parts.counts).toContainText('42 B');
  stream.socket?.resetAndDestroy();
  await expect(parts.verdict).toContainText('Cut');
  await expect(parts.rows).toHaveCount(3);
  await expect(parts.row(2).getByRole('img', { name: 'This frame is faulty' })).toBeVisible();

  await parts.tab('Diagnostics').click();
  const unfinished = page.getByRole('option').filter({ hasText: 'sse/unterminated-event' });
  await expect(unfinished).toBeVisible();
  await unfinished.click();
  await expect(parts.inspector(2)).toContainText('{"n":3');
  await parts.tab('Frames').click();
  await expect(parts.row(2)).toHaveAttribute('aria-selected', 'true');
});
