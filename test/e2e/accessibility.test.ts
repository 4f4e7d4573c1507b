import { AxeBuilder } from '@axe-core/playwright';
import type { App } from './app.ts';
import { expect, test } from './test.ts';
import { windowParts } from './windowParts.ts';

/** Violations that keep somebody from using what is shown, as `rule: element`. */
async function violations({ page }: App): Promise<readonly string[]> {
  // Without the legacy mode the checker opens a page of its own, which a desktop window has no place for.
  const { violations: found } = await new AxeBuilder({ page }).setLegacyMode(true).analyze();
  return found
    .filter(({ impact }) => impact === 'serious' || impact === 'critical')
    .flatMap(({ id, nodes }) => nodes.map(({ target, failureSummary }) => `${id}: ${target.join(' ')} ${failureSummary ?? ''}`));
}

/** Presses Tab until the focus is back where it began, and tells what it came by: `role name`, and whether it was seen. */
async function tabOrder({ page }: App, limit: number): Promise<{ readonly name: string; readonly seen: boolean }[]> {
  const stops: { readonly name: string; readonly seen: boolean }[] = [];
  await page.evaluate(() => {
    if (document.activeElement instanceof HTMLElement) document.activeElement.blur();
  });
  for (let i = 0; i < limit; i++) {
    await page.keyboard.press('Tab');
    const stop = await page.evaluate(() => {
      const element = document.activeElement;
      if (element === null || element === document.body) return null;
      const isMarked = (candidate: Element | null): boolean => {
        if (candidate === null) return false;
        const { outlineStyle, outlineWidth, boxShadow } = getComputedStyle(candidate);
        return (outlineStyle !== 'none' && outlineWidth !== '0px') || boxShadow !== 'none';
      };
      const around = element.closest('.monaco-editor, .ss-filter, .ss-request-url, .ss-request-address');
      return {
        name: element.getAttribute('aria-label') ?? element.textContent.trim().slice(0, 40),
        seen: isMarked(element) || isMarked(around) || (element.parentElement?.matches(':focus-within') === true && isMarked(element.parentElement)),
      };
    });
    if (stop === null) break;
    stops.push(stop);
  }
  return stops;
}

for (const theme of ['light', 'dark'] as const) {
  test(`no serious violation of accessibility in any view: ${theme}`, async ({ app }) => {
    const { page } = app;
    const parts = windowParts(page);
    await page.emulateMedia({ colorScheme: theme });
    expect(await violations(app)).toEqual([]);

    await parts.sample('An answer that stalls').click();
    await parts.row(3).click();
    await expect(parts.inspector(3).locator('.monaco-editor')).toBeVisible();
    for (const tab of ['Frames', 'Diagnostics', 'Timing', 'Raw', 'Exchange'] as const) {
      await parts.tab(tab).click();
      await app.idle();
      expect(await violations(app), tab).toEqual([]);
    }
    for (const panel of ['Headers', 'Body', 'Auth', 'Options'] as const) {
      await parts.panel(panel).click();
      await app.idle();
      expect(await violations(app), panel).toEqual([]);
    }
    for (const dialog of ['ControlOrMeta+K', 'ControlOrMeta+Comma']) {
      await page.keyboard.press(dialog);
      await expect(page.getByRole('dialog')).toBeVisible();
      expect(await violations(app), dialog).toEqual([]);
      await page.keyboard.press('Escape');
      await expect(page.getByRole('dialog')).toBeHidden();
    }
  });
}

test('everything is reached by Tab, and where the focus is can be seen', async ({ app }) => {
  const { page } = app;
  const parts = windowParts(page);
  const first = await tabOrder(app, 80);
  console.log(JSON.stringify(first));
  const names = (stops: readonly { readonly name: string }[]): readonly string[] => stops.map(({ name }) => name);
  expect(names(first)).toEqual(
    expect.arrayContaining(['Method', 'URL', 'Send', 'Search recordings', 'Recordings', 'Choose a file…', 'Command palette']),
  );
  expect(first.filter(({ seen }) => !seen)).toEqual([]);

  await parts.sample('An answer that stalls').focus();
  await page.keyboard.press('Enter');
  await expect(parts.rows.first()).toBeVisible();
  await parts.grid.focus();
  await page.keyboard.press('j');
  await expect(parts.inspector(0)).toBeVisible();
  await app.idle();
  const second = await tabOrder(app, 120);
  console.log(JSON.stringify(second));
  expect(names(second)).toEqual(
    expect.arrayContaining(['Timeline: plus and minus zoom, left and right move, zero shows everything', 'Filter frames', 'Frames', 'JSON', 'Width of the inspector']),
  );
  expect(second.filter(({ seen }) => !seen)).toEqual([]);
});
