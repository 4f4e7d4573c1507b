import { useEffect, useState } from 'react';
import { X, ZoomIn } from 'lucide-react';
import type { SpanStatistics } from '../../shared/columns.ts';
import type { SpanWords } from '../../shared/message.ts';
import type { Failure } from '../../shared/failure.ts';
import type { RecordingId } from '../../shared/words.ts';
import { useEngine } from '../state/EngineContext.tsx';
import { failureOf, isCancelled } from '../state/failureOf.ts';
import { viewActions } from '../state/view.ts';
import { formatBytes, formatCount, formatDuration, formatRate } from '../ui/format.ts';
import { zoomToSpan } from './controls.ts';
import { Words } from './Words.tsx';
import type { TimeWindow } from '../ui/time/timeScale.ts';

interface SpanPanelProps {
  readonly id: RecordingId;
  readonly span: TimeWindow;
  /** Grows with the recording: the figures are pulled again. */
  readonly version: number;
  /** The recording is a token stream: what it said is shown as well. */
  readonly hasWords: boolean;
}

/** Figures of the span that was selected on the timeline. */
export function SpanPanel({ id, span, version, hasWords }: SpanPanelProps) {
  const engine = useEngine();
  const [statistics, setStatistics] = useState<SpanStatistics | null>(null);
  const [words, setWords] = useState<SpanWords | null>(null);
  const [failure, setFailure] = useState<Failure | null>(null);
  const { fromMicros, toMicros } = span;

  useEffect(() => {
    const controller = new AbortController();
    const input = { id, fromMicros, toMicros };
    Promise.all([
      engine.call('recording.span', input, controller.signal),
      hasWords ? engine.call('recording.spanWords', input, controller.signal) : { words: null },
    ]).then(
      ([found, said]) => {
        setStatistics(found);
        setWords(said.words);
        setFailure(null);
      },
      (error: unknown) => {
        if (!isCancelled(error)) setFailure(failureOf(error));
      },
    );
    return () => controller.abort();
  }, [engine, id, fromMicros, toMicros, version, hasWords]);

  return (
    <section className="ss-span" aria-label="Selected span">
      <header>
        <strong>{formatDuration(toMicros - fromMicros)}</strong>
        <span className="ss-span-where">
          {formatDuration(fromMicros)} – {formatDuration(toMicros)}
        </span>
        <button
          type="button"
          className="ss-span-button"
          aria-label="Zoom to the span"
          title="Zoom to the span"
          onClick={zoomToSpan}
        >
          <ZoomIn aria-hidden size={14} />
        </button>
        <button
          type="button"
          className="ss-span-button"
          aria-label="Give up the span"
          title="Give up the span (Esc)"
          onClick={() => viewActions.setSpan(null)}
        >
          <X aria-hidden size={14} />
        </button>
      </header>
      {failure !== null && <p className="ss-span-failure">{failure.message}</p>}
      <div className="ss-span-body">
        {statistics !== null && <Figures statistics={statistics} />}
        {words !== null && <Words words={words} />}
      </div>
    </section>
  );
}

function Figures({ statistics }: { readonly statistics: SpanStatistics }) {
  const rows: readonly (readonly [string, string])[] = [
    ['frames', formatCount(statistics.frames)],
    ['chunks', `${formatCount(statistics.chunks)} · ${formatBytes(statistics.wireBytes)}`],
    ['longest gap', formatDuration(statistics.longestGapMicros)],
    ['frame rate', formatRate(statistics.framesPerSecond)],
    ['throughput', statistics.bytesPerSecond === null ? '—' : `${formatBytes(statistics.bytesPerSecond)}/s`],
  ];
  return (
    <dl>
      {rows.map(([name, value]) => (
        <div key={name}>
          <dt>{name}</dt>
          <dd>{value}</dd>
        </div>
      ))}
    </dl>
  );
}
