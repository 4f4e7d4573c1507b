/** Plain data of the contract is shallow: rows of columns, pages of items. Deeper than this holds no binary data. */
const deepestBuffer = 6;

function ownView(view: ArrayBufferView): ArrayBufferView {
  const { buffer, byteOffset, byteLength } = view;
  const isPlain = !(view instanceof Uint8Array) || Object.getPrototypeOf(view) === Uint8Array.prototype;
  if (isPlain && buffer instanceof ArrayBuffer && byteLength === buffer.byteLength) return view;
  const copy = new ArrayBuffer(byteLength);
  new Uint8Array(copy).set(new Uint8Array(buffer, byteOffset, byteLength));
  if (view instanceof Float64Array) return new Float64Array(copy);
  if (view instanceof Uint32Array) return new Uint32Array(copy);
  if (view instanceof Uint8Array) return new Uint8Array(copy);
  throw new TypeError(`${view.constructor.name} is no column type of the contract`);
}

function own(value: unknown, depth: number): unknown {
  if (typeof value !== 'object' || value === null || depth > deepestBuffer) return value;
  if (ArrayBuffer.isView(value)) return ownView(value);
  if (Array.isArray(value)) {
    // Lists hold strings, numbers or plain items, many of them; only items can hold a buffer.
    if (typeof value[0] !== 'object') return value;
    const items = value.map((item: unknown) => own(item, depth + 1));
    return items.every((item, index) => item === value[index]) ? value : items;
  }
  let copy: Record<string, unknown> | undefined;
  for (const [key, field] of Object.entries(value)) {
    const owned = own(field, depth + 1);
    if (owned === field) continue;
    copy ??= { ...value };
    copy[key] = owned;
  }
  return copy ?? value;
}

/**
 * Gives every typed array of a result a buffer of its own, before it is cloned over to another process. A clone
 * carries the whole buffer under a view, which for a view into a pool or a segment is far more than was asked for, and
 * memory shared between threads cannot cross at all. What is fine already is passed on as it is.
 */
export function withOwnBuffers(result: unknown): unknown {
  return own(result, 0);
}
