import { describe, expect, it } from 'vitest';
import { defaultLimits } from '../../../../src/shared/limits.ts';
import { codes, collect, collectText, outline } from './collect.ts';

const ndjson = (text: string) => outline(collectText('ndjson', text));

describe('lines', () => {
  it('makes each line a record without its terminator, named by its own type', () => {
    expect(ndjson('{"type":"order"}\n{"event":"e"}\r\n{"kind":"k"}\n{"type":5}\n')).toEqual([
      'record/order "{\\"type\\":\\"order\\"}"',
      'record/e "{\\"event\\":\\"e\\"}"',
      'record/k "{\\"kind\\":\\"k\\"}"',
      'record "{\\"type\\":5}"',
    ]);
  });

  it('takes a name of 64 characters at most', () => {
    const [named, unnamed] = collectText(
      'ndjson',
      `{"type":"${'t'.repeat(64)}"}\n{"type":"${'t'.repeat(65)}"}\n`,
    ).frames;
    expect([named!.type.length, unnamed!.type.length]).toEqual([64, 0]);
  });

  it('calls lines without content blank, line end included', () => {
    expect(ndjson('\n \t\r\n{}\n')).toEqual(['blank "\\n"', 'blank " \\t\\r\\n"', 'record "{}"']);
  });

  it('goes on after a bad line', () => {
    expect(ndjson('{"a":1}\n{"a":\n{"b":2}\n')).toEqual([
      'record "{\\"a\\":1}"',
      'invalid "{\\"a\\":" !ndjson/invalid-json',
      'record "{\\"b\\":2}"',
    ]);
  });

  it('says where a bad line is wrong', () => {
    const { frames } = collectText('ndjson', '{}\n{"a":1,}\n');
    expect(frames[1]!.diagnostics[0]!.place).toEqual({ offset: 10 });
  });

  it('reads a last line without LF, or calls it incomplete when it is cut off', () => {
    expect(ndjson('{}\n{"a":1}')).toEqual(['record "{}"', 'record "{\\"a\\":1}" !ndjson/missing-final-newline']);
    expect(ndjson('{}\n{"a":tr')).toEqual(['record "{}"', 'incomplete "{\\"a\\":tr" !json/truncated']);
    expect(ndjson('{}\n{"a"::')).toEqual(['record "{}"', 'invalid "{\\"a\\"::" !ndjson/invalid-json']);
  });

  it('counts values that are no objects once', () => {
    expect(collectText('ndjson', '{}\n1\n[2]\n"s"\n').diagnostics).toEqual([
      { code: 'ndjson/not-an-object', place: { offset: 3 }, details: { count: 3 } },
    ]);
  });

  it('is silent on a healthy stream', () => {
    expect(codes(collectText('ndjson', '\ufeff{"a":"é漢🙂"}\n\n{"b":"\\ud83d"}\n'))).toEqual([]);
  });

  it('finds the lines of a chunk with characters of every length', () => {
    const lines = Array.from({ length: 500 }, (_, n) => JSON.stringify({ n, text: 'aé漢🙂'.repeat(n % 7) }));
    const { frames } = collectText('ndjson', `${lines.join('\n')}\n`);
    expect(frames.map(({ text }) => text)).toEqual(lines);
    expect(frames.every(({ kind }) => kind === 'record')).toBe(true);
  });
});

it('never looks beyond the line that it holds', () => {
  const mark = Buffer.from('\ufeff1\n\ufeff');
  const pieces = [
    mark.subarray(0, 3),
    ...Array.from(mark.subarray(0, 5), (value) => Uint8Array.of(value)),
    mark.subarray(0, 2),
  ];
  const { frames } = collect('ndjson', pieces);
  expect(frames.map(({ diagnostics }) => diagnostics.filter(({ code }) => code === 'text/bom-inside').length)).toEqual([
    1, 0,
  ]);
});

describe('limits', () => {
  const limits = { ...defaultLimits, jsonBytes: 1_000, jsonLevels: 20 };
  const nested = (levels: number) => `${'['.repeat(levels)}${']'.repeat(levels)}`;

  it('does not parse what is nested too deep, and says so', () => {
    expect(codes(collectText('ndjson', `${nested(20)}\n`, { limits }))).toEqual(['ndjson/not-an-object']);
    expect(outline(collectText('ndjson', `${nested(21)}\n`, { limits }))).toEqual([
      `record "${nested(21)}" !json/too-deep`,
    ]);
  });

  it('still finds broken brackets below the limit', () => {
    expect(codes(collectText('ndjson', `${'['.repeat(60)}\n`, { limits }))).toEqual(['ndjson/invalid-json']);
  });

  it('does not keep what is too large, at exactly the limit', () => {
    const line = (length: number) => `"${'x'.repeat(length - 2)}"\r\n`;
    const { frames } = collectText('ndjson', line(1_000) + line(1_001), { limits });
    expect(frames.map(({ flags, diagnostics }) => [flags, diagnostics.map(({ code }) => code)])).toEqual([
      [2, []],
      [0, ['json/too-large']],
    ]);
  });

  it('follows an endless line without keeping it', () => {
    const piece = Buffer.alloc(1_048_576, 0x20);
    const { frames } = collect('ndjson', [Buffer.from('{'), ...Array.from({ length: 16 }, () => piece)]);
    expect(frames.map(({ kind, length }) => [kind, length])).toEqual([['incomplete', 16 * 1_048_576 + 1]]);
  });
});
