import type { Micros } from '../../../shared/words.ts';
import { UsageError } from './exitCodes.ts';

/** @throws UsageError for anything but digits */
export function wholeNumber(text: string, option: string): number {
  const number = /^\d{1,15}$/.test(text) ? Number(text) : NaN;
  if (Number.isNaN(number)) throw new UsageError(`${option} wants a whole number, not ${JSON.stringify(text)}.`);
  return number;
}

/** @throws UsageError also for 0 */
export function positiveNumber(text: string, option: string): number {
  const number = wholeNumber(text, option);
  if (number === 0) throw new UsageError(`${option} wants at least 1.`);
  return number;
}

const microsOfUnit = { us: 1, µs: 1, ms: 1_000, s: 1_000_000, m: 60_000_000 } as const;

/** A duration: seconds, as curl takes them, or with its unit: `250us`, `800ms`, `2.5s`, `1m`. */
export function micros(text: string, option: string): Micros {
  const parts = /^(\d+(?:\.\d+)?)(us|µs|ms|s|m)?$/.exec(text);
  const [, digits = '', unit = 's'] = parts ?? [];
  if (parts === null || Number(digits) > 1e9)
    throw new UsageError(`${option} wants a time such as 2.5 (seconds) or 800ms, not ${JSON.stringify(text)}.`);
  return Math.round(Number(digits) * microsOfUnit[unit as keyof typeof microsOfUnit]);
}

/** The same in whole milliseconds, at least one: what a timer can do. */
export function millis(text: string, option: string): number {
  return Math.max(1, Math.round(micros(text, option) / 1_000));
}

const bytesOfUnit = { '': 1, k: 1_024, m: 1_048_576, g: 1_073_741_824 } as const;

/** A number of bytes: `4096`, `64k`, `10M`, `1G` (powers of 1024, as curl's). */
export function byteNumber(text: string, option: string): number {
  const parts = /^(\d{1,15})([kmg]?)(?:i?b)?$/i.exec(text);
  const [, digits = '', unit = ''] = parts ?? [];
  if (parts === null)
    throw new UsageError(`${option} wants a number of bytes such as 4096 or 64k, not ${JSON.stringify(text)}.`);
  return Number(digits) * bytesOfUnit[unit.toLowerCase() as keyof typeof bytesOfUnit];
}
