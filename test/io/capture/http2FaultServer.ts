import { setImmediate as nextTurn } from 'node:timers/promises';
import { inPieces, type Splitting } from './splitting.ts';
import type { Http2Fault } from './http2Faults.ts';
import { startRawServer, type Accept, type RawPeer, type RawServer, type RawServerOptions } from './rawServer.ts';

const prefaceBytes = 24;

/** Calls `perform` for each connection once the request's HEADERS are there (no other frames are looked at). */
export async function startHttp2FaultServer(
  scheme: 'http' | 'https',
  perform: (peer: RawPeer) => Promise<void> | void,
  options: RawServerOptions = {},
): Promise<RawServer> {
  const accept: Accept = (socket, peer) => {
    let request = Buffer.alloc(0);
    const onData = (bytes: Buffer): void => {
      request = Buffer.concat([request, bytes]);
      for (let at = prefaceBytes; at + 9 <= request.byteLength; at += 9 + request.readUIntBE(at, 3)) {
        const isHeaders = request[at + 3] === 1;
        if (!isHeaders || at + 9 + request.readUIntBE(at, 3) > request.byteLength) continue;
        socket.off('data', onData);
        socket.resume();
        void perform(peer);
        return;
      }
    };
    socket.on('data', onData);
  };
  return startRawServer(scheme, 'h2', accept, options);
}

/** Plays a fault to the end. */
export async function playFault(fault: Http2Fault, peer: RawPeer, splitting: Splitting = 'whole'): Promise<void> {
  await inPieces(peer, splitting).write(fault.bytes);
  // Client and server share an event loop and the loopback is synchronous: a few turns, and all of it is read.
  for (let turn = 0; turn < 10; turn += 1) await nextTurn();
  switch (fault.then) {
    case 'stay':
      return;
    case 'close':
      peer.close();
      return;
    case 'cut':
      peer.cut();
      return;
    case 'reset':
      peer.reset();
  }
}
