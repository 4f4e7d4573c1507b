import { setImmediate as nextTurn } from 'node:timers/promises';
import type { Http2Fault } from './http2Faults.ts';
import { startRawServer, type RawPeer, type RawServer } from './rawServer.ts';

const prefaceBytes = 24;

/** Calls `perform` for each connection once the request's HEADERS are there (no other frames are looked at). */
export async function startHttp2FaultServer(
  scheme: 'http' | 'https',
  perform: (peer: RawPeer) => Promise<void> | void,
): Promise<RawServer> {
  return startRawServer(scheme, 'h2', (socket, peer) => {
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
  });
}

/** How a fault's bytes are written: in one go, or in pieces with a turn of the event loop between them. */
export type Splitting = 'whole' | 'bytes' | 'thirds' | 'sevens';

function pieceSize(splitting: Splitting, length: number): number {
  switch (splitting) {
    case 'whole':
      return Math.max(1, length);
    case 'bytes':
      return 1;
    case 'thirds':
      return Math.max(1, Math.ceil(length / 3));
    case 'sevens':
      return 7;
  }
}

/** Plays a fault to the end. */
export async function playFault(fault: Http2Fault, peer: RawPeer, splitting: Splitting = 'whole'): Promise<void> {
  const size = pieceSize(splitting, fault.bytes.byteLength);
  for (let at = 0; at < fault.bytes.byteLength; at += size) {
    await peer.write(fault.bytes.subarray(at, at + size));
    if (splitting !== 'whole') await nextTurn();
  }
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
