import { excerpt } from './endings.ts';
import { extraBytesDetails } from './extraBytes.ts';
import type { HopListener } from './hop.ts';
import type { MessageFraming } from './messageFraming.ts';

/** Chunk extensions beyond this are no longer ordinary. */
const longExtensionBytes = 16 * 1024;
const keptExtensionChars = 1024;

/** Tells of the chunk extensions behind the first `told`; answers how many are told then. */
export function tellChunkExtensions(
  { extensions }: MessageFraming,
  told: number,
  listener: Pick<HopListener, 'diagnostic'>,
): number {
  for (const { offset, bytes, length } of extensions.slice(told)) {
    listener.diagnostic('http/chunk-extension', {
      extension: excerpt(bytes, keptExtensionChars),
      bytes: length,
      wireOffset: offset,
    });
  }
  return extensions.length;
}

/** Tells what is noteworthy about a message's framing once it is over. */
export function tellFramingFindings(framing: MessageFraming, listener: Pick<HopListener, 'diagnostic'>): void {
  const { extensionCount, extensions, extraBytes, extraPreview, longestExtension } = framing;
  if (extensionCount > extensions.length) {
    listener.diagnostic('http/more-chunk-extensions', { count: extensionCount, shown: extensions.length });
  }
  if (extraBytes > 0) listener.diagnostic('end/extra-bytes', extraBytesDetails(extraBytes, extraPreview));
  if (longestExtension > longExtensionBytes) {
    listener.diagnostic('end/long-chunk-extension', { bytes: longestExtension });
  }
}
