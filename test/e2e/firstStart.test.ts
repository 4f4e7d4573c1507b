import { expect, test } from './test.ts';
import { windowParts } from './windowParts.ts';

test('the first start is not empty: samples, three doors, a running mock server', async ({ app }) => {
  const { page } = app;
  const parts = windowParts(page);
  for (const door of ['Send a request', 'Point your program here', 'Open a file', 'Try the mock server']) {
    await expect(page.getByRole('region', { name: door })).toBeVisible();
  }
  await expect(parts.recordings).toHaveCount(5);
  const samples = page.getByRole('region', { name: 'Sample recordings' }).getByRole('button');
  await expect(samples).toHaveCount(5);
  await expect(samples.first()).toContainText('An answer that stalls');
  await expect(samples.last()).toContainText('Orders as lines');
  await page.getByRole('button', { name: 'Go to the URL field' }).click();
  await expect(parts.url).toBeFocused();

  await page.getByRole('button', { name: 'Send GET /v1/orders/stream' }).click();
  await expect(parts.status).toContainText('200 OK');
  await expect(parts.rows.first()).toBeVisible();
  await expect(parts.recordings.first()).toContainText('orders/stream');
});
