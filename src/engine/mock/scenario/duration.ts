import { grouped } from '../../../shared/grouped.ts';

const millisOfUnit: Readonly<Record<string, number>> = { us: 0.001, ms: 1, s: 1_000, min: 60_000, h: 3_600_000 };

/** Milliseconds of a time such as `250us`, `100ms`, `1.5s`, `2min`, `1h`, or of a number; null: it is none. */
export function parseDuration(text: string): number | null {
  const [, digits, unit = 'ms'] = /^\s*(\d{1,12}(?:\.\d{1,9})?)\s*(us|µs|ms|s|min|h)?\s*$/.exec(text) ?? [];
  if (digits === undefined) return null;
  return Number(digits) * (millisOfUnit[unit === 'µs' ? 'us' : unit] ?? 1);
}

/** A time for a person: `250 µs`, `100 ms`, `1.5 s`, `2 min`. */
export function durationWords(millis: number): string {
  if (millis === 0) return '0 ms';
  if (millis < 1) return `${trimmed(millis * 1_000)} µs`;
  if (millis < 1_000) return `${trimmed(millis)} ms`;
  if (millis < 120_000) return `${trimmed(millis / 1_000)} s`;
  return millis < 7_200_000 ? `${trimmed(millis / 60_000)} min` : `${trimmed(millis / 3_600_000)} h`;
}

/** Three digits at most, no zeros at the end. */
function trimmed(value: number): string {
  return value >= 100 ? grouped(Math.round(value)) : String(Number(value.toPrecision(3)));
}
