import { isUtf8 } from 'node:buffer';
import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { checkedRules } from '../../../../src/engine/diagnostics/catalogue.ts';
import { judgeStatus, judgeStreamHead } from '../../../../src/engine/diagnostics/headRules.ts';
import { Analysis, type AnalysisOptions } from '../../../../src/engine/recording/analysis.ts';
import { defaultLimits } from '../../../../src/shared/limits.ts';
import type { Diagnostic } from '../../../../src/shared/diagnostic.ts';
import { split } from '../framing/collect.ts';
import type { Sample, SamplePiece } from './ruleSample.ts';
import { proofs } from './ruleSamples.ts';

const checkout = fileURLToPath(new URL('../../../../', import.meta.url));
const bytesOf = (body: string | Uint8Array): Uint8Array =>
  typeof body === 'string' ? new TextEncoder().encode(body) : body;

function piecesOf(sample: Sample): readonly SamplePiece[] {
  return sample.pieces ?? [{ atMicros: 100_000, body: sample.body ?? '' }];
}

/** Everything that is found in a stream and its head. */
function diagnosticsOf(
  sample: Sample,
  cuts: readonly number[] = [],
  probes?: AnalysisOptions['probes'],
): readonly Diagnostic[] {
  const blocks: Uint8Array[] = [];
  const port = {
    put: (_n: number, _summary: Uint8Array, bytes: Uint8Array) => blocks.push(bytes),
    get: (n: number) => blocks[n] ?? new Uint8Array(0),
  };
  const { contentType } = sample;
  const analysis = new Analysis(port, {
    contentType,
    url: null,
    framing: null,
    limits: defaultLimits,
    timesKnown: true,
    ...(probes === undefined ? {} : { probes }),
    ...sample.options,
  });
  let chunk = 0;
  for (const { atMicros, body } of piecesOf(sample)) {
    const bytes = bytesOf(body);
    for (const piece of split(
      bytes,
      cuts.map((cut) => cut % (bytes.length + 1)),
    )) {
      analysis.chunk(atMicros, piece.length);
      analysis.body(chunk++, atMicros, piece);
    }
  }
  analysis.end({ isWhole: true, endMicros: null, uncertaintyMicros: null, ...sample.ending });
  const { headers, status = 200, httpVersion = '1.1' } = sample;
  const head = { status, statusText: '', httpVersion, headers: headers ?? [], atMicros: 0 };
  const framing = analysis.decision?.framing;
  const findings = [
    ...judgeStatus(head),
    ...(headers === undefined || framing === undefined ? [] : judgeStreamHead(head, framing)),
  ];
  for (const { code, details } of findings) analysis.diagnostic(code, {}, details, false);
  return analysis.diagnostics.page(0, 1_000);
}

const codesOf = (sample: Sample): readonly string[] => diagnosticsOf(sample).map(({ code }) => code);

describe('every rule that is checked', () => {
  it('has a proof, and no other has', () => {
    expect(Object.keys(proofs).sort()).toEqual(checkedRules.map(({ code }) => code).sort());
  });

  for (const [code, proof] of Object.entries(proofs)) {
    if ('provenIn' in proof) {
      it(`${code} is proven where sockets and files are`, () => {
        const path = `${checkout}${proof.provenIn}`;
        expect(existsSync(path)).toBe(true);
        expect(readFileSync(path, 'utf8')).toContain(`'${code}'`);
      });
      continue;
    }
    it.each(proof.fires)(`${code} fires: %#`, (sample) => {
      expect(codesOf(sample)).toContain(code);
    });
    it.each(proof.silent)(`${code} stays silent: %#`, (sample) => {
      expect(codesOf(sample)).not.toContain(code);
    });
  }

  it('finds the same with the host’s own searches as in script', () => {
    const probes = {
      isUtf8,
      indexOf: (bytes: Uint8Array, word: Uint8Array, from: number) =>
        Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).indexOf(word, from),
    };
    for (const proof of Object.values(proofs)) {
      if ('provenIn' in proof) continue;
      for (const sample of [...proof.fires, ...proof.silent]) {
        expect(diagnosticsOf(sample, [], probes)).toEqual(diagnosticsOf(sample));
      }
    }
  });

  it('finds the same however the bytes were split', () => {
    const samples = Object.values(proofs).flatMap((proof) => ('provenIn' in proof ? [] : proof.fires));
    fc.assert(
      fc.property(fc.constantFrom(...samples), fc.array(fc.nat({ max: 3_000 }), { maxLength: 20 }), (sample, cuts) => {
        // Buffering shows in where a stream is cut: there the splitting is what is judged.
        const comparable = (found: readonly Diagnostic[]) => found.filter(({ code }) => code !== 'timing/buffered');
        expect(comparable(diagnosticsOf(sample, cuts))).toEqual(comparable(diagnosticsOf(sample)));
      }),
      { numRuns: 150 },
    );
  });
});
