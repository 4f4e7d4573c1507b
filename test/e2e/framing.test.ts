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
