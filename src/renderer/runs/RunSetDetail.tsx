import { Square, Trash2 } from 'lucide-react';
import { useCallback, useState } from 'react';
import {
  runFigures,
  type Run,
  type RunSetId,
  type RunSetLine,
  type RunSetSummary,
  type RunShare,
} from '../../shared/runs.ts';
import { useEngine } from '../state/EngineContext.tsx';
import { failureOf, isCancelled } from '../state/failureOf.ts';
import { notify, notifyFailure } from '../state/notices.ts';
import { showOverlay } from '../state/overlay.ts';
import { viewActions } from '../state/view.ts';
import { Button } from '../ui/Button.tsx';
import { FailureBox } from '../ui/FailureBox.tsx';
import { formatCount, formatDateTime, formatDuration, formatQuantity, formatRate } from '../ui/format.ts';
import { IconButton } from '../ui/IconButton.tsx';
import { Meaning } from '../ui/Meaning.tsx';
import { PaneLoading } from '../ui/PaneMessage.tsx';
import { EndingBar } from './EndingBar.tsx';
import { inUnit, objectiveWords, percent, rateMeanings, shownFigures } from './figures.ts';
import { Histogram } from './Histogram.tsx';
import { showRunSet } from './runsState.ts';
import { RunTable } from './RunTable.tsx';
import { useRunSet } from './useRunSets.ts';

/** Runs that are held at a time: what is in view, and some on both sides. */
const pageRuns = 250;

/** A set: how far it is, its rates and figures, and its runs. */
export function RunSetDetail({ id }: { readonly id: RunSetId }) {
  const [page, setPage] = useState(0);
  const from = Math.max(0, page - 1) * pageRuns;
  const { value, failure } = useRunSet(id, from, 3 * pageRuns);
  const onView = useCallback((first: number) => setPage(Math.floor(first / pageRuns)), []);
  if (failure !== null) return <FailureBox failure={failure} />;
  if (value === null) return <PaneLoading label="Reading the run set" />;
  const { line, summary, runs } = value.set;
  return (
    <div className="ss-runs-detail">
      <SetHead line={line} />
      <Rates summary={summary} />
      <div className="ss-runs-plots">
        <Histogram figure="ttft" of={summary.figures.ttft} />
        <Histogram figure="itl" of={summary.figures.itl} />
        <Histogram figure="tps" of={summary.figures.tps} />
        <EndingBar summary={summary} />
      </div>
      {summary.goodput !== null && <Objectives goodput={summary.goodput} />}
      <FigureTable summary={summary} />
      <RunTable total={line.startedRuns} from={value.from} runs={runs} onView={onView} onOpen={openRun} />
    </div>
  );
}

function openRun({ recordingId }: Run): void {
  if (recordingId === null) return;
  showOverlay(null);
  viewActions.openRecording(recordingId);
}

const stateWords: Readonly<Record<RunSetLine['state'], string>> = {
  running: 'running',
  over: 'over',
  stopped: 'stopped',
  interrupted: 'interrupted: the program that sent it is gone',
};

function SetHead({ line }: { readonly line: RunSetLine }) {
  const engine = useEngine();
  const { id, state, label, method, url, count, endedRuns, concurrency } = line;

  function orNotice(act: Promise<unknown>): void {
    act.catch((error: unknown) => {
      if (!isCancelled(error)) notifyFailure(failureOf(error));
    });
  }
  async function copy(form: 'csv' | 'json'): Promise<void> {
    const { text } = await engine.call('run.export', { id, form });
    await navigator.clipboard.writeText(text);
    notify({ tone: 'info', text: `${formatQuantity(endedRuns, 'run')} copied as ${form.toUpperCase()}.` });
  }
  async function remove(): Promise<void> {
    await engine.call('run.remove', { id });
    showRunSet(null);
  }

  return (
    <header className="ss-runs-title">
      <div>
        <h3 className="ss-selectable">{label === '' ? `${method} ${url}` : label}</h3>
        <p className="ss-quiet ss-selectable" role="status">
          {formatCount(endedRuns)} of {formatQuantity(count, 'run')}, {formatCount(concurrency)} at a time ·{' '}
          {stateWords[state]} · {formatDateTime(line.startedAt)}
          {label === '' ? '' : ` · ${method} ${url}`}
        </p>
        {state === 'running' && (
          <progress className="ss-runs-progress" value={endedRuns} max={count} aria-label="Runs that ended" />
        )}
      </div>
      <div className="ss-runs-actions">
        {state === 'running' && (
          <Button look="danger" onClick={() => orNotice(engine.call('run.stop', { id }))}>
            <Square size={12} fill="currentColor" aria-hidden /> Stop
          </Button>
        )}
        <Button onClick={() => orNotice(copy('csv'))}>Copy CSV</Button>
        <Button onClick={() => orNotice(copy('json'))}>Copy JSON</Button>
        {state !== 'running' && (
          <IconButton
            label="Forget this run set; its recordings stay"
            icon={Trash2}
            onClick={() => orNotice(remove())}
          />
        )}
      </div>
    </header>
  );
}

