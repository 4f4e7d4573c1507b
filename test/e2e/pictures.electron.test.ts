import { expect, test } from './test.ts';
import { windowParts } from './windowParts.ts';

const sizes = [
  [1280, 800],
  [1920, 1080],
  [1024, 640],
] as const;

/** For eyes: every state at every size in both themes, in test/output/pictures. What is asserted is that it fits. */
for (const theme of ['light', 'dark'] as const) {
  test(`pictures: ${theme}`, async ({ app, server }) => {
    test.setTimeout(120_000);
    const { page } = app;
    const parts = windowParts(page);
    await page.emulateMedia({ colorScheme: theme });

    const pictures = async (state: string): Promise<void> => {
      for (const [width, height] of sizes) {
        await app.resize(width, height);
        await app.idle();
        await app.picture(`${state}-${theme}-${width}x${height}`);
        const spilled = await page.evaluate(() => [
          document.documentElement.scrollWidth - innerWidth,
          document.documentElement.scrollHeight - innerHeight,
        ]);
        expect(spilled).toEqual([0, 0]);
      }
    };

    await pictures('first-start');
    await parts.request(`${server.url}/live`);
    const stream = await server.live();
    for (let n = 0; n < 60; n++) {
      stream.write(`event: ${n % 7 === 0 ? 'progress' : 'order'}\ndata: {"n":${n},"city":"Tromsø"}\n\n`);
      await expect(parts.row(n)).toBeVisible();
    }
    await pictures('live');
    stream.write('data: {"n":60,"ci');
    await expect(parts.counts).toContainText('60 frames');
    stream.socket?.resetAndDestroy();
    await expect(parts.verdict).toContainText('Cut');
    await parts.grid.focus();
    await page.keyboard.press('G');
    await expect(parts.inspector(60)).toBeVisible();
    await pictures('cut');
    await parts.tab('Diagnostics').click();
    await pictures('diagnostics-of-cut');

    await parts.tab('Frames').click();
    await parts.recordings.filter({ hasText: 'An answer that stalls' }).click();
    await expect(parts.rows.first()).toBeVisible();
    await page.keyboard.press('s');
    await expect(page.getByText('— stall')).toBeVisible();
    await pictures('ended-with-stall');
    for (const tab of ['Diagnostics', 'Timing', 'Raw', 'Exchange'] as const) {
      await parts.tab(tab).click();
      await pictures(tab.toLowerCase());
    }
  });
}
