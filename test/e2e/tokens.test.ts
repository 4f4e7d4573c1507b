import type { ServerResponse } from 'node:http';
import { expect, test } from './test.ts';
import { windowParts } from './windowParts.ts';

const chunk = (choice: object, more: object = {}): string =>
  `data: ${JSON.stringify({
    id: 'chatcmpl-7f3',
    object: 'chat.completion.chunk',
    model: 'gpt-x',
    choices: [{ index: 0, delta: {}, finish_reason: null, ...choice }],
    ...more,
  })}\n\n`;
const delta = (value: object): string => chunk({ delta: value });

/** Frames: 0 start, 1 reasoning, 2 and 3 text, 4 comment, 5 tool call, 6 finish, 7 usage, 8 end. */
function answer(stream: ServerResponse): void {
  stream.write(delta({ role: 'assistant', content: '' }));
  stream.write(delta({ reasoning_content: 'Hm.' }));
  stream.write(delta({ content: 'Back off' }));
  stream.write(delta({ content: ' and retry' }));
  stream.write(': keep-alive\n\n');
  const call = { index: 0, id: 'c1', type: 'function', function: { name: 'get_status', arguments: '{"job":7}' } };
  stream.write(delta({ tool_calls: [call] }));
  stream.write(chunk({ finish_reason: 'tool_calls' }));
  stream.write(chunk({}, { choices: [], usage: { prompt_tokens: 9, completion_tokens: 12, total_tokens: 21 } }));
  stream.write('data: [DONE]\n\n');
  stream.end();
}

test('rows, timeline and inspector say what frames add, live and from the disk', async ({ start, server }) => {
  const live = await start();
  const parts = windowParts(live.page);
  await parts.request(`${server.url}/live`);
  answer(await server.live());
  await expect(parts.verdict).toContainText('Complete');

  const check = async (shown: typeof parts): Promise<void> => {
    await expect(shown.row(1)).toContainText('reasoning');
    await expect(shown.row(2)).toContainText('textBack·off {"id"');
    await expect(shown.row(3)).toContainText('text·and·retry {"id"');
    await expect(shown.row(4)).toContainText('comment');
    await expect(shown.row(5)).toContainText('tool callget_status·{"job":7}');
    await expect(shown.row(6)).toContainText('finishtool_calls');
    await expect(shown.row(7)).toContainText('usage9 in, 12 out');
    await expect(shown.timelineText).toContainText('first token at');
  };
  await check(parts);

  await parts.row(3).click();
  const inspector = parts.inspector(3);
  await expect(inspector).toContainText('text “ and retry”');
  await inspector.getByRole('tab', { name: 'Delta' }).click();
  await expect(inspector.getByRole('list', { name: 'What the frame says' })).toHaveText('text·and·retry');
  await parts.row(4).click();
  await expect(parts.inspector(4)).toContainText('This frame says nothing');

  await parts.filter.fill('delta:text');
  await expect(parts.row(5)).toBeHidden();
  await expect(parts.row(2)).toBeVisible();
  await expect(parts.row(3)).toBeVisible();
  await live.close();

  const again = await start();
  const reopened = windowParts(again.page);
  await reopened.recordings.first().click();
  await check(reopened);
});

test('a span of the timeline shows what came in it', async ({ app, server }) => {
  const { page } = app;
  const parts = windowParts(page);
  await parts.request(`${server.url}/live`);
  answer(await server.live());
  await expect(parts.verdict).toContainText('Complete');
  const box = await parts.plot.boundingBox();
  if (box === null) throw new Error('the timeline is not there');
  const y = box.y + box.height / 2;
  await page.keyboard.down('Shift');
  await page.mouse.move(box.x + 80, y);
  await page.mouse.down();
  await page.mouse.move(box.x + box.width - 8, y, { steps: 4 });
  await page.mouse.up();
  await page.keyboard.up('Shift');
  const span = page.getByRole('region', { name: 'Selected span' });
  await expect(span).toContainText('Hm.Back·off·and·retryget_status·{"job":7}');
});

test('requests that carry each other on are one conversation', async ({ app, server }) => {
  const { page } = app;
  const parts = windowParts(page);
  const send = async (messages: readonly object[]): Promise<void> => {
    const body = JSON.stringify({ model: 'gpt-x', stream: true, messages });
    const command = `curl -N ${server.url}/live -H 'content-type: application/json' -d '${body}'`;
    await parts.url.click();
    await parts.url.selectText();
    await app.paste(command);
    await parts.send.click();
    answer(await server.live());
    await expect(parts.verdict).toContainText('Complete');
  };
  await send([{ role: 'user', content: 'How do I retry?' }]);
  await send([
    { role: 'user', content: 'How do I retry?' },
    { role: 'assistant', content: 'Back off and retry' },
    { role: 'user', content: 'How often?' },
  ]);
  await page.getByRole('button', { name: 'More actions' }).click();
  await page.getByRole('menuitem', { name: 'Show the conversation' }).click();
  const exchanges = page.getByRole('list', { name: 'Requests and answers' }).locator('> li');
  await expect(exchanges).toHaveCount(2);
  await expect(exchanges.nth(0)).toContainText('How do I retry?');
  await expect(exchanges.nth(0)).toContainText('Back off and retry');
  await expect(exchanges.nth(1)).toContainText('How often?');
  await expect(exchanges.nth(1)).not.toContainText('How do I retry?');
  await expect(exchanges.nth(1)).toContainText('open');
  await exchanges.nth(0).getByRole('button', { name: 'Open the recording' }).click();
  await expect(exchanges).toHaveCount(0);
  await expect(parts.row(2)).toContainText('Back·off');
});
