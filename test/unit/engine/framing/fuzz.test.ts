import process from 'node:process';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { diagnose } from '../../../../src/engine/diagnostics/catalogue.ts';
import { describeFrame, previewFrame } from '../../../../src/engine/framing/describe.ts';
import { createDetector } from '../../../../src/engine/framing/detect.ts';
import { isFramingWhitespace } from '../../../../src/engine/framing/framingWhitespace.ts';
import { defaultLimits } from '../../../../src/shared/limits.ts';
import { framings, type Framing } from '../../../../src/shared/words.ts';
import { collect, split, type CollectOptions } from './collect.ts';
import { corpora } from './corpora.ts';
import { deep, isDeep } from './deepRun.ts';

/** Of each part: the whole file takes ten minutes in a deep run, a few seconds otherwise. */
const budgetMillis =
  process.env['STREAMSCOPE_FUZZ_SECONDS'] === undefined
    ? deep(600_000, 7_000) / (framings.length + 2)
    : Number(process.env['STREAMSCOPE_FUZZ_SECONDS']) * 1_000;
const timeout = budgetMillis * 3 + 30_000;
/** A body of 64 KB is done with in less, or something in it costs more than its length. */
const longestMillis = 100;

const known = corpora();
const splices = [
  '\n',
  '\r\n\r\n',
  '\r',
  '--',
  '--b',
  '"',
  '\\',
  '{',
  '}',
  '[',
  ']',
  ',',
  ':',
  '\x1e',
  '\0\0\0',
  'data:',
].map((text) => Buffer.from(text));

/** A real body with a few things done to it. */
const mutated = fc
  .record({
    of: fc.constantFrom(...known),
    edits: fc.array(
      fc.oneof(
        fc.record({ kind: fc.constant('flip' as const), at: fc.nat(), value: fc.nat(255) }),
        fc.record({ kind: fc.constant('cut' as const), at: fc.nat(), length: fc.nat(200) }),
        fc.record({ kind: fc.constant('splice' as const), at: fc.nat(), bytes: fc.constantFrom(...splices) }),
        fc.record({ kind: fc.constant('repeat' as const), at: fc.nat(), length: fc.nat(60), times: fc.nat(40) }),
        fc.record({ kind: fc.constant('other' as const), at: fc.nat(), bytes: fc.constantFrom(...known) }),
      ),
      { maxLength: 6 },
    ),
  })
  .map(({ of, edits }) => {
    let body = of;
    for (const edit of edits) {
      const at = edit.at % (body.length + 1);
      const [head, tail] = [body.subarray(0, at), body.subarray(at)];
      switch (edit.kind) {
        case 'flip':
          body = Buffer.concat([head, Buffer.of(edit.value), tail.subarray(1)]);
          break;
        case 'cut':
          body = Buffer.concat([head, tail.subarray(edit.length)]);
          break;
        case 'repeat':
          body = Buffer.concat([head, ...new Array<Buffer>(edit.times).fill(tail.subarray(0, edit.length)), tail]);
          break;
        case 'splice':
        case 'other':
          body = Buffer.concat([head, edit.bytes, tail]);
          break;
      }
    }
    return new Uint8Array(body.subarray(0, 65_536));
  });

/** What failed, with all that is needed to see it again; null: nothing did. */
function fuzz(judge: (body: Uint8Array, cuts: readonly number[]) => void): string | null {
  const run = fc.check(fc.property(mutated, fc.array(fc.nat(65_536), { maxLength: 20 }), judge), {
    numRuns: 10_000_000,
    interruptAfterTimeLimit: budgetMillis,
    markInterruptAsFailure: false,
  });
  if (!run.failed) return null;
  const [body, cuts] = run.counterexample ?? [];
  return [
    run.errorInstance instanceof Error ? run.errorInstance.stack : String(run.errorInstance),
    `seed ${String(run.seed)}, path ${String(run.counterexamplePath)}, after ${String(run.numRuns)} bodies`,
    `cuts [${String(cuts)}]`,
    `${String(body?.length)} bytes in base64: ${Buffer.from(body ?? []).toString('base64')}`,
  ].join('\n');
}

/** Everything that is done with a body; throws for what may not be. */
function takeApart(framing: Framing, body: Uint8Array, cuts: readonly number[], options: CollectOptions): void {
  const whole = collect(framing, [body], options);
  let at = 0;
  const outside = (to: number): void => {
    for (; at < to; at++) {
      if (!isFramingWhitespace(framing, body[at] ?? 0, at)) throw new Error(`byte ${String(at)} is in no frame`);
    }
  };
  for (const { kind, offset, length, diagnostics } of whole.frames) {
    if (offset < at || length <= 0 || offset + length > body.length) throw new Error(`a frame at ${String(offset)}`);
    outside(offset);
    at = offset + length;
    const own = body.subarray(offset, at);
    describeFrame(framing, kind, own, defaultLimits, own.length % 7 === 0);
    previewFrame(framing, kind, own, 80);
    for (const { code, place, details } of diagnostics) diagnose(code, place, details);
  }
  outside(body.length);
  for (const { code, place, details } of whole.diagnostics) diagnose(code, place, details);
  const again = collect(framing, split(body, cuts), options);
  if (again.calls.join('\n') !== whole.calls.join('\n')) throw new Error('another splitting gives other frames');
}

/**
 * Processor time of the shortest of a few tries: what else the machine did meanwhile, and what the engine's garbage
 * collector had to do for the bodies before, are no matter of ours.
 */
function leastCpuMillis(run: () => void): number {
  let least = Infinity;
  for (let i = 0; i < 10 && least > longestMillis; i++) {
    const before = process.cpuUsage();
    run();
    const { user, system } = process.cpuUsage(before);
    least = Math.min(least, (user + system) / 1_000);
  }
  return least;
}

describe.each(framings)('%s', (framing) => {
  it(
    'takes real bodies apart whatever was done to them',
    () => {
      const options = { contentType: 'multipart/mixed; boundary=b' };
      const found = fuzz((body, cuts) => {
        takeApart(framing, body, cuts, options);
        if (!isDeep) return;
        const millis = leastCpuMillis(() => collect(framing, [body], options));
        if (millis > longestMillis) throw new Error(`${String(body.length)} bytes took ${String(millis)} ms`);
      });
      expect(found === null, found ?? '').toBe(true);
    },
    timeout,
  );
});

it(
  'JSON at a path takes real bodies apart whatever was done to them',
  () => {
    const found = fuzz((body, cuts) => {
      takeApart('json', body, cuts, { jsonPath: 'items' });
    });
    expect(found === null, found ?? '').toBe(true);
  },
  timeout,
);

it(
  'the detector decides about anything, the same for any splitting',
  () => {
    const decide = (type: string | null, pieces: readonly Uint8Array[]) => {
      const detector = createDetector({ contentType: type, url: null });
      const decided = pieces.map((piece) => detector.push(piece)).find((answer) => answer !== undefined);
      return decided ?? detector.end();
    };
    const types = [
      null,
      'text/plain',
      'text/event-stream',
      'application/json',
      'application/x-ndjson',
      'multipart/mixed',
    ];
    const found = fuzz((body, cuts) => {
      const type = types[body.length % types.length] ?? null;
      const whole = decide(type, [body]);
      const pieces = decide(type, split(body, cuts));
      if (JSON.stringify(whole) !== JSON.stringify(pieces)) throw new Error('another splitting, another decision');
    });
    expect(found === null, found ?? '').toBe(true);
  },
  timeout,
);
