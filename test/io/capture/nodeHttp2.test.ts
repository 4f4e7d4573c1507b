import { connect } from 'node:http2';
import { expect, it } from 'vitest';
import { endingCases, type EndingCase } from './endingCases.ts';

/** Whether node:http2 says anything against an answer: an error of the stream or of its session, an abort, a reset. */
function isNoticed(row: EndingCase, url: string): Promise<boolean> {
  return new Promise((resolve) => {
    const target = new URL(url);
    const session = connect(target.origin, { rejectUnauthorized: false });
    let noticed = false;
    let isComplete = false;
    const note = (): void => {
      noticed = true;
    };
    const done = (): void => {
      clearTimeout(timer);
      session.destroy();
      resolve(noticed || !isComplete);
    };
    const timer = setTimeout(() => {
      noticed = true;
      done();
    }, 1_000);
    session.on('error', note);
    session.on('close', done);
    const request = session.request({ ':method': row.method, ':path': target.pathname });
    request.on('error', note);
    request.on('end', () => {
      isComplete = true;
    });
    request.on('close', done);
    request.resume();
  });
}

it('node:http2 calls broken answers complete, which is why its word is not taken', async (context) => {
  const faulty = endingCases.filter(
    (row) => row.transport === 'HTTP/2' && row.bytes !== null && row.bytes < 10_000 && row.kind !== 'complete',
  );
  const missed: string[] = [];
  for (const row of faulty) if (!(await row.serve((url) => isNoticed(row, url)))) missed.push(row.name);
  await context.annotate(
    `node:http2 notices ${String(faulty.length - missed.length)} of ${String(faulty.length)} faults; not: ${missed.join(', ')}`,
  );
  expect(missed).toContain('RST_STREAM NO_ERROR mid-body');
  expect(missed).toContain('NUL in a header');
});
