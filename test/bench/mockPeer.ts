import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import process from 'node:process';
import { createMockServer } from '../../src/main/servers/mock/mockServer.ts';
import { defineEndpoint, authKnob } from '../../src/engine/mock/endpoint.ts';
import { wholeNumber, decimalNumber } from '../../src/engine/mock/knobs.ts';
import { streamAnswer } from '../../src/engine/mock/answer.ts';
import type { MockStep } from '../../src/engine/mock/step.ts';

/** Where the two servers listen: each serves `/bench?n=CHUNKS&delayMs=MS`, the same chunks. */
export interface MockBenchServers {
  readonly mock: string;
  readonly bare: string;
}

const host = '127.0.0.1';
/** An event of 240 bytes, as the captures are measured with. */
const event = Buffer.from(`data: ${'x'.repeat(232)}\n\n`);

function* steps(n: number, delayMillis: number): Generator<MockStep, void, undefined> {
  for (let left = n; left > 0; left--) yield { delayMillis, bytes: event };
}

const endpoint = defineEndpoint({
  method: 'GET',
  group: 'Bench',
  path: '/bench',
  title: 'Equal events.',
  example: '/bench?n=10',
  knobs: {
    n: wholeNumber(0, 1_000_000_000, 1, 'Events.'),
    delayMs: decimalNumber(0, 60_000, 0, 'Milliseconds between two.'),
    auth: authKnob,
  },
  answer: ({ n, delayMs }) => streamAnswer('text/event-stream', steps(n, delayMs)),
});

/** What one writes with Node alone: an event a write, waiting where the client does not read. */
function serveBare(url: URL, response: ServerResponse): void {
  let left = Number(url.searchParams.get('n'));
  response.writeHead(200, { 'Content-Type': 'text/event-stream' });
  const send = (): void => {
    while (left > 0) {
      left--;
      if (!response.write(event)) {
        response.once('drain', send);
        return;
      }
    }
    response.end();
  };
  send();
}

const mock = createMockServer({ host, port: 0, endpoints: () => [endpoint] });
const bare = createServer((request, response) => serveBare(new URL(request.url ?? '/', 'http://bench'), response));
bare.listen(0, host);
await new Promise((resolve) => bare.once('listening', resolve));
const servers: MockBenchServers = {
  mock: (await mock.start()).url,
  bare: `http://${host}:${String((bare.address() as AddressInfo).port)}`,
};
process.send?.(servers);
process.once('disconnect', () => process.exit());
