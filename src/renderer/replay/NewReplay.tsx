import { Play } from 'lucide-react';
import { useState } from 'react';
import type { Failure } from '../../shared/failure.ts';
import type { RecordingDetail } from '../../shared/recording.ts';
import { useEngine } from '../state/EngineContext.tsx';
import { failureOf, isCancelled } from '../state/failureOf.ts';
import { Button } from '../ui/Button.tsx';
import { FailureBox } from '../ui/FailureBox.tsx';
import { FaultRows } from './FaultRows.tsx';
import { freshForm, optionsOf, speeds, type ReplayForm } from './replayForm.ts';

/** Asks how the open recording is to be served, and serves it. */
export function NewReplay({ detail }: { readonly detail: RecordingDetail }) {
  const engine = useEngine();
  const [form, setForm] = useState<ReplayForm>(freshForm);
  const [failure, setFailure] = useState<Failure | null>(null);
  const [starting, setStarting] = useState(false);
  const { summary } = detail;
  const isLive = summary.state === 'live';
  const options = optionsOf(form);
  const change = (patch: Partial<ReplayForm>): void => {
    setForm({ ...form, ...patch });
    setFailure(null);
  };

  async function start(): Promise<void> {
    if (options === null) return;
    setStarting(true);
    setFailure(null);
    try {
      await engine.call('replay.start', { id: summary.id, options });
    } catch (error) {
      if (!isCancelled(error)) setFailure(failureOf(error));
    } finally {
      setStarting(false);
    }
  }

  return (
    <form
      className="ss-replay-new"
      aria-label="New replay"
      onSubmit={(event) => {
        event.preventDefault();
        void start();
      }}
    >
      <p className="ss-quiet">
        Serves “{summary.name}” on this machine: the same bytes in the same chunks at the same times, for any client.
      </p>
      <div className="ss-replay-fields">
        <label>
          <span>Speed</span>
          <select className="ss-field" value={form.speed} onChange={({ target }) => change({ speed: target.value })}>
            {speeds.map(([value, title]) => (
              <option key={value} value={value}>
                {title}
              </option>
            ))}
          </select>
        </label>
        <NumberField
          label="Delay of the head, ms"
          value={form.delayMillis}
          onChange={(delayMillis) => change({ delayMillis })}
        />
        <NumberField
          label="Jitter up to, ms"
          value={form.jitterMillis}
          onChange={(jitterMillis) => change({ jitterMillis })}
        />
        <NumberField label="Seed" value={form.seed} onChange={(seed) => change({ seed })} />
        <label className="ss-check">
          <input type="checkbox" checked={form.loop} onChange={({ target }) => change({ loop: target.checked })} />
          Repeat until the client leaves
        </label>
      </div>
      <FaultRows faults={form.faults} onChange={(faults) => change({ faults })} />
      {failure !== null && <FailureBox failure={failure} />}
      <div className="ss-replay-actions">
        <Button type="submit" look="primary" disabled={starting || isLive || options === null}>
          <Play size={13} aria-hidden /> Start replay
        </Button>
        {isLive && <span className="ss-quiet">It is still live: it can be replayed once it has ended.</span>}
        {options === null && <span className="ss-quiet">A field holds no number that fits.</span>}
      </div>
    </form>
  );
}

interface NumberFieldProps {
  readonly label: string;
  readonly value: string;
  readonly onChange: (value: string) => void;
}

function NumberField({ label, value, onChange }: NumberFieldProps) {
  return (
    <label>
      <span>{label}</span>
      <input
        className="ss-field ss-data"
        inputMode="numeric"
        aria-invalid={!/^\d{1,10}$/.test(value.trim())}
        value={value}
        onChange={({ target }) => onChange(target.value)}
      />
    </label>
  );
}
