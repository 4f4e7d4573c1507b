import type { Page } from 'playwright/test';
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
const call = (value: object): string => delta({ tool_calls: [{ index: 0, ...value }] });

/** The words that are lit up for the selected frame. */
function litWords(page: Page): Promise<readonly string[]> {
  return page.evaluate(() =>
    [...(CSS.highlights.get('ss-frame') ?? [])].map((range) => (range instanceof Range ? range.toString() : '')),
  );
}

test('a message grows as it comes, and its words and frames lead to each other', async ({ app, server }) => {
  const { page } = app;
  const parts = windowParts(page);
  await parts.request(`${server.url}/live`);
  const stream = await server.live();
  stream.write(delta({ role: 'assistant', content: '' }));
  stream.write(delta({ reasoning_content: 'The user wants the weather.' }));
  await expect(parts.row(1)).toBeVisible();
  await expect(parts.status.getByRole('button', { name: /Dialect: OpenAI Chat/ })).toBeVisible();

  await parts.tab('Message').click();
  const message = page.getByRole('region', { name: 'Message' });
  await expect(message).toContainText('reasoning, 27 characters');
  const words = ['# Weather\n\n', 'It ', 'is ', '**sunny** ', 'in ', 'Tromsø', ' 😀.'];
  let soFar = '';
  for (const word of words) {
    stream.write(delta({ content: word }));
    soFar += word;
    await expect(message.getByRole('document', { name: 'Text' })).toHaveText(soFar, { useInnerText: false });
  }
  stream.write(call({ id: 'call_1', type: 'function', function: { name: 'get_weather', arguments: '{"city":' } }));
  const tool = message.getByRole('article', { name: 'Tool call get_weather' });
  await expect(tool).toContainText('arguments are coming');
  await expect(tool).toContainText('{"city":');
  await app.picture('message-live-dark-1280x800');
  stream.write(call({ function: { arguments: '"Tromsø","days":[1,2]}' } }));
  await expect(tool.locator('pre')).toHaveText('{\n  "city": "Tromsø",\n  "days": [\n    1,\n    2\n  ]\n}');
  stream.write(chunk({ finish_reason: 'tool_calls' }));
  stream.write(chunk({}, { choices: [], usage: { prompt_tokens: 9, completion_tokens: 21, total_tokens: 30 } }));
  stream.write('data: [DONE]\n\n');
  stream.socket?.destroySoon();
  await expect(message).toContainText('finished: tool_calls');
  const numbers = page.getByRole('complementary', { name: 'Numbers of the message' });
  await expect(numbers).toContainText('21');

  await message.getByRole('document', { name: 'Text' }).getByText('sunny').click();
  await expect.poll(() => litWords(page)).toHaveLength(1);
  await parts.tab('Frames').click();
  await expect(parts.row(5)).toBeVisible();
  await parts.row(7).click();
  await parts.tab('Message').click();
  await expect.poll(() => litWords(page)).toEqual(['Tromsø']);

  await page.getByRole('checkbox', { name: 'formatted' }).check();
  await expect(message.getByRole('heading', { name: 'Weather' })).toBeVisible();
  await expect(message.locator('strong', { hasText: 'sunny' })).toBeVisible();
});

test('what a stream says is never markup', async ({ app, server }) => {
  const { page } = app;
  const parts = windowParts(page);
  await parts.request(`${server.url}/live`);
  const stream = await server.live();
  stream.write(
    delta({
      content:
        '<img src=x onerror="document.title=1"> [go](https://example.invalid/) ![p](https://example.invalid/p.png)',
    }),
  );
  stream.write(chunk({ finish_reason: 'stop' }));
  await parts.tab('Message').click();
  const message = page.getByRole('region', { name: 'Message' });
  await expect(message).toContainText('<img src=x');
  await page.getByRole('checkbox', { name: 'formatted' }).check();
  await expect(message).toContainText('[picture: p]');
  await expect(message.locator('img, a, script')).toHaveCount(0);
  await expect(message).toContainText('<img src=x');
});

test('reasoning between tags in the text can be shown apart, and the text stays as it came', async ({
  app,
  server,
}) => {
  const { page } = app;
  const parts = windowParts(page);
  await parts.request(`${server.url}/live`);
  const stream = await server.live();
  for (const piece of ['<thi', 'nk>\nLet me', ' see.</think>\n\n', 'Forty-', 'two.'])
    stream.write(delta({ content: piece }));
  stream.write(chunk({ finish_reason: 'stop' }));
  await parts.tab('Message').click();
  const message = page.getByRole('region', { name: 'Message' });
  const text = message.getByRole('document', { name: 'Text' });
  await expect(text).toHaveText('Forty-two.');
  await message.getByText('reasoning, 11 characters').click();
  await expect(message.getByRole('document', { name: 'Reasoning' })).toHaveText('Let me see.');
  await message.getByRole('checkbox', { name: /treat what is between/ }).uncheck();
  await expect(text).toContainText('<think>');
  await expect(text).toContainText('</think>');
});

test('another dialect can be chosen, and the text named by its path', async ({ app, server }) => {
  const { page } = app;
  const parts = windowParts(page);
  await parts.request(`${server.url}/live`);
  const stream = await server.live();
  stream.write('data: {"out":{"t":"Hel"}}\n\ndata: {"out":{"t":"lo"}}\n\n');
  await expect(parts.row(1)).toBeVisible();
  stream.socket?.destroySoon();
  await expect(parts.send).toBeVisible();
  await parts.tab('Message').click();
  await expect(page.getByText('No message to put together')).toBeVisible();
  await parts.status.getByRole('button', { name: /^Dialect:/ }).click();
  await page.getByRole('menuitem', { name: 'Text at a path…' }).click();
  await page.getByRole('textbox', { name: /Path of the text/ }).fill('out.t');
  await page.getByRole('button', { name: 'Read anew' }).click();
  await expect(page.getByRole('document', { name: 'Text' })).toHaveText('Hello');
});
