import { once } from 'node:events';
import { connect, createServer, type AddressInfo, type Socket } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { Line } from '../../../src/main/servers/mock/wire/line.ts';

const closers: (() => void)[] = [];

afterEach(() => {
  for (const close of closers.splice(0)) close();
});

async function openLine(): Promise<{ readonly line: Line; readonly client: Socket }> {
  const server = createServer();
  await once(server.listen({ host: '127.0.0.1', port: 0 }), 'listening');
  const accepted = once(server, 'connection') as Promise<[Socket]>;
  const client = connect((server.address() as AddressInfo).port, '127.0.0.1');
  client.on('error', () => undefined);
  const [socket] = await accepted;
  closers.push(() => {
    server.close();
    client.destroy();
    socket.destroy();
  });
  return { line: new Line(socket, socket), client };
}

describe('the connection below an answer', () => {
  it('refuses what is written to a socket that is destroyed, before anybody was told of its end', async () => {
    const { line } = await openLine();
    let closed = false;
    line.socket.once('close', () => (closed = true));
    line.socket.destroy();
    expect(() => line.write('more')).toThrow('the client has left');
    await expect(line.drained()).rejects.toThrow('the client has left');
    expect(line.signal.aborted).toBe(true);
    expect(closed).toBe(false);
  });

  it('tells a writer that waits that the client has left, and calls nothing else an end', async () => {
    const { line, client } = await openLine();
    client.pause();
    let waiting: Promise<void> | null = null;
    while (waiting === null) waiting = line.write(Buffer.alloc(65_536));
    client.resetAndDestroy();
    await expect(waiting).rejects.toMatchObject({ name: 'AbortError' });
    expect(line.signal.aborted).toBe(true);
  });
});
