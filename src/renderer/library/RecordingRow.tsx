import { memo, type CSSProperties } from 'react';
import { maskUrl } from '../../shared/maskSecrets.ts';
import type { RecordingSummary } from '../../shared/recording.ts';
import { lastHeardOf, liveNowMicros } from '../state/liveClocks.ts';
import { useIsLive } from '../state/sending.ts';
import { formatClock, formatCount, formatDateTime, formatDuration } from '../ui/format.ts';
import { kindOf, remarkOn, toneOf } from '../ui/summaryWords.ts';
import { ToneMark } from '../ui/ToneMark.tsx';
import { useTick } from '../ui/useTick.ts';

interface RecordingRowProps {
  readonly summary: RecordingSummary;
  readonly selected: boolean;
  readonly row: number;
  readonly place: CSSProperties;
  readonly onOpen: (row: number) => void;
}

/** One line of the library. */
export const RecordingRow = memo(
  function RecordingRow({ summary, selected, row, place, onOpen }: RecordingRowProps) {
    const live = useIsLive(summary.id);
    useTick(100, live);
    const tone = toneOf(summary);
    const remark = remarkOn(summary);
    const kind = kindOf(summary);
    const { counts } = (live ? lastHeardOf(summary.id) : undefined) ?? summary;
    const frames = `${formatCount(counts.frames)} ${counts.frames === 1 ? 'frame' : 'frames'}`;
    return (
      <div
        id={`recording-${summary.id}`}
        role="option"
        aria-selected={selected}
        className="ss-library-row"
        style={place}
        title={`${summary.name}\n${summary.method} ${maskUrl(summary.url)}\n${formatDateTime(summary.startedAt)}`}
        onClick={() => onOpen(row)}
      >
        <ToneMark tone={tone} />
        <span className="ss-library-name">{summary.name}</span>
        <span className="ss-library-time ss-data">
          {live ? formatClock(liveNowMicros(summary.id)) : formatDuration(summary.durationMicros)}
        </span>
        <span className="ss-library-facts">
          {kind !== '' && <span className="ss-library-kind">{kind} </span>}
          <span className="ss-data">{frames}</span>
          {remark !== '' && <span className={`ss-tone-${tone}`}> {remark}</span>}
        </span>
      </div>
    );
  },
  (before, after) =>
    before.summary === after.summary &&
    before.selected === after.selected &&
    before.row === after.row &&
    before.place.transform === after.place.transform &&
    before.onOpen === after.onOpen,
);
