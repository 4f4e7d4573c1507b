import type { Socket } from 'node:net';
import { Duplex } from 'node:stream';
import { Client } from 'undici';

/**
 * Compiles the HTTP parser ahead of the first exchange. undici does that with its first connection, several
 * milliseconds between `connect` and `request-sent` that the first recording of a process would show as the network's.
 * Opens nothing; to be called once when a host starts. Never rejects.
 */
export async function warmUpCapture(): Promise<void> {
  const peer = new Duplex({
    read: () => undefined,
    write: (_bytes, _encoding, callback) => {
      callback();
      peer.push('HTTP/1.1 204 No Content\r\n\r\n');
    },
  });
  const client = new Client('http://localhost', {
    connect: (_options, callback) => {
      // undici needs of a socket what a duplex stream has; its types ask for the class.
      queueMicrotask(() => callback(null, peer as unknown as Socket));
    },
  });
  await new Promise<void>((resolve) => {
    client.dispatch(
      { method: 'GET', path: '/' },
      { onRequestStart: () => undefined, onResponseEnd: () => resolve(), onResponseError: () => resolve() },
    );
  });
  await client.destroy();
}
