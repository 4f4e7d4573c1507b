import { describe, expect, it } from 'vitest';
import { openCapture } from '../../../src/main/capture/openCapture.ts';
import { defaultLimits } from '../../../src/shared/limits.ts';
import { startFaultServer } from './faultServer.ts';
import { faults } from './faults.ts';
import { RecordingSink, requestFor } from './recordingSink.ts';
import { trustedCertificate } from './testCertificates.ts';

for (const scheme of ['http', 'https'] as const) {
  describe(`endings over ${scheme}`, () => {
    for (const fault of faults) {
      if (fault.plainOnly === true && scheme === 'https') continue;
      it(fault.name, async () => {
        const server = await startFaultServer(scheme, fault.perform);
        try {
          const sink = new RecordingSink();
          const opened = openCapture(requestFor(server.url, { options: { caPem: trustedCertificate.cert } }), sink, {
            limits: defaultLimits,
          });
          if (!opened.ok) throw new Error(opened.failure.message);
          await opened.value.done;

          const expected = scheme === 'https' && fault.overTls ? fault.overTls : fault;
          expect({ kind: sink.ending?.kind, code: sink.ending?.code, message: sink.ending?.message }).toMatchObject({
            kind: expected.kind,
            code: expected.code,
          });
          if (fault.message !== undefined) expect(sink.ending?.message).toMatch(fault.message);
          if (fault.wire !== null) expect(sink.wireBytes.toString('latin1')).toBe(fault.wire);
          if (fault.diagnostic !== undefined)
            expect(sink.diagnostics.map(({ code }) => code)).toContain(fault.diagnostic);
          else expect(sink.diagnostics).toEqual([]);
          expect(sink.markNames.at(-1)).toBe('end');
          expect(sink.markNames.filter((name) => name === 'end')).toHaveLength(1);
        } finally {
          await server.close();
        }
      });
    }
  });
}
