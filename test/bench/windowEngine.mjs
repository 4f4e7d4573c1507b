/**
 * Entry of the engine's utility process while it is measured: watches the event loop, then becomes the engine. Questions
 * come over a local socket, so that nothing of the product knows: `reset`, `read`, `profile` and `profile FILE` (which
 * ends the profile and keeps it there), one to a connection.
 */
import { writeFile } from 'node:fs/promises';
import { Session } from 'node:inspector/promises';
import { createServer } from 'node:net';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { pathToFileURL } from 'node:url';

const [entry = '', socketPath = ''] = process.argv.slice(-3);
const resolutionMillis = 5;
const delay = monitorEventLoopDelay({ resolution: resolutionMillis });
delay.enable();
/** @type {Session | undefined} */
let profiling;

/** @param {number} nanos */
const lateMillis = (nanos) => Math.max(0, nanos / 1e6 - resolutionMillis);

/** @param {string} question */
async function answer(question) {
  const [word, file] = question.split(' ');
  if (word === 'reset') {
    delay.reset();
    return {};
  }
  if (word === 'profile' && file === undefined) {
    profiling = new Session();
    profiling.connect();
    await profiling.post('Profiler.enable');
    await profiling.post('Profiler.start');
    return {};
  }
  if (word === 'profile' && file !== undefined) {
    const kept = await profiling?.post('Profiler.stop');
    await writeFile(file, JSON.stringify(kept?.profile));
    profiling?.disconnect();
    return {};
  }
  const { rss, heapUsed, heapTotal, external, arrayBuffers } = process.memoryUsage();
  return {
    loopDelayP50Millis: lateMillis(delay.percentile(50)),
    loopDelayP99Millis: lateMillis(delay.percentile(99)),
    loopDelayMaxMillis: lateMillis(delay.max),
    memory: { rss, heapUsed, heapTotal, external, arrayBuffers },
  };
}

createServer((socket) => {
  // Who asked and left has no use for the answer.
  socket.on('error', () => undefined);
  socket.once('data', (question) => {
    void answer(question.toString().trim()).then((told) => socket.end(JSON.stringify(told)));
  });
})
  .listen(socketPath)
  .unref();

await import(pathToFileURL(entry).href);
