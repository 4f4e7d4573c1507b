import { frameFlag, frameType, typeName, type FrameHeader } from '../../../engine/http2/frame.ts';

/** The one stream of a connection of ours. */
export const requestStreamId = 1;

/** What of the past decides whether a frame may come. */
export interface FrameContext {
  /** The final head was seen. */
  readonly hasHead: boolean;
  /** A header block has begun and is not over. */
  readonly inBlock: boolean;
}

/** Why a frame of this kind must not come here (RFC 9113 §5.1, §6), to go on with a sentence; null: it may. */
export function misplacement({ type, streamId }: FrameHeader, context: FrameContext): string | null {
  const name = typeName(type);
  const onStream = `a ${name} frame on stream ${String(streamId)}`;
  if (context.inBlock && (type !== frameType.continuation || streamId !== requestStreamId)) {
    return `${onStream} in the middle of a header block`;
  }
  switch (type) {
    case frameType.data:
      if (streamId !== requestStreamId) return onStream;
      return context.hasHead ? null : 'a DATA frame before the head';
    case frameType.headers:
    case frameType.rstStream:
      return streamId === requestStreamId ? null : onStream;
    case frameType.windowUpdate:
      return streamId <= requestStreamId ? null : onStream;
    case frameType.settings:
    case frameType.ping:
    case frameType.goaway:
      return streamId === 0 ? null : `${onStream} instead of the connection`;
    case frameType.priority:
      return streamId === 0 ? 'a PRIORITY frame on the connection' : null;
    case frameType.pushPromise:
      return 'a PUSH_PROMISE frame, although push was not allowed';
    case frameType.continuation:
      return context.inBlock ? null : 'a CONTINUATION frame without HEADERS';
    default:
      return null;
  }
}

/** Types whose payload has a length of its own (RFC 9113 §6). */
export function hasWrongSize({ type, length, flags }: FrameHeader): boolean {
  switch (type) {
    case frameType.priority:
      return length !== 5;
    case frameType.rstStream:
    case frameType.windowUpdate:
      return length !== 4;
    case frameType.ping:
      return length !== 8;
    case frameType.goaway:
      return length < 8;
    case frameType.settings:
      return (flags & frameFlag.ack) !== 0 ? length !== 0 : length % 6 !== 0;
    default:
      return false;
  }
}
