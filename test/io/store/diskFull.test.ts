import { execFileSync } from 'node:child_process';
import { closeSync, mkdirSync, openSync, writeSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import type { Failure } from '../../../src/shared/failure.ts';
import { openLibrary } from '../../../src/main/store/library.ts';
import {
  ending,
  factsOf,
  failureOf,
  newId,
  patternBytes,
  summaryOf,
  temporaryFolder,
  value,
} from './sampleRecordings.ts';

/** A disk of so many bytes, or why there is none. */
function smallDisk(bytes: number): { readonly folder: string } | { readonly none: string } {
  if (process.platform !== 'linux' || process.getuid?.() !== 0) return { none: 'a small disk needs Linux and root' };
  const folder = path.join(temporaryFolder(), 'disk');
  mkdirSync(folder);
  try {
    execFileSync('/bin/mount', ['-t', 'tmpfs', '-o', `size=${String(bytes)}`, 'streamscope', folder], {
      stdio: 'pipe',
    });
  } catch (error) {
    return { none: `a small disk cannot be mounted here: ${error instanceof Error ? error.message : String(error)}` };
  }
  onTestFinished(() => {
    execFileSync('/bin/umount', [folder]);
  });
  return { folder };
}

/** Takes what is left of a disk. */
function fill(folder: string): void {
  const file = openSync(path.join(folder, 'filler'), 'w');
  try {
    for (;;) writeSync(file, Buffer.alloc(4_096));
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'ENOSPC')) throw error;
  } finally {
    closeSync(file);
  }
}

describe('a disk that fills at the very ending', () => {
  it('still takes the ending, from the reserve', async (context) => {
    const disk = smallDisk(6 * 1_048_576);
    if ('none' in disk) {
      context.skip(true, disk.none);
      return;
    }
    const library = value(openLibrary(disk.folder));
    const facts = factsOf(newId());
    const writer = value(library.create(facts, summaryOf(facts)));
    for (let at = 0; at < 400_000; at += 40_000) writer.chunk(at, patternBytes(at, 40_000), false);
    await vi.waitFor(() => expect(writer.unwrittenBytes).toBe(0), 30_000);
    fill(disk.folder);
    const ended = { ...facts, ending, trailers: [['x-long', 'y'.repeat(60_000)] as const] };
    value(await writer.finish(ended, summaryOf(ended)));
    expect(library.list()).toMatchObject([{ id: facts.id, state: 'ended', endingKind: 'complete' }]);
    writer.close();
    await library.close();
    const again = value(openLibrary(disk.folder));
    const reader = value(again.open(facts.id));
    expect(reader.facts().ending?.code).toBe(ending.code);
    expect(reader.facts().trailers).toEqual(ended.trailers);
    expect(reader.byteLength('wire')).toBe(400_000);
    reader.close();
    await again.close();
  });
});

describe('a full disk', () => {
  it('is told, keeps what was committed, and the ending', async (context) => {
    const disk = smallDisk(6 * 1_048_576);
    if ('none' in disk) {
      context.skip(true, disk.none);
      return;
    }
    const library = value(openLibrary(disk.folder));
    const facts = factsOf(newId());
    const writer = value(library.create(facts, summaryOf(facts)));
    let failure: Failure | undefined;
    writer.onFailure((told) => {
      failure = told;
    });
    // The writer's thread has begun: what fills the disk comes a commit at a time.
    writer.chunk(0, patternBytes(0, 40_000), false);
    await vi.waitFor(() => expect(writer.unwrittenBytes).toBe(0), 30_000);
    let handed = 40_000;
    while (failure === undefined) {
      if (writer.chunk(handed, patternBytes(handed, 40_000), false)) handed += 40_000;
      await new Promise((resolve) => setTimeout(resolve, 2));
    }
    expect(failure).toMatchObject({ code: 'store/disk-full', retry: true });
    fill(disk.folder);
    expect(failureOf(library.create(factsOf(newId()), summaryOf(facts))).code).toBe('store/disk-full');
    expect(writer.unwrittenBytes).toBe(0);
    expect(writer.chunk(handed, patternBytes(0, 10), false)).toBe(false);
    // What memory still holds can be read until the recording is closed.
    expect(Buffer.compare(writer.read('wire', 0, 100_000), patternBytes(0, 100_000))).toBe(0);

    const ended = { ...facts, ending: { ...ending, kind: 'failed-local' as const, code: 'end/disk-full' } };
    expect(failureOf(await writer.finish(ended, summaryOf(ended))).code).toBe('store/disk-full');
    expect(library.list()).toMatchObject([{ id: facts.id, state: 'ended', endingKind: 'failed-local' }]);
    writer.close();
    await library.close();

    const again = value(openLibrary(disk.folder));
    const reader = value(again.open(facts.id));
    expect(reader.facts().ending?.code).toBe('end/disk-full');
    const kept = reader.byteLength('wire');
    expect(kept).toBeGreaterThan(1_000_000);
    expect(Buffer.compare(reader.read('wire', 0, kept), patternBytes(0, kept))).toBe(0);
    reader.close();
    expect(again.list()).toHaveLength(1);
    await again.close();
  });
});
