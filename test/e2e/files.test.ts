import path from 'node:path';
import { repositoryFile, root } from './app.ts';
import { expect, test } from './test.ts';
import { windowParts } from './windowParts.ts';

const sample = 'resources/samples/An answer that stalls.stream.jsonl';
const events = 'event: order\ndata: {"n":1}\n\nevent: order\ndata: {"n":2}\n\n';
const dump = `HTTP/1.1 200 OK\r\nContent-Type: application/x-ndjson\r\nX-From: dump\r\n\r\n{"n":1}\n{"n":2}\n{"n":3}\n`;

test('a raw body, a saved dump and a recording open by choosing and by dropping', async ({ app }) => {
  const { page } = app;
  const parts = windowParts(page);
  await app.chooseFile(path.join(root, sample));
  await expect(parts.status).toContainText('200');
  await expect(parts.timelineText).toContainText('stall');

  await app.dropFile('events.txt', events);
  await expect(parts.rows).toHaveCount(2);
  await expect(parts.row(1)).toContainText('{"n":2}');
  await expect(page.getByRole('button', { name: 'Framing: SSE' })).toBeVisible();
  await expect(page.getByRole('contentinfo').getByText('times unknown')).toBeVisible();
  await expect(parts.timelineText).toContainText('Arrival times are unknown');

  await app.dropFile('answer.dump', dump);
  await expect(parts.rows).toHaveCount(3);
  await expect(page.getByRole('button', { name: 'Framing: NDJSON' })).toBeVisible();
  await parts.tab('Exchange').click();
  await expect(page.getByRole('table', { name: 'Response headers' })).toContainText('X-From');

  await parts.tab('Frames').click();
  await app.dropFile('again.stream.jsonl', await repositoryFile(sample));
  await expect(parts.timelineText).toContainText('stall');
  await expect(parts.recordings).toHaveCount(5 + 4);
});

test('a damaged recording opens with what it has, and says which line is not one', async ({ app }) => {
  const { page } = app;
  const parts = windowParts(page);
  const whole = (await repositoryFile(sample)).toString().split('\n');
  await app.dropFile('damaged.stream.jsonl', whole.toSpliced(9, 0, '{"at": here}').join('\n'));
  await expect(parts.rows.first()).toBeVisible();
  await parts.tab('Diagnostics').click();
  await expect(page.getByRole('option').filter({ hasText: 'import/malformed-line' })).toContainText(
    'Line 10 of the file',
  );
});
