import { once } from 'node:events';
import { Worker } from 'node:worker_threads';
import { expect, it } from 'vitest';
import { begin } from './capturing.ts';
import { RecordingSink, requestFor } from './recordingSink.ts';

const bodyBytes = 32 * 1024 * 1024;

/** Runs in a thread of its own, or the one that reads would never find more than was written in its own turn. */
const server = `
  const { createServer } = require('node:net');
  const { parentPort, workerData } = require('node:worker_threads');
  const server = createServer((socket) => {
    socket.on('error', () => undefined);
    socket.once('data', () => {
      socket.write('HTTP/1.1 200 OK\\r\\nContent-Length: ' + workerData + '\\r\\n\\r\\n');
      socket.write(Buffer.alloc(workerData, 'x'));
    });
  });
  server.listen(0, '127.0.0.1', () => parentPort.postMessage(server.address().port));
`;

function workFor(millis: number): void {
  const start = performance.now();
  while (performance.now() - start < millis);
}

it('a peer that always has more leaves the rest of the process its turns', async () => {
  const worker = new Worker(server, { eval: true, workerData: bodyBytes });
  const [port] = (await once(worker, 'message')) as [number];
  const sink = new RecordingSink();
  let inTurn = 0;
  let mostInTurn = 0;
  sink.onChunk = () => {
    workFor(1);
    inTurn++;
    mostInTurn = Math.max(mostInTurn, inTurn);
  };
  let next = setImmediate(function turn() {
    inTurn = 0;
    next = setImmediate(turn);
  });
  try {
    await begin(requestFor(`http://127.0.0.1:${port}/`), sink).done;
  } finally {
    clearImmediate(next);
    await worker.terminate();
  }
  expect(sink.ending?.kind).toBe('complete');
  expect(sink.bodyBytes.byteLength).toBe(bodyBytes);
  expect(mostInTurn).toBeGreaterThan(1);
  // Chunks of a millisecond's work each, not time that passed: a busy machine makes them fewer, never more.
  expect(mostInTurn).toBeLessThanOrEqual(12);
});
