import { expect, test } from './test.ts';
import { windowParts } from './windowParts.ts';

test('recordings are found by name, by what the user said of them and by their text, and filtered', async ({ app }) => {
  const { page } = app;
  const parts = windowParts(page);
  const library = page.getByRole('navigation', { name: 'Library' });
  const search = library.getByRole('searchbox', { name: 'Search recordings' });
  await expect(parts.recordings).toHaveCount(5);
  await expect(library.getByText(/^5 recordings · /)).toBeVisible();

  await search.fill('orders lines');
  await expect(parts.recordings).toHaveCount(1);
  await expect(library.getByRole('status')).toHaveText('1 recording found');
  await expect(parts.recordings.locator('mark').first()).toHaveText('Orders');

  // Words that no frame holds whole: the message, put together.
  await search.fill('stall');
  await expect(parts.recordings.first()).toContainText('An answer that stalls');
  await search.fill('is:odd');
  await expect(search).toHaveAttribute('aria-invalid', 'true');
  await expect(library.getByRole('alert')).toContainText('is: knows starred, live');
  await search.fill('qqqq-nowhere');
  await expect(library.getByText('Nothing found')).toBeVisible();
  await search.press('Escape');
  await expect(parts.recordings).toHaveCount(5);

  const tools = library.getByRole('group', { name: 'Filter and sort' });
  await tools.getByRole('button', { name: 'Starred' }).click();
  await expect(search).toHaveValue('is:starred');
  await expect(library.getByText('Nothing found')).toBeVisible();
  await tools.getByRole('button', { name: 'Starred' }).click();
  await tools.getByRole('button', { name: 'Filter', exact: true }).click();
  await page.getByRole('menuitemcheckbox', { name: /^NDJSON/ }).click();
  await page.keyboard.press('Escape');
  await expect(search).toHaveValue('framing:ndjson');
  await expect(parts.recordings).toHaveCount(1);
  await search.fill('');
  await tools.getByRole('button', { name: /^Sort/ }).click();
  await page.getByRole('menuitemradio', { name: 'By name' }).click();
  await expect(parts.recordings.first()).toContainText('An answer');
  await expect(library.getByText('By name')).toBeVisible();
});

test('a recording is renamed, starred, tagged, noted, deleted and brought back, by mouse and by key', async ({
  app,
  start,
}) => {
  const { page } = app;
  const parts = windowParts(page);
  const list = page.getByRole('listbox', { name: 'Recordings' });
  const row = parts.recordings.filter({ hasText: 'Orders as lines' });
  await row.click();
  await list.focus();
  await page.keyboard.press('F2');
  const name = page.getByRole('textbox', { name: 'New name of Orders as lines' });
  await expect(name).toBeFocused();
  await name.fill('Ours');
  await name.press('Enter');
  const ours = parts.recordings.filter({ hasText: 'Ours' });
  await expect(ours).toHaveCount(1);
  await expect(list).toBeFocused();
  await page.keyboard.press('*');
  await expect(ours.getByLabel('starred')).toBeVisible();

  await ours.click({ button: 'right' });
  await page.getByRole('menuitem', { name: 'Tags and note…' }).click();
  const dialog = page.getByRole('dialog', { name: 'Ours' });
  await dialog.getByLabel('Tags, with commas between them').fill('bug 12, slow');
  await dialog.getByLabel('Note').fill('seen on Tuesday');
  await dialog.getByRole('button', { name: 'Save' }).click();
  await expect(ours).toContainText('bug 12');
  await expect(ours.getByLabel('has a note')).toBeVisible();
  const search = page.getByRole('searchbox', { name: 'Search recordings' });
  await search.fill('tag:slow tuesday');
  await expect(parts.recordings).toHaveCount(1);
  await search.fill('');
  await expect(parts.recordings).toHaveCount(5);

  await list.focus();
  await page.keyboard.press('Shift+F10');
  await page.getByRole('menuitem', { name: /^Delete/ }).click();
  await expect(parts.recordings).toHaveCount(4);
  await expect(page.getByRole('log', { name: 'Notices' })).toContainText('“Ours” of ');
  await page.getByRole('button', { name: 'Undo' }).click();
  await expect(parts.recordings).toHaveCount(5);
  await expect(ours).toHaveAttribute('aria-selected', 'true');

  await app.close();
  const again = windowParts((await start()).page);
  await expect(again.recordings.filter({ hasText: 'Ours' })).toContainText('bug 12');
});
