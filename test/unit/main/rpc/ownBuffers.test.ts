import { describe, expect, it } from 'vitest';
import { withOwnBuffers } from '../../../../src/main/rpc/ownBuffers.ts';

describe('buffers of a result', () => {
  it('are passed on where they are its own', () => {
    const result = { n: new Float64Array(4), type: ['a'], deep: { items: [{ bytes: new Uint8Array(2) }] } };
    expect(withOwnBuffers(result)).toBe(result);
  });

  it('are copied out of a larger one, of shared memory, and of a Node buffer, with their types', () => {
    const pool = new Float64Array([1, 2, 3, 4]);
    const shared = new Uint32Array(new SharedArrayBuffer(8));
    shared.set([5, 6]);
    const result = { n: pool.subarray(1, 3), counts: shared, nested: [{ bytes: Buffer.from('abc') }] };
    const own = withOwnBuffers(result) as typeof result;
    expect(own.n).toEqual(new Float64Array([2, 3]));
    expect(own.n.buffer.byteLength).toBe(16);
    expect(own.counts).toEqual(new Uint32Array([5, 6]));
    expect(own.counts.buffer).toBeInstanceOf(ArrayBuffer);
    expect(Object.getPrototypeOf(own.nested[0]!.bytes)).toBe(Uint8Array.prototype);
    expect([...own.nested[0]!.bytes]).toEqual([97, 98, 99]);
    // What the engine holds stays as it was.
    expect(result.n.buffer).toBe(pool.buffer);
  });

  it('of a type that no column has are a bug', () => {
    expect(() => withOwnBuffers({ n: new Int16Array(new ArrayBuffer(8), 2, 1) })).toThrow(/Int16Array/);
  });

  it.each([[null], [undefined], [1], ['text'], [true], [[]], [{}], [[1, 2]]])('need nothing for %j', (value) => {
    expect(withOwnBuffers(value)).toBe(value);
  });
});
