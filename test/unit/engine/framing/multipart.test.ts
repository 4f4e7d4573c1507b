import { describe, expect, it } from 'vitest';
import { describeFrame, previewFrame } from '../../../../src/engine/framing/describe.ts';
import { declaredBoundary } from '../../../../src/engine/framing/multipartBoundary.ts';
import { codes, collect, collectText, outline } from './collect.ts';

const contentType = 'multipart/mixed; boundary=b';
const parts = (text: string) => collectText('multipart', text, { contentType });

describe('the boundary of a Content-Type', () => {
  it.each<[string | null, string | null]>([
    ['multipart/mixed; boundary=abc', 'abc'],
    ['Multipart/Mixed; charset=x; BOUNDARY="a b;c"; x=y', 'a b;c'],
    ['multipart/x-mixed-replace;boundary="a\\"b"', 'a"b'],
    ['multipart/mixed; boundary=" x "', ' x'],
    ['multipart/mixed', null],
    ['multipart/mixed; boundary=""', null],
    [`multipart/mixed; boundary=${'x'.repeat(300)}`, null],
    ['text/plain; boundary=abc', null],
    [null, null],
  ])('of %s is %s', (value, boundary) => {
    expect(declaredBoundary(value)).toBe(boundary);
  });
});

describe('parts', () => {
  it('run from their delimiter line through their body; the break before a delimiter is in none', () => {
    const found = parts('--b\r\nContent-Type: text/plain\r\n\r\nhello\r\n\r\n--b\r\n\r\nworld\r\n--b--\r\n');
    expect(outline(found)).toEqual([
      String.raw`part/text/plain "--b\r\nContent-Type: text/plain\r\n\r\nhello\r\n"`,
      String.raw`part "--b\r\n\r\nworld"`,
      'terminator "--b--"',
    ]);
    expect(codes(found)).toEqual([]);
  });

  it('may have line ends of LF only, blanks after the boundary, and text around them', () => {
    const found = parts('\nFor old readers\nonly\n--b \t\n\nx\n--b--  \nbye\n');
    expect(outline(found)).toEqual([
      String.raw`text/preamble "For old readers\nonly"`,
      String.raw`part "--b \t\n\nx"`,
      'terminator "--b--  "',
      String.raw`text/epilogue "bye\n"`,
    ]);
    expect(codes(found)).toEqual([]);
  });

  it('may be empty, or have headers and nothing else', () => {
    const found = parts('--b\r\n\r\n--b\r\nX: y\r\n--b\r\nX: z\r\n\r\n--b--');
    expect(outline(found).slice(0, 3)).toEqual([
      String.raw`part "--b\r\n\r\n"`,
      String.raw`part "--b\r\nX: y"`,
      String.raw`part "--b\r\nX: z\r\n\r\n"`,
    ]);
    expect(codes(found)).toEqual([]);
  });

  it('are found without a declared boundary, from the first line that begins with two dashes', () => {
    const found = collectText('multipart', 'intro\r\n--frame-7\r\n\r\n1\r\n--frame-7\r\n\r\n2\r\n--frame-7--');
    expect(found.frames.map(({ kind }) => kind)).toEqual(['text', 'part', 'part', 'terminator']);
    expect(codes(found)).toEqual([]);
  });

  it('leave a nested multipart body as it is', () => {
    const nested = '--in\r\n\r\ndeep\r\n--in--\r\n';
    const found = parts(`--b\r\nContent-Type: multipart/mixed; boundary=in\r\n\r\n${nested}\r\n--b--`);
    expect(found.frames.map(({ kind }) => kind)).toEqual(['part', 'terminator']);
    expect(found.frames[0]).toMatchObject({ type: 'multipart/mixed' });
  });

  it('are named by their Content-Disposition, else by their media type', () => {
    const found = parts(
      '--b\r\nContent-Disposition: form-data; name="photo"; filename="a.png"\r\nContent-Type: image/png\r\n\r\nx\r\n--b--',
    );
    expect(found.frames[0]).toMatchObject({ type: 'photo' });
  });

  it('are judged as JSON where they say that they are', () => {
    const json = (body: string) => `--b\r\nContent-Type: application/json\r\n\r\n${body}\r\n`;
    const found = parts(`${json('{"a":1}')}${json('{"a":}')}--b--`);
    expect(found.frames.map(({ flags }) => flags)).toEqual([2, 4, 0]);
    expect(codes(found)).toEqual(['json/invalid']);
    expect(found.frames[1]?.diagnostics[0]?.place).toEqual({ offset: 92 });
  });
});

describe('a live part', () => {
  const pushOf = (pieces: readonly string[]) =>
    collect(
      'multipart',
      pieces.map((piece) => Buffer.from(piece)),
      { contentType },
    ).frames.map(({ kind, push }) => [kind, push]);

  it('is handed on with the last byte that its Content-Length counts', () => {
    expect(
      pushOf(['--b\r\nContent-Length: 3\r\n\r\nab', 'c', '\r\n', '--b\r\nContent-Length: 0\r\n', '\r\n', '\r\n--b--']),
    ).toEqual([
      ['part', 1],
      ['part', 4],
      ['terminator', 6],
    ]);
  });

  it('is handed on with the boundary after it, before that line ends', () => {
    expect(pushOf(['--b\r\n\r\nabc\r', '\n-', '-b', '\r\n\r\nnext', '\r\n--b', '--\r\n'])).toEqual([
      ['part', 2],
      ['part', 4],
      ['terminator', 5],
    ]);
  });

  it('may count the line break before the next delimiter', () => {
    const found = parts('--b\r\nContent-Length: 5\r\n\r\nabc\r\n--b\r\n\r\nx\r\n--b--');
    expect(found.frames.map(({ kind }) => kind)).toEqual(['part', 'part', 'terminator']);
    expect(codes(found)).toEqual([]);
  });
});

