import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect, test } from './test.ts';
import { windowParts } from './windowParts.ts';

const lines = { 'content-type': 'application/x-ndjson' };

/** An export that says how long it is and waits for the test in the middle, and one with five thousand bad lines. */
async function startExports() {
  const waiting: ServerResponse[] = [];
  const server = createServer((request, response) => {
    response.writeHead(200, lines);
    if (request.url === '/bad') {
      response.end(Array.from({ length: 10_000 }, (_, n) => (n % 2 === 0 ? `{"n":${n}}\n` : '{bad}\n')).join(''));
      return;
    }
    response.write('{"type":"metadata","totalRecords":8}\n{"type":"data","n":1}\n{"type":"data","n":2}\n');
    waiting.push(response);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    waiting,
    close: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

test('a stream that says how long it is shows how far it is, and at its end what is missing', async ({ app }) => {
  const { page } = app;
  const parts = windowParts(page);
  const exports = await startExports();
  try {
    await parts.request(`${exports.url}/export`);
    const bar = page.getByRole('progressbar', { name: 'Progress of the stream' });
    await expect(bar).toHaveAttribute('aria-valuetext', '2 of 8 records');
    await expect(bar).toHaveAttribute('aria-valuenow', '25');
    await app.picture('progress-live');
    exports.waiting[0]?.end('{"type":"data","n":3}\n{"type":"stream-end","totalProcessed":5}\n');
    await expect(bar).toHaveCount(0);
    await parts.tab('Diagnostics').click();
    const found = page.getByRole('option').filter({ hasText: 'app/count-mismatch' });
    await expect(found).toContainText('“totalProcessed” says 5, but 3 came.');
    await found.dblclick();
    await expect(parts.row(4)).toHaveAttribute('aria-selected', 'true');
  } finally {
    await exports.close();
  }
});

test('what is not listed is counted and found all the same, and every rule says what became of it', async ({ app }) => {
  const { page } = app;
  const parts = windowParts(page);
  const exports = await startExports();
  try {
    await parts.request(`${exports.url}/bad`);
    await expect(parts.counts).toContainText('10,000 frames');
    await parts.filter.fill('has:error');
    await expect(page.getByText('5,000 matches')).toBeVisible();
    await parts.filter.press('Escape');
    await parts.tab('Diagnostics').click();
    // One more where the machine was so busy that the clock itself is worth a word.
    await expect(page.getByText(/^1,00[01] of 5,00[01] listed$/)).toBeVisible();
    await app.picture('diagnostics-listed');
    await page.getByRole('button', { name: /rules checked, .* not applicable/ }).click();
    const rules = page.getByRole('list', { name: 'Rules checked' });
    const rule = (code: string) => rules.getByRole('listitem').filter({ hasText: code });
    await expect(rule('ndjson/invalid-json')).toContainText('5,000 found');
    await expect(rule('timing/stall')).toContainText('nothing found');
    await expect(rule('sse/no-data')).toContainText('not applicable');
    for (const colorScheme of ['light', 'dark'] as const) {
      await page.emulateMedia({ colorScheme });
      await app.idle();
      await app.picture(`rules-checked-${colorScheme}`);
    }
  } finally {
    await exports.close();
  }
});
