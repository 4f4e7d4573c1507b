import { expect, test } from './test.ts';
import { windowParts } from './windowParts.ts';

test('a broken line is shown for what it is, and the filter finds it', async ({ app, server }) => {
  const { page } = app;
  const parts = windowParts(page);
  await parts.request(`${server.url}/broken-line`);
  await expect(parts.rows).toHaveCount(4);
  await expect(parts.row(2).getByRole('img', { name: 'This frame is faulty' })).toBeVisible();
  await parts.row(2).click();
  await expect(parts.inspector(2)).toContainText('{"v": oops}');
  await expect(parts.inspector(2)).toContainText('ndjson/invalid-json');

  const shown = async (filter: string, frames: readonly number[]): Promise<void> => {
    await parts.filter.fill(filter);
    await expect(parts.rows).toHaveCount(frames.length);
    for (const frame of frames) await expect(parts.row(frame)).toBeVisible();
  };
  await shown('METADATA', [0]);
  await expect(page.getByText('1 match', { exact: true })).toBeVisible();
  await shown('type:row', [1, 3]);
  await shown('/"v":\\s?[12]\\b/', [1, 3]);
  await shown('has:error', [2]);
  await shown('-has:error size>15', [0, 1, 3]);
  await shown('gap>10s', []);
  await expect(page.getByText('No frame matches the filter')).toBeVisible();
  await page.getByRole('button', { name: 'Clear the filter' }).last().click();
  await expect(parts.rows).toHaveCount(4);

  await parts.filter.fill('row /(/');
  await expect(parts.filter).toHaveAttribute('aria-invalid', 'true');
  await expect(page.getByRole('alert').filter({ has: page.getByLabel('At character 5') })).toBeVisible();
  await expect(parts.rows).toHaveCount(4);
  await parts.filter.press('Escape');
  await expect(parts.filter).toHaveValue('');

  const chip = page.getByRole('group', { name: 'Types of frames' }).getByRole('button', { name: /^row/ });
  await chip.click();
  await expect(chip).toHaveAttribute('aria-pressed', 'true');
  await expect(parts.filter).toHaveValue('type:row');
  await expect(parts.rows).toHaveCount(2);
  await chip.click();
  await expect(parts.rows).toHaveCount(4);
});

test('one selection rules table, timeline and inspector, by mouse and by key', async ({ app }) => {
  const { page } = app;
  const parts = windowParts(page);
  await parts.sample('An answer that stalls').click();
  await expect(parts.timelineText).toContainText('stall');
  await app.idle();
  const isSelected = async (frame: number): Promise<void> => {
    await expect(parts.row(frame)).toHaveAttribute('aria-selected', 'true');
    await expect(parts.inspector(frame)).toBeVisible();
  };

  const withoutCursor = await parts.drawnMarks();
  await parts.row(3).click();
  await isSelected(3);
  await expect.poll(parts.drawnMarks).not.toBe(withoutCursor);

  const box = (await parts.plot.boundingBox())!;
  await parts.plot.click({ position: { x: box.width * 0.6, y: box.height * 0.6 } });
  await expect(parts.grid).not.toHaveAttribute('aria-activedescendant', 'ss-frame-3');
  const clicked = Number((await parts.grid.getAttribute('aria-activedescendant'))?.replace('ss-frame-', ''));
  await isSelected(clicked);

  await parts.grid.focus();
  const last = Number(await parts.grid.getAttribute('aria-rowcount')) - 2;
  for (const [key, frame] of [
    ['g', 0],
    ['j', 1],
    ['ArrowDown', 2],
    ['k', 1],
    ['ArrowUp', 0],
    ['G', last],
  ] as const) {
    await page.keyboard.press(key);
    await isSelected(frame);
  }
  await page.keyboard.press('S');
  const stall = page.getByRole('region', { name: /^Frame / }).getByText('— stall');
  await expect(stall).toBeVisible();
  await page.keyboard.press('g');
  await isSelected(0);
  await expect(stall).toBeHidden();
  await page.keyboard.press('s');
  await expect(stall).toBeVisible();
  await page.keyboard.press('g');
  await isSelected(0);
  await page.keyboard.press('n');
  await expect(page.getByRole('list', { name: 'Diagnostics of the frame' })).toBeVisible();
  await page.keyboard.press('N');
  await app.idle();

  const whole = await parts.drawnLanes();
  await page.keyboard.press('+');
  await expect.poll(parts.drawnLanes).not.toBe(whole);
  await page.keyboard.press('0');
  await expect.poll(parts.drawnLanes).toBe(whole);

  await page.keyboard.press('g');
  await isSelected(0);
  await app.idle();
  const before = [await parts.drawnLanes(), await parts.drawnMarks()];
  await page.keyboard.press('/');
  await expect(parts.filter).toBeFocused();
  await page.keyboard.type('jGnsf+-0?');
  await expect(parts.filter).toHaveValue('jGnsf+-0?');
  await expect(page.getByRole('dialog')).toHaveCount(0);
  await parts.filter.fill('');
  await isSelected(0);
  await app.idle();
  expect([await parts.drawnLanes(), await parts.drawnMarks()]).toEqual(before);
});

test('a span of the timeline has figures, and can be zoomed to', async ({ app }) => {
  const { page } = app;
  const parts = windowParts(page);
  await parts.sample('An answer that stalls').click();
  await expect(parts.timelineText).toContainText('stall');
  await app.idle();
  const box = (await parts.plot.boundingBox())!;
  const y = box.y + box.height * 0.6;
  await page.keyboard.down('Shift');
  await page.mouse.move(box.x + box.width * 0.3, y);
  await page.mouse.down();
  await page.mouse.move(box.x + box.width * 0.7, y, { steps: 4 });
  await page.mouse.up();
  await page.keyboard.up('Shift');
  const span = page.getByRole('region', { name: 'Selected span' });
  await expect(span).toContainText('longest gap');
  await page.mouse.move(0, 0);
  await app.idle();
  const whole = await parts.drawnLanes();
  await span.getByRole('button', { name: 'Zoom to the span' }).click();
  await expect(span).toBeHidden();
  await expect.poll(parts.drawnLanes).not.toBe(whole);
  await parts.plot.dblclick({ position: { x: box.width / 2, y: box.height * 0.6 } });
  await page.mouse.move(0, 0);
  await expect.poll(parts.drawnLanes).toBe(whole);
});

test('100,000 frames: every row can be reached, and only those in view are in the document', async ({
  app,
  server,
}) => {
  const { page } = app;
  const parts = windowParts(page);
  await parts.request(`${server.url}/many?n=100000`);
  await expect(parts.verdict).toContainText('Complete');
  await expect(parts.grid).toHaveAttribute('aria-rowcount', '100001');
  await parts.grid.focus();
  await page.keyboard.press('g');
  await expect(parts.row(0)).toHaveAttribute('aria-selected', 'true');
  await page.keyboard.press('G');
  await expect(parts.row(99_999)).toContainText('"n":99999');

  await parts.grid.evaluate((grid) => {
    grid.scrollTop = grid.scrollHeight / 2;
  });
  await expect(parts.row(50_000)).toContainText('"n":50000');
  await expect(parts.row(99_999)).toBeHidden();
  expect(await parts.rows.count()).toBeLessThan(100);

  await parts.filter.fill('type:tick');
  await expect(parts.grid).toHaveAttribute('aria-rowcount', '33335');
});
