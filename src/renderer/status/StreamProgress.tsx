import type { RecordingProgress } from '../../shared/recording.ts';
import { formatBytes, formatCount } from '../ui/format.ts';
import { remainingWords } from './statusWords.ts';

/** How far a live stream is, where it says so: a bar, the amounts, and the time left at the speed so far. */
export function StreamProgress({ progress }: { readonly progress: RecordingProgress }) {
  const share = Math.min(1, progress.done / progress.total);
  const percent = Math.floor(share * 100);
  const amounts = amountWords(progress);
  const remaining = progress.remainingMicros === null ? '' : remainingWords(progress.remainingMicros);
  return (
    <span className="ss-status-stream" title={`${amounts}, as told by ${progress.source}`}>
      <span
        className="ss-status-stream-bar"
        role="progressbar"
        aria-label="Progress of the stream"
        aria-valuemin={0}
        aria-valuemax={100}
        aria-valuenow={percent}
        aria-valuetext={amounts}
      >
        <span style={{ transform: `scaleX(${share})` }} />
      </span>
      <span className="ss-status-stream-words ss-data">
        {percent} %{remaining === '' ? '' : `, ${remaining}`}
      </span>
    </span>
  );
}

function amountWords({ unit, done, total }: RecordingProgress): string {
  if (unit === 'percent') return `${formatCount(Math.floor(done))} %`;
  if (unit === 'bytes') return `${formatBytes(done)} of ${formatBytes(total)}`;
  return `${formatCount(done)} of ${formatCount(total)} records`;
}
