import { Buffer } from 'node:buffer';
import type { HeaderList } from '../../shared/request.ts';

const strictUtf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/**
 * A header name or value as text. RFC 9110 §5.5 leaves bytes beyond ASCII opaque: they are read as UTF-8 where they
 * are UTF-8, because that is what people send, else byte by byte as ISO 8859-1.
 */
export function headerText(bytes: Uint8Array): string {
  const text = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('latin1');
  if (!/[^\x00-\x7f]/.test(text)) return text;
  try {
    return strictUtf8.decode(bytes);
  } catch {
    return text;
  }
}

/** A header value in the form the transport takes it: each UTF-8 byte as one ISO 8859-1 character. */
export function headerWireText(value: string): string {
  return Buffer.from(value, 'utf8').toString('latin1');
}

/** Names and values in turn, as a parser yields them, as a header list. */
export function headerListOf(raw: readonly (Uint8Array | string)[]): HeaderList {
  const list: (readonly [string, string])[] = [];
  for (let at = 0; at + 1 < raw.length; at += 2) {
    const name = raw[at] ?? '';
    const value = raw[at + 1] ?? '';
    list.push([
      typeof name === 'string' ? name : headerText(name),
      typeof value === 'string' ? value : headerText(value),
    ]);
  }
  return list;
}

/** The header lines of a message head as it is on the wire, without its start line. */
export function headerListOfHead(head: Uint8Array): HeaderList {
  const list: (readonly [string, string])[] = [];
  const text = Buffer.from(head.buffer, head.byteOffset, head.byteLength).toString('latin1');
  for (const line of text.split('\r\n').slice(1)) {
    const colon = line.indexOf(':');
    if (colon <= 0) continue;
    const value = headerText(Buffer.from(line.slice(colon + 1).trim(), 'latin1'));
    list.push([line.slice(0, colon), value]);
  }
  return list;
}
