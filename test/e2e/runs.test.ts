import { createMockServer, type MockServer } from '../../src/main/servers/mock/mockServer.ts';
import { expect, test } from './test.ts';
import { windowParts } from './windowParts.ts';

let mock: MockServer;
let chat = '';

test.beforeAll(async () => {
  mock = createMockServer({ port: 0 });
  chat = `${(await mock.start()).url}/v1/chat/completions?prompt=Streams`;
});
test.afterAll(() => mock.stop());

test('a request is sent many times, its runs measured, compared and opened', async ({ app, server }) => {
  test.setTimeout(120_000);
  const { page } = app;
  const parts = windowParts(page);
  const dialog = page.getByRole('dialog', { name: 'Runs' });
  const openForm = async (): Promise<void> => {
    await page.keyboard.press('ControlOrMeta+k');
    await page.getByRole('combobox').fill('Send N times');
    await page.keyboard.press('Enter');
    await expect(dialog.getByRole('form', { name: 'New run set' })).toBeVisible();
  };
  const sendRuns = async (runs: string, atOnce: string, limits: string): Promise<void> => {
    await dialog.getByRole('textbox', { name: 'Runs', exact: true }).fill(runs);
    await dialog.getByRole('textbox', { name: 'At a time' }).fill(atOnce);
    await dialog.getByRole('textbox', { name: 'Limits' }).fill(limits);
    await dialog.getByRole('button', { name: `Send ${runs} times` }).click();
  };

  await parts.url.fill(`${chat}&n=20&delayMs=4`);
  await openForm();
  await sendRuns('8', '4', 'ttft=fast');
  await expect(dialog.getByRole('alert')).toContainText('is no objective');
  await sendRuns('8', '4', 'ttft=30s, tps>=1');
  const table = dialog.getByRole('table', { name: 'Runs' });
  await expect(dialog.getByRole('status')).toContainText('8 of 8 runs, 4 at a time · over');
  await expect(table.getByRole('row')).toHaveCount(9);
  await expect(table.getByRole('row').nth(8)).toContainText('complete');
  await expect(dialog.getByText('100 %').first()).toBeVisible();
  await expect(dialog.getByRole('list', { name: 'Limits' })).toContainText('TTFT ≤ 30.0 s 8 met, 0 missed');
  await expect(dialog.getByRole('img', { name: /^TTFT of 8 runs: .* median/ })).toBeVisible();
  for (const theme of ['light', 'dark'] as const) {
    await page.emulateMedia({ colorScheme: theme });
    for (const [width, height] of [
      [1280, 800],
      [1920, 1080],
    ] as const) {
      await app.resize(width, height);
      await app.idle();
      await app.picture(`runs-${theme}-${String(width)}x${String(height)}`);
    }
  }
  await dialog.getByRole('button', { name: 'Copy CSV' }).click();
  await expect.poll(() => app.clipboardText()).toMatch(/^set,n,recording/);

  await page.keyboard.press('Escape');
  await parts.url.fill(`${chat}&n=20&delayMs=8`);
  await openForm();
  await sendRuns('8', '4', '');
  await expect(dialog.getByRole('status')).toContainText('8 of 8 runs');
  await dialog.getByRole('combobox', { name: 'Compare with' }).selectOption({ index: 1 });
  const medians = dialog.getByRole('table', { name: 'Medians compared' });
  await expect(medians.getByRole('row', { name: /^TTFT/ })).toContainText(/B is (better|worse)|within noise/);
  await expect(medians.getByRole('row', { name: /^Tokens \d/ })).toContainText('within noise');
  for (const theme of ['light', 'dark'] as const) {
    await page.emulateMedia({ colorScheme: theme });
    await app.idle();
    await app.picture(`runs-compared-${theme}`);
  }
  await dialog.getByRole('combobox', { name: 'Compare with' }).selectOption({ index: 0 });

  await table.getByRole('row').nth(3).focus();
  await page.keyboard.press('ArrowDown');
  await expect(table.getByRole('row').nth(4)).toBeFocused();
  await page.keyboard.press('Enter');
  await expect(dialog).toHaveCount(0);
  await expect(parts.verdict).toContainText('Complete');

  await parts.url.fill(`${server.url}/live`);
  await openForm();
  await sendRuns('50', '2', '');
  await server.live();
  await server.live();
  await dialog.getByRole('button', { name: 'Stop', exact: true }).click();
  await expect(dialog.getByRole('status')).toContainText('2 of 50 runs, 2 at a time · stopped');
  await expect(table.getByRole('row').nth(1)).toContainText('stopped');
  await dialog.getByRole('button', { name: 'Forget this run set' }).click();
  await expect(dialog.getByRole('navigation', { name: 'Run sets' }).getByRole('listitem')).toHaveCount(2);
});
