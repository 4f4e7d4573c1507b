import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { expect, test } from './test.ts';
import { windowParts } from './windowParts.ts';

const secret = ['sk', 'abcdefghijklmnopqrstuvwxyz0123456789'].join('-');

test('a recording is exported without its secrets, after they were listed, and with them when asked', async ({ app }, {
  outputDir,
}) => {
  const { page } = app;
  const parts = windowParts(page);
  await app.dropFile('events.txt', `data: {"n":1}\n\ndata: {"echo":"${secret}"}\n\n`);
  await expect(parts.rows).toHaveCount(2);

  await page.keyboard.press('ControlOrMeta+s');
  const dialog = page.getByRole('dialog', { name: 'Export' });
  await expect(dialog.getByRole('region', { name: 'What is hidden' })).toContainText('API key (sk-…)1');
  for (const theme of ['light', 'dark'] as const) {
    await page.evaluate((name) => (document.documentElement.dataset['theme'] = name), theme);
    await page.screenshot({ path: path.join(outputDir, `export-${theme}.png`) });
  }
  const saved = async (button: string): Promise<string> => {
    const downloading = page.waitForEvent('download');
    await dialog.getByRole('button', { name: button }).click();
    const download = await downloading;
    expect(download.suggestedFilename()).toMatch(/\.stream\.jsonl$/);
    return readFile(await download.path(), 'utf8');
  };
  const redacted = await saved('Export');
  expect(redacted).not.toContain(secret);
  expect(redacted).toContain('REDACTED1');
  await expect(dialog).toBeHidden();

  await parts.recordings.first().click({ button: 'right' });
  await page.getByRole('menuitem', { name: 'Export…' }).click();
  await dialog.getByRole('checkbox').check();
  await expect(dialog.getByRole('note')).toContainText('Whoever gets this file');
  expect(await saved('Export with secrets')).toContain(secret);

  await app.dropFile('again.stream.jsonl', redacted);
  await expect(parts.row(1)).toContainText('REDACTED1');
});

test('a HAR file with several exchanges becomes several recordings, and the window says how many', async ({ app }) => {
  const entry = (url: string) => ({
    startedDateTime: '2026-11-21T09:00:00.000Z',
    time: 1,
    request: { method: 'GET', url, headers: [] },
    response: { status: 200, headers: [], content: { mimeType: 'text/event-stream', text: 'data: x\n\n' } },
  });
  const entries = ['http://a.test/one', 'http://a.test/two', 'http://a.test/three'].map(entry);
  await app.dropFile('several.har', JSON.stringify({ log: { version: '1.2', entries } }));
  await expect(app.page.getByText('3 recordings came out of “several.har”.')).toBeVisible();
  await expect(windowParts(app.page).rows).toHaveCount(1);
});
