import { useCallback, useEffect, useRef } from 'react';
import type { RecordingCounts } from '../../shared/recording.ts';
import type { RecordingId } from '../../shared/words.ts';
import { whyEmpty } from '../state/emptyBody.ts';
import { refreshRecording, useRecording } from '../state/recording.ts';
import { useView, viewActions } from '../state/view.ts';
import { Button } from '../ui/Button.tsx';
import { FailureBox } from '../ui/FailureBox.tsx';
import { formatQuantity } from '../ui/format.ts';
import { PaneLoading, PaneMessage } from '../ui/PaneMessage.tsx';
import { FilterBox, useFilter } from './FilterBox.tsx';
import { FrameGrid } from './FrameGrid.tsx';
import { TypeChips } from './TypeChips.tsx';
import './frames.css';

/** Counts of types come with the recording's facts, which are not told of every frame. */
const typesEveryMillis = 1_000;

/** The frames of the open recording as a table; fills its parent. */
export function FramesView() {
  const id = useView((view) => view.recordingId);
  return id === null ? null : <FramesOf key={id} id={id} />;
}

function FramesOf({ id }: { readonly id: RecordingId }) {
  const { detail, advanced, failure, messageRead } = useRecording();
  const filter = useFilter();
  const filterInput = useRef<HTMLInputElement>(null);
  const focusFilter = useCallback(() => filterInput.current?.select(), []);
  const fold = useView((view) => view.foldHeartbeats);
  const filterId = useView((view) => view.filterId);
  const counts = advanced?.counts ?? detail?.summary.counts ?? null;
  const live = advanced?.live ?? detail?.summary.state === 'live';

  useEffect(() => {
    if (!live) return undefined;
    const timer = setInterval(refreshRecording, typesEveryMillis);
    return () => clearInterval(timer);
  }, [live]);

  if (detail === null) {
    if (failure === null) return <PaneLoading label="Opening the recording" />;
    return <FailureBox failure={failure} onRetry={refreshRecording} />;
  }
  const frames = counts?.frames ?? 0;
  const total = filterId !== null ? filter.matches : fold ? frames - (counts?.heartbeats ?? 0) : frames;
  return (
    <div className="ss-frames">
      <div className="ss-frames-bar">
        <TypeChips types={detail.types} />
        {counts !== null && <FoldToggle counts={counts} fold={fold} filtered={filterId !== null} />}
        <FilterBox filter={filter} inputRef={filterInput} />
      </div>
      <FrameGrid
        id={id}
        total={total}
        live={live}
        framedAs={`${detail.framing?.framing ?? ''} ${detail.framing?.shape ?? ''} ${detail.summary.state} ${String(detail.analysisProgress === null)} ${messageRead ?? ''}`}
        startedAt={detail.exchange.startedAt}
        counts={counts}
        connectionStarts={detail.reconnectionFrames}
        lastMicros={advanced?.lastChunkMicros ?? detail.timing.lastChunkMicros}
        focusFilter={focusFilter}
        empty={
          <Nothing
            why={whyEmpty(detail)}
            live={live}
            filtered={filterId !== null}
            searching={!filter.done}
            frames={frames}
          />
        }
      />
    </div>
  );
}

function FoldToggle({
  counts,
  fold,
  filtered,
}: {
  readonly counts: RecordingCounts;
  readonly fold: boolean;
  readonly filtered: boolean;
}) {
  if (counts.heartbeats === 0) return null;
  const many = formatQuantity(counts.heartbeats, 'heartbeat');
  return (
    <button
      type="button"
      className="ss-chip ss-frames-fold"
      aria-pressed={fold}
      disabled={filtered}
      title={filtered ? 'A filter decides itself what is shown' : 'Comments and blank keep-alive lines'}
      onClick={() => viewActions.setFoldHeartbeats(!fold)}
    >
      {fold ? `${many} folded` : `Fold ${many}`}
    </button>
  );
}

interface NothingProps {
  /** Why there are no bytes, if there are none. */
  readonly why: string;
  readonly live: boolean;
  readonly filtered: boolean;
  readonly searching: boolean;
  readonly frames: number;
}

/** Why the table has no rows. */
function Nothing({ why, live, filtered, searching, frames }: NothingProps) {
  if (filtered && searching) return <PaneLoading label="Searching the frames" />;
  if (filtered) {
    return (
      <PaneMessage title="No frame matches the filter">
        <span>{formatQuantity(frames, 'frame')} were looked at.</span>
        <Button onClick={() => viewActions.setFilterText('')}>Clear the filter</Button>
      </PaneMessage>
    );
  }
  if (frames > 0) {
    return (
      <PaneMessage title="All frames are heartbeats">
        <Button onClick={() => viewActions.setFoldHeartbeats(false)}>Show them</Button>
      </PaneMessage>
    );
  }
  return live ? (
    <PaneMessage title="No frame yet">Frames appear here as soon as their last byte arrives.</PaneMessage>
  ) : (
    <PaneMessage title="No frames">{why}</PaneMessage>
  );
}
