import { setImmediate as nextTurn } from 'node:timers/promises';
import type { RawPeer } from './rawServer.ts';

/** How a fault's bytes are written: in one go, or in pieces with a turn of the event loop between them. */
export const splittings = ['whole', 'thirds', 'sevens', 'bytes'] as const;
export type Splitting = (typeof splittings)[number];

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

/** The peer, with whatever it writes written in pieces. */
export function inPieces<P extends RawPeer>(peer: P, splitting: Splitting): P {
  if (splitting === 'whole') return peer;
  const write = async (bytes: string | Uint8Array): Promise<void> => {
    const all = Buffer.from(bytes);
    const size = pieceSize(splitting, all.byteLength);
    for (let at = 0; at < all.byteLength; at += size) {
      await peer.write(all.subarray(at, at + size));
      await nextTurn();
    }
  };
  return { ...peer, write };
}
