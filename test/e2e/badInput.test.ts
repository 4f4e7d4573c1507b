import { expect, test } from './test.ts';
import { windowParts } from './windowParts.ts';

test('what cannot be sent says why and how to go on, and nothing is recorded', async ({ app, server }) => {
  const { page } = app;
  const parts = windowParts(page);
  const failure = page.getByRole('alert').filter({ hasText: 'request/' });
  await parts.request(server.url.replace('http://', '') + '/mixed');
  await expect(failure).toContainText('request/invalid-url');
  await expect(parts.recordings).toHaveCount(5);
  await failure.getByRole('button', { name: /^Send to http/ }).click();
  await expect(parts.verdict).not.toBeEmpty();
  await expect(failure).toBeHidden();
  const recorded = await parts.recordings.count();

  await parts.url.fill('');
  await app.paste(`curl '${server.url}/mixed' -H $'X-Split: one\\r\\nInjected: two'`);
  await expect(parts.url).toHaveValue(`${server.url}/mixed`);
  await parts.send.click();
  await expect(failure).toContainText('request/invalid-header');
  await expect(parts.recordings).toHaveCount(recorded);
  await failure.getByRole('button', { name: 'Dismiss' }).click();
  await expect(failure).toBeHidden();
});

test('no server, a certificate that does not verify: refused, with what is known', async ({ app, server }) => {
  const { page } = app;
  const parts = windowParts(page);
  await parts.request('http://127.0.0.1:1/stream');
  await expect(parts.verdict).toContainText('Refused');
  await parts.tab('Diagnostics').click();
  await expect(page.getByText('Nothing wrong found but the ending')).toBeVisible();
  await parts.tab('Exchange').click();
  await expect(page.getByRole('region', { name: 'Ending' })).toContainText('end/');
  await expect(parts.recordings.first()).toContainText('refused');

  await parts.request(`${server.tlsUrl}/mixed`);
  await expect(parts.verdict).toContainText('Refused');
  await expect(page.getByRole('region', { name: 'TLS certificates' })).toContainText('elsewhere.test');
  expect(server.requests).toEqual([]);

  await parts.panel('Options').click();
  await page.getByRole('checkbox', { name: 'Accept certificates that do not verify' }).check();
  await expect(page.getByRole('note')).toContainText('credentials');
  await parts.request(`${server.tlsUrl}/mixed`);
  await expect(parts.verdict).toContainText('Complete');
});

test('an error page, an empty body, noise as events, one line of 50 MB: kept, named, and the window responds', async ({
  app,
  server,
}) => {
  const { page } = app;
  const parts = windowParts(page);
  await parts.request(`${server.url}/nowhere`);
  await expect(parts.status).toContainText('404 Not Found');
  await expect(parts.rows.filter({ hasText: 'Nothing here' })).toBeVisible();
  await parts.tab('Diagnostics').click();
  await expect(page.getByRole('option').filter({ hasText: 'http/status' })).toBeVisible();

  await parts.tab('Frames').click();
  await parts.request(`${server.url}/empty`);
  await expect(parts.status).toContainText('200 OK');
  await expect(page.getByText('The body of this answer is empty.')).toBeVisible();

  await parts.request(`${server.url}/noise`);
  await expect(parts.verdict).toContainText('Complete');
  await expect(parts.rows.first()).toBeVisible();
  await parts.tab('Diagnostics').click();
  await expect(page.getByRole('option').filter({ hasText: 'utf8/invalid' }).first()).toBeVisible();
  await app.idle();

  await parts.tab('Frames').click();
  await parts.request(`${server.url}/long-line?bytes=50000000`);
  await expect(parts.verdict).toContainText('Complete');
  await expect(parts.rows).toHaveCount(1);
  await parts.row(0).click();
  await expect(parts.inspector(0)).toContainText('Only the beginning of 50');
  await page.getByRole('tab', { name: 'Hex' }).click();
  await expect(page.getByRole('region', { name: /^Bytes of the frame, 50,000,0/ })).toContainText('7b 22 74 65 78 74');
  await app.idle();
  await expect(parts.recordings.filter({ hasText: 'nowhere' })).toContainText('404');
});
