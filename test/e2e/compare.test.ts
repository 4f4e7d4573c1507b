import { AxeBuilder } from '@axe-core/playwright';
import type { Page } from 'playwright/test';
import { createMockServer, type MockServer } from '../../src/main/servers/mock/mockServer.ts';
import { expect, test } from './test.ts';
import { windowParts } from './windowParts.ts';

let mock: MockServer;
let base = '';

test.beforeEach(async () => {
  mock = createMockServer({ port: 0 });
  base = (await mock.start()).url.replace(/\/$/, '');
});

test.afterEach(async () => {
  await mock.stop();
});

/** Sends a request and waits until its recording is whole. */
async function record(page: Page, where: string): Promise<void> {
  const parts = windowParts(page);
  const before = await parts.recordings.count();
  await parts.request(`${base}${where}`);
  await expect(parts.recordings).toHaveCount(before + 1);
  await expect(parts.verdict).toContainText('Complete');
}

/** Chooses what the open recording is compared with, by words of its address. */
async function compareWith(page: Page, words: string): Promise<void> {
  await page.keyboard.press('ControlOrMeta+D');
  const dialog = page.getByRole('dialog', { name: 'Compare with' });
  await dialog.getByPlaceholder('Compare with which recording?').fill(words);
  await expect(dialog.getByRole('option')).toHaveCount(1);
  await page.keyboard.press('Enter');
  await expect(dialog).toHaveCount(0);
}

const figure = (page: Page, name: string) => page.locator(`.ss-compare-figures [data-figure="${name}"]`);

test('a buffered answer beside a streamed one: the same frames, another first byte', async ({ app }) => {
  const { page } = app;
  const parts = windowParts(page);
  await record(page, '/demo/comparison/buffered?n=20&delayMs=20');
  await record(page, '/demo/comparison/streamed?n=20&delayMs=20');

  await parts.tab('Compare').click();
  await expect(page.getByText('Nothing to compare with yet')).toBeVisible();
  await app.picture('compare-empty-dark-1280x800');
  await compareWith(page, 'comparison/buffered');

  const comparison = page.getByRole('region', { name: 'Comparison' });
  await expect(comparison).toContainText('All 22 frames are the same, byte for byte.');
  // A is the streamed one: its first byte came earlier.
  await expect(figure(page, 'first-byte').getByRole('cell').nth(2)).toHaveText(/^\+/);
  await expect(figure(page, 'wire-bytes')).toContainText('=');
  await expect(figure(page, 'ttft')).toHaveCount(0);
  const timelines = page.getByRole('region', { name: 'Timelines of both' });
  await expect(timelines).toContainText('A: first byte at');
  await comparison.getByRole('radio', { name: 'first byte' }).check();
  await expect(figure(page, 'first-byte')).toContainText('0 µs');
  await expect(figure(page, 'end').getByRole('cell').nth(2)).toHaveText(/^−/);
  await comparison.getByRole('radio', { name: 'request' }).check();

  const plot = page.getByRole('application', { name: /Both timelines/ });
  const shown = timelines.locator('#ss-compare-timelines-text');
  await expect(shown).toContainText('zero is the request of each');
  const whole = await shown.textContent();
  await plot.focus();
  await page.keyboard.press('+');
  await expect(shown).not.toHaveText(whole ?? '');
  await page.keyboard.press('0');
  await expect(shown).toHaveText(whole ?? '');

  await comparison.getByRole('button', { name: 'Open B, and compare it with A' }).click();
  await expect(figure(page, 'first-byte').getByRole('cell').nth(2)).toHaveText(/^−/);
});

test('two answers of a model: words that changed, the first differing frame, what differs in it', async ({ app }) => {
  test.setTimeout(90_000);
  const { page } = app;
  const parts = windowParts(page);
  const chat = (prompt: string): string => `/v1/chat/completions?n=60&delayMs=4&prompt=${encodeURIComponent(prompt)}`;
  await record(page, chat('What makes a good stream?'));
  await record(page, chat('What makes a terrible stream?'));
  await compareWith(page, 'What%20makes%20a%20good');

  const comparison = page.getByRole('region', { name: 'Comparison' });
  await expect(comparison.getByRole('heading', { name: 'Message' })).toBeVisible();
  const text = comparison.getByRole('group', { name: 'Difference of the texts' });
  await expect(text.locator('del', { hasText: 'terrible' })).toBeVisible();
  await expect(text.locator('ins', { hasText: 'good' })).toBeVisible();
  await expect(figure(page, 'ttft')).not.toContainText('unknown');
  await expect(comparison.getByRole('region', { name: /^In frame/ })).toContainText('/choices/0/delta/content');
  for (const [width, height] of [
    [1280, 800],
    [1920, 1080],
    [1024, 640],
  ] as const) {
    await app.resize(width, height);
    for (const theme of ['light', 'dark'] as const) {
      await page.emulateMedia({ colorScheme: theme });
      await app.idle();
      await app.picture(`compare-${theme}-${width}x${height}`);
      if (width !== 1280) continue;
      // Without the legacy mode the checker opens a page of its own, which a desktop window has no place for.
      const { violations } = await new AxeBuilder({ page }).include('.ss-compare').setLegacyMode(true).analyze();
      const grave = violations.filter(({ impact }) => impact === 'serious' || impact === 'critical');
      expect(grave.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(' ')}`)).toEqual([]);
    }
    const spilled = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
    expect(spilled).toBe(0);
  }
  await page.emulateMedia({ colorScheme: 'dark', contrast: 'more' });
  await app.resize(1280, 800);
  await app.idle();
  await app.picture('compare-high-contrast-1280x800');

  const keys = comparison.getByRole('textbox', { name: 'without the keys' });
  const usual = await keys.inputValue();
  await keys.fill('choices, usage');
  await keys.press('Enter');
  await expect(comparison).toContainText('0 changed');
  await keys.fill(usual);
  await keys.press('Enter');
  await expect(comparison).not.toContainText('0 changed');
  await comparison.getByRole('combobox', { name: 'The same by' }).selectOption('every byte');
  await expect(keys).toHaveCount(0);
  await comparison.getByRole('combobox', { name: 'The same by' }).selectOption('JSON values');
  const first = comparison.getByRole('button', { name: /^Frame \d+ of B$/ });
  const number = Number(/\d+/.exec((await first.textContent()) ?? '')?.[0]);
  expect(number).toBeGreaterThan(1);
  await first.click();
  await expect(parts.inspector(number - 1)).toBeVisible();
  await expect(parts.tab('Frames')).toHaveAttribute('aria-selected', 'true');
  // The other one knows what it was compared with.
  await parts.tab('Compare').click();
  await expect(comparison.getByRole('heading', { name: 'Message' })).toBeVisible();
});

test('a live recording is compared as far as it is, and its frames when it has ended', async ({ app, server }) => {
  const { page } = app;
  const parts = windowParts(page);
  await record(page, '/v1/orders/stream?n=3&delayMs=0&error=none');
  await parts.request(`${server.url}/live`);
  const stream = await server.live();
  stream.write('data: {"n":1}\n\n');
  await expect(parts.row(0)).toBeVisible();
  await compareWith(page, '/v1/orders/stream?n=3');
  const comparison = page.getByRole('region', { name: 'Comparison' });
  await expect(comparison).toContainText('Compared when both recordings have ended.');
  await expect(figure(page, 'end')).toContainText('unknown');
  stream.write('data: {"n":2}\n\n');
  stream.socket?.destroySoon();
  await expect(comparison).toContainText('First difference:');
  await expect(figure(page, 'end')).not.toContainText('unknown');
});
