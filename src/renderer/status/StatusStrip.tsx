import type { RecordingDetail } from '../../shared/recording.ts';
import { useConnection } from '../state/HostContext.tsx';
import { liveNowMicros } from '../state/liveClocks.ts';
import { refreshRecording, useRecording } from '../state/recording.ts';
import { useIsLive, useSending } from '../state/sending.ts';
import { FailureBox } from '../ui/FailureBox.tsx';
import { formatBytes, formatClock, formatCount, formatDuration } from '../ui/format.ts';
import { reconnectWait, type ReconnectWait } from '../ui/reconnectWords.ts';
import { useTick } from '../ui/useTick.ts';
import { Address } from './Address.tsx';
import { DialectChip } from './DialectChip.tsx';
import { FramingChip } from './FramingChip.tsx';
import { StreamProgress } from './StreamProgress.tsx';
import { countingSeconds, silentMicros, statusWords, versionWords } from './statusWords.ts';
import './status.css';

/** What was asked for, is it alive, and did it end well: the open recording in a few lines. */
export function StatusStrip() {
  const { detail, failure } = useRecording();
  // While the engine is lost, the window says so in one place.
  const connected = useConnection().state === 'connected';
  return (
    <>
      <Address exchange={detail?.exchange ?? null} />
      {detail === null ? <div className="ss-status" role="group" aria-label="Status" /> : <StatusOf detail={detail} />}
      {failure !== null && connected && (
        <div className="ss-status-failure">
          <FailureBox failure={failure} onRetry={refreshRecording} />
        </div>
      )}
    </>
  );
}

function StatusOf({ detail }: { readonly detail: RecordingDetail }) {
  const { advanced } = useRecording();
  const { summary, exchange } = detail;
  const live = useIsLive(summary.id);
  const lost = useConnection().state !== 'connected';
  const stopping = useSending((state) => state.stopping.has(summary.id)) && summary.state === 'live';
  useTick(100, live);

  const counts = advanced?.counts ?? summary.counts;
  const status = statusWords(detail, live);
  const progress = advanced === null ? detail.analysisProgress : advanced.analysisProgress;
  const streamProgress = advanced === null ? detail.progress : advanced.progress;
  const now = liveNowMicros(summary.id);
  const silent = live
    ? silentMicros(now, advanced?.lastChunkMicros ?? detail.timing.lastChunkMicros, detail.timing.headersMicros)
    : null;

  return (
    <div className="ss-status" role="group" aria-label="Status">
      <span className="ss-status-code" data-tone={status.tone}>
        {status.text}
      </span>
      <FramingChip detail={detail} />
      <DialectChip detail={detail} />
      {exchange.head !== null && <span className="ss-chip">{versionWords(exchange.head.httpVersion)}</span>}
      {exchange.head !== null && (
        <span className="ss-chip" title="Content coding of the answer">
          {detail.contentEncoding ?? 'identity'}
        </span>
      )}
      <span className="ss-status-counts ss-data" role="group" aria-label="Counts">
        <span className="ss-status-frames">
          {formatCount(counts.frames)} {counts.frames === 1 ? 'frame' : 'frames'}
        </span>
        <span className="ss-status-bytes">{formatBytes(counts.bodyBytes)}</span>
        <span className="ss-status-clock" role="timer" aria-label="Duration">
          {live ? formatClock(now) : formatDuration(summary.durationMicros ?? detail.timing.endMicros)}
        </span>
      </span>
      {live && streamProgress !== null && <StreamProgress progress={streamProgress} />}
      <span className="ss-status-verdict" role="status" aria-label="Verdict" data-live={live}>
        {live ? (
          <LiveWords
            sentence={detail.verdict.sentence}
            silent={silent}
            paused={isPaused(detail)}
            waiting={reconnectWait(exchange, now)}
          />
        ) : stopping ? (
          <b className="ss-tone-neutral">Stopping…</b>
        ) : lost && summary.state === 'live' ? (
          <>
            <b className="ss-tone-bad">Engine lost.</b> What came until then is kept; how this stream went on is told
            when the engine is back.
          </>
        ) : (
          <Verdict detail={detail} />
        )}
      </span>
      {progress !== null && (
        <div
          className="ss-status-progress"
          role="progressbar"
          aria-label="Reading the stored stream"
          aria-valuemin={0}
          aria-valuemax={100}
          aria-valuenow={Math.round(progress * 100)}
        >
          <div style={{ transform: `scaleX(${progress})` }} />
        </div>
      )}
    </div>
  );
}

/** Storing fell behind and the socket is held: the last such mark has no end yet. */
function isPaused(detail: RecordingDetail): boolean {
  return detail.exchange.marks.findLast(({ name }) => name === 'paused' || name === 'resumed')?.name === 'paused';
}

interface LiveWordsProps {
  readonly sentence: string;
  readonly silent: number | null;
  readonly paused: boolean;
  /** Between two connections; else null. */
  readonly waiting: ReconnectWait | null;
}

function LiveWords({ sentence, silent, paused, waiting }: LiveWordsProps) {
  return (
    <>
      <b className="ss-tone-live">
        <span className="ss-status-pulse" aria-hidden /> Live
      </b>{' '}
      {paused && <span className="ss-tone-warning">paused: storing cannot keep up </span>}
      {waiting !== null ? (
        // Counting ten times a second is for eyes; assistive technology is told once.
        <span className="ss-tone-warning">
          waiting <span aria-hidden>{(waiting.leftMicros / 1e6).toFixed(1)} s</span> to reconnect ({waiting.attempt})
        </span>
      ) : silent === null ? (
        sentence
      ) : (
        // Counting ten times a second is for eyes; assistive technology is told once.
        <span className="ss-tone-warning">
          {sentence === '' ? '' : `${sentence} `}silent <span aria-hidden>for {countingSeconds(silent)}</span>
        </span>
      )}
    </>
  );
}

function Verdict({ detail }: { readonly detail: RecordingDetail }) {
  const { tone, word, sentence } = detail.verdict;
  return (
    <span title={`${word}: ${sentence}`}>
      <b className={`ss-tone-${tone}`}>{word}.</b> {sentence}
    </span>
  );
}
