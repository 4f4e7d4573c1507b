import { expect, it } from 'vitest';
import { ExchangeCookies } from '../../../../src/main/capture/cookies.ts';
import { defaultRequestOptions } from '../../../../src/shared/request.ts';

async function cookiesFor(href: string, cookieFileText: string): Promise<string | null> {
  const cookies = ExchangeCookies.for({ ...defaultRequestOptions, cookieFileText });
  await cookies?.load();
  const plan = cookies?.addedTo({ method: 'GET', url: new URL(href), headers: [], body: null });
  return plan?.headers.find(([name]) => name === 'cookie')?.[1] ?? null;
}

it.each([
  ['https://shop.test/', 'shop.test\tFALSE\t/\tTRUE\t0\ta\t1', 'a=1'],
  ['http://shop.test/', 'shop.test\tFALSE\t/\tTRUE\t0\ta\t1', null],
  // As browsers and curl do: nobody listens on the way to this machine itself.
  ['http://127.0.0.1/', '127.0.0.1\tFALSE\t/\tTRUE\t0\ta\t1', 'a=1'],
  ['http://api.shop.test/', '.shop.test\tTRUE\t/\tFALSE\t0\ta\t1', 'a=1'],
  ['http://api.shop.test/', 'shop.test\tFALSE\t/\tFALSE\t0\ta\t1', null],
  ['http://noshop.test/', '.shop.test\tTRUE\t/\tFALSE\t0\ta\t1', null],
  ['http://shop.test/admin', 'shop.test\tFALSE\t/adm\tFALSE\t0\ta\t1', null],
  ['http://shop.test/', 'shop.test\tFALSE\t/\tFALSE\t0\ta\t', 'a='],
  ['http://shop.test/', 'shop.test\tFALSE\t/\tFALSE\t0\ta\té', 'a=\xc3\xa9'],
])('%s with “%s” gets %s', async (href, line, expected) => {
  expect(await cookiesFor(href, `${line}\n`)).toBe(expected);
});
