import { execFile, execFileSync } from 'node:child_process';
import { describe, expect, it } from 'vitest';
import { capture, withServer } from './capturing.ts';
import { faults } from './faults.ts';
import { requestFor } from './recordingSink.ts';

function hasCurl(): boolean {
  try {
    execFileSync('curl', ['--version'], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
}

/** Exit code of curl on a URL; 0: it noticed nothing. */
function curlExit(url: string): Promise<number> {
  return new Promise((resolve) => {
    const args = [
      '--silent',
      '--insecure',
      '--compressed',
      '--http1.1',
      '--max-time',
      '2',
      '--output',
      '/dev/null',
      url,
    ];
    execFile('curl', args, (error) => resolve(error === null ? 0 : typeof error.code === 'number' ? error.code : -1));
  });
}

/** curl gives up on what it does not know by default; here it is data to be shown. */
const shownInstead = new Set(['unknown encoding']);
/** curl waits for a head that never ends, or for a close that does not come: its time limit, not its judgement. */
const gaveUpByTime = 28;

const isHere = hasCurl();

describe.skipIf(!isHere)(isHere ? 'beside curl' : 'beside curl: curl is not installed', () => {
  for (const scheme of ['http', 'https'] as const) {
    it(`over ${scheme} nothing that curl notices is called complete`, { timeout: 120_000 }, async () => {
      const table = await Promise.all(
        faults.map(async (fault) => {
          let row = { fault: fault.name, curl: 0, ours: '' };
          await withServer(scheme, fault.perform, async (server) => {
            const curl = await curlExit(server.url);
            const sink = await capture(requestFor(server.url, { options: { insecureTls: true, compressed: true } }));
            const noticed = sink.ending?.kind !== 'complete' || sink.diagnostics.length > 0;
            row = { fault: fault.name, curl, ours: noticed ? (sink.ending?.code ?? '') : 'nothing' };
          });
          return row;
        }),
      );
      const missed = table.filter(
        ({ fault, curl, ours }) =>
          curl !== 0 && curl !== gaveUpByTime && ours === 'nothing' && !shownInstead.has(fault),
      );
      expect(missed).toEqual([]);
      const byCurl = table.filter(({ curl }) => curl !== 0 && curl !== gaveUpByTime).length;
      const byUs = table.filter(({ ours }) => ours !== 'nothing').length;
      expect(byUs).toBeGreaterThan(byCurl);
    });
  }
});
