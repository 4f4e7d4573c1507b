import { createServer } from 'node:net';

/**
 * A server that writes as fast as it can, in its own process: `packed`, HTTP chunks of 64 KB that each hold many
 * events, or `each`, one HTTP chunk per event, many to a write. Sends the path's number of bytes: `/each/268435456`.
 */
const event = Buffer.from(`data: {"id":"evt_000000000001","text":"${'x'.repeat(240 - 43)}"}\n\n`);
if (event.length !== 240) throw new Error(`an event is ${String(event.length)} bytes`);

const eventsPerWrite = 273;
const events = Buffer.concat(Array.from({ length: eventsPerWrite }, () => event));
const packed = Buffer.concat([Buffer.from(`${events.length.toString(16)}\r\n`), events, Buffer.from('\r\n')]);
const each = Buffer.concat(
  Array.from({ length: eventsPerWrite }, () => Buffer.concat([Buffer.from('f0\r\n'), event, Buffer.from('\r\n')])),
);

const server = createServer((socket) => {
  socket.setNoDelay(true);
  socket.on('error', () => undefined);
  socket.once('data', (request: Buffer) => {
    const [, layout = 'packed', bytes = '0'] = /^GET \/(packed|each)\/(\d+)/.exec(request.toString('latin1')) ?? [];
    const piece = layout === 'each' ? each : packed;
    let left = Math.ceil(Number(bytes) / events.length);
    socket.write(
      'HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\ncache-control: no-cache\r\ntransfer-encoding: chunked\r\n\r\n',
    );
    const pump = (): void => {
      while (left > 0 && !socket.destroyed) {
        left--;
        if (!socket.write(piece)) {
          socket.once('drain', pump);
          return;
        }
      }
      if (left === 0) socket.end('0\r\n\r\n');
    };
    pump();
  });
});

server.listen(0, '127.0.0.1', () => {
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('no port');
  process.send?.({ port: address.port });
});
process.once('disconnect', () => process.exit(0));
