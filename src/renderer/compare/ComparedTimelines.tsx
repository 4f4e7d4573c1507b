import { useEffect, useMemo, useRef, useState, type KeyboardEvent, type PointerEvent } from 'react';
import type { RecordingComparison } from '../../shared/compare.ts';
import type { TimelineColumns } from '../../shared/columns.ts';
import type { Micros } from '../../shared/words.ts';
import { formatCount, formatDuration, formatQuantity } from '../ui/format.ts';
import { cssColor, onThemeChanged } from '../ui/theme.ts';
import { TimeScale, type TimeWindow } from '../ui/time/timeScale.ts';
import { alignmentTitles } from './figureWords.ts';
import { extentOf, moved, wholeWindow, zoomed, type SideExtent } from './pairWindow.ts';
import { paintPair, pairPixels, type Lane, type LaneMoment, type PairColours } from './paintPair.ts';
import { sideLetters, SideMark } from './SideMark.tsx';
import { useAnswer } from './useAnswer.ts';

const mostColumns = 2_048;
const wheelPixelsPerDoubling = 240;
const keyZoom = 1.5;

interface TimelinesProps {
  readonly comparison: RecordingComparison;
  readonly version: number;
}

/** Both timelines on one clock. */
export function ComparedTimelines({ comparison, version }: TimelinesProps) {
  const left = extentOf(comparison.left);
  const right = extentOf(comparison.right);
  const whole = wholeWindow(left, right);
  if (whole === null) {
    return (
      <p className="ss-compare-sentence ss-compare-no-times">
        No timelines: the times of both recordings are unknown, or what they are aligned by never came.
      </p>
    );
  }
  return <Plot comparison={comparison} version={version} left={left} right={right} whole={whole} />;
}

interface PlotProps extends TimelinesProps {
  readonly left: SideExtent;
  readonly right: SideExtent;
  readonly whole: TimeWindow;
}

function Plot({ comparison, version, left, right, whole }: PlotProps) {
  const canvas = useRef<HTMLCanvasElement>(null);
  const { align } = comparison;
  const [size, setSize] = useState({ width: 0, ratio: 1 });
  const [chosen, setChosen] = useState<{ readonly align: string; readonly window: TimeWindow } | null>(null);
  const [hoverX, setHoverX] = useState<number | null>(null);
  const [colours, setColours] = useState(readColours);
  const drag = useRef<{ readonly x: number; readonly window: TimeWindow } | null>(null);
  // Aligned by something else, a window is about other times.
  const window = chosen?.align === align ? chosen.window : whole;
  const show = (next: TimeWindow | null): void => setChosen(next === null ? null : { align, window: next });

  const columnCount = Math.min(mostColumns, Math.floor(size.width * size.ratio));
  const ofLeft = useColumns(comparison.left.summary.id, left, window, columnCount, version);
  const ofRight = useColumns(comparison.right.summary.id, right, window, columnCount, version);
  const lanes = useMemo<readonly [Lane, Lane]>(
    () => [laneOf(comparison, 'left', ofLeft), laneOf(comparison, 'right', ofRight)],
    [comparison, ofLeft, ofRight],
  );

  useEffect(() => onThemeChanged(() => setColours(readColours())), []);
  useEffect(() => {
    const element = canvas.current;
    if (element === null) return undefined;
    const observer = new ResizeObserver(() => setSize({ width: element.clientWidth, ratio: devicePixelRatio }));
    observer.observe(element);
    return () => observer.disconnect();
  }, []);
  useEffect(() => {
    const context = canvas.current?.getContext('2d') ?? null;
    if (context === null || size.width === 0) return;
    const width = Math.round(size.width * size.ratio);
    const height = Math.round(pairPixels * size.ratio);
    if (context.canvas.width !== width || context.canvas.height !== height) {
      context.canvas.width = width;
      context.canvas.height = height;
    }
    paintPair(context, size.width, size.ratio, window, lanes, colours, hoverX);
  }, [size, window, lanes, colours, hoverX]);

  const wheel = useRef<(event: WheelEvent) => void>(() => undefined);
  useEffect(() => {
    wheel.current = (event) => {
      if (size.width === 0 || event.ctrlKey || event.shiftKey) return;
      event.preventDefault();
      const at = new TimeScale(window, 0, size.width).micros(event.offsetX);
      show(zoomed(window, whole, at, 2 ** (-event.deltaY / wheelPixelsPerDoubling)));
    };
  });
  useEffect(() => {
    const element = canvas.current;
    if (element === null) return undefined;
    const listen = (event: WheelEvent): void => wheel.current(event);
    element.addEventListener('wheel', listen, { passive: false });
    return () => element.removeEventListener('wheel', listen);
  }, []);

  const onPointerMove = (event: PointerEvent<HTMLCanvasElement>): void => {
    const x = event.nativeEvent.offsetX;
    setHoverX(x);
    if (drag.current === null || size.width === 0) return;
    const microsPerPixel = (drag.current.window.toMicros - drag.current.window.fromMicros) / size.width;
    show(moved(drag.current.window, whole, (drag.current.x - x) * microsPerPixel));
  };
  const onKeyDown = (event: KeyboardEvent): void => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const width = window.toMicros - window.fromMicros;
    const middle = window.fromMicros + width / 2;
    const acts: Readonly<Record<string, () => void>> = {
      '+': () => show(zoomed(window, whole, middle, keyZoom)),
      '=': () => show(zoomed(window, whole, middle, keyZoom)),
      '-': () => show(zoomed(window, whole, middle, 1 / keyZoom)),
      '0': () => show(null),
      ArrowLeft: () => show(moved(window, whole, -width / 10)),
      ArrowRight: () => show(moved(window, whole, width / 10)),
    };
    const act = acts[event.key];
    if (act === undefined) return;
    act();
    event.preventDefault();
    event.stopPropagation();
  };

  return (
    <section className="ss-compare-timelines" aria-label="Timelines of both">
      <div className="ss-compare-lanes" aria-hidden>
        <SideMark side="left" />
        <SideMark side="right" />
      </div>
      <div
        className="ss-compare-plot"
        role="application"
        aria-roledescription="timelines"
        aria-label="Both timelines: plus and minus zoom, left and right move, zero shows everything"
        aria-describedby="ss-compare-timelines-text"
        tabIndex={0}
        onKeyDown={onKeyDown}
      >
        <canvas
          ref={canvas}
          className="ss-compare-canvas"
          style={{ height: pairPixels }}
          aria-hidden
          onPointerDown={(event) => {
            event.currentTarget.setPointerCapture(event.pointerId);
            drag.current = { x: event.nativeEvent.offsetX, window };
          }}
          onPointerUp={() => {
            drag.current = null;
          }}
          onPointerCancel={() => {
            drag.current = null;
          }}
          onPointerMove={onPointerMove}
          onPointerLeave={() => setHoverX(null)}
          onDoubleClick={() => show(null)}
        />
      </div>
      <p className="ss-compare-readout">
        {hoverX === null || size.width === 0
          ? describe(comparison, window)
          : readoutAt(new TimeScale(window, 0, size.width).micros(hoverX), align, lanes)}
      </p>
      <p id="ss-compare-timelines-text" className="ss-unseen">
        {describe(comparison, window)} {lanes.map(laneText).join(' ')}
      </p>
    </section>
  );
}

