import { spawnSync } from 'node:child_process';
import { access, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { withLock } from '../../../scripts/electron/lock.mjs';

let directory = '';
const path = (): string => join(directory, 'a.lock');
const noReport = (): void => undefined;
const never = new AbortController().signal;

beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'streamscope-lock-'));
});

afterEach(() => rm(directory, { recursive: true, force: true }));

describe('the installation lock', () => {
  it('lets one at a time in, and the second is told what it waits for', async () => {
    const order: string[] = [];
    const messages: string[] = [];
    const { promise: firstMayEnd, resolve: endFirst } = Promise.withResolvers<undefined>();
    const { promise: firstIsIn, resolve: tellFirstIsIn } = Promise.withResolvers<undefined>();
    const first = withLock(path(), noReport, never, async () => {
      tellFirstIsIn(undefined);
      await firstMayEnd;
      order.push('first');
    });
    await firstIsIn;
    const report = (message: string): void => {
      messages.push(message);
      endFirst(undefined);
    };
    const second = withLock(path(), report, never, async () => {
      order.push('second');
    });
    await Promise.all([first, second]);
    expect(order).toEqual(['first', 'second']);
    expect(messages).toEqual([expect.stringContaining(`process ${process.pid}`)]);
  });

  it('is taken over from a process that is gone', async () => {
    const { pid } = spawnSync(process.execPath, ['-e', '']);
    await writeFile(path(), String(pid));
    await expect(withLock(path(), noReport, never, async () => 'done')).resolves.toBe('done');
  });

  it('is given back when the work fails', async () => {
    const failing = withLock(path(), noReport, never, () => Promise.reject(new Error('no disk')));
    await expect(failing).rejects.toThrow('no disk');
    await expect(access(path())).rejects.toThrow('ENOENT');
  });

  it('stops waiting when it is told to', async () => {
    await writeFile(path(), String(process.pid));
    const controller = new AbortController();
    const waiting = withLock(
      path(),
      () => {
        controller.abort(new Error('enough'));
      },
      controller.signal,
      async () => 'never',
    );
    await expect(waiting).rejects.toThrow();
  });
});
