/** Monday 5 January 2026, 08:00 UTC: fixed, because the same seed has to give the same bytes on any day. */
const beginning = Date.UTC(2026, 0, 5, 8);

/** A moment of the mock's own calendar, as ISO 8601. @param millis since its beginning */
export function moment(millis: number): string {
  return new Date(beginning + Math.round(millis)).toISOString();
}

/** Rounded to a number of decimals. */
export function rounded(value: number, decimals: number): number {
  const factor = 10 ** decimals;
  return Math.round(value * factor) / factor;
}
