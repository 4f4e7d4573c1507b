import type { App } from './app.ts';
import { expect, test } from './test.ts';
import { violations } from './violations.ts';
import { windowParts } from './windowParts.ts';

interface TabStop {
  readonly name: string;
  /** Whether the element, or what is drawn around it, shows that it has the focus. */
  readonly seen: boolean;
}

/** What Tab comes by from the window's beginning until it begins again. */
async function tabStops({ page }: App): Promise<readonly TabStop[]> {
  const stops: TabStop[] = [];
  const most = 150;
  await page.emulateMedia({ reducedMotion: 'reduce' });
  await page.getByRole('button', { name: 'Streamscope: show the start' }).focus();
  while (stops.length < most) {
    if (stops.length > 0) await page.keyboard.press('Tab');
    const stop = await page.evaluate(() => {
      const element = document.activeElement;
      if (!(element instanceof HTMLElement) || element === document.body) return null;
      const active = element.getAttribute('aria-activedescendant');
      const shown: (Element | null)[] = [element, active === null ? null : document.getElementById(active)];
      for (let around = element.parentElement; shown.length < 6; around = around?.parentElement ?? null)
        shown.push(around);
      const look = (): string =>
        shown
          .filter((each) => each !== null)
          .map((each) => getComputedStyle(each))
          .map(({ outline, boxShadow, borderColor }) => [outline, boxShadow, borderColor].join())
          .join(';');
      const focused = look();
      element.blur();
      const seen = look() !== focused;
      element.focus();
      return { name: element.getAttribute('aria-label') ?? element.textContent.trim(), seen };
    });
    if (stop === null || (stops.length > 1 && stop.name === stops[0]?.name)) return stops;
    stops.push(stop);
  }
  throw new Error(`Tab goes on and on: ${stops.map(({ name }) => name).join(', ')}`);
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
  const reached = async (...expected: readonly (string | RegExp)[]): Promise<void> => {
    const stops = await tabStops(app);
    expect(stops.map(({ name }) => name)).toEqual(
      expect.arrayContaining(expected.map((name) => expect.stringMatching(name) as unknown)),
    );
    expect(stops.filter(({ seen }) => !seen)).toEqual([]);
  };
  await reached('Method', 'URL', 'Send', 'Search recordings', 'Recordings', 'Choose a file…', /^Command palette/);

  await parts.sample('An answer that stalls').focus();
  await page.keyboard.press('Enter');
  await expect(parts.rows.first()).toBeVisible();
  await parts.grid.focus();
  await page.keyboard.press('j');
  await expect(parts.inspector(0).locator('.monaco-editor')).toBeVisible();
  await app.idle();
  await reached('Framing: SSE', /^Timeline: /, 'Frames', 'Filter frames', 'Width of the inspector', 'JSON');
});
