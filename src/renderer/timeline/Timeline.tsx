import { useEffect, useMemo, useRef, useState, type KeyboardEvent } from 'react';
import { Radio } from 'lucide-react';
import type { Failure } from '../../shared/failure.ts';
import type { Micros, RecordingId } from '../../shared/words.ts';
import { runCommand } from '../state/commands.ts';
import { useEngine } from '../state/EngineContext.tsx';
import { failureOf, isCancelled } from '../state/failureOf.ts';
import { refreshRecording, useRecording } from '../state/recording.ts';
import { useView, viewActions } from '../state/view.ts';
import { formatBytes, formatCount, formatDuration, formatMicros, formatQuantity } from '../ui/format.ts';
import { cssColor, onThemeChanged } from '../ui/theme.ts';
import { mountTimeline, panBy, showWindow, zoomAround } from './controls.ts';
import { listenToGestures } from './gestures.ts';
import { readPalette } from './palette.ts';
import { phasesOf } from './phases.ts';
import type { Readout } from './readout.ts';
import { nearestFrame } from './selectNearest.ts';
import { SpanPanel } from './SpanPanel.tsx';
import { TimelineController, type PointerAt } from './timelineController.ts';
import { TimelineText } from './TimelineText.tsx';
import { revealing } from './timeWindow.ts';
import { useSelectedMicros } from './useSelectedMicros.ts';
import './timeline.css';

/** The timeline of the open recording; fills its parent. */
export function Timeline() {
  const id = useView((view) => view.recordingId);
  return id === null ? null : <TimelineOf key={id} id={id} />;
}

function TimelineOf({ id }: { readonly id: RecordingId }) {
  const engine = useEngine();
  const { detail, advanced, failure: readFailure, messageRead } = useRecording();
  const messageReads = useChanges(messageRead);
  const { visible, span, follow, selectedFrame, selectionOrigin } = useView();
  const selectedMicros = useSelectedMicros(id, selectedFrame);
  const box = useRef<HTMLDivElement>(null);
  const lower = useRef<HTMLCanvasElement>(null);
  const upper = useRef<HTMLCanvasElement>(null);
  const [controller, setController] = useState<TimelineController | null>(null);
  const [hover, setHover] = useState<{ readonly readout: Readout; readonly at: PointerAt } | null>(null);
  const [failure, setFailure] = useState<Failure | null>(null);
  const [tiles, setTiles] = useState(0);

  useEffect(() => {
    const lowerContext = lower.current?.getContext('2d') ?? null;
    const upperContext = upper.current?.getContext('2d') ?? null;
    if (lowerContext === null || upperContext === null || upper.current === null || box.current === null) {
      throw new Error('the timeline has no canvas to draw on');
    }
    const created = new TimelineController(lowerContext, upperContext, engine, id, readPalette(cssColor), {
      onReadout: (readout, at) => setHover(readout === null || at === null ? null : { readout, at }),
      onTile: () => {
        setFailure(null);
        setTiles((count) => count + 1);
      },
      onFailure: setFailure,
    });
    const ends = new AbortController();
    const select = async (micros: Micros): Promise<void> => {
      try {
        const frame = await nearestFrame(engine, id, micros, ends.signal);
        if (frame !== null) viewActions.selectFrame(frame, 'timeline');
      } catch (error) {
        if (!isCancelled(error)) setFailure(failureOf(error));
      }
    };
    listenToGestures(
      upper.current,
      created,
      {
        onWindow: showWindow,
        onZoom: (micros, factor) => zoomAround(created, micros, factor),
        onSpan: (chosen) => viewActions.setSpan(chosen),
        onSelect: (micros) => void select(micros),
      },
      ends.signal,
    );
    const endSize = watchSize(box.current, (width, height, ratio) => created.resize(width, height, ratio));
    const endTheme = onThemeChanged(() => created.setPalette(readPalette(cssColor)));
    const endMount = mountTimeline(created);
    setController(created);
    return () => {
      ends.abort();
      endSize();
      endTheme();
      endMount();
      created.dispose();
      setController(null);
    };
  }, [engine, id]);

  const phases = useMemo(() => (detail === null ? [] : phasesOf(detail)), [detail]);
  const endMicros = detail?.timing.endMicros ?? detail?.timing.lastChunkMicros ?? 0;
  const live = advanced?.live ?? detail?.summary.state === 'live';
  const version =
    (advanced?.counts.frames ?? 0) + (advanced?.counts.chunks ?? 0) + (advanced?.revision ?? 0) + messageReads;
  const timesKnown = detail?.exchange.timesKnown ?? true;
  const hasTokens = timesKnown && detail?.dialect !== null && detail?.dialect !== undefined;

  useEffect(() => {
    controller?.update({
      timesKnown,
      phases,
      hasTokens,
      extent: {
        endMicros: live ? (advanced?.nowMicros ?? endMicros) : Math.max(endMicros, advanced?.lastChunkMicros ?? 0),
        lastChunkMicros: advanced?.lastChunkMicros ?? detail?.timing.lastChunkMicros ?? null,
        live,
      },
      extentMillis: performance.now(),
      version,
      visible,
      follow,
      span,
      selectedMicros,
    });
  }, [
    controller,
    detail,
    advanced,
    phases,
    hasTokens,
    endMicros,
    live,
    version,
    timesKnown,
    visible,
    follow,
    span,
    selectedMicros,
  ]);

  useEffect(() => {
    if (controller === null || selectedMicros === null || selectionOrigin === 'timeline') return;
    const { visible: window } = useView.getState();
    if (window === null) return;
    const shown = revealing(window, selectedMicros, controller.extent().endMicros);
    if (shown !== window) viewActions.setVisible(shown);
  }, [controller, selectedMicros, selectionOrigin]);

  const onKeyDown = (event: KeyboardEvent): void => {
    if (controller === null || event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.key === 'ArrowLeft' || event.key === 'ArrowRight') {
      panBy(controller, event.key === 'ArrowLeft' ? -0.1 : 0.1);
      event.preventDefault();
    }
  };
  const shownFailure = failure ?? (detail === null ? readFailure : null);

  return (
    <section className="ss-timeline" aria-label="Timeline">
      <div
        ref={box}
        className="ss-timeline-plot"
        role="application"
        aria-roledescription="timeline"
        aria-label="Timeline: plus and minus zoom, left and right move, zero shows everything"
        aria-describedby="ss-timeline-text"
        tabIndex={0}
        onKeyDown={onKeyDown}
      >
        <canvas ref={lower} className="ss-timeline-canvas" aria-hidden />
        <canvas ref={upper} className="ss-timeline-canvas ss-timeline-upper" aria-hidden />
      </div>
      {hover !== null && <HoverReadout readout={hover.readout} at={hover.at} />}
      {span !== null && timesKnown && <SpanPanel id={id} span={span} version={version} hasWords={hasTokens} />}
      {live && (!follow || visible !== null) && (
        <button type="button" className="ss-timeline-follow" onClick={() => runCommand('timeline.follow')}>
          <Radio aria-hidden size={13} /> Follow live
        </button>
      )}
      {shownFailure !== null && (
        <p className="ss-timeline-failure" role="alert">
          {shownFailure.message}{' '}
          <button type="button" onClick={refreshRecording}>
            Try again
          </button>
        </p>
      )}
      <TimelineText
        controller={controller}
        timesKnown={timesKnown}
        tiles={tiles}
        live={live}
        isRead={detail !== null && (advanced ?? detail).analysisProgress === null}
        version={`${String(version)} ${String(endMicros)}`}
      />
    </section>
  );
}

