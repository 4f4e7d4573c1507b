import process from 'node:process';

/** `npm run test:deep`: the long versions of what `npm test` does in seconds. */
export const isDeep = process.env['STREAMSCOPE_DEEP'] === '1';

/** @returns the first in a deep run, else the second */
export function deep<T>(long: T, short: T): T {
  return isDeep ? long : short;
}
