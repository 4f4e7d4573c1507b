import { expect, test } from './test.ts';
import { windowParts } from './windowParts.ts';

/** A minute in `npm run test:deep`. */
const hungMillis = process.env['STREAMSCOPE_DEEP'] === '1' ? 60_000 : 4_000;
const everyMillis = 20;

test('a window that hangs while a stream is recorded loses nothing and delays no time stamp', async ({
  app,
  server,
}) => {
  test.setTimeout(hungMillis + 120_000);
  const parts = windowParts(app.page);
  await parts.request(`${server.url}/live`);
  const stream = await server.live();
  let written = 0;
  const write = (): void => {
    stream.write(`data: {"n":${String(written++)}}\n\n`);
  };
  write();
  await expect(parts.rows).toHaveCount(1);

  const writing = setInterval(write, everyMillis);
  await app.page.evaluate((millis) => {
    // The page's only thread, as a fault in the window would hold it.
    const until = performance.now() + millis;
    while (performance.now() < until);
  }, hungMillis);
  clearInterval(writing);
  stream.end('data: last\n\n');

  await expect(parts.verdict).toContainText('Complete', { timeout: 90_000 });
  expect(written).toBeGreaterThan(20);
  await expect(parts.counts).toContainText(`${new Intl.NumberFormat('en-US').format(written + 1)} frames`);
  // Had a stamp waited for the window, the frames would stand behind one gap as long as that.
  await parts.filter.fill(`gap>${String(hungMillis / 2)}ms`);
  await expect(app.page.getByText('No frame matches the filter')).toBeVisible();
  await parts.filter.fill('last');
  await expect(parts.row(written)).toBeVisible();
});
