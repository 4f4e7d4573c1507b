import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { judgeStatus, judgeStreamHead } from '../../src/engine/diagnostics/headRules.ts';
import { Analysis } from '../../src/engine/recording/analysis.ts';
import { defaultLimits } from '../../src/shared/limits.ts';
import type { Diagnostic } from '../../src/shared/diagnostic.ts';
import { conformancePath, hasConformanceData, whySkipped } from './conformanceData.ts';

const metaSchema = z.object({
  file: z.string(),
  content_type: z.string(),
  status: z.number(),
  expected: z.object({ errors: z.array(z.unknown()).nullable().optional() }).optional(),
});

const names = hasConformanceData
  ? readdirSync(conformancePath('streams'), { recursive: true, encoding: 'utf8' }).filter((name) =>
      name.endsWith('.meta.json'),
    )
  : [];

const cutShort = /--cut-mid-(array|event)\.meta\.json$/;
const segmentBytes = 512;

/** A recorded stream as it may have come: in segments, at the pace of a model, under the head that it was sent with. */
function diagnosticsOf(name: string): { readonly endsWell: boolean; readonly found: readonly Diagnostic[] } {
  const meta = metaSchema.parse(JSON.parse(readFileSync(conformancePath(`streams/${name}`), 'utf8')));
  const folder = name.slice(0, name.lastIndexOf('/') + 1);
  const body = readFileSync(conformancePath(`streams/${folder}${meta.file}`));
  const blocks: Uint8Array[] = [];
  const analysis = new Analysis(
    { put: (n, _summary, bytes) => void (blocks[n] = bytes), get: (n) => blocks[n] ?? new Uint8Array(0) },
    { contentType: meta.content_type, url: null, framing: null, limits: defaultLimits, timesKnown: true },
  );
  let micros = 300_000;
  for (let chunk = 0; chunk * segmentBytes < body.length; chunk++) {
    const bytes = body.subarray(chunk * segmentBytes, (chunk + 1) * segmentBytes);
    micros += 20_000 + (chunk % 3) * 9_000;
    analysis.chunk(micros, bytes.length);
    analysis.body(chunk, micros, bytes);
  }
  analysis.end({ isWhole: true, endMicros: micros, uncertaintyMicros: 4_000 });
  const headers = [
    ['Content-Type', meta.content_type],
    ['Cache-Control', 'no-cache'],
  ] as const;
  const head = { status: meta.status, statusText: '', httpVersion: '1.1', headers, atMicros: 200_000 };
  const framing = analysis.decision?.framing;
  const findings = [...judgeStatus(head), ...(framing === undefined ? [] : judgeStreamHead(head, framing))];
  for (const { code, details } of findings) analysis.diagnostic(code, {}, details, false);
  const endsWell = meta.status < 400 && (meta.expected?.errors ?? []).length === 0 && !cutShort.test(name);
  // What the dialects find in them is judged where they are.
  const found = analysis.diagnostics.page(0, 1_000).filter(({ code }) => !code.startsWith('ai/'));
  return { endsWell, found };
}

describe.skipIf(!hasConformanceData)(`what is found in recorded streams (skipped where ${whySkipped})`, () => {
  it('is no error in any that ends well', () => {
    const errors = names.flatMap((name) => {
      const { endsWell, found } = diagnosticsOf(name);
      return endsWell ? found.filter(({ severity }) => severity === 'error').map(({ code }) => `${name}: ${code}`) : [];
    });
    expect(errors).toEqual([]);
  });

  it('are few warnings, and none that is not so', () => {
    const perCode = new Map<string, number>();
    for (const name of names) {
      for (const { code, severity } of diagnosticsOf(name).found) {
        if (severity === 'warning') perCode.set(code, (perCode.get(code) ?? 0) + 1);
      }
    }
    // Each was looked at: the events have no blank line after them, the pauses (of 2 s in this pace, for one long event
    // each) are some, and the JSON is not what the Content-Type says.
    expect(Object.fromEntries([...perCode].sort())).toEqual({
      'head/content-type-mismatch': 2,
      'sse/foreign-text': 1,
      'sse/unterminated-event': 8,
      'timing/stall': 2,
    });
  });

  it('is an error in the stream only where its provider sent one', () => {
    const reporting = names.filter((name) =>
      diagnosticsOf(name).found.some(({ code }) => code === 'app/error-in-stream'),
    );
    expect(reporting.length).toBeGreaterThan(0);
    expect(reporting.filter((name) => diagnosticsOf(name).endsWell)).toEqual([]);
  });
});