function Rates({ summary }: { readonly summary: RunSetSummary }) {
  const { success, error, completion, reconnection, goodput } = summary;
  return (
    <dl className="ss-runs-rates">
      <Rate name="Success" share={success} means={rateMeanings.success} />
      <Rate name="Errors" share={error} means={rateMeanings.error} />
      <Rate name="Terminated" share={completion} means={rateMeanings.completion} />
      <Rate name="Reconnected" share={reconnection} means={rateMeanings.reconnection} />
      {goodput !== null && (
        <div>
          <dt>
            <Meaning means={rateMeanings.goodput}>Goodput</Meaning>
          </dt>
          <dd>
            {formatRate(goodput.perSecond)}
            <small>
              {formatCount(goodput.good)} good{goodput.unknown > 0 ? `, ${formatCount(goodput.unknown)} not known` : ''}
            </small>
          </dd>
        </div>
      )}
      <div>
        <dt>
          <Meaning means="From the first request to the last end.">Duration</Meaning>
        </dt>
        <dd>
          {formatDuration(summary.durationMicros)}
          <small>{summary.runsPerSecond === null ? '' : `${formatRate(summary.runsPerSecond)} runs`}</small>
        </dd>
      </div>
    </dl>
  );
}

function Rate({ name, share, means }: { readonly name: string; readonly share: RunShare; readonly means: string }) {
  const open = share.unknown === 0 ? '' : `, ${formatCount(share.unknown)} not known`;
  return (
    <div>
      <dt>
        <Meaning means={means}>{name}</Meaning>
      </dt>
      <dd data-unknown={share.share === null}>
        {percent(share)}
        <small>{share.share === null ? '' : `${formatQuantity(share.count, 'run')}${open}`}</small>
      </dd>
    </div>
  );
}

function Objectives({ goodput }: { readonly goodput: NonNullable<RunSetSummary['goodput']> }) {
  return (
    <ul className="ss-runs-objectives" aria-label="Limits">
      {goodput.objectives.map(({ objective, met, missed, failed, unknown }) => (
        <li key={`${objective.figure} ${objective.bound}`} data-met={missed + failed + unknown === 0}>
          <b>{objectiveWords(objective)}</b> {formatCount(met)} met, {formatCount(missed)} missed
          {failed > 0 && `, ${formatCount(failed)} ended badly`}
          {unknown > 0 && `, ${formatCount(unknown)} not known`}
        </li>
      ))}
    </ul>
  );
}

const statistics = ['min', 'p50', 'p90', 'p99', 'max', 'mean'] as const;

function FigureTable({ summary }: { readonly summary: RunSetSummary }) {
  const known = runFigures.filter((figure) => summary.figures[figure].count > 0);
  if (known.length === 0) return null;
  return (
    <table className="ss-runs-figures">
      <thead>
        <tr>
          <th scope="col">Figure</th>
          <th scope="col">Runs</th>
          {statistics.map((name) => (
            <th key={name} scope="col">
              {name}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {known.map((figure) => {
          const { count, unknown } = summary.figures[figure];
          return (
            <tr key={figure}>
              <th scope="row">
                <Meaning means={shownFigures[figure].means}>{shownFigures[figure].title}</Meaning>
              </th>
              <td title={unknown === 0 ? undefined : `${formatCount(unknown)} not known`}>
                {formatCount(count)}
                {unknown > 0 && ` + ${formatCount(unknown)} ?`}
              </td>
              {statistics.map((name) => (
                <td key={name}>{inUnit(figure, summary.figures[figure][name])}</td>
              ))}
            </tr>
          );
        })}
      </tbody>
    </table>
  );
}
