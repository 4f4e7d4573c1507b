import { useEffect, useRef, useState } from 'react';
import { useView } from '../state/view.ts';
import { describeTimeline, type TimelineDescription } from './describeTimeline.ts';
import type { TimelineController } from './timelineController.ts';

/** A live picture changes thirty times a second; nobody can be read to that fast. */
const spokenEveryMillis = 4_000;

interface TimelineTextProps {
  readonly controller: TimelineController | null;
  readonly timesKnown: boolean;
  /** Changes when there are newer columns. */
  readonly tiles: number;
  readonly live: boolean;
  /** False while the stored stream is still being read: nothing that holds can be said then. */
  readonly isRead: boolean;
  /** Another one whenever the recording is. */
  readonly version: string;
}

/** The timeline in words, for assistive technology. */
export function TimelineText({ controller, timesKnown, tiles, live, isRead, version }: TimelineTextProps) {
  const visible = useView((view) => view.visible);
  const [said, setSaid] = useState<(TimelineDescription & { readonly subject: string }) | null>(null);
  const described = useRef({ atMillis: -Infinity, subject: '' });
  const subject = live ? 'live' : version;

  useEffect(() => {
    if (controller === null || !isRead) return undefined;
    const last = described.current;
    // What was said of another state of the recording no longer holds: its successor does not wait.
    const wait = last.subject === subject ? Math.max(0, last.atMillis + spokenEveryMillis - performance.now()) : 0;
    const timer = setTimeout(() => {
      const scale = controller.scale();
      const tile = controller.tile();
      // The columns of a live stream are always a little behind it.
      if (scale === null || tile === null || !(live || controller.isTileWhole())) return;
      setSaid({ subject, ...describeTimeline(tile, scale) });
      described.current = { atMillis: performance.now(), subject };
    }, wait);
    return () => clearTimeout(timer);
  }, [controller, tiles, visible, live, isRead, subject]);

  const description = isRead && said?.subject === subject ? said : null;
  const sentence = timesKnown
    ? (description?.sentence ?? '')
    : 'Arrival times are unknown: these bytes were imported without them.';
  return (
    <div id="ss-timeline-text" className="ss-timeline-text">
      <p role="status">{sentence}</p>
      {timesKnown && description !== null && description.stalls.length > 0 && (
        <ul aria-label="Stalls in view">
          {description.stalls.map((stall, i) => (
            <li key={i}>{stall}</li>
          ))}
        </ul>
      )}
    </div>
  );
}
