// Records the samples that ship with the product, from servers of our own: `node scripts/samples/makeSamples.mjs`.
import { createHash } from 'node:crypto';
import { writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import { startExchangeClock } from '../../src/main/capture/exchangeClock.ts';
import { openCapture } from '../../src/main/capture/openCapture.ts';
import { encodeEventLine, encodeHeaderLine } from '../../src/engine/recording/streamJsonl.ts';
import { createMockServer } from '../../src/main/servers/mock/mockServer.ts';
import { defaultLimits } from '../../src/shared/limits.ts';
import { defaultRequestOptions } from '../../src/shared/request.ts';

/** The library shows the newest first: moments of their own keep the samples in this order. */
const shownOrder = [
  'An answer that stalls',
  'An export cut at row 201',
  'Events that something buffers',
  'Order events with heartbeats',
  'Orders as lines, one of them an error',
];

/**
 * @param {string} name
 * @param {string} url
 * @param {{ method?: string, headers?: [string, string][], body?: string, shownUrl?: string }} [more]
 */
async function record(name, url, more = {}) {
  const clock = startExchangeClock();
  const shownUrl = more.shownUrl ?? url;
  /** @type {import('../../src/shared/request.ts').RequestSpec} */
  const request = {
    method: more.method ?? 'GET',
    url,
    headers: more.headers ?? [],
    body: more.body === undefined ? { kind: 'none' } : { kind: 'text', text: more.body },
    auth: { kind: 'none' },
    options: defaultRequestOptions,
  };
  /** @type {string[]} */
  const lines = [
    encodeHeaderLine({
      startedAt: Date.UTC(2026, 10, 21, 9, 20 - 4 * shownOrder.indexOf(name)),
      source: 'request',
      request: { ...request, url: shownUrl },
      timesKnown: true,
      bordersKnown: true,
      redactions: [],
    }),
  ];
  const hash = createHash('sha256');
  let wireBytes = 0;
  let chunks = 0;
  /** @param {import('../../src/engine/recording/streamJsonl.ts').StreamJsonlEvent} event */
  const write = (event) => lines.push(encodeEventLine(event));
  const opened = openCapture(
    request,
    {
      mark: (mark) => write({ kind: 'mark', mark }),
      sent: (headers) => write({ kind: 'sent', atMicros: clock.now(), headers }),
      head: (head) => write({ kind: 'head', head }),
      chunk: (atMicros, bytes, continues) => {
        wireBytes += bytes.length;
        chunks++;
        hash.update(bytes);
        write({ kind: 'chunk', atMicros, bytes: bytes.slice(), continues });
        return true;
      },
      body: () => true,
      trailers: (headers) => write({ kind: 'trailers', atMicros: clock.now(), headers }),
      transportDiagnostic: () => undefined,
      ended: (ending) => write({ kind: 'end', end: { ending, wireBytes, chunks, sha256: hash.digest('hex') } }),
    },
    { clock, limits: defaultLimits },
  );
  if (!opened.ok) throw new Error(opened.failure.message);
  await opened.value.done;
  await writeFile(new URL(`../../resources/samples/${name}.stream.jsonl`, import.meta.url), lines.join(''));
  process.stdout.write(`${name}: ${chunks} chunks, ${wireBytes} bytes\n`);
}

/** A server for what the mock server does not do on purpose: it buffers, and it breaks off. */
const awkward = createServer((request, response) => {
  if (request.url === '/events/buffered') {
    response.writeHead(200, {
      'content-type': 'text/event-stream',
      'cache-control': 'no-cache',
      server: 'nginx/1.26.2',
    });
    let n = 0;
    const timer = setInterval(() => {
      let burst = '';
      for (let i = 0; i < 26; i++) burst += `id: ${++n}\nevent: progress\ndata: {"done":${n},"of":130}\n\n`;
      response.write(burst);
      if (n < 130) return;
      clearInterval(timer);
      response.end();
    }, 1_600);
    return;
  }
  response.writeHead(200, { 'content-type': 'application/json' });
  response.write('[');
  let n = 0;
  const timer = setInterval(() => {
    let rows = '';
    for (let i = 0; i < 4; i++)
      rows += `${n === 0 ? '' : ','}\n  {"row":${++n},"name":"customer ${n}","balance":${(n * 37.5).toFixed(2)}}`;
    response.write(rows);
    if (n < 200) return;
    clearInterval(timer);
    response.write(',\n  {"row":201,"name":"custo', () => request.socket.resetAndDestroy());
  }, 40);
});
await new Promise((resolve) => awkward.listen(0, '127.0.0.1', () => resolve(undefined)));
const address = awkward.address();
if (address === null || typeof address === 'string') throw new Error('no port');
const awkwardUrl = `http://127.0.0.1:${address.port}`;

const mock = createMockServer({ port: 0 });
const { url } = await mock.start();
const shown = 'http://127.0.0.2:4010';

await record('An answer that stalls', `${url}/v1/chat/completions?stall=1&delayMs=35`, {
  method: 'POST',
  headers: [['Content-Type', 'application/json']],
  body: JSON.stringify({
    model: 'mock-1',
    stream: true,
    messages: [{ role: 'user', content: 'How should a client retry a request that failed?' }],
  }),
  shownUrl: `${shown}/v1/chat/completions?stall=1&delayMs=35`,
});
await record('Orders as lines, one of them an error', `${url}/v1/orders/stream?n=60&delayMs=60&seed=3`, {
  shownUrl: `${shown}/v1/orders/stream?n=60&delayMs=60&seed=3`,
});
await record('Order events with heartbeats', `${url}/v1/orders/events?n=40&delayMs=90&seed=5`, {
  shownUrl: `${shown}/v1/orders/events?n=40&delayMs=90&seed=5`,
});
await record('An export cut at row 201', `${awkwardUrl}/export/customers`, {
  shownUrl: 'http://127.0.0.1:8080/export/customers',
});
await record('Events that something buffers', `${awkwardUrl}/events/buffered`, {
  shownUrl: 'http://127.0.0.1:8080/events/buffered',
});

await mock.stop();
awkward.closeAllConnections();
awkward.close();
