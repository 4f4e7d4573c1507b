import { Buffer } from 'node:buffer';
import { excerpt } from './endings.ts';

/** How much of what follows a message's end is kept. */
export const keptExtraBytes = 4_096;
const previewBytes = 64;

/** Details of `end/extra-bytes`: how many there were, and the first of them to read and to look into. */
export function extraBytesDetails(
  bytes: number,
  kept: Uint8Array,
): { readonly bytes: number; readonly preview: string; readonly base64: string } {
  return { bytes, preview: excerpt(kept, previewBytes), base64: Buffer.from(kept).toString('base64') };
}
