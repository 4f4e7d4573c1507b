import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { Worker } from 'node:worker_threads';
import type { SearchRole } from './searchMessages.ts';
import type { WriterRole } from './writerMessages.ts';

/** Starts `writerThread` in one of its roles; it lies beside this file, in the sources as in the build. */
export function startWriterThread(role: WriterRole | SearchRole): Worker {
  const own = fileURLToPath(import.meta.url);
  const file = path.join(path.dirname(own), `writerThread${path.extname(own)}`);
  return new Worker(file, {
    workerData: role,
    name: `recordings ${role.role}`,
    // All that a writer ever allocates is short messages: a small nursery keeps them from taking memory that nobody needs.
    ...(role.role === 'search' ? {} : { resourceLimits: { maxYoungGenerationSizeMb: 4 } }),
  });
}
