import { closeSync, constants, open, openSync } from 'node:fs';
import { Socket } from 'node:net';
import type { Readable } from 'node:stream';

/**
 * A named pipe to read from, once somebody writes to it. It is read as a socket is: a blocked `read` of a file could
 * not be given up, and would keep the process from ending.
 * @returns null where `signal` said stop before a writer came
 * @throws the system's error
 */
export async function openNamedPipe(path: string, signal: AbortSignal): Promise<Readable | null> {
  const onAbort = (): void => {
    releaseReader(path);
  };
  signal.addEventListener('abort', onAbort);
  try {
    const descriptor = await new Promise<number>((resolve, reject) => {
      open(path, 'r', (error, opened) => {
        if (error === null) resolve(opened);
        else reject(error);
      });
      if (signal.aborted) onAbort();
    });
    if (!signal.aborted) return new Socket({ fd: descriptor, readable: true, writable: false });
    closeSync(descriptor);
    return null;
  } finally {
    signal.removeEventListener('abort', onAbort);
  }
}

/** Opening a pipe for reading waits for a writer: one comes, and goes at once. POSIX: without a reader it is ENXIO. */
function releaseReader(path: string): void {
  try {
    closeSync(openSync(path, constants.O_WRONLY | constants.O_NONBLOCK));
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'ENXIO')) throw error;
  }
}
