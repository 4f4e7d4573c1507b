import { expect, test } from './test.ts';
import { windowParts } from './windowParts.ts';

const bearer = 'tok-7f4c2a9d81e6b350';

test('a pasted cURL command becomes the request, is sent as it says, and is copied back', async ({ app, server }) => {
  const { page } = app;
  const parts = windowParts(page);
  await parts.url.focus();
  await app.paste(
    `curl -N -X PUT '${server.url}/echo?q=a%20b' -H 'X-Trace: one, two' -H 'Content-Type: application/json' -u 'ann:p w' --data-raw '{"ask":"ø"}'`,
  );
  await expect(parts.url).toHaveValue(`${server.url}/echo?q=a%20b`);
  await expect(page.getByRole('combobox', { name: 'Method' })).toHaveValue('PUT');
  await parts.panel('Headers').click();
  await expect(page.getByRole('textbox', { name: 'Value of X-Trace' })).toHaveValue('one, two');
  await parts.panel('Auth').click();
  await expect(page.getByRole('textbox', { name: 'User' })).toHaveValue('ann');
  await expect(page.getByLabel('Password', { exact: true })).toHaveAttribute('type', 'password');
  await parts.panel('Body').click();
  await expect(page.getByRole('region', { name: 'Request body' })).toContainText('{"ask":"ø"}');

  await parts.send.click();
  await expect(parts.rows).toHaveCount(1);
  const seen = server.requests.at(-1)!;
  expect(seen).toMatchObject({
    method: 'PUT',
    target: '/echo?q=a%20b',
    body: '{"ask":"ø"}',
    headers: {
      'x-trace': 'one, two',
      'content-type': 'application/json',
      authorization: `Basic ${Buffer.from('ann:p w').toString('base64')}`,
    },
  });

  await page.keyboard.press('ControlOrMeta+Shift+C');
  await expect(page.getByText('Copied as cURL; secrets are masked.')).toBeVisible();
  const masked = await app.clipboardText();
  expect(masked).toContain('curl -N');
  expect(masked).toContain('X-Trace: one, two');
  expect(masked).not.toContain('p w');
  await page.keyboard.press('ControlOrMeta+K');
  await page.getByRole('combobox', { name: 'Commands' }).fill('copy as curl with secrets');
  await page.keyboard.press('Enter');
  await expect(page.getByText('Copied as cURL, with its secrets.')).toBeVisible();
  const whole = await app.clipboardText();
  expect(whole).toContain('p w');

  await parts.url.fill('');
  await app.paste(whole);
  await expect(parts.url).toHaveValue(`${server.url}/echo?q=a%20b`);
  await parts.send.click();
  await expect(parts.recordings.filter({ hasText: 'echo' })).toHaveCount(2);
  const { host: _host, ...sent } = seen.headers;
  expect(server.requests.at(-1)).toMatchObject({ method: seen.method, target: seen.target, body: seen.body });
  expect(server.requests.at(-1)!.headers).toMatchObject(sent);
});

test('secrets are masked where they are shown, and revealed only while a button is held', async ({ app, server }) => {
  const { page } = app;
  const parts = windowParts(page);
  await parts.url.focus();
  await app.paste(
    `curl '${server.url}/echo?api_key=${bearer}' -H 'Authorization: Bearer ${bearer}' -H 'X-Api-Key: ${bearer}'`,
  );
  await expect(parts.url).toHaveValue(/api_key/);
  await parts.panel('Headers').click();
  await expect(page.getByRole('textbox', { name: 'Value of X-Api-Key' })).toHaveCSS('-webkit-text-security', 'disc');
  await parts.panel('Headers').click();
  await parts.send.click();
  await expect(parts.rows).toHaveCount(1);
  await parts.tab('Exchange').click();
  const request = page.getByRole('region', { name: 'Request as sent' });
  await expect(request).toContainText('•••');
  await expect(request).not.toContainText(bearer);

  const reveal = request.getByRole('button', { name: 'Reveal X-Api-Key while held' });
  await reveal.hover();
  await page.mouse.down();
  await expect(request.getByRole('row', { name: 'X-Api-Key' })).toContainText(bearer);
  await page.mouse.up();
  await expect(request).not.toContainText(bearer);
  await reveal.focus();
  await page.keyboard.down('Space');
  await expect(request).toContainText(bearer);
  await page.keyboard.up('Space');
  await expect(request).not.toContainText(bearer);
  await expect(parts.recordings.first()).not.toContainText(bearer);
  await expect(parts.recordings.first()).not.toHaveAttribute('title', new RegExp(bearer));
});
