import { useState } from 'react';
import { concurrencyAtMost, runsAtMost } from '../../shared/runs.ts';
import type { Failure } from '../../shared/failure.ts';
import { useEngine } from '../state/EngineContext.tsx';
import { failureOf, isCancelled } from '../state/failureOf.ts';
import { specOf } from '../state/requestDraft.ts';
import { useSending } from '../state/sending.ts';
import { Button } from '../ui/Button.tsx';
import { FailureBox } from '../ui/FailureBox.tsx';
import { Meaning } from '../ui/Meaning.tsx';
import { showRunSet } from './runsState.ts';

/** A whole number in what was typed; null for anything else. */
function wholeIn(text: string, least: number, most: number): number | null {
  const value = /^\d{1,9}$/.test(text.trim()) ? Number(text.trim()) : NaN;
  return value >= least && value <= most ? value : null;
}

/** Asks how often the request of the request bar is to be sent, and sends it. */
export function NewRunSet() {
  const engine = useEngine();
  const draft = useSending((state) => state.draft);
  const [runs, setRuns] = useState('20');
  const [atOnce, setAtOnce] = useState('2');
  const [delay, setDelay] = useState('0');
  const [label, setLabel] = useState('');
  const [objectives, setObjectives] = useState('');
  const [failure, setFailure] = useState<Failure | null>(null);
  const [starting, setStarting] = useState(false);
  const count = wholeIn(runs, 1, runsAtMost);
  const concurrency = wholeIn(atOnce, 1, concurrencyAtMost);
  const delayMillis = wholeIn(delay, 0, 86_400_000);
  const isReady = count !== null && concurrency !== null && delayMillis !== null && draft.url.trim() !== '';

  async function start(): Promise<void> {
    if (count === null || concurrency === null || delayMillis === null) return;
    setStarting(true);
    setFailure(null);
    try {
      const request = specOf(draft);
      const { framing } = draft;
      const { id } = await engine.call('run.start', {
        request,
        framing,
        label: label.trim(),
        count,
        concurrency,
        delayMillis,
        objectives,
      });
      showRunSet(id);
    } catch (error) {
      if (!isCancelled(error)) setFailure(failureOf(error));
    } finally {
      setStarting(false);
    }
  }

  return (
    <form
      className="ss-runs-form"
      aria-label="New run set"
      onSubmit={(event) => {
        event.preventDefault();
        if (isReady && !starting) void start();
      }}
    >
      <p className="ss-runs-target ss-data ss-selectable">
        {draft.url.trim() === '' ? 'Write an address into the request bar first.' : `${draft.method} ${draft.url}`}
      </p>
      <div className="ss-runs-fields">
        <NumberField label="Runs" value={runs} wrong={count === null} onChange={setRuns} most={runsAtMost} />
        <NumberField
          label="At a time"
          value={atOnce}
          wrong={concurrency === null}
          onChange={setAtOnce}
          most={concurrencyAtMost}
        />
        <NumberField
          label="Least ms between starts"
          value={delay}
          wrong={delayMillis === null}
          onChange={setDelay}
          most={86_400_000}
        />
      </div>
      <label>
        <span>
          <Meaning means="What a run is to meet, to count as good: ttft, ttfo, itl, e2e, headers, first-byte, last-content with a time; tps and e2e-tps with a least rate.">
            Limits
          </Meaning>
        </span>
        <input
          className="ss-field ss-data"
          aria-label="Limits"
          placeholder="ttft=800ms, itl=50ms, tps>=30"
          spellCheck={false}
          value={objectives}
          aria-invalid={failure?.code === 'run/invalid-objective'}
          onChange={({ target }) => {
            setObjectives(target.value);
            setFailure(null);
          }}
        />
      </label>
      <label>
        <span>Name</span>
        <input
          className="ss-field"
          placeholder="none"
          maxLength={200}
          value={label}
          onChange={({ target }) => setLabel(target.value)}
        />
      </label>
      {failure !== null && <FailureBox failure={failure} />}
      <div className="ss-runs-actions">
        <Button type="submit" look="primary" disabled={!isReady || starting}>
          Send {count === null ? '' : `${count.toLocaleString('en-US')} times`}
        </Button>
        <span className="ss-quiet">Each run is kept as a recording of its own.</span>
      </div>
    </form>
  );
}

interface NumberFieldProps {
  readonly label: string;
  readonly value: string;
  readonly wrong: boolean;
  readonly most: number;
  readonly onChange: (value: string) => void;
}

function NumberField({ label, value, wrong, most, onChange }: NumberFieldProps) {
  return (
    <label>
      <span>{label}</span>
      <input
        className="ss-field ss-data"
        inputMode="numeric"
        aria-invalid={wrong}
        title={wrong ? `A whole number up to ${most.toLocaleString('en-US')}` : undefined}
        value={value}
        onChange={({ target }) => onChange(target.value)}
      />
    </label>
  );
}
