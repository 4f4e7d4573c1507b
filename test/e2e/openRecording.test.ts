import type { Locator } from 'playwright/test';
import { expect, test } from './test.ts';
import { windowParts } from './windowParts.ts';

/** Nothing of the element's text is cut off, by itself or by the window. */
async function expectWhole(text: Locator): Promise<void> {
  const cut = await text.evaluate((element) => {
    const { left, right, top, bottom } = element.getBoundingClientRect();
    const range = document.createRange();
    range.selectNodeContents(element);
    const boxes = [...range.getClientRects()];
    return boxes.filter(
      (box) =>
        box.left < left - 1 ||
        box.right > Math.min(right, innerWidth) + 1 ||
        box.top < top - 2 ||
        box.bottom > Math.min(bottom, innerHeight) + 2,
    ).length;
  });
  expect(cut).toBe(0);
}

test('the verdict is told whole, and the window fits, at every size', async ({ app }) => {
  const { page } = app;
  const parts = windowParts(page);
  await parts.recordings.filter({ hasText: 'row 201' }).click();
  await expect(parts.verdict).toContainText('in the middle of frame 201. 1 error');
  for (const theme of ['light', 'dark'] as const) {
    await page.emulateMedia({ colorScheme: theme });
    for (const [width, height] of [
      [1280, 800],
      [1024, 640],
      [1920, 1080],
    ] as const) {
      await app.resize(width, height);
      await app.idle();
      await app.picture(`verdict-${theme}-${width}x${height}`);
      await expectWhole(parts.verdict);
      const border = await parts.status.boundingBox();
      const verdict = await parts.verdict.boundingBox();
      expect((verdict?.y ?? 0) + (verdict?.height ?? 0)).toBeLessThanOrEqual((border?.y ?? 0) + (border?.height ?? 0));
      await expect(parts.tab('Compare')).toBeInViewport({ ratio: 1 });
      await expect(parts.rows.first()).toBeInViewport({ ratio: 1 });
    }
  }
});

test('nothing below the status moves while a live stream falls silent and speaks, and a long address stays one line', async ({
  app,
  server,
}) => {
  const { page } = app;
  const parts = windowParts(page);
  await parts.request(`${server.url}/live?city=${'tromso-'.repeat(60)}`);
  const stream = await server.live();
  for (const [width, height] of [
    [1280, 800],
    [1024, 640],
  ] as const) {
    await app.resize(width, height);
    stream.write('data: 1\n\n');
    await expect(parts.verdict).not.toContainText('silent');
    const before = await parts.timeline.boundingBox();
    await expect(parts.verdict).toContainText('silent');
    await app.picture(`silent-${width}x${height}`);
    expect(await parts.timeline.boundingBox()).toEqual(before);
    await expectWhole(parts.verdict);
    const copy = page.getByRole('button', { name: 'Copy address' });
    await expect(copy).toBeInViewport({ ratio: 1 });
  }
});

test('the open recording says its own method and address, secrets masked, whatever is being edited', async ({
  app,
  server,
}) => {
  const { page } = app;
  const parts = windowParts(page);
  const address = page.getByRole('group', { name: 'Address of this recording' });
  await parts.request(`${server.url}/mixed?api_key=hush-hush-hush&city=oslo`);
  await expect(parts.verdict).toContainText('Complete');
  await parts.url.fill('http://elsewhere.test/draft');
  await expect(address).toContainText('GET');
  await expect(address).toContainText(`${server.url}/mixed?api_key=••••`);
  await expect(address).toContainText('city=oslo');
  await expect(address).not.toContainText('hush');
  await address.getByRole('button', { name: 'Copy address, secrets masked' }).click();
  await expect.poll(() => app.clipboardText()).toContain('/mixed?api_key=••••');
  expect(await app.clipboardText()).not.toContain('hush');

  await parts.recordings.filter({ hasText: 'row 201' }).click();
  await expect(address).not.toContainText('mixed');
  await expect(parts.url).toHaveValue('http://elsewhere.test/draft');
});

test('what has no frames says so in the Message tab too', async ({ app, server }) => {
  const { page } = app;
  const parts = windowParts(page);
  await parts.request(`${server.url}/empty`);
  await parts.tab('Message').click();
  await expect(parts.status).toContainText('200 OK');
  await expect(page.getByText('The body of this answer is empty.')).toBeVisible();
  await expect(page.getByText('in no dialect')).toBeHidden();
  await parts.request('http://127.0.0.1:1/stream');
  await expect(parts.verdict).toContainText('Refused');
  await expect(page.getByRole('tabpanel').getByText('No frames')).toBeVisible();
  await expect(page.getByText('in no dialect')).toBeHidden();
});

test('the timeline is put in words once all of it is there, and anew as soon as the stream has ended', async ({
  app,
  server,
}) => {
  const { page } = app;
  const parts = windowParts(page);
  const said = await parts.recordings.first().evaluateHandle(() => {
    const sentences = new Set<string>();
    new MutationObserver(() => {
      const sentence = document.querySelector('#ss-timeline-text > p')?.textContent ?? '';
      if (sentence !== '') sentences.add(sentence);
    }).observe(document.body, { subtree: true, childList: true, characterData: true });
    return sentences;
  });
  await parts.recordings.filter({ hasText: 'An answer that stalls' }).click();
  await expect(parts.timelineText).toContainText('1 stall.');
  await app.idle();
  const sentences = await said.evaluate((set) => [...set]);
  const { counts } = parts;
  const frames = /^[\d,]+ frames/.exec((await counts.textContent()) ?? '')?.[0] ?? 'no count';
  expect(sentences.filter((sentence) => !sentence.includes(`: ${frames},`))).toEqual([]);

  await parts.request(`${server.url}/live`);
  const stream = await server.live();
  stream.write('data: 1\n\n');
  await expect(parts.timelineText).toContainText('1 frame,');
  stream.write('data: 2\n\n');
  await expect(parts.counts).toContainText('2 frames');
  stream.socket?.destroySoon();
  await expect(parts.send).toBeVisible();
  await app.idle();
  // Sooner than a live picture is described anew.
  await expect(parts.timelineText).toContainText('2 frames,', { timeout: 2_000 });
});
