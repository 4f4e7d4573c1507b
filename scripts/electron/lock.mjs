import { mkdir, open, readFile, rename, rm } from 'node:fs/promises';
import { dirname } from 'node:path';
import process from 'node:process';
import { setTimeout as delay } from 'node:timers/promises';

/** @param {number} pid */
function isAlive(pid) {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    // EPERM: it runs, but belongs to someone else.
    return error instanceof Error && 'code' in error && error.code === 'EPERM';
  }
}

/**
 * Runs `work` while holding the lock file `path`; waits for another process that holds it. A lock whose process is gone
 * is taken over. The lock spares a second download: two holders at once would still be correct, because what they make
 * is put in place by one rename.
 * @template T
 * @param {string} path
 * @param {(message: string) => void} report told once when there is something to wait for
 * @param {AbortSignal} signal
 * @param {() => Promise<T>} work
 * @returns {Promise<T>}
 */
export async function withLock(path, report, signal, work) {
  await mkdir(dirname(path), { recursive: true });
  let told = false;
  for (;;) {
    signal.throwIfAborted();
    try {
      const file = await open(path, 'wx');
      await file.writeFile(String(process.pid));
      await file.close();
      break;
    } catch (error) {
      if (!(error instanceof Error && 'code' in error && error.code === 'EEXIST')) throw error;
    }
    const holder = Number(await readFile(path, 'utf8').catch(() => ''));
    if (holder > 0 && !isAlive(holder)) {
      const stale = `${path}.stale-${process.pid}`;
      await rename(path, stale).catch(() => undefined);
      await rm(stale, { force: true });
      continue;
    }
    if (!told) report(`waiting for process ${holder || '(starting)'}, which is installing it already (${path})`);
    told = true;
    await delay(250, undefined, { signal });
  }
  try {
    return await work();
  } finally {
    await rm(path, { force: true });
  }
}
