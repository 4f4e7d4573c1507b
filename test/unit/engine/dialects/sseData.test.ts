import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readSseContents } from '../../../../src/engine/dialects/sseData.ts';
import { readBlock } from '../../../../src/engine/framing/sseBlock.ts';

function read(block: string) {
  const contents = { event: 'left over', data: 'left over' as string | null };
  readSseContents(block, contents);
  return contents;
}

describe('event name and data of an SSE block', () => {
  it('joins data lines, takes one space off, and knows no data from empty data', () => {
    expect(read('event: a\ndata: 1\ndata:  2\ndata\n')).toEqual({ event: 'a', data: '1\n 2\n' });
    expect(read('data:\r\rdata:x')).toEqual({ event: '', data: '\nx' });
    expect(read('event: ping\n')).toEqual({ event: 'ping', data: null });
    expect(read('datax: 1\n data: 2\n: c\nDATA: 3\r\n')).toEqual({ event: '', data: null });
  });

  it('says the same as the reader of all fields, whatever the block holds', () => {
    const atom = fc.constantFrom(
      'data',
      'event',
      'id',
      ':',
      ' ',
      '\n',
      '\r',
      '\r\n',
      'x',
      '{"a":1}',
      '\u2028',
      'é',
      '😀',
    );
    const block = fc.array(atom, { maxLength: 24 }).map((atoms) => atoms.join(''));
    fc.assert(
      fc.property(block, (text) => {
        // A blank line ends a block, so that no frame has one in its middle.
        fc.pre(!/(\r\n|\r|\n)(\r\n|\r|\n)./s.test(text) && !/^[\r\n]/.test(text));
        const { fields } = readBlock(text);
        expect(read(text)).toEqual({ event: fields.event ?? '', data: fields.data ?? null });
      }),
      { numRuns: 2_000, seed: 7 },
    );
  });
});
