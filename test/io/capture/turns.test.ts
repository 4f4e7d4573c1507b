import { once } from 'node:events';
import { Worker } from 'node:worker_threads';
import { expect, it } from 'vitest';
import { begin, withServer } from './capturing.ts';
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

it('a read of very many chunks leaves the rest of the process its turns, and keeps each chunk as it came', async () => {
  const chunks = 20_000;
  const sink = new RecordingSink();
  let inTurn = 0;
  let mostInTurn = 0;
  sink.onChunk = () => {
    inTurn++;
    mostInTurn = Math.max(mostInTurn, inTurn);
  };
  let next = setImmediate(function turn() {
    inTurn = 0;
    next = setImmediate(turn);
  });
  try {
    await withServer(
      'http',
      async (peer) => {
        await peer.write('HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n');
        await peer.write(`${'2\r\nxy\r\n'.repeat(chunks)}0\r\n\r\n`);
      },
      async ({ url }) => {
        await begin(requestFor(url), sink).done;
      },
    );
  } finally {
    clearImmediate(next);
  }
  const times = sink.chunks.map(({ atMicros }) => atMicros);
  expect(sink.ending?.code).toBe('end/complete');
  expect(sink.chunks.filter(({ continues }) => !continues)).toHaveLength(chunks);
  expect(sink.bodyBytes.toString()).toBe('xy'.repeat(chunks));
  expect(times).toEqual(times.toSorted((a, b) => a - b));
  // What came in one read has one time.
  expect(new Set(times).size).toBeLessThan(chunks / 1_000);
  expect(mostInTurn).toBeLessThanOrEqual(3_000);
});
