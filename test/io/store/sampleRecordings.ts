import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { onTestFinished } from 'vitest';
import { openLibrary } from '../../../src/main/store/library.ts';
import type { Library } from '../../../src/main/store/recordingStore.ts';
import type { Failure, Outcome } from '../../../src/shared/failure.ts';
import type { Limits } from '../../../src/shared/limits.ts';
import { defaultLimits } from '../../../src/shared/limits.ts';
import type { RecordingSummary } from '../../../src/shared/recording.ts';
import { ending, factsOf, patternBytes, summaryOf } from './sampleFacts.ts';

/** A folder that is gone when the test is over. */
export function temporaryFolder(): string {
  const folder = mkdtempSync(path.join(tmpdir(), 'streamscope-store-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

/** A library that is closed when the test is over. */
export function libraryIn(folder: string, limits: Limits = defaultLimits): Library {
  const library = value(openLibrary(folder, limits));
  onTestFinished(() => library.close());
  return library;
}

export function value<T>(outcome: Outcome<T>): T {
  if (!outcome.ok) throw new Error(`unexpected failure: ${outcome.failure.code} ${outcome.failure.message}`);
  return outcome.value;
}

export function failureOf(outcome: Outcome<unknown>): Failure {
  if (outcome.ok) throw new Error('a failure was expected');
  return outcome.failure;
}

export function newId(): string {
  return `20261121-090000-${randomBytes(3).toString('hex')}`;
}

/** Makes an ended recording; returns its line. */
export async function recordSample(library: Library, more: Partial<RecordingSummary> = {}): Promise<RecordingSummary> {
  const facts = factsOf(newId());
  const writer = value(library.create(facts, summaryOf(facts)));
  writer.chunk(1, patternBytes(0, 100), false);
  const ended = { ...facts, ending };
  value(await writer.finish(ended, summaryOf(ended, more)));
  writer.close();
  const line = library.summary(facts.id);
  if (line === undefined) throw new Error('a finished recording has no line');
  return line;
}

export { ending, factsOf, patternBytes, summaryOf } from './sampleFacts.ts';
