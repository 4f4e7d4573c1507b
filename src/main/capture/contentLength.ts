import { Buffer } from 'node:buffer';
import { excerpt, type EndingCode } from './endings.ts';

/**
 * A Content-Length as a number of bytes; `before` is what another such field of the same head said, null if none did.
 * A list of equal numbers is allowed (RFC 9110 §8.6).
 */
export function readContentLength(
  value: string,
  before: number | null,
): number | { readonly code: EndingCode; readonly message: string } {
  let length = before;
  for (const item of value.split(',')) {
    const digits = item.trim();
    if (!/^\d+$/.test(digits) || !Number.isSafeInteger(Number(digits))) {
      const shown = excerpt(Buffer.from(value, 'latin1'));
      return { code: 'end/invalid-content-length', message: `Content-Length is not a usable number: “${shown}”.` };
    }
    if (length !== null && length !== Number(digits)) {
      const message = `Two Content-Length values contradict each other: ${String(length)} and ${digits}.`;
      return { code: 'end/conflicting-lengths', message };
    }
    length = Number(digits);
  }
  return length ?? 0;
}
