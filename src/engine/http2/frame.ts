import { concatBytes, toLatin1 } from '../bytes/latin1.ts';

/** Frame types (RFC 9113 §6). Others are extensions, which are to be ignored (§5.5). */
export const frameType = {
  data: 0x0,
  headers: 0x1,
  priority: 0x2,
  rstStream: 0x3,
  settings: 0x4,
  pushPromise: 0x5,
  ping: 0x6,
  goaway: 0x7,
  windowUpdate: 0x8,
  continuation: 0x9,
} as const;

/** Flags; what a bit means depends on the type of the frame. */
export const frameFlag = { endStream: 0x1, ack: 0x1, endHeaders: 0x4, padded: 0x8, priority: 0x20 } as const;

/** Settings (RFC 9113 §6.5.2). */
export const setting = {
  headerTableSize: 0x1,
  enablePush: 0x2,
  maxConcurrentStreams: 0x3,
  initialWindowSize: 0x4,
  maxFrameSize: 0x5,
  maxHeaderListSize: 0x6,
} as const;

/** The first thing a client sends (RFC 9113 §3.4). */
export const connectionPreface = toLatin1('PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n');

export const frameHeaderBytes = 9;
/** Payload that both sides may send without having agreed on more. */
export const maxFramePayload = 16_384;
/** Of the connection and of each stream, before any setting or update. */
export const defaultWindow = 65_535;
export const maxWindow = 2 ** 31 - 1;

export interface FrameHeader {
  /** Of the payload. */
  readonly length: number;
  readonly type: number;
  readonly flags: number;
  readonly streamId: number;
}

/** Error codes of RST_STREAM and GOAWAY by number (RFC 9113 §7). */
export const errorNames: readonly string[] = [
  'NO_ERROR',
  'PROTOCOL_ERROR',
  'INTERNAL_ERROR',
  'FLOW_CONTROL_ERROR',
  'SETTINGS_TIMEOUT',
  'STREAM_CLOSED',
  'FRAME_SIZE_ERROR',
  'REFUSED_STREAM',
  'CANCEL',
  'COMPRESSION_ERROR',
  'CONNECT_ERROR',
  'ENHANCE_YOUR_CALM',
  'INADEQUATE_SECURITY',
  'HTTP_1_1_REQUIRED',
];

/** Error codes of RST_STREAM and GOAWAY (RFC 9113 §7) that something here depends on. */
export const errorCode = {
  noError: 0x0,
  protocolError: 0x1,
  refusedStream: 0x7,
  cancel: 0x8,
  http11Required: 0xd,
} as const;

/** `CANCEL`; `code 99` for one that the standard does not know. */
export function errorName(code: number): string {
  return errorNames[code] ?? `code ${String(code)}`;
}

const typeNames = [
  'DATA',
  'HEADERS',
  'PRIORITY',
  'RST_STREAM',
  'SETTINGS',
  'PUSH_PROMISE',
  'PING',
  'GOAWAY',
  'WINDOW_UPDATE',
  'CONTINUATION',
] as const;

/** `DATA`; `type 42` for an extension. */
export function typeName(type: number): string {
  return typeNames[type] ?? `type ${String(type)}`;
}

export function frameBytes(type: number, flags: number, streamId: number, payload: Uint8Array): Uint8Array {
  const bytes = new Uint8Array(frameHeaderBytes + payload.byteLength);
  bytes.set(frameHeader({ length: payload.byteLength, type, flags, streamId }));
  bytes.set(payload, frameHeaderBytes);
  return bytes;
}

/** The nine bytes before a payload, which may be sent by itself. */
export function frameHeader({ length, type, flags, streamId }: FrameHeader): Uint8Array {
  const header = new Uint8Array(frameHeaderBytes);
  const view = new DataView(header.buffer);
  view.setUint32(0, length * 256 + type);
  view.setUint8(4, flags);
  view.setUint32(5, streamId);
  return header;
}

export function settingsFrame(settings: readonly (readonly [id: number, value: number])[]): Uint8Array {
  const payload = new Uint8Array(settings.length * 6);
  const view = new DataView(payload.buffer);
  settings.forEach(([id, value], index) => {
    view.setUint16(index * 6, id);
    view.setUint32(index * 6 + 2, value);
  });
  return frameBytes(frameType.settings, 0, 0, payload);
}

export function settingsAck(): Uint8Array {
  return frameBytes(frameType.settings, frameFlag.ack, 0, new Uint8Array(0));
}

export function pingAck(payload: Uint8Array): Uint8Array {
  return frameBytes(frameType.ping, frameFlag.ack, 0, payload);
}

export function windowUpdateFrame(streamId: number, increment: number): Uint8Array {
  return frameBytes(frameType.windowUpdate, 0, streamId, uint32(increment));
}

export function rstStreamFrame(streamId: number, code: number): Uint8Array {
  return frameBytes(frameType.rstStream, 0, streamId, uint32(code));
}

/** GOAWAY. The last stream of the peer is 0 for a client that was never pushed anything. */
export function goawayFrame(code: number, lastStreamId = 0): Uint8Array {
  return frameBytes(frameType.goaway, 0, 0, concatBytes([uint32(lastStreamId), uint32(code)]));
}

/** A header block in as many frames as it needs: HEADERS, then CONTINUATION. */
export function headersFrames(streamId: number, block: Uint8Array, endStream: boolean): Uint8Array {
  const frames: Uint8Array[] = [];
  let at = 0;
  do {
    const piece = block.subarray(at, at + maxFramePayload);
    const first = at === 0;
    at += piece.byteLength;
    const flags = (first && endStream ? frameFlag.endStream : 0) | (at === block.byteLength ? frameFlag.endHeaders : 0);
    frames.push(frameBytes(first ? frameType.headers : frameType.continuation, flags, streamId, piece));
  } while (at < block.byteLength);
  return concatBytes(frames);
}

function uint32(value: number): Uint8Array {
  const bytes = new Uint8Array(4);
  new DataView(bytes.buffer).setUint32(0, value);
  return bytes;
}
