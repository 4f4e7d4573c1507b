import { Plus } from 'lucide-react';
import { Tooltip } from 'radix-ui';
import type { RunSetLine } from '../../shared/runs.ts';
import { showOverlay } from '../state/overlay.ts';
import { Button } from '../ui/Button.tsx';
import { Dialog } from '../ui/Dialog.tsx';
import { FailureBox } from '../ui/FailureBox.tsx';
import { formatCount, formatDateTime } from '../ui/format.ts';
import { ToneMark, type Tone } from '../ui/ToneMark.tsx';
import { Comparison } from './Comparison.tsx';
import { NewRunSet } from './NewRunSet.tsx';
import { RunSetDetail } from './RunSetDetail.tsx';
import { compareWith, showRunSet, useRuns } from './runsState.ts';
import { useRunSetList } from './useRunSets.ts';
import './runs.css';

const tones: Readonly<Record<RunSetLine['state'], Tone>> = {
  running: 'live',
  over: 'good',
  stopped: 'neutral',
  interrupted: 'warning',
};

/** Sending a request many times: the sets so far, and one of them, or the form for a new one. */
export function RunsDialog() {
  const { value, failure } = useRunSetList();
  const shown = useRuns((state) => state.shown);
  const against = useRuns((state) => state.against);
  const sets = value ?? [];
  return (
    <Tooltip.Provider delayDuration={200}>
      <Dialog title="Runs" className="ss-runs" onClose={() => showOverlay(null)}>
        <nav className="ss-runs-list" aria-label="Run sets">
          <Button look={shown === null ? 'primary' : 'plain'} onClick={() => showRunSet(null)}>
            <Plus size={14} aria-hidden /> New run set
          </Button>
          {failure !== null && <FailureBox failure={failure} />}
          <ul>
            {sets.map((line) => (
              <li key={line.id}>
                <button type="button" aria-current={line.id === shown} onClick={() => showRunSet(line.id)}>
                  <ToneMark tone={tones[line.state]} />
                  <span className="ss-runs-name">{nameOf(line)}</span>
                  <span className="ss-quiet ss-data">
                    {formatCount(line.endedRuns)}/{formatCount(line.count)}
                  </span>
                  <small className="ss-quiet">{formatDateTime(line.startedAt)}</small>
                </button>
              </li>
            ))}
          </ul>
        </nav>
        <section className="ss-runs-main" aria-label={shown === null ? 'New run set' : 'Run set'}>
          {shown === null ? (
            <NewRunSet />
          ) : (
            <>
              <CompareChoice sets={sets.filter(({ id }) => id !== shown)} against={against} />
              {against === null ? <RunSetDetail key={shown} id={shown} /> : <Comparison a={against} b={shown} />}
            </>
          )}
        </section>
      </Dialog>
    </Tooltip.Provider>
  );
}

function nameOf({ label, url }: RunSetLine): string {
  if (label !== '') return label;
  return URL.canParse(url) ? new URL(url).pathname : url;
}

function CompareChoice({ sets, against }: { readonly sets: readonly RunSetLine[]; readonly against: string | null }) {
  if (sets.length === 0) return null;
  return (
    <label className="ss-runs-compare">
      Compare with
      <select
        className="ss-field"
        value={against ?? ''}
        onChange={({ target }) => compareWith(target.value === '' ? null : target.value)}
      >
        <option value="">nothing</option>
        {sets.map((line) => (
          <option key={line.id} value={line.id}>
            {nameOf(line)} · {formatDateTime(line.startedAt)} · {formatCount(line.endedRuns)} runs
          </option>
        ))}
      </select>
    </label>
  );
}
