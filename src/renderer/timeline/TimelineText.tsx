import { useEffect, useState } from 'react';
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
}

/** The timeline in words, for assistive technology. */
export function TimelineText({ controller, timesKnown, tiles }: TimelineTextProps) {
  const visible = useView((view) => view.visible);
  const [description, setDescription] = useState<TimelineDescription | null>(null);
  const [described, setDescribed] = useState(-Infinity);

  useEffect(() => {
    if (controller === null) return undefined;
    const wait = Math.max(0, described + spokenEveryMillis - performance.now());
    const timer = setTimeout(
      () => {
        const scale = controller.scale();
        const tile = controller.tile();
        if (scale !== null) setDescription(describeTimeline(tile, scale));
        // Before the first columns nothing was said that anyone listens to.
        if (tile !== null) setDescribed(performance.now());
      },
      described === -Infinity ? 0 : wait,
    );
    return () => clearTimeout(timer);
    // `described` must not start the timer anew: only a newer picture is worth new words.
    // eslint-disable-next-line react-hooks/exhaustive-deps
  }, [controller, tiles, visible]);

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