function useColumns(
  id: string,
  side: SideExtent,
  window: TimeWindow,
  columns: number,
  version: number,
): TimelineColumns | null {
  const isKnown = side.fromMicros !== null && columns > 0;
  const { result } = useAnswer(
    'recording.timeline',
    isKnown
      ? {
          id,
          fromMicros: window.fromMicros + side.originMicros,
          toMicros: window.toMicros + side.originMicros,
          columns,
        }
      : null,
    version,
  );
  return isKnown ? result : null;
}

const marked = [
  ['first-byte', 'first byte'],
  ['ttft', 'TTFT'],
  ['end', 'end'],
] as const;

function laneOf(comparison: RecordingComparison, side: 'left' | 'right', columns: TimelineColumns | null): Lane {
  const moments = marked.flatMap(([name, label]): LaneMoment[] => {
    const micros = comparison.figures.find((figure) => figure.name === name)?.[side] ?? null;
    return micros === null ? [] : [{ micros, label }];
  });
  return { side, columns, originMicros: comparison[side].originMicros ?? 0, moments };
}

function describe({ align }: RecordingComparison, window: TimeWindow): string {
  const width = formatDuration(window.toMicros - window.fromMicros);
  return `${width} shown, from ${formatDuration(window.fromMicros)} on; zero is the ${alignmentTitles[align]} of each.`;
}

function laneText({ side, moments, columns }: Lane): string {
  const letter = sideLetters[side];
  if (columns === null) return `${letter}: times unknown.`;
  const stalls = columns.stallMicros.length / 2;
  const times = moments.map(({ micros, label }) => `${label} at ${formatDuration(micros)}`).join(', ');
  return `${letter}: ${times === '' ? 'nothing came' : times}; ${formatQuantity(stalls, 'stall')} in view.`;
}

function readoutAt(micros: Micros, align: RecordingComparison['align'], lanes: readonly Lane[]): string {
  const parts = lanes.map(({ side, columns, originMicros }) => {
    if (columns === null) return `${sideLetters[side]}: times unknown`;
    const wide = (columns.toMicros - columns.fromMicros) / columns.columns;
    const i = Math.floor((micros + originMicros - columns.fromMicros) / wide);
    const chunks = columns.chunkCount[i] ?? 0;
    const frames = columns.frameCount[i] ?? 0;
    const what =
      chunks === 0 && frames === 0 ? 'nothing' : `${formatCount(chunks)} chunks, ${formatCount(frames)} frames`;
    return `${sideLetters[side]}: ${what}`;
  });
  return `${formatDuration(micros)} after the ${alignmentTitles[align]} · ${parts.join(' · ')}`;
}

function readColours(): PairColours {
  return {
    line: cssColor('--line'),
    text: cssColor('--fg-1'),
    left: cssColor('--k-event'),
    right: cssColor('--k-tool'),
    stall: cssColor('--warn'),
    fault: cssColor('--k-error'),
    font: cssColor('--font-ui'),
  };
}
