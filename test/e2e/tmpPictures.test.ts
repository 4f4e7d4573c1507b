import { expect, test } from './test.ts';
import { panelParts } from './panelParts.ts';

test('tmp pictures', async ({ app }) => {
  test.setTimeout(200_000);
  const { page } = app;
  const p = panelParts(page);
  const theme = (process.env['T'] ?? 'dark') as 'dark' | 'light';
  await page.emulateMedia({ colorScheme: theme });
  const [w, h] = (process.env['S'] ?? '1280x800').split('x').map(Number) as [number, number];
  await app.resize(w, h);
  const pic = async (name: string): Promise<void> => {
    await app.idle();
    await app.picture(`tmp-${name}-${theme}`);
  };
  await pic('start');
  await p.mockStatus.click();
  await pic('endpoints');
  await p.mock.getByRole('combobox', { name: 'Fault', exact: true }).selectOption('reset');
  await p.section('Requests').click();
  const base = (await p.mock.locator('.ss-panel-address code').first().textContent()) ?? '';
  for (let i = 0; i < 30; i++)
    void fetch(`${base}/v1/orders/stream?n=${i}&delayMs=${i}${i % 4 ? '' : '&fault=reset@frame:3'}`)
      .then((r) => r.text())
      .catch(() => 0);
  await expect(p.rows('Requests to the mock server').first()).toBeVisible();
  await pic('requests');
  await p.section(/^Scenarios/).click();
  await pic('scenarios');
  await page.getByRole('button', { name: 'New scenario' }).first().click();
  await page.getByRole('menuitem').nth(3).click();
  await pic('scenario');
  await p.proxyStatus.click();
  await pic('proxy-off');
  await p.proxy.getByRole('button', { name: 'Start', exact: true }).click();
  await expect(p.proxyStatus).toContainText(/\d+:\d+/);
  await pic('proxy');
  const fields = p.proxy.getByRole('form', { name: 'New route' });
  await fields.getByRole('textbox', { name: 'Name' }).fill('mine');
  await fields.getByRole('textbox', { name: 'Upstream' }).fill(base);
  await fields.getByRole('button').click();
  await app.idle();
  const proxied = (await p.proxy.locator('.ss-panel-address code').first().textContent()) ?? '';
  for (let i = 0; i < 12; i++)
    void fetch(`${proxied}/mine/v1/orders/stream?n=${i}&delayMs=${i}`)
      .then((r) => r.text())
      .catch(() => 0);
  await p.section('Exchanges').click();
  await expect(p.rows('Exchanges through the proxy').first()).toBeVisible();
  await pic('exchanges');
  await p.section(/^Interventions/).click();
  await p.proxy.getByRole('textbox', { name: /^Wait before/ }).fill('300');
  await p.proxy.getByRole('button', { name: 'Apply' }).click();
  await app.idle();
  await pic('interventions');
});
