import fc from 'fast-check';
import { describe, expect, test, vi } from 'vitest';
import { BytePages } from '../../../../src/renderer/ui/bytes/bytePages.ts';
import { asciiText, byteRuns, hexText, offsetText, utf8Text } from '../../../../src/renderer/ui/bytes/byteRows.ts';
import { settled } from '../answeringEngine.ts';

describe('runs', () => {
  const borders = {
    first: 40,
    offset: Float64Array.of(0, 100, 107, 108, 300),
    continues: Uint8Array.of(0, 0, 1, 0, 0),
  };

  test('split where a chunk begins and where the highlighting does', () => {
    expect(byteRuns(96, 16, { from: 98, to: 110 }, borders)).toEqual([
      { from: 0, to: 2, highlighted: false, chunk: 40, begins: null },
      { from: 2, to: 4, highlighted: true, chunk: 40, begins: null },
      { from: 4, to: 11, highlighted: true, chunk: 41, begins: 'division' },
      { from: 11, to: 12, highlighted: true, chunk: 42, begins: 'read' },
      { from: 12, to: 14, highlighted: true, chunk: 43, begins: 'division' },
      { from: 14, to: 16, highlighted: false, chunk: 43, begins: null },
    ]);
  });

  test('cover the row without holes, whatever the borders are', () => {
    fc.assert(
      fc.property(
        fc.array(fc.nat(400), { maxLength: 20 }),
        fc.nat(300),
        fc.integer({ min: 1, max: 64 }),
        fc.nat(400),
        fc.nat(400),
        (offsets, start, length, a, b) => {
          const sorted = Float64Array.from([...new Set(offsets)].sort((x, y) => x - y));
          const runs = byteRuns(
            start,
            length,
            { from: Math.min(a, b), to: Math.max(a, b) },
            { first: 0, offset: sorted, continues: new Uint8Array(sorted.length) },
          );
          expect(runs[0]?.from).toBe(0);
          expect(runs.at(-1)?.to).toBe(length);
          runs.forEach((run, i) => {
            expect(run.to).toBeGreaterThan(run.from);
            if (i > 0) expect(run.from).toBe(runs[i - 1]!.to);
          });
        },
      ),
    );
  });
});

describe('text of bytes', () => {
  test('hexadecimal and ASCII', () => {
    const bytes = Uint8Array.of(0x7b, 0x22, 0x00, 0xff);
    expect(hexText(bytes)).toBe('7b 22 00 ff ');
    expect(asciiText(bytes)).toBe('{"··');
    expect(offsetText(15_402)).toBe('00003c2a');
    expect(offsetText(10e9)).toBe('2540be400');
  });

  test('however text is cut into runs, every character is shown once', () => {
    const text = fc.string({ unit: fc.constantFrom('a', 'ß', '東', '😀', '…'), maxLength: 30 });
    fc.assert(
      fc.property(text, fc.array(fc.nat(120), { maxLength: 8 }), (whole, cuts) => {
        const bytes = new TextEncoder().encode(whole);
        const sorted = [...new Set([0, bytes.length, ...cuts.filter((cut) => cut < bytes.length)])].sort(
          (x, y) => x - y,
        );
        let joined = '';
        for (let i = 0; i + 1 < sorted.length; i++) joined += utf8Text(bytes, sorted[i]!, sorted[i + 1]!);
        expect(joined).toBe(whole);
      }),
    );
  });

  test('bytes that are no text are replacement characters, not lost', () => {
    expect(utf8Text(Uint8Array.of(0x80, 0x80, 0x41), 0, 3)).toBe('\uFFFD\uFFFDA');
  });
});

describe('pages of bytes', () => {
  const all = Uint8Array.from({ length: 50_000 }, (_, i) => i % 251);
  const events = { onBytes: vi.fn(), onFailure: vi.fn() };

  test('what is asked for comes, across the border of pages too', async () => {
    const pages = new BytePages(async (offset, length) => all.subarray(offset, offset + length), events);
    pages.want(16_000, 17_000);
    expect(pages.find(16_000, 17_000)).toBeNull();
    await settled();
    expect(pages.find(16_000, 17_000)).toEqual(all.slice(16_000, 17_000));
    expect(pages.find(40_000, 40_001)).toBeNull();
  });

  test('a recording that grew is read again only where it did', async () => {
    let length = 100;
    const read = vi.fn(async (offset: number, count: number) => all.subarray(offset, Math.min(length, offset + count)));
    const pages = new BytePages(read, events);
    pages.want(0, 100);
    await settled();
    pages.want(0, 100);
    expect(read).toHaveBeenCalledTimes(1);
    length = 200;
    pages.want(0, 200);
    await settled();
    expect(pages.find(0, 200)).toEqual(all.slice(0, 200));
  });

  test('bytes that do not come are not asked for for ever', async () => {
    const read = vi.fn(async () => new Uint8Array(0));
    const pages = new BytePages(read, events);
    pages.want(0, 100);
    await settled();
    expect(read).toHaveBeenCalledTimes(1);
  });
});
