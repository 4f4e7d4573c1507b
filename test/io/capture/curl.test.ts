import { execFile, execFileSync } from 'node:child_process';
import { describe, expect, it } from 'vitest';
import { captureCase, endingCases, transports, type EndingCase, type Transport } from './endingCases.ts';

function curlVersion(): string {
  try {
    return execFileSync('curl', ['--version'], { encoding: 'utf8' });
  } catch {
    return '';
  }
}

const versionOption: Readonly<Record<Transport, string>> = {
  'HTTP/1.1': '--http1.1',
  'HTTP/1.1 over TLS': '--http1.1',
  'HTTP/2': '--http2-prior-knowledge',
  'HTTP/2 over TLS': '--http2',
};

/** curl waits for a head that never ends, or for a close that does not come: its time limit, not its judgement. */
const gaveUpByTime = 28;

/** Exit code of curl on a URL; 0: it noticed nothing. */
function curlExit(row: EndingCase, url: string): Promise<number> {
  const trusted = row.kind !== 'refused' || row.code !== 'end/tls-certificate';
  return new Promise((resolve) => {
    const args = [
      '--silent',
      ...(trusted ? ['--insecure'] : []),
      ...(row.method === 'HEAD' ? ['--head'] : []),
      '--compressed',
      '--location',
      '--max-redirs',
      '10',
      '--max-time',
      '1',
      '--output',
      '/dev/null',
      versionOption[row.transport],
      url,
    ];
    execFile('curl', args, (error) => resolve(error === null ? 0 : typeof error.code === 'number' ? error.code : -1));
  });
}

/** Where curl fails on what is no fault of the stream, and we show the answer: why. */
const shownInstead: Readonly<Record<string, string>> = {
  'unknown encoding': 'curl gives up on a coding that it does not know; the bytes are shown as they are',
  'a head in single bytes': 'curl takes only a few CONTINUATION frames; the standard sets no number',
  'two equal lengths': 'RFC 9110 §8.6 allows to read a repeated length as one',
};

interface Row {
  readonly row: EndingCase;
  readonly curl: number;
  readonly code: string;
  readonly noticed: boolean;
}

async function compare(row: EndingCase): Promise<Row> {
  const curl = await row.serve((url) => curlExit(row, url));
  const sink = await captureCase(row);
  const noticed = sink.ending?.kind !== 'complete' || sink.diagnostics.length > 0;
  return { row, curl, code: sink.ending?.code ?? '', noticed };
}

/** A few at a time: each is a process and two servers. */
async function compareAll(cases: readonly EndingCase[]): Promise<readonly Row[]> {
  const rows: Row[] = [];
  let next = 0;
  const worker = async (): Promise<void> => {
    for (let row = cases[next++]; row !== undefined; row = cases[next++]) rows.push(await compare(row));
  };
  await Promise.all(Array.from({ length: 12 }, worker));
  return rows;
}

const version = curlVersion();
const hasHttp2 = version.includes('HTTP2');

describe.skipIf(version === '')(version === '' ? 'beside curl: curl is not installed' : 'beside curl', () => {
  for (const transport of transports) {
    it(`over ${transport} all that curl notices is noticed, and more`, { timeout: 120_000 }, async (context) => {
      context.skip(transport.startsWith('HTTP/2') && !hasHttp2, 'this curl does not speak HTTP/2');
      // What only ends by a limit of the request itself says nothing about the stream.
      const cases = endingCases.filter(
        (row) => row.transport === transport && row.kind !== 'timeout' && row.code !== 'end/byte-limit',
      );
      const table = await compareAll(cases);
      const byCurl = (one: Row): boolean => one.curl !== 0 && one.curl !== gaveUpByTime;
      const missed = table.filter((one) => byCurl(one) && !one.noticed && !(one.row.name in shownInstead));
      expect(missed.map(({ row, curl }) => `${row.name}: curl ${String(curl)}`)).toEqual([]);

      const faulty = table.filter(({ row }) => row.kind !== 'complete' || row.diagnostic !== null);
      const ours = faulty.filter(({ noticed }) => noticed).length;
      const curls = faulty.filter(byCurl).length;
      const lines = table.map(({ row, curl, code }) => `${row.name}: curl ${String(curl)}, here ${code}`);
      await context.annotate(
        `${transport}: curl notices ${String(curls)} of ${String(faulty.length)} faults, we ${String(ours)}.\n${lines.join('\n')}`,
      );
      expect(ours).toBe(faulty.length);
      expect(ours).toBeGreaterThan(curls);
    });
  }
});
