import { expect, test } from './test.ts';
import { windowParts } from './windowParts.ts';

const event = (id: number): string => `id: ${String(id)}\ndata: {"n":${String(id)}}\n\n`;

test('a recording is replayed with a fault, recorded again, and stepped through by an EventSource', async ({
  app,
  server,
  openBrowser,
}) => {
  const { page } = app;
  const parts = windowParts(page);

  await parts.request(`${server.url}/live`);
  const live = await server.live();
  for (const id of [1, 2, 3, 4]) {
    live.write(event(id));
    await expect(parts.rows).toHaveCount(id);
  }
  live.end();
  await expect(parts.verdict).toContainText('Complete');

  await page.getByRole('button', { name: 'More actions' }).click();
  await page.getByRole('menuitem', { name: 'Replay…' }).click();
  const dialog = page.getByRole('dialog', { name: 'Replay' });
  const start = dialog.getByRole('button', { name: 'Start replay' });
  await dialog.getByRole('button', { name: 'Add a fault' }).click();
  const place = dialog.getByRole('textbox', { name: 'Fault 1: after frame' });
  await place.fill('x');
  await expect(start).toBeDisabled();
  await place.fill('9');
  await start.click();
  await expect(dialog.getByRole('alert')).toContainText('There is no frame 9: the recording has 4 frames.');
  await place.fill('2');
  await start.click();
  const running = dialog.getByRole('region', { name: /^Replay of/ });
  await expect(running).toContainText('closed after frame 2');
  await expect(running).toContainText(/http:\/\/\S+:\d+\/live/);
  await running.getByRole('button', { name: 'Replay here' }).click();
  await expect(dialog).toHaveCount(0);
  await expect(parts.verdict).toContainText('Cut');
  await expect(parts.rows).toHaveCount(2);
  await page.getByRole('tab', { name: 'Compare' }).click();
  await expect(page.getByRole('region', { name: 'Comparison' })).toBeVisible();
  await parts.tab('Frames').click();

  // The first recording again, step by step, by a browser of its own.
  test.skip(
    process.env['STREAMSCOPE_CHROMIUM'] === undefined,
    'no Chromium whose EventSource could consume the replay',
  );
  await parts.recordings.nth(1).click();
  await expect(parts.rows).toHaveCount(4);
  await parts.tab('Exchange').click();
  await page.getByRole('button', { name: 'Replay…' }).click();
  await running.getByRole('button', { name: 'Stop' }).click();
  await expect(running).toHaveCount(0);
  await dialog.getByRole('combobox', { name: 'Speed' }).selectOption('step');
  await start.click();
  const step = running.getByRole('button', { name: 'Next chunk' });
  await expect(step).toBeDisabled();
  const url = /http:\/\/[^\s/]+/.exec(await running.innerText())?.[0] ?? '';

  const client = await (await openBrowser()).newPage();
  await client.route(`${url}/page`, (route) =>
    route.fulfill({ contentType: 'text/html', body: '<title>client</title>' }),
  );
  await client.goto(`${url}/page`);
  await client.evaluate(() => {
    const seen: string[] = [];
    Object.assign(globalThis, { seen });
    new EventSource('/live').onmessage = ({ data, lastEventId }: MessageEvent<string>) => {
      seen.push(`${lastEventId} ${data}`);
    };
  });
  const seen = (): Promise<string> =>
    client.evaluate(() => (globalThis as unknown as { seen: string[] }).seen.join(' | '));
  await expect(step).toBeEnabled();
  for (const colorScheme of ['light', 'dark'] as const) {
    await page.emulateMedia({ colorScheme });
    await app.picture(`replay-step-${colorScheme}`);
  }
  await step.click();
  await expect.poll(seen).toBe('1 {"n":1}');
  await expect(step).toBeEnabled();
  await step.click();
  await expect.poll(seen).toBe('1 {"n":1} | 2 {"n":2}');
  await client.close();
  await expect(running).toContainText('1 left');
  await expect(running).toContainText('client 1: left after');
});

test('the request of a recording is sent again', async ({ app, server }) => {
  const { page } = app;
  const parts = windowParts(page);
  await parts.request(`${server.url}/mixed`);
  await expect(parts.verdict).toContainText('Complete');
  const before = await parts.recordings.count();
  await parts.tab('Exchange').click();
  await page.getByRole('button', { name: 'Send again' }).click();
  await expect(parts.recordings).toHaveCount(before + 1);
  // The row is there before the request has reached the server.
  await expect.poll(() => server.requests.map(({ target }) => target)).toEqual(['/mixed', '/mixed']);
});
