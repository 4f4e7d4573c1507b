import type { ComparedSide } from '../../shared/compare.ts';
import type { Micros } from '../../shared/words.ts';
import type { TimeWindow } from '../ui/time/timeScale.ts';

const narrowestMicros = 50;
/** Share of the extent that stays free behind its end. */
const marginShare = 0.02;

/** Where one recording lies on the aligned clock. */
export interface SideExtent {
  /** Its start and its end; null: its times are not known. */
  readonly fromMicros: Micros | null;
  readonly toMicros: Micros | null;
  /** Added to a time on the aligned clock, gives the recording's own time. */
  readonly originMicros: Micros;
}

export function extentOf({ originMicros, lastMicros }: ComparedSide): SideExtent {
  if (originMicros === null || lastMicros === null) return { fromMicros: null, toMicros: null, originMicros: 0 };
  return { fromMicros: -originMicros, toMicros: lastMicros - originMicros, originMicros };
}

/** The window that shows both whole; null where neither has times. */
export function wholeWindow(left: SideExtent, right: SideExtent): TimeWindow | null {
  const froms = [left.fromMicros, right.fromMicros].filter((micros) => micros !== null);
  const tos = [left.toMicros, right.toMicros].filter((micros) => micros !== null);
  if (froms.length === 0) return null;
  const fromMicros = Math.min(...froms);
  const toMicros = Math.max(...tos, fromMicros + narrowestMicros);
  return { fromMicros, toMicros: toMicros + (toMicros - fromMicros) * marginShare };
}

/** Closer (`factor` > 1) or wider around a time, never beyond the whole; null: the whole. */
export function zoomed(window: TimeWindow, whole: TimeWindow, atMicros: Micros, factor: number): TimeWindow | null {
  const width = Math.max(narrowestMicros, (window.toMicros - window.fromMicros) / factor);
  if (width >= whole.toMicros - whole.fromMicros) return null;
  const share = (atMicros - window.fromMicros) / (window.toMicros - window.fromMicros);
  return within({ fromMicros: atMicros - share * width, toMicros: atMicros + (1 - share) * width }, whole);
}

export function moved(window: TimeWindow, whole: TimeWindow, byMicros: Micros): TimeWindow {
  return within({ fromMicros: window.fromMicros + byMicros, toMicros: window.toMicros + byMicros }, whole);
}

function within({ fromMicros, toMicros }: TimeWindow, whole: TimeWindow): TimeWindow {
  const back = Math.max(0, toMicros - whole.toMicros);
  const on = Math.max(0, whole.fromMicros - (fromMicros - back));
  return { fromMicros: fromMicros - back + on, toMicros: toMicros - back + on };
}
