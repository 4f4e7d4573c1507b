import { parentPort, workerData } from 'node:worker_threads';
import { serveCheckpoints } from './checkpointHelper.ts';
import type { SearchRole } from './searchMessages.ts';
import { SearchService } from './searchService.ts';
import type { WriterRole } from './writerMessages.ts';
import { WriterService } from './writerService.ts';

/** Entry of the threads that write recordings and search them. */
const port = parentPort;
if (port === null) throw new Error('writerThread runs as a worker thread only');

const role = workerData as WriterRole | SearchRole;
if (role.role === 'writer') new WriterService(port).serve();
else if (role.role === 'search') new SearchService(port, role.folder).serve();
else serveCheckpoints(port);
