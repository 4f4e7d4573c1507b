import { expect, it } from 'vitest';
import { readCookieFile } from '../../../../src/engine/request/cookieFile.ts';

it('a cookie file is read line by line, whatever ends its lines', () => {
  const text =
    '# Netscape HTTP Cookie File\r\n\r\n#HttpOnly_.A.test\tTRUE\t/p\tTRUE\t1893456000\tid\tx=y\r\nnoise\r\nb.test\tfalse\t/\tfalse\t0\tempty\n';
  expect(readCookieFile(text)).toEqual({
    ok: true,
    cookies: [
      {
        name: 'id',
        value: 'x=y',
        domain: 'a.test',
        includesSubdomains: true,
        path: '/p',
        secure: true,
        httpOnly: true,
        expiresSeconds: 1_893_456_000,
      },
      {
        name: 'empty',
        value: '',
        domain: 'b.test',
        includesSubdomains: false,
        path: '/',
        secure: false,
        httpOnly: false,
        expiresSeconds: null,
      },
    ],
  });
});

it('an empty file holds no cookies', () => {
  expect(readCookieFile('# nothing yet\n')).toEqual({ ok: true, cookies: [] });
});

it('a file that holds something else says which line is none', () => {
  const read = readCookieFile('# cookies\nSet-Cookie: a=b\n');
  expect(read.ok ? '' : read.message).toMatch(/line 2 .* seven fields/);
});
