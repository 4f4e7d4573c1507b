import { describe, expect, it } from 'vitest';
import { importFile, type ImportSource } from '../../../../src/renderer/import/importFile.ts';
import { FailureError } from '../../../../src/shared/failure.ts';
import { stubEngine } from '../state/stubEngine.ts';

function file(size: number): ImportSource {
  const bytes = Uint8Array.from({ length: size }, (_, i) => i & 0xff);
  return {
    name: 'stream.ndjson',
    size,
    type: '',
    slice: (from, to) => ({ arrayBuffer: () => Promise.resolve(bytes.slice(from, to).buffer) }),
  };
}

describe('bringing a file in', () => {
  it('hands it over whole, in pieces of 1 MiB, and tells how far it is', async () => {
    const received: number[] = [];
    let total = 0;
    const engine = stubEngine({
      'import.begin': () => ({ importId: 'i' }),
      'import.append': ({ bytes }) => ({ receivedBytes: (total += bytes.length) }),
      'import.finish': () => ({ id: 'made', ids: ['made'] }),
    });
    const size = 2 * 1_048_576 + 5;
    const id = await importFile(engine, file(size), (bytes) => received.push(bytes), new AbortController().signal);
    expect(id).toEqual(['made']);
    expect(received).toEqual([1_048_576, 2_097_152, size]);
    expect(engine.calls[0]?.input).toEqual({ name: 'stream.ndjson', size, contentType: null });
  });

  it('takes an empty file', async () => {
    const engine = stubEngine({
      'import.begin': () => ({ importId: 'i' }),
      'import.finish': () => ({ id: 'made', ids: ['made'] }),
    });
    await expect(importFile(engine, file(0), () => {}, new AbortController().signal)).resolves.toEqual(['made']);
  });

  it('gives the import up on the engine’s side when it is cancelled', async () => {
    const controller = new AbortController();
    const engine = stubEngine({
      'import.begin': () => ({ importId: 'i' }),
      'import.append': ({ bytes }) => {
        controller.abort();
        return { receivedBytes: bytes.length };
      },
      'import.abort': () => ({}),
    });
    await expect(importFile(engine, file(3_000_000), () => {}, controller.signal)).rejects.toThrow(FailureError);
    expect(engine.calls.map(({ name }) => name)).toEqual(['import.begin', 'import.append', 'import.abort']);
  });

  it('passes on why the engine refused it', async () => {
    const engine = stubEngine({
      'import.begin': () => {
        throw new FailureError({ code: 'import/unreadable', message: 'too large' });
      },
    });
    await expect(importFile(engine, file(1), () => {}, new AbortController().signal)).rejects.toThrow('too large');
    expect(engine.calls).toHaveLength(1);
  });
});