describe('what is wrong', () => {
  it('a Content-Length that counts too much ends at the delimiter all the same', () => {
    const found = parts('--b\r\nContent-Length: 50\r\n\r\nabc\r\n--b\r\n\r\nx\r\n--b--');
    expect(found.frames.map(({ kind }) => kind)).toEqual(['part', 'part', 'terminator']);
    expect(found.frames[0]?.diagnostics).toMatchObject([
      { code: 'multipart/wrong-length', details: { said: 50, found: 3 } },
    ]);
  });

  it('what comes beyond a Content-Length that counts too little is shown', () => {
    const found = parts('--b\r\nContent-Length: 3\r\n\r\nabcdef\r\n--b--');
    expect(outline(found).slice(1)).toEqual(['invalid "def" !multipart/wrong-length', 'terminator "--b--"']);
  });

  it('headers without a blank line after them: the first line that is no header begins the body', () => {
    const found = parts('--b\r\nContent-Type: application/json\r\n{"a":1}\r\n--b--');
    expect(codes(found)).toEqual(['multipart/invalid-header']);
    expect(found.frames[0]).toMatchObject({ kind: 'part', flags: 2 });
  });

  it.each([
    ['Content-Length: many\r\n', 'the Content-Length is not a whole number'],
    ['Content-Length: 1\r\nContent-Length: 2\r\n', 'there are two Content-Lengths that differ'],
    [`X: ${'y'.repeat(70_000)}\r\n`, 'the header block is longer than 64 KB; its beginning was read'],
  ])('%.30s is said', (header, reason) => {
    const found = parts(`--b\r\n${header}\r\nbody\r\n--b--`);
    expect(found.frames[0]?.diagnostics).toMatchObject([{ code: 'multipart/invalid-header', details: { reason } }]);
  });

  it('a body that ends inside a part', () => {
    for (const text of ['--b\r\nX: y', '--b\r\n\r\nab', '--b\r\nContent-Length: 9\r\n\r\nab', '--b']) {
      expect(outline(parts(text))).toEqual([`incomplete ${JSON.stringify(text)} !multipart/truncated-part`]);
    }
  });

  it('a last part that is whole, but nothing closes the body', () => {
    const found = parts('--b\r\nContent-Length: 2\r\n\r\nab\r\n');
    expect(codes(found)).toEqual(['multipart/missing-close']);
    expect(found.frames).toMatchObject([{ kind: 'part' }]);
  });

  it('no delimiter at all: the body is shown as text', () => {
    const found = parts('just\ntext');
    expect(outline(found)).toEqual([String.raw`text/preamble "just\ntext"`]);
    expect(codes(found)).toEqual(['multipart/missing-boundary']);
  });

  it('another boundary than the declared one, as cameras have it', () => {
    const body = '--cam\r\n\r\n1\r\n--cam\r\n\r\n2\r\n--cam--';
    for (const declared of ['--cam', 'other']) {
      const found = collectText('multipart', body, { contentType: `multipart/x-mixed-replace; boundary=${declared}` });
      expect(found.frames.map(({ kind }) => kind)).toEqual(['part', 'part', 'terminator']);
      expect(codes(found)).toEqual(['multipart/boundary-mismatch']);
    }
  });

  it('text after a boundary, and a part after the end', () => {
    const found = parts('--b junk\r\n\r\nx\r\n--b--\r\n\r\n--b\r\n\r\ny\r\n--b--');
    expect(codes(found)).toEqual(['multipart/text-after-boundary', 'multipart/after-close']);
    expect(found.frames.map(({ kind }) => kind)).toEqual(['part', 'terminator', 'part', 'terminator']);
  });

  it('long text around the parts shows while it comes, in pieces', () => {
    const found = parts(`${'x'.repeat(200_000)}\r\n--b\r\n\r\ny\r\n--b--\r\n${'z'.repeat(100_000)}`);
    expect(found.frames.map(({ kind, length }) => [kind, length])).toEqual([
      ['text', 65_536],
      ['text', 65_536],
      ['text', 65_536],
      ['text', 3_392],
      ['part', 8],
      ['terminator', 5],
      ['text', 65_536],
      ['text', 34_464],
    ]);
  });
});

describe('a part for a person', () => {
  const part = (text: string) => describeFrame('multipart', 'part', Buffer.from(text));

  it('has its headers and its body', () => {
    const described = part('--b\r\nContent-Type: application/json\r\nX-Folded: a\r\n  b\r\n\r\n{"a":1}');
    expect(described).toMatchObject({ text: '{"a":1}', json: 'valid' });
    expect(described.fields.partHeaders).toEqual([
      { name: 'Content-Type', value: 'application/json' },
      { name: 'X-Folded', value: 'a b' },
    ]);
    expect(part('--b\nContent-Type: application/json\n\noops')).toMatchObject({ json: 'invalid', text: 'oops' });
    expect(part('--b\n\nhello')).toMatchObject({ json: 'none', text: 'hello', fields: {} });
    expect(part('--b\nno header\n')).toMatchObject({ text: 'no header\n', fields: {} });
  });

  it('is previewed by its body, and by its headers where the body is a picture', () => {
    const preview = (text: string) => previewFrame('multipart', 'part', Buffer.from(text), 80);
    expect(preview('--b\r\nX: y\r\n\r\n{"a":1}')).toBe('{"a":1}');
    expect(preview('--b\r\nContent-Type: image/jpeg\r\nContent-Length: 4\r\n\r\n\xff\xd8..')).toBe(
      'Content-Type: image/jpeg↵Content-Length: 4',
    );
  });
});
