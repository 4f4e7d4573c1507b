import { describe, expect, it } from 'vitest';
import { carry } from './carrying.ts';
import { endingCases, transports, type EndingCase } from './endingCases.ts';

/** Ends that come from an option of a request of ours, which a request that is carried does not have. */
function isOwnDoing({ options, code }: EndingCase): boolean {
  const { maxTimeMillis, headersTimeoutMillis, maxBytes } = options;
  if ([maxTimeMillis, headersTimeoutMillis, maxBytes].some((option) => option !== undefined)) return true;
  // Too many codings are handed on like any other body, and kept as they came.
  return code === 'end/redirect-limit' || code === 'end/coding-limit';
}

for (const transport of transports) {
  describe(`a carried exchange over ${transport}`, () => {
    for (const row of endingCases.filter((one) => one.transport === transport && !isOwnDoing(one))) {
      it(row.name, async () => {
        const { sink, tap } = await row.serve((url) => carry(url, row.options, { method: row.method }));
        expect({ kind: sink.ending?.kind, code: sink.ending?.code }).toEqual({ kind: row.kind, code: row.code });
        if (row.wire !== null) expect(sink.wireBytes.toString('latin1')).toBe(row.wire);
        if (row.diagnostic !== null) expect(sink.diagnostics.map(({ code }) => code)).toContain(row.diagnostic);
        expect(tap.end).not.toBeNull();
        // A coding that breaks off lies inside a transfer that may be complete.
        if (!row.code.startsWith('end/coding')) expect(tap.end?.how === 'complete').toBe(row.kind === 'complete');
      });
    }
  });
}
