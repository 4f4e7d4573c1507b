import { expect } from 'vitest';
import type { AiObject } from '../../../../src/engine/dialects/aiObject.ts';
import { readDialect, type DialectRun, type RunOptions } from '../../../conformance/dialectRun.ts';

export type Reading = DialectRun & { readonly ai: AiObject };

/** One SSE event a value: objects as JSON, texts as they are. */
export function events(...data: readonly unknown[]): string {
  return data.map((value) => `data: ${typeof value === 'string' ? value : JSON.stringify(value)}\n\n`).join('');
}

/** One JSON object a line. */
export function lines(...values: readonly unknown[]): string {
  return values.map((value) => `${JSON.stringify(value)}\n`).join('');
}

/** What a body means, read whole and byte by byte, which must say the same. Nothing but the bytes unless told. */
export function readAll(body: string, options: Partial<RunOptions> = {}): DialectRun {
  const bytes = Buffer.from(body);
  const given = { contentType: null, ...options };
  const run = readDialect([bytes], given);
  const single = Array.from({ length: bytes.length }, (_, i) => bytes.subarray(i, i + 1));
  expect(readDialect(single, given)).toEqual(run);
  return run;
}

export function read(body: string, options: Partial<RunOptions> = {}): Reading {
  const run = readAll(body, options);
  if (run.ai === null) throw new Error('no dialect was found');
  return { ...run, ai: run.ai };
}

/** Codes of what was found, without what only says that usage is missing. */
export function codesOf(run: DialectRun): readonly string[] {
  return run.findings.map((finding) => finding.split(' ', 1)[0] ?? '').filter((code) => code !== 'ai/missing-usage');
}
