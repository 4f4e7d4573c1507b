import { decode, encode, ExtensionCodec } from '@msgpack/msgpack';

/**
 * How results and inputs travel as bytes: MessagePack (specification of 2017), with `Uint8Array` as its `bin` and two
 * extension types for the other columns of the contract, little-endian like every machine this runs on.
 */
const float64Type = 1;
const uint32Type = 2;

/** No input of the contract nests deeper or holds a longer list; what claims to is not worth the memory. */
const largestList = 100_000;
const largestMap = 10_000;

function bytesOf(view: ArrayBufferView): Uint8Array {
  return new Uint8Array(view.buffer, view.byteOffset, view.byteLength);
}

/** A column needs an aligned buffer of its own; its bytes lie anywhere in the message. */
function alignedCopy(bytes: Uint8Array, elementBytes: number): ArrayBuffer {
  if (bytes.length % elementBytes !== 0) throw new RangeError(`a column of ${String(bytes.length)} bytes is cut short`);
  return new Uint8Array(bytes).buffer;
}

const columns = new ExtensionCodec();
columns.register({
  type: float64Type,
  encode: (value) => (value instanceof Float64Array ? bytesOf(value) : null),
  decode: (bytes) => new Float64Array(alignedCopy(bytes, 8)),
});
columns.register({
  type: uint32Type,
  encode: (value) => (value instanceof Uint32Array ? bytesOf(value) : null),
  decode: (bytes) => new Uint32Array(alignedCopy(bytes, 4)),
});

/**
 * Properties that are undefined are left out. The caller owns the bytes.
 * @throws Error for what is no data (a function, a symbol) or nests deeper than 100 levels
 */
export function encodeWire(value: unknown): Uint8Array<ArrayBuffer> {
  return encode(value, { extensionCodec: columns, ignoreUndefined: true });
}

/**
 * A `Uint8Array` in the answer is a view into `bytes`; columns are copies.
 * @throws Error for bytes that are no single MessagePack value
 */
export function decodeWire(bytes: Uint8Array): unknown {
  return decode(bytes, { extensionCodec: columns, maxArrayLength: largestList, maxMapLength: largestMap });
}
