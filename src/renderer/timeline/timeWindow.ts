import type { Micros } from '../../shared/words.ts';
import type { TimeWindow } from '../ui/time/timeScale.ts';

/** The narrowest span that can be zoomed to: below it columns would be fractions of the clock's microsecond. */
const narrowestMicros = 200;
/** Shown where nothing has happened yet, so that the ruler of an empty recording reads as one. */
const emptyMicros: Micros = 1_000_000;
/** Room after the end, so that the last frame does not stick to the edge. */
const endRoom = 0.015;

/** The whole recording with a little room behind its end. */
export function wholeWindow(endMicros: Micros): TimeWindow {
  return { fromMicros: 0, toMicros: endMicros > 0 ? Math.ceil(endMicros * (1 + endRoom)) : emptyMicros };
}

/** What the timeline shows: everything, the user's window, or that window moved along with the live end. */
export function shownWindow(
  chosen: TimeWindow | null,
  extent: { readonly endMicros: Micros; readonly live: boolean },
  follow: boolean,
): TimeWindow {
  if (chosen === null) return wholeWindow(extent.endMicros);
  if (!extent.live || !follow) return chosen;
  const width = chosen.toMicros - chosen.fromMicros;
  const toMicros = extent.endMicros + width * endRoom;
  return { fromMicros: toMicros - width, toMicros };
}

/** Zooms by `factor` (>1: closer) so that `atMicros` stays where it is; null when the whole recording fits again. */
export function zoomed(window: TimeWindow, atMicros: Micros, factor: number, endMicros: Micros): TimeWindow | null {
  const whole = wholeWindow(endMicros);
  const width = window.toMicros - window.fromMicros;
  const wanted = Math.max(narrowestMicros, width / factor);
  if (wanted >= whole.toMicros - whole.fromMicros) return null;
  const share = (atMicros - window.fromMicros) / width;
  return within({ fromMicros: atMicros - share * wanted, toMicros: atMicros + (1 - share) * wanted }, whole);
}

/** Moves by `byMicros`, not beyond either end. */
export function panned(window: TimeWindow, byMicros: Micros, endMicros: Micros): TimeWindow {
  return within(
    { fromMicros: window.fromMicros + byMicros, toMicros: window.toMicros + byMicros },
    wholeWindow(endMicros),
  );
}

/** Shifts the window, its width unchanged, so that `micros` can be seen with some room around; the same object if it can. */
export function revealing(window: TimeWindow, micros: Micros, endMicros: Micros): TimeWindow {
  if (micros >= window.fromMicros && micros <= window.toMicros) return window;
  const width = window.toMicros - window.fromMicros;
  return within({ fromMicros: micros - width / 2, toMicros: micros + width / 2 }, wholeWindow(endMicros));
}

/** A window of at least the narrowest width between two times in any order. */
export function between(a: Micros, b: Micros): TimeWindow {
  const fromMicros = Math.min(a, b);
  return { fromMicros, toMicros: Math.max(a, b, fromMicros + 1) };
}

/** A span made fit for showing: whole microseconds, not narrower than can be drawn. */
export function showable(window: TimeWindow, endMicros: Micros): TimeWindow {
  const middle = (window.fromMicros + window.toMicros) / 2;
  const half = Math.max(narrowestMicros, window.toMicros - window.fromMicros) / 2;
  return within({ fromMicros: middle - half, toMicros: middle + half }, wholeWindow(endMicros));
}

function within(window: TimeWindow, whole: TimeWindow): TimeWindow {
  const width = Math.min(window.toMicros - window.fromMicros, whole.toMicros - whole.fromMicros);
  const fromMicros = Math.min(Math.max(window.fromMicros, whole.fromMicros), whole.toMicros - width);
  return { fromMicros, toMicros: fromMicros + width };
}
