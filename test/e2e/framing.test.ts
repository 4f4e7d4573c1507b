import { expect, test } from './test.ts';
import { windowParts } from './windowParts.ts';

test('the framing can be chosen, changes the frames, and is remembered for that recording', async ({
  start,
  server,
}) => {
  const app = await start();
  const parts = windowParts(app.page);
  await parts.request(`${server.url}/mixed`);
  await expect(parts.rows).toHaveCount(4);
  await app.page.getByRole('button', { name: 'Framing: SSE' }).click();
  await expect(app.page.getByRole('menu')).toContainText('text/event-stream');
  await app.page.getByRole('menuitemradio', { name: 'Text' }).click();
  const chosen = app.page.getByRole('button', { name: /^Framing: Text/ });
  await expect(chosen).toBeVisible();
  await expect(parts.rows.filter({ hasText: 'event: order' }).first()).toBeVisible();
  const rows = await parts.rows.count();
  await app.close();

  const next = await start();
  const again = windowParts(next.page);
  await again.recordings.filter({ hasText: 'mixed' }).click();
  await expect(next.page.getByRole('button', { name: /^Framing: Text/ })).toBeVisible();
  await expect(again.rows).toHaveCount(rows);
  await next.page.getByRole('button', { name: /^Framing: Text/ }).click();
  await next.page.getByRole('menuitemradio', { name: 'Detect' }).click();
  await expect(next.page.getByRole('button', { name: 'Framing: SSE' })).toBeVisible();
  await expect(again.rows).toHaveCount(4);
  await expect(again.row(0)).toContainText('Oslo');
});

test('elements of JSON are found at the path that the user names; one that cannot be read is refused', async ({
  start,
  server,
}) => {
  const app = await start();
  const parts = windowParts(app.page);
  await parts.request(`${server.url}/pages`);
  await expect(parts.rows).toHaveCount(4);
  await app.page.getByRole('button', { name: /^Framing: JSON/ }).click();
  await app.page.getByRole('menuitem', { name: 'JSON elements at a path…' }).click();
  const field = app.page.getByLabel('Path of the list whose elements are to be frames');
  await field.fill('pages[0].rows');
  await field.press('Enter');
  await expect(app.page.getByRole('alert')).toContainText('request/invalid-json-path');
  await field.fill('pages[*].rows');
  await field.press('Enter');
  await expect(app.page.getByRole('button', { name: 'Framing: JSON pages[*].rows' })).toBeVisible();
  await expect(parts.rows.filter({ hasText: 'Oslo' })).toHaveCount(1);
  await expect(parts.rows.filter({ hasText: 'Bergen' })).toHaveCount(1);
  await expect(parts.rows).toHaveCount(5);
});

test('a part of a multipart body is a row, with its headers in the inspector', async ({ start, server }) => {
  const app = await start();
  const parts = windowParts(app.page);
  await parts.request(`${server.url}/parts`);
  await expect(app.page.getByRole('button', { name: 'Framing: Multipart' })).toBeVisible();
  await expect(parts.row(0)).toContainText('application/json');
  await expect(parts.row(0)).toContainText('Oslo');
  await parts.row(0).click();
  await expect(parts.inspector(0)).toContainText('X-Part');
});
