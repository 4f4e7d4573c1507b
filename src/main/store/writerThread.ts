import { parentPort, workerData } from 'node:worker_threads';
import { serveCheckpoints } from './checkpointHelper.ts';
import type { WriterRole } from './writerMessages.ts';
import { WriterService } from './writerService.ts';

/** Entry of the threads that write recordings. */
const port = parentPort;
if (port === null) throw new Error('writerThread runs as a worker thread only');

const { role } = workerData as WriterRole;
if (role === 'writer') new WriterService(port).serve();
else serveCheckpoints(port);
