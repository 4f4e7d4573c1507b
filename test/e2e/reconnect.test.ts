import { expect, test } from './test.ts';
import { windowParts } from './windowParts.ts';

const event = (id: number): string => `id: ${id}\ndata: {"n":${id}}\n\n`;

test('the reconnect lab cuts a live stream, and shows whether the server resumed', async ({ app, server }) => {
  const { page } = app;
  const parts = windowParts(page);

  await page.keyboard.press('ControlOrMeta+k');
  await page.getByRole('combobox').fill('Reconnect lab');
  await page.keyboard.press('Enter');
  const frames = page.getByRole('textbox', { name: 'Lab: cut after frames' });
  await expect(frames).toHaveValue('3');
  await expect(page.getByRole('textbox', { name: 'Attempts' })).toHaveValue('5');

  await page.getByRole('button', { name: 'Close request options' }).click();
  await parts.request(`${server.url}/live`);
  const first = await server.live();
  const cut = new Promise((resolve) => first.once('close', resolve));
  first.write(`retry: 1200\n${[1, 2, 3, 4, 5].map(event).join('')}`);
  await cut;
  await expect(parts.verdict).toContainText(/waiting \d\.\d s to reconnect \(1 of 5\)/);
  await expect(parts.rows).toHaveCount(3);

  const second = await server.live();
  expect(server.requests.at(-1)?.headers['last-event-id']).toBe('3');
  second.write(event(6) + event(7));
  await expect(parts.rows).toHaveCount(5);
  await expect(parts.row(3).getByRole('img', { name: 'Connection 2 begins here' })).toBeVisible();
  await expect(parts.row(2).getByRole('img', { name: /begins here/ })).toHaveCount(0);

  second.end();
  await expect(parts.verdict).toContainText('Complete');
  await expect(parts.verdict).toContainText('The server did not resume where it was asked to: it left frames out.');

  await parts.tab('Diagnostics').click();
  await expect(page.getByText('2 frames missing: 6 follows 3')).toBeVisible();
  await parts.tab('Exchange').click();
  const connections = page.getByRole('list', { name: 'Connections' }).getByRole('listitem');
  await expect(connections).toHaveCount(2);
  await expect(connections.nth(0)).toContainText('end/lab-cut');
  await expect(connections.nth(1)).toContainText('Last-Event-ID 3');
  await expect(connections.nth(1)).toContainText('end/complete');
});
