import { describe, expect, it } from 'vitest';
import { captureCase, endingCases, transports, type EndingCase } from './endingCases.ts';
import type { RecordingSink } from './recordingSink.ts';
import { splittings } from './splitting.ts';

/** What was said about each case, in the order of the tests. */
const said: { readonly row: EndingCase; readonly kind: string | undefined; readonly code: string | undefined }[] = [];

function check(row: EndingCase, sink: RecordingSink): void {
  expect({ kind: sink.ending?.kind, code: sink.ending?.code, message: sink.ending?.message }).toMatchObject({
    kind: row.kind,
    code: row.code,
  });
  if (row.message !== null) expect(sink.ending?.message).toMatch(row.message);
  if (row.wire !== null) expect(sink.wireBytes.toString('latin1')).toBe(row.wire);
  if (row.diagnostic !== null) expect(sink.diagnostics.map(({ code }) => code)).toContain(row.diagnostic);
  else expect(sink.diagnostics).toEqual([]);
  expect(sink.markNames.at(-1)).toBe('end');
  expect(sink.markNames.filter((name) => name === 'end')).toHaveLength(1);
}

for (const transport of transports) {
  describe(`endings over ${transport}`, () => {
    for (const row of endingCases.filter((one) => one.transport === transport)) {
      it(row.name, async () => {
        const sink = await captureCase(row);
        said.push({ row, kind: sink.ending?.kind, code: sink.ending?.code });
        check(row, sink);
      });
    }
  });
}

describe('endings in all', () => {
  it('every fault over every transport has the right kind and code, and none of them is called complete', (context) => {
    context.skip(said.length < endingCases.length, 'only some of the faults were played');
    const wrong = said.filter(({ row, kind, code }) => kind !== row.kind || code !== row.code);
    expect(wrong.map(({ row, code }) => `${row.transport}: ${row.name}: ${String(code)}`)).toEqual([]);
    const faulty = said.filter(({ row }) => row.kind !== 'complete');
    expect(faulty.filter(({ kind }) => kind === 'complete')).toHaveLength(0);
    const kinds = new Set(faulty.map(({ row }) => `${row.transport.slice(0, 8)} ${row.name}`));
    expect(kinds.size).toBeGreaterThanOrEqual(150);
    expect(faulty.length).toBeGreaterThanOrEqual(300);
    for (const transport of transports) {
      expect(faulty.filter(({ row }) => row.transport === transport).length).toBeGreaterThanOrEqual(50);
    }
  });
});

/** Faults that last until a limit of time, and writes of more than a few packets, are played whole only. */
function isQuick({ bytes, options, name }: EndingCase): boolean {
  const isLong = /KB|1,000|bomb|truncated|corrupt|behind it/.test(name);
  return (bytes ?? 0) <= 1_000 && !isLong && options.maxTimeMillis === undefined;
}

describe('endings however the server writes', () => {
  for (const splitting of splittings.filter((one) => one !== 'whole')) {
    for (const transport of transports) {
      it(`are the same in ${splitting}, over ${transport}`, { timeout: 60_000 }, async () => {
        for (const row of endingCases) {
          if (row.transport !== transport || !isQuick(row)) continue;
          const sink = await captureCase(row, splitting);
          expect({ name: row.name, code: sink.ending?.code }).toEqual({ name: row.name, code: row.code });
          const isHeadless = sink.responseHead === null;
          // What came in place of an answer is kept as far as it was there when that was seen.
          if (row.wire !== null && !isHeadless) expect(sink.wireBytes.toString('latin1'), row.name).toBe(row.wire);
        }
      });
    }
  }
});
