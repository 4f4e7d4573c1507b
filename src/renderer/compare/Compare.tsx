import { useEffect, useState } from 'react';
import { ArrowLeftRight, GitCompareArrows } from 'lucide-react';
import { Tooltip } from 'radix-ui';
import { alignments, type RecordingComparison } from '../../shared/compare.ts';
import type { RecordingId } from '../../shared/words.ts';
import { runCommand } from '../state/commands.ts';
import { comparingActions, useComparing } from '../state/comparing.ts';
import { useEngine } from '../state/EngineContext.tsx';
import { useView, viewActions } from '../state/view.ts';
import { Button } from '../ui/Button.tsx';
import { FailureBox } from '../ui/FailureBox.tsx';
import { formatDateTime } from '../ui/format.ts';
import { IconButton } from '../ui/IconButton.tsx';
import { PaneLoading, PaneMessage } from '../ui/PaneMessage.tsx';
import { ComparedFrames } from './ComparedFrames.tsx';
import { ComparedHeads } from './ComparedHeads.tsx';
import { ComparedMessage } from './ComparedMessage.tsx';
import { ComparedTimelines } from './ComparedTimelines.tsx';
import { FigureTable } from './FigureTable.tsx';
import { alignmentTitles } from './figureWords.ts';
import { SideMark } from './SideMark.tsx';
import { useAnswer } from './useAnswer.ts';
import './compare.css';

/** The open recording beside another one; fills its parent. */
export function Compare() {
  const id = useView((view) => view.recordingId);
  const other = useComparing(({ others }) => (id === null ? undefined : others.get(id)));
  if (id === null) return null;
  if (other === undefined) {
    return (
      <PaneMessage icon={GitCompareArrows} title="Nothing to compare with yet">
        <p>Choose another recording: their timelines, numbers, frames and messages are set side by side.</p>
        <Button look="primary" onClick={() => runCommand('compare.with')}>
          Compare with…
        </Button>
      </PaneMessage>
    );
  }
  return <Comparison key={`${id} ${other}`} left={id} right={other} />;
}

function Comparison({ left, right }: { readonly left: RecordingId; readonly right: RecordingId }) {
  const align = useComparing((state) => state.align);
  const version = useChanges(left, right);
  const { result, failure, ask } = useAnswer('compare.open', { left, right, align }, version);
  if (failure !== null) {
    return (
      <FailureBox failure={failure} onRetry={ask}>
        <Button onClick={() => runCommand('compare.with')}>Choose another</Button>
      </FailureBox>
    );
  }
  if (result === null) return <PaneLoading label="Comparing" />;
  const isSettled = result.left.isSettled && result.right.isSettled;
  return (
    <Tooltip.Provider delayDuration={200}>
      <div className="ss-compare" tabIndex={0} role="region" aria-label="Comparison">
        <Sides comparison={result} />
        <ComparedTimelines comparison={result} version={version} />
        <div className="ss-compare-parts">
          <div>
            <FigureTable comparison={result} />
            <ComparedHeads head={result.head} />
          </div>
          <div>
            <ComparedFrames left={left} right={right} isSettled={isSettled} version={version} />
            <ComparedMessage left={left} right={right} isSettled={isSettled} version={version} />
          </div>
        </div>
      </div>
    </Tooltip.Provider>
  );
}

const refreshMillis = 500;

/** Grows when one of the two moved on, at most twice a second. */
function useChanges(left: RecordingId, right: RecordingId): number {
  const engine = useEngine();
  const [changes, setChanges] = useState(0);
  useEffect(() => {
    let timer: ReturnType<typeof setTimeout> | undefined;
    const end = engine.subscribe('recording.advanced', ({ id }) => {
      if (id !== left && id !== right) return;
      timer ??= setTimeout(() => {
        timer = undefined;
        setChanges((count) => count + 1);
      }, refreshMillis);
    });
    return () => {
      end();
      clearTimeout(timer);
    };
  }, [engine, left, right]);
  return changes;
}

function Sides({ comparison }: { readonly comparison: RecordingComparison }) {
  const { left, right } = comparison;
  // What was chosen, while its answer is still on its way.
  const align = useComparing((state) => state.align);
  return (
    <header className="ss-compare-head">
      <div className="ss-compare-sides">
        {([left, right] as const).map(({ summary, verdict }, i) => (
          <div key={i} className="ss-compare-side">
            <SideMark side={i === 0 ? 'left' : 'right'} />
            <strong title={summary.url}>{summary.name}</strong>
            <span className={`ss-compare-verdict ss-tone-${verdict.tone}`} title={verdict.sentence}>
              {verdict.word}
            </span>
            <span className="ss-quiet ss-data">{formatDateTime(summary.startedAt)}</span>
            <span className="ss-quiet">{verdict.sentence}</span>
          </div>
        ))}
      </div>
      <div className="ss-compare-choices">
        <fieldset className="ss-compare-align">
          <legend>Align by</legend>
          {alignments.map((each) => (
            <label key={each}>
              <input
                type="radio"
                name="ss-compare-align"
                checked={align === each}
                onChange={() => comparingActions.setAlign(each)}
              />
              {alignmentTitles[each]}
            </label>
          ))}
        </fieldset>
        <IconButton
          label="Open B, and compare it with A"
          icon={ArrowLeftRight}
          onClick={() => viewActions.openRecording(right.summary.id)}
        />
        <Button onClick={() => runCommand('compare.with')}>Compare with…</Button>
      </div>
    </header>
  );
}
