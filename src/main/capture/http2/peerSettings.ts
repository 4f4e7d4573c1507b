import { Buffer } from 'node:buffer';
import { maxFramePayload, setting } from '../../../engine/http2/frame.ts';

const largestFramePayload = 2 ** 24 - 1;

/** What of a server's SETTINGS concerns us. */
export interface PeerSettings {
  /** Null: not said. */
  readonly initialWindow: number | null;
}

/** Reads the payload of a SETTINGS frame, a multiple of six bytes long (RFC 9113 §6.5), or says what no server may say. */
export function readSettings(payload: Uint8Array): PeerSettings | { readonly breach: string } {
  const bytes = Buffer.from(payload.buffer, payload.byteOffset, payload.byteLength);
  let initialWindow: number | null = null;
  for (let at = 0; at < bytes.byteLength; at += 6) {
    const value = bytes.readUInt32BE(at + 2);
    switch (bytes.readUInt16BE(at)) {
      case setting.enablePush:
        if (value !== 0) return { breach: 'SETTINGS that turn on push, which no server may' };
        break;
      case setting.maxFrameSize:
        if (value < maxFramePayload || value > largestFramePayload) {
          return { breach: `SETTINGS with a frame size of ${String(value)}` };
        }
        break;
      case setting.initialWindowSize:
        initialWindow = value;
        break;
      default:
    }
  }
  return { initialWindow };
}
