const unknown = '—';
const grouped = new Intl.NumberFormat('en-US', { maximumFractionDigits: 0 });
const threeDecimals = new Intl.NumberFormat('en-US', { minimumFractionDigits: 3, maximumFractionDigits: 3 });
const oneDecimal = new Intl.NumberFormat('en-US', { minimumFractionDigits: 1, maximumFractionDigits: 1 });

function isUnknown(value: number | null | undefined): value is null | undefined {
  return value === null || value === undefined || Number.isNaN(value);
}

/** `1204` → `1,204`. */
export function formatCount(count: number | null | undefined): string {
  return isUnknown(count) ? unknown : grouped.format(count);
}

/** The number people know a frame or chunk by: they count from 1, the contract from 0. */
export function formatOrdinal(index: number | null | undefined): string {
  return isUnknown(index) ? unknown : grouped.format(index + 1);
}

/**
 * Microseconds as milliseconds without a unit, for columns whose heading names it: `time` gives `1,352.118`, `gap`
 * gives `24.0`.
 */
export function formatMicros(
  micros: number | null | undefined,
  { mode = 'time' }: { readonly mode?: 'time' | 'gap' } = {},
): string {
  if (isUnknown(micros)) return unknown;
  return (mode === 'time' ? threeDecimals : oneDecimal).format(micros / 1_000);
}

/** A duration with its unit: `840 µs`, `41.2 ms`, `412 ms`, `1.31 s`, `12.4 s`, `4:12`, `1:02:03`. */
export function formatDuration(micros: number | null | undefined): string {
  if (isUnknown(micros)) return unknown;
  if (micros < 0) return `−${formatDuration(-micros)}`;
  if (micros < 1_000) return `${Math.round(micros)} µs`;
  if (micros < 99_950) return `${(micros / 1_000).toFixed(1)} ms`;
  if (micros < 999_500) return `${Math.round(micros / 1_000)} ms`;
  if (micros < 9_995_000) return `${(micros / 1e6).toFixed(2)} s`;
  if (micros < 59_950_000) return `${(micros / 1e6).toFixed(1)} s`;
  return minutesAndSeconds(micros);
}

/** A running clock of constant width: `00:12.4`, `01:02:03.4`. */
export function formatClock(micros: number | null | undefined): string {
  if (isUnknown(micros)) return unknown;
  const tenths = Math.floor(Math.max(0, micros) / 100_000);
  const seconds = Math.floor(tenths / 10);
  const two = (value: number): string => String(value).padStart(2, '0');
  const hours = Math.floor(seconds / 3_600);
  const rest = `${two(Math.floor(seconds / 60) % 60)}:${two(seconds % 60)}.${tenths % 10}`;
  return hours > 0 ? `${two(hours)}:${rest}` : rest;
}

function minutesAndSeconds(micros: number): string {
  const seconds = Math.round(micros / 1e6);
  const two = (value: number): string => String(value).padStart(2, '0');
  const hours = Math.floor(seconds / 3_600);
  const minutes = Math.floor(seconds / 60) % 60;
  const rest = two(seconds % 60);
  return hours > 0 ? `${hours}:${two(minutes)}:${rest}` : `${minutes}:${rest}`;
}

const byteUnits = ['B', 'kB', 'MB', 'GB', 'TB'] as const;

/** Bytes in powers of 1,000: `214 B`, `31.2 kB`, `1.00 GB`. */
export function formatBytes(bytes: number | null | undefined): string {
  if (isUnknown(bytes)) return unknown;
  let unit = 0;
  let value = bytes;
  // 999.5 and more would be written with four digits, so it is one of the next unit.
  while (value >= (unit === 0 ? 1_000 : 999.5) && unit < byteUnits.length - 1) {
    value /= 1_000;
    unit++;
  }
  const digits = unit === 0 ? 0 : value < 9.995 ? 2 : value < 99.95 ? 1 : 0;
  return `${value.toFixed(digits)} ${byteUnits[unit] ?? ''}`;
}

/** `1 frame`, `2 frames`, `1,204 frames`. */
export function formatQuantity(count: number, one: string, many = `${one}s`): string {
  return `${grouped.format(count)} ${count === 1 ? one : many}`;
}

/** A rate with its unit: `38.1/s`, `1,204/s`. */
export function formatRate(perSecond: number | null | undefined): string {
  if (isUnknown(perSecond)) return unknown;
  return `${perSecond < 100 ? oneDecimal.format(perSecond) : grouped.format(perSecond)}/s`;
}

/** The wall-clock time of a moment of a recording, in local time to the microsecond: `14:03:12.123456`. */
export function formatWallClock(startedAtMillis: number, micros: number | null | undefined): string {
  if (isUnknown(micros)) return unknown;
  const total = startedAtMillis * 1_000 + micros;
  const date = new Date(Math.floor(total / 1_000));
  const two = (value: number): string => String(value).padStart(2, '0');
  const fraction = String(Math.floor(total - Math.floor(total / 1e6) * 1e6)).padStart(6, '0');
  return `${two(date.getHours())}:${two(date.getMinutes())}:${two(date.getSeconds())}.${fraction}`;
}

/** Local date and time to the second: `2026-11-21 14:03:12`. */
export function formatDateTime(epochMillis: number): string {
  const date = new Date(epochMillis);
  const two = (value: number): string => String(value).padStart(2, '0');
  const day = `${date.getFullYear()}-${two(date.getMonth() + 1)}-${two(date.getDate())}`;
  return `${day} ${two(date.getHours())}:${two(date.getMinutes())}:${two(date.getSeconds())}`;
}

/** Local time of day to the millisecond: `14:03:12.123`. */
export function formatTimeOfDay(epochMillis: number): string {
  return formatWallClock(epochMillis, 0).slice(0, -3);
}
