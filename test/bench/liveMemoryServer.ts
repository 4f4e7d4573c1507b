import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** A process of its own: every answer is a stream of fifty 240-byte events a second that goes on until the client goes. */
const event = Buffer.from(`data: {"id":"evt_000000000001","text":"${'x'.repeat(240 - 43)}"}\n\n`);
const everyMillis = 20;

const open = new Set<ServerResponse>();
const server = createServer((_request, response) => {
  response.writeHead(200, { 'content-type': 'text/event-stream' });
  response.flushHeaders();
  open.add(response);
  response.once('close', () => open.delete(response));
});
// A fifth of the streams at a time, so that they do not all come in one moment.
let turn = 0;
setInterval(() => {
  let n = 0;
  for (const response of open) if (n++ % 5 === turn % 5) response.write(event);
  turn++;
}, everyMillis / 5);
process.on('disconnect', () => process.exit());
server.listen(0, '127.0.0.1', () => process.send?.({ port: (server.address() as AddressInfo).port }));
