import type { Page } from 'playwright/test';
import type { App } from './app.ts';
import { expect, test } from './test.ts';
import { panelParts } from './panelParts.ts';
import { windowParts } from './windowParts.ts';

/** Runs a command of the palette by its title. */
async function command(page: Page, title: string): Promise<void> {
  await page.keyboard.press('ControlOrMeta+k');
  await page.getByRole('combobox').fill(title);
  await expect(page.getByRole('option', { name: title }).first()).toBeVisible();
  await page.keyboard.press('Enter');
}

/** Puts a text in place of the editor's. Typed text would be completed. */
async function write(app: App, text: string): Promise<void> {
  const editor = app.page.getByRole('textbox', { name: 'Text of the scenario' });
  await app.page.locator('.ss-scenario-text .monaco-editor .view-lines').click();
  await expect(editor).toBeFocused();
  await app.page.keyboard.press('ControlOrMeta+a');
  await app.paste(text);
}

const good = `title: Three records
seed: 1
pace: 20ms
steps:
  - head: { headers: { Content-Type: application/x-ndjson } }
  - repeat: 3
    steps:
      - template: { ndjson: { n: "{{i}}" } }
`;

test('a scenario is written, refused while it is wrong, saved, sent to, and deleted', async ({ app }) => {
  test.setTimeout(120_000);
  const { page } = app;
  const parts = windowParts(page);
  const { mock, mockStatus, section } = panelParts(page);
  const says = mock.locator('.ss-scenario-says');
  await command(page, 'New scenario: Records');
  await mock.getByRole('textbox', { name: 'Name' }).fill('three');
  await expect(says.getByRole('status')).not.toBeEmpty();
  await expect(says.getByRole('img', { name: /^Preview: 2\d chunks/ })).toBeVisible();

  await write(app, good);
  await expect(says.getByRole('img', { name: /^Preview: 3 chunks/ })).toBeVisible();
  await expect(says.locator('pre')).toContainText('application/x-ndjson');
  await page.keyboard.press('ControlOrMeta+s');
  const saved = mock.getByRole('navigation', { name: 'Scenarios' }).getByRole('button', { name: /three/ });
  await expect(saved).toContainText('/scenarios/three');

  await write(app, good.replace('repeat: 3', 'repaet: 3'));
  const problems = says.getByRole('list', { name: 'What is wrong with the scenario' });
  await expect(problems).toContainText('line 6');
  await expect(problems).toContainText('repeat');
  await expect(mock.getByRole('button', { name: 'Send to this scenario' })).toBeDisabled();
  await mock.getByRole('button', { name: 'Save', exact: true }).click();
  await expect(mock.getByRole('alert')).toBeVisible();
  await expect(saved).toContainText('changed');
  // The one that was saved goes on.
  const address = (await mock.locator('.ss-panel-address code').first().textContent()) ?? '';
  expect((await (await fetch(`${address}/scenarios/three`)).text()).trim().split('\n')).toHaveLength(3);

  await write(app, good.replace('repeat: 3', 'repeat: 5'));
  await expect(says.getByRole('img', { name: /^Preview: 5 chunks/ })).toBeVisible();
  await mock.getByRole('button', { name: 'Send to this scenario' }).click();
  await expect(parts.verdict).toContainText('Complete');
  await expect(parts.counts).toContainText('5 frames');

  await mockStatus.click();
  await section(/^Scenarios/).click();
  await mock.getByRole('button', { name: 'Delete…' }).click();
  await mock.getByRole('group', { name: 'Delete it?' }).getByRole('button', { name: 'Delete' }).click();
  await expect(mock.getByRole('navigation', { name: 'Scenarios' })).toContainText('not saved yet');
  expect((await fetch(`${address}/scenarios/three`)).status).toBe(404);
});

test('a recording becomes a scenario that sends what it held', async ({ app }) => {
  const { page } = app;
  const parts = windowParts(page);
  const { mock } = panelParts(page);
  await parts.sample('Orders as lines').click();
  await expect(parts.rows.first()).toBeVisible();
  const frames = /([\d,]+) frames/.exec((await parts.counts.textContent()) ?? '')?.[1] ?? '';
  await command(page, 'Save this recording as a scenario');
  await expect(mock.locator('.ss-scenario-says').getByRole('img', { name: /^Preview: / })).toBeVisible();
  await mock.getByRole('textbox', { name: 'Name' }).fill('from-a-recording');
  await mock.getByRole('button', { name: 'Send to this scenario' }).click();
  await expect(parts.verdict).toContainText(/Complete|Cut/);
  await expect(parts.url).toHaveValue(/\/scenarios\/from-a-recording$/);
  await expect(parts.counts).toContainText(`${frames} frames`);
});
