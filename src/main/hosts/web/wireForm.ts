import { decodeWire } from '../../../shared/wireCodec.ts';

/** Far more than any input of the contract has. */
const deepest = 64;

/** Bytes that follow a head byte of fixed size, by head byte − 0xc0; −1 where a length or count follows instead. */
const fixedSizes: readonly number[] = [
  0, -1, 0, 0, -1, -1, -1, -1, -1, -1, 4, 8, 1, 2, 4, 8, 1, 2, 4, 8, 2, 3, 5, 9, 17, -1, -1, -1, -1, -1, -1, -1,
];

interface Head {
  /** Bytes of the head itself with its length field. */
  readonly headBytes: number;
  /** Bytes of content that follow, not counting nested values. */
  readonly contentBytes: number;
  /** Nested values that follow. */
  readonly values: number;
}

function bigEndian(bytes: Uint8Array, at: number, width: number): number {
  let value = 0;
  for (let i = 0; i < width; i++) value = value * 256 + (bytes[at + i] ?? 0);
  return value;
}

function longHead(bytes: Uint8Array, at: number, byte: number): Head | undefined {
  const sized = (width: number, extra = 0) => ({
    headBytes: 1 + width + extra,
    contentBytes: bigEndian(bytes, at + 1, width),
    values: 0,
  });
  const counted = (width: number, each: number) => ({
    headBytes: 1 + width,
    contentBytes: 0,
    values: bigEndian(bytes, at + 1, width) * each,
  });
  if (byte >= 0xc4 && byte <= 0xc6) return sized(1 << (byte - 0xc4));
  if (byte >= 0xc7 && byte <= 0xc9) return sized(1 << (byte - 0xc7), 1);
  if (byte >= 0xd9 && byte <= 0xdb) return sized(1 << (byte - 0xd9));
  if (byte === 0xdc || byte === 0xdd) return counted(byte === 0xdc ? 2 : 4, 1);
  if (byte === 0xde || byte === 0xdf) return counted(byte === 0xde ? 2 : 4, 2);
  return undefined;
}

function headAt(bytes: Uint8Array, at: number): Head | undefined {
  const byte = bytes[at] ?? 0xc1;
  if (byte < 0x80 || byte >= 0xe0) return { headBytes: 1, contentBytes: 0, values: 0 };
  if (byte < 0x90) return { headBytes: 1, contentBytes: 0, values: (byte & 15) * 2 };
  if (byte < 0xa0) return { headBytes: 1, contentBytes: 0, values: byte & 15 };
  if (byte < 0xc0) return { headBytes: 1, contentBytes: byte & 31, values: 0 };
  const fixed = fixedSizes[byte - 0xc0] ?? -1;
  return fixed < 0 ? longHead(bytes, at, byte) : { headBytes: 1, contentBytes: fixed, values: 0 };
}

/**
 * Walks a MessagePack message without building anything, so that a few bytes that claim a list of billions or endless
 * nesting cost nothing. Linear in bytes, no recursion.
 * @returns what is wrong, or undefined for exactly one whole value
 */
export function wireProblem(bytes: Uint8Array): string | undefined {
  /** Values still to come in each open list or map, outermost first. */
  const open: number[] = [1];
  let at = 0;
  for (;;) {
    while (open.length > 0 && open[open.length - 1] === 0) open.pop();
    const top = open.length - 1;
    if (top < 0) return at === bytes.length ? undefined : 'bytes follow the end of the value';
    open[top] = (open[top] ?? 0) - 1;
    const head = at < bytes.length ? headAt(bytes, at) : undefined;
    if (head === undefined) return at < bytes.length ? 'a byte that begins no value' : 'the value is cut short';
    at += head.headBytes + head.contentBytes;
    if (at > bytes.length || head.values > bytes.length - at) return 'the value is cut short';
    if (head.values === 0) continue;
    if (open.length > deepest) return `values are nested deeper than ${String(deepest)} levels`;
    open.push(head.values);
  }
}

/**
 * Decodes what a client sent. Malformed bytes are its failure and not ours.
 * @returns the value, or what is wrong
 */
export function readWire(bytes: Uint8Array): { readonly value: unknown } | { readonly problem: string } {
  const problem = wireProblem(bytes);
  if (problem !== undefined) return { problem };
  try {
    return { value: decodeWire(bytes) };
  } catch (error) {
    return { problem: error instanceof Error ? error.message : String(error) };
  }
}
