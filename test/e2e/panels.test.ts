import { expect, test } from './test.ts';
import { panelParts } from './panelParts.ts';
import { violations } from './violations.ts';
import { windowParts } from './windowParts.ts';

const sizes = [
  [1024, 640],
  [1280, 800],
  [1920, 1080],
] as const;

for (const theme of ['light', 'dark', 'high-contrast'] as const) {
  test(`the panels keep nobody out, and fit: ${theme}`, async ({ app }) => {
    test.setTimeout(240_000);
    const { page } = app;
    const { mock, proxy, mockStatus, proxyStatus, section, rows } = panelParts(page);
    if (theme === 'high-contrast') await page.emulateMedia({ contrast: 'more' });
    else await page.emulateMedia({ colorScheme: theme });

    const look = async (state: string): Promise<void> => {
      await app.idle();
      expect(await violations(app), state).toEqual([]);
      for (const [width, height] of sizes) {
        await app.resize(width, height);
        await app.idle();
        await app.picture(`${state}-${theme}-${width}x${height}`);
        const spilled = await page.evaluate(() => [
          document.documentElement.scrollWidth - innerWidth,
          document.documentElement.scrollHeight - innerHeight,
        ]);
        expect(spilled, state).toEqual([0, 0]);
      }
    };

    await mockStatus.click();
    await mock.getByRole('combobox', { name: 'Fault', exact: true }).selectOption('reset');
    await look('mock-endpoints');
    await section('Requests').click();
    const base = (await mock.locator('.ss-panel-address code').first().textContent()) ?? '';
    const targets = ['orders/stream?n=3', 'orders/stream?n=3&fault=reset@frame:2', 'orders/events?n=3', 'nothing'];
    await Promise.all(
      targets.map((target) =>
        fetch(`${base}/v1/${target}&delayMs=1`)
          .then((answer) => answer.text())
          // Cut on purpose.
          .catch(() => undefined),
      ),
    );
    await expect(rows('Requests to the mock server')).toHaveCount(targets.length);
    await look('mock-requests');
    await section(/^Scenarios/).click();
    await look('mock-scenarios');
    await mock.getByRole('navigation').getByRole('button', { name: 'New scenario' }).click();
    await page.getByRole('menuitem', { name: /stalls and is cut/ }).click();
    await expect(mock.getByRole('img', { name: /^Preview: 1\d chunks/ })).toBeVisible();
    await look('mock-scenario');

    await proxyStatus.click();
    await look('proxy-off');
    await proxy.getByRole('button', { name: 'Start', exact: true }).click();
    await expect(proxyStatus).toContainText(/\d+:\d+/);
    const form = proxy.getByRole('form', { name: 'New route' });
    await form.getByRole('textbox', { name: 'Name' }).fill('mine');
    await form.getByRole('textbox', { name: 'Upstream' }).fill(base);
    await form.getByRole('button', { name: 'Add route' }).click();
    const mine = proxy.getByRole('listitem', { name: 'Route mine', exact: true });
    const through = (await mine.locator('.ss-proxy-line code').first().textContent()) ?? '';
    await look('proxy-routes');
    await (await fetch(`${through}/v1/orders/stream?n=5&delayMs=1`)).text();
    const open = fetch(`${through}/v1/orders/stream?n=1000&delayMs=200`);
    await section('Exchanges').click();
    await expect(rows('Exchanges through the proxy')).toHaveCount(2);
    await look('proxy-exchanges');
    await (await open).body?.cancel();
    await section(/^Interventions/).click();
    await proxy.getByRole('textbox', { name: /^Wait before/ }).fill('300');
    await proxy.getByRole('button', { name: 'Apply' }).click();
    await expect(proxy.getByRole('status', { name: 'Interventions' })).toBeVisible();
    await look('proxy-interventions');
    await windowParts(page).recordings.first().click();
    await windowParts(page).tab('Exchange').click();
    await expect(page.getByRole('table', { name: 'Through the proxy' })).toBeVisible();
    await look('proxied-exchange');
  });
}
