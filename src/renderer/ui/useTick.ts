import { useEffect, useState } from 'react';

/** Draws the component again every so often while `active`, for what shows a running clock. */
export function useTick(everyMillis: number, active: boolean): void {
  const [, setTick] = useState(0);
  useEffect(() => {
    if (!active) return;
    const timer = setInterval(() => setTick((tick) => tick + 1), everyMillis);
    return () => clearInterval(timer);
  }, [everyMillis, active]);
}
