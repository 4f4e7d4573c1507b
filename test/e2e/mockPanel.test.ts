import { expect, test } from './test.ts';
import { panelParts } from './panelParts.ts';
import { windowParts } from './windowParts.ts';

test('the mock server is stopped, started on another port, and says where it is', async ({ app }) => {
  const { page } = app;
  const { mock, mockStatus } = panelParts(page);
  await mockStatus.click();
  await expect(mock.getByRole('status').first()).toContainText('running');
  const address = mock.locator('.ss-panel-address').first().locator('code');
  const before = (await address.textContent()) ?? '';
  await mock.getByRole('button', { name: 'Copy the HTTP address' }).click();
  await expect.poll(() => app.clipboardText()).toBe(before);

  await mock.getByRole('button', { name: 'Stop', exact: true }).click();
  await expect(mockStatus).toContainText('Mock off');
  const port = mock.getByRole('textbox', { name: 'Port' });
  await port.fill('70000');
  await expect(port).toHaveAttribute('aria-invalid', 'true');
  await port.fill('0');
  await mock.getByRole('button', { name: 'Start there' }).click();
  await expect(mockStatus).toContainText(/127\.0\.0\.\d+:\d+/);
  expect(await address.textContent()).not.toBe(before);
  await page.keyboard.press('Escape');
  await expect(mock).toHaveCount(0);
});

test('an endpoint is set, broken by a fault and sent; the requests come in', async ({ app }) => {
  const { page } = app;
  const parts = windowParts(page);
  const { mock, mockStatus, section, endpoint, rows } = panelParts(page);
  await mockStatus.click();
  await mock.getByRole('searchbox', { name: 'Filter endpoints' }).fill('orders stream');
  await endpoint('GET /v1/orders/stream').click();
  await mock.getByRole('textbox', { name: 'n', exact: true }).fill('20');
  await mock.getByRole('textbox', { name: 'delayMs' }).fill('1');
  await mock.getByRole('combobox', { name: 'Fault', exact: true }).selectOption('reset');
  await mock.getByRole('combobox', { name: 'Place of the fault' }).selectOption('frame:N');
  await mock.getByRole('textbox', { name: 'Number of the frame' }).fill('5');
  await expect(mock.locator('.ss-mock-target')).toContainText('fault=reset@frame:5');
  await mock.getByRole('button', { name: 'Copy as cURL' }).click();
  await expect.poll(() => app.clipboardText()).toContain('fault=reset@frame:5');
  await mock.getByRole('button', { name: 'Send', exact: true }).click();
  await expect(parts.verdict).toContainText('Cut');
  await expect(parts.url).toHaveValue(/fault=reset@frame:5/);

  await mockStatus.click();
  await section('Requests').click();
  await expect(rows('Requests to the mock server')).toHaveCount(1);
  await expect(rows('Requests to the mock server').first()).toContainText('reset@frame:5');
  await expect(rows('Requests to the mock server').first()).toContainText('200');

  await section(/^Endpoints/).click();
  await mock.getByRole('radio', { name: 'HTTP/2 over TLS' }).check();
  await mock.getByRole('combobox', { name: 'Fault', exact: true }).selectOption('');
  await mock.getByRole('button', { name: 'Send', exact: true }).click();
  await expect(parts.verdict).toContainText('Complete');
  await expect(parts.status).toContainText('h2');
});
