import { expect, test } from './test.ts';
import { panelParts } from './panelParts.ts';
import { windowParts } from './windowParts.ts';

test('a program is pointed here: its streams are seen live, its interventions unmistakable', async ({
  app,
  server,
}) => {
  test.setTimeout(120_000);
  const { page } = app;
  const parts = windowParts(page);
  const { proxy, proxyStatus, section, rows } = panelParts(page);
  const exchanges = rows('Exchanges through the proxy');
  await page.getByRole('region', { name: 'Point your program here' }).getByRole('button').click();
  await expect(proxyStatus).toContainText(/127\.0\.0\.\d+:\d+/);
  const openai = proxy.getByRole('listitem', { name: 'Route openai', exact: true });
  await openai.getByRole('button', { name: 'Copy the line for OPENAI_BASE_URL' }).click();
  await expect.poll(() => app.clipboardText()).toMatch(/^export OPENAI_BASE_URL=http:\/\/.*\/openai\/v1$/);
  await proxy.getByRole('radio', { name: 'PowerShell' }).check();
  await openai.getByRole('button', { name: 'Copy the line for OPENAI_BASE_URL' }).click();
  await expect.poll(() => app.clipboardText()).toMatch(/^\$env:OPENAI_BASE_URL = 'http/);

  const form = proxy.getByRole('form', { name: 'New route' });
  await form.getByRole('textbox', { name: 'Name' }).fill('mine');
  await form.getByRole('textbox', { name: 'Upstream' }).fill('ftp://example.com');
  await form.getByRole('button', { name: 'Add route' }).click();
  await expect(form.getByRole('alert')).toBeVisible();
  await form.getByRole('textbox', { name: 'Upstream' }).fill(server.url);
  await form.getByRole('button', { name: 'Add route' }).click();
  const mine = proxy.getByRole('listitem', { name: 'Route mine', exact: true });
  const base = (await mine.locator('.ss-proxy-line code').first().textContent()) ?? '';

  const answered = fetch(`${base}/live`, { headers: { 'user-agent': 'my-program/1.0' } });
  const stream = await server.live();
  stream.write('data: {"n":1}\n\n');
  const answer = await answered;
  expect(answer.status).toBe(200);
  await section('Exchanges').click();
  await expect(exchanges).toHaveCount(1);
  await expect(exchanges.first()).toContainText('active');
  await expect(exchanges.first()).toContainText('/mine');
  await expect(parts.recordings.first()).toContainText('/mine');
  await exchanges.first().click();
  await expect(parts.row(0)).toBeVisible();
  stream.write('data: {"n":2}\n\n');
  await expect(parts.row(1)).toBeVisible();
  stream.end();
  await answer.text();
  await expect(parts.verdict).toContainText('Complete');
  await parts.tab('Exchange').click();
  const told = page.getByRole('table', { name: 'Through the proxy' });
  await expect(told).toContainText('/mine');
  await expect(told).toContainText('my-program/1.0');
  await expect(page.getByText('The proxy carried it as it was.')).toBeVisible();

  await proxyStatus.click();
  await section(/^Interventions/).click();
  const wait = proxy.getByRole('textbox', { name: /^Wait before the answer/ });
  await wait.fill('soon');
  await expect(proxy.getByRole('button', { name: 'Apply' })).toBeDisabled();
  await wait.fill('20');
  await proxy.getByRole('button', { name: 'Apply' }).click();
  const strip = proxy.getByRole('status', { name: 'Interventions' });
  await expect(strip).toContainText('answers 20 ms late');
  const warning = page.getByRole('contentinfo').getByRole('button', { name: 'intervenes' });
  await expect(warning).toBeVisible();
  const again = fetch(`${base}/live`);
  (await server.live()).end();
  await (await again).text();
  await page.keyboard.press('Escape');
  await parts.recordings.first().click();
  await expect(page.getByRole('list', { name: 'Interventions' })).toContainText('20 ms');
  await warning.click();
  await strip.getByRole('button', { name: 'Turn all off' }).click();
  await expect(strip).toHaveCount(0);
  await expect(warning).toHaveCount(0);
  await proxy.getByRole('button', { name: 'Stop', exact: true }).click();
  await expect(proxyStatus).toContainText('Proxy off');
});