/** Grows whenever the value becomes another one. */
function useChanges(value: string | null): number {
  const [seen, setSeen] = useState({ value, changes: 0 });
  if (seen.value !== value) setSeen({ value, changes: seen.changes + 1 });
  return seen.changes;
}

function HoverReadout({ readout, at }: { readonly readout: Readout; readonly at: PointerAt }) {
  const parts = [
    readout.chunks > 0 ? `${formatQuantity(readout.chunks, 'chunk')} ${formatBytes(readout.bytes)}` : null,
    readout.frames > 0 ? formatQuantity(readout.frames, 'frame') : null,
    readout.faults > 0 ? formatQuantity(readout.faults, 'fault') : null,
    readout.tokensPerSecond === null
      ? null
      : `${readout.isRateAssumed ? '≈ ' : ''}${formatCount(Math.round(readout.tokensPerSecond))} tokens/s`,
    readout.gapMicros === null ? null : `${readout.stall ? 'stall' : 'gap'} ${formatDuration(readout.gapMicros)}`,
  ].filter((part) => part !== null);
  return (
    <div
      className="ss-timeline-readout"
      style={{ translate: `calc(${String(at.x)}px - 50%) ${String(at.y)}px` }}
      aria-hidden
    >
      <strong>{formatMicros(Math.round(readout.micros))} ms</strong>
      {parts.length > 0 && <span>{parts.join(' · ')}</span>}
    </div>
  );
}

/** Tells the size in device pixels now and whenever it changes, also when only the screen's pixel ratio does. */
function watchSize(element: HTMLElement, onSize: (width: number, height: number, ratio: number) => void): () => void {
  const observer = new ResizeObserver((entries) => {
    const entry = entries[0];
    const ratio = window.devicePixelRatio;
    const exact = entry?.devicePixelContentBoxSize[0];
    const css = entry?.contentBoxSize[0];
    if (exact !== undefined) onSize(exact.inlineSize, exact.blockSize, ratio);
    else if (css !== undefined) onSize(Math.round(css.inlineSize * ratio), Math.round(css.blockSize * ratio), ratio);
  });
  observer.observe(element, { box: 'device-pixel-content-box' });
  return () => observer.disconnect();
}
