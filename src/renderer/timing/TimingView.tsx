import { useEffect, useState } from 'react';
import { Tooltip } from 'radix-ui';
import type { Failure } from '../../shared/failure.ts';
import type { GapStatistics, Stall, TimingReport } from '../../shared/recording.ts';
import type { RecordingId } from '../../shared/words.ts';
import { useEngine } from '../state/EngineContext.tsx';
import { failureOf, isCancelled } from '../state/failureOf.ts';
import { useRecordingPart } from '../state/recording.ts';
import { useView, viewActions } from '../state/view.ts';
import { FailureBox } from '../ui/FailureBox.tsx';
import { formatCount, formatDuration, formatOrdinal, formatQuantity } from '../ui/format.ts';
import { PaneLoading } from '../ui/PaneMessage.tsx';
import { CumulativeCurve, GapHistogram } from './Charts.tsx';
import { gapMeanings, rateFigures, timeFigures, unknown, type Figure } from './definitions.ts';
import { Meaning } from '../ui/Meaning.tsx';
import './timing.css';

/** When what arrived, in numbers that carry their definitions; fills its parent. */
export function TimingView() {
  const id = useView((view) => view.recordingId);
  return id === null ? null : <TimingOf key={id} id={id} />;
}

function TimingOf({ id }: { readonly id: RecordingId }) {
  const engine = useEngine();
  const [report, setReport] = useState<TimingReport | null>(null);
  const [failure, setFailure] = useState<Failure | null>(null);
  const [attempt, setAttempt] = useState(0);
  const timesKnown = useRecordingPart(({ detail }) => detail?.exchange.timesKnown ?? true);
  // Once a second is as fast as figures can be read.
  const second = useRecordingPart(({ advanced }) => (advanced === null ? 0 : Math.floor(advanced.nowMicros / 1e6)));
  const revision = useRecordingPart(({ advanced }) => advanced?.revision ?? 0);

  useEffect(() => {
    const controller = new AbortController();
    engine.call('recording.timing', { id }, controller.signal).then(
      (found) => {
        setReport(found);
        setFailure(null);
      },
      (error: unknown) => {
        if (!isCancelled(error)) setFailure(failureOf(error));
      },
    );
    return () => controller.abort();
  }, [engine, id, second, revision, attempt]);

  if (failure !== null) return <FailureBox failure={failure} onRetry={() => setAttempt(attempt + 1)} />;
  if (report === null) return <PaneLoading label="Measuring" />;
  return (
    <Tooltip.Provider delayDuration={200}>
      <div className="ss-timing">
        {!timesKnown && (
          <p className="ss-timing-unknown">
            Times unknown: these bytes were imported without arrival times, so nothing here can be measured.
          </p>
        )}
        <section aria-labelledby="ss-timing-times">
          <h3 id="ss-timing-times">Times since the request</h3>
          <Figures figures={timeFigures(report)} />
        </section>
        <section aria-labelledby="ss-timing-rates">
          <h3 id="ss-timing-rates">Rates</h3>
          <Figures figures={rateFigures(report)} />
        </section>
        <section aria-labelledby="ss-timing-gaps" className="ss-timing-wide">
          <h3 id="ss-timing-gaps">Gaps</h3>
          <GapTable report={report} />
        </section>
        <section aria-labelledby="ss-timing-histogram" className="ss-timing-wide">
          <h3 id="ss-timing-histogram">Gaps between frames by length</h3>
          <GapHistogram histogram={report.frameGapHistogram} />
        </section>
        <section aria-labelledby="ss-timing-curve" className="ss-timing-wide">
          <h3 id="ss-timing-curve">Received so far</h3>
          <CumulativeCurve cumulative={report.cumulative} />
        </section>
        <section aria-labelledby="ss-timing-stalls" className="ss-timing-wide">
          <h3 id="ss-timing-stalls">
            <Meaning means={gapMeanings.stall}>Stalls</Meaning>
          </h3>
          <Stalls stalls={report.stalls} timesKnown={timesKnown} />
        </section>
      </div>
    </Tooltip.Provider>
  );
}

function Figures({ figures }: { readonly figures: readonly Figure[] }) {
  return (
    <dl className="ss-figures">
      {figures.map(({ name, value, means }) => (
        <div key={name}>
          <dt>
            <Meaning means={means}>{name}</Meaning>
          </dt>
          <dd data-unknown={value === unknown}>{value}</dd>
        </div>
      ))}
    </dl>
  );
}

function GapTable({ report }: { readonly report: TimingReport }) {
  const percentiles = ['p50', 'p90', 'p99'] as const;
  const rows: readonly (readonly [string, string, GapStatistics])[] = [
    ['between frames', gapMeanings.frames, report.frameGaps],
    ['between chunks', gapMeanings.chunks, report.chunkGaps],
  ];
  return (
    <table className="ss-gaps">
      <thead>
        <tr>
          <td />
          <th scope="col">count</th>
          {percentiles.map((name) => (
            <th key={name} scope="col">
              <Meaning means={gapMeanings.percentile}>{name}</Meaning>
            </th>
          ))}
          <th scope="col">longest</th>
        </tr>
      </thead>
      <tbody>
        {rows.map(([name, means, gaps]) => (
          <tr key={name}>
            <th scope="row">
              <Meaning means={means}>{name}</Meaning>
            </th>
            <td>{formatCount(gaps.count)}</td>
            {[gaps.p50, gaps.p90, gaps.p99, gaps.max].map((value, i) => (
              <td key={i} data-unknown={value === null}>
                {value === null ? unknown : formatDuration(value)}
              </td>
            ))}
          </tr>
        ))}
      </tbody>
    </table>
  );
}

function Stalls({ stalls, timesKnown }: { readonly stalls: readonly Stall[]; readonly timesKnown: boolean }) {
  if (!timesKnown) return <p className="ss-timing-none">Unknown.</p>;
  if (stalls.length === 0) return <p className="ss-timing-none">No stall.</p>;
  return (
    <ol className="ss-stalls">
      {stalls.map((stall) => (
        <li key={stall.frame}>
          <button type="button" onClick={() => viewActions.selectFrame(stall.frame, 'keys')}>
            <strong>{formatDuration(stall.toMicros - stall.fromMicros)}</strong>
            <span>
              from {formatDuration(stall.fromMicros)}, ended by frame {formatOrdinal(stall.frame)}
            </span>
            <span className="ss-stalls-beats">
              {stall.heartbeats === 0
                ? 'silence on the wire'
                : `silence of content, ${formatQuantity(stall.heartbeats, 'heartbeat')} meanwhile`}
            </span>
          </button>
        </li>
      ))}
    </ol>
  );
}
