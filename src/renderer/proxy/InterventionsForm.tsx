import { useId, useState, type ReactNode } from 'react';
import type { Failure } from '../../shared/failure.ts';
import { noInterventions, type Interventions, type ProxyDescription } from '../../shared/proxy.ts';
import { useEngine } from '../state/EngineContext.tsx';
import { useMock } from '../state/mock.ts';
import { configureProxy } from '../state/proxy.ts';
import { Button } from '../ui/Button.tsx';
import { FailureBox } from '../ui/FailureBox.tsx';
import { formOf, readForm, type InterventionForm, type WrongField } from './interventionForm.ts';

const offlineTitles: Readonly<Record<Interventions['offline'], string>> = {
  off: 'Always ask the upstream',
  'when-down': 'From a recording when the upstream cannot be reached',
  always: 'Always from a recording, without asking the upstream',
};
const offlineChoices = ['off', 'when-down', 'always'] as const;

/** What the proxy is to do to exchanges. Nothing happens before it is applied. */
export function InterventionsForm({ proxy }: { readonly proxy: ProxyDescription }) {
  const engine = useEngine();
  const [form, setForm] = useState(() => formOf(proxy.interventions));
  const [failure, setFailure] = useState<Failure | null>(null);
  const faults = useMock().mock?.faults ?? [];
  const group = useId();
  const read = readForm(form);
  const isWrong = (field: WrongField): boolean => !read.ok && read.wrong.includes(field);
  const isAsItIs = read.ok && JSON.stringify(read.interventions) === JSON.stringify(proxy.interventions);
  const change = (patch: Partial<InterventionForm>): void => {
    setForm((known) => ({ ...known, ...patch }));
    setFailure(null);
  };
  const apply = async (interventions: Interventions): Promise<void> => {
    setFailure(await configureProxy(engine, { interventions }));
  };
  return (
    <form
      className="ss-panel-detail ss-proxy-form"
      aria-label="Interventions"
      onSubmit={(event) => {
        event.preventDefault();
        if (read.ok) void apply(read.interventions);
      }}
    >
      <p className="ss-quiet">All of this is off unless you turn it on. What was done is marked on each recording.</p>
      <Row name="For">
        <select
          className="ss-field"
          aria-label="Routes that are intervened on"
          value={form.route}
          onChange={({ target }) => change({ route: target.value })}
        >
          <option value="">every route</option>
          {proxy.routes.map(({ name }) => (
            <option key={name} value={name}>
              /{name}
            </option>
          ))}
        </select>
      </Row>
      <NumberRow
        name="Wait before the answer"
        unit="ms"
        value={form.latency}
        wrong={isWrong('latency')}
        onChange={(latency) => change({ latency })}
      />
      <NumberRow
        name="Throttle the body to"
        unit="bytes a second"
        value={form.throttle}
        wrong={isWrong('throttle')}
        onChange={(throttle) => change({ throttle })}
      />
      <NumberRow
        name="Reset the client’s connection"
        unit="frames after the first byte"
        value={form.cut}
        wrong={isWrong('cut')}
        onChange={(cut) => change({ cut })}
      />
      <Row name="Perform a fault">
        <input
          className="ss-field ss-data"
          aria-label="Fault to perform"
          list={`${group}-faults`}
          placeholder="none"
          spellCheck={false}
          autoComplete="off"
          value={form.fault}
          onChange={({ target }) => change({ fault: target.value })}
        />
        <datalist id={`${group}-faults`}>
          {faults.map(({ name, example, sentence }) => (
            <option key={name} value={example}>
              {sentence}
            </option>
          ))}
        </datalist>
        <span>for the next</span>
        <input
          className="ss-field ss-data ss-proxy-number"
          aria-label="Requests the fault is for"
          inputMode="numeric"
          value={form.faultRequests}
          aria-invalid={isWrong('faultRequests')}
          onChange={({ target }) => change({ faultRequests: target.value })}
        />
        <span>
          {form.faultRequests.trim() === '1' ? 'request' : 'requests'}
          {proxy.interventions.fault !== null && ` (${proxy.faultRequestsLeft.toLocaleString('en-US')} left)`}
        </span>
      </Row>
      <fieldset className="ss-proxy-offline">
        <legend>Answers</legend>
        {offlineChoices.map((choice) => (
          <label key={choice} className="ss-check">
            <input
              type="radio"
              name={group}
              checked={form.offline === choice}
              onChange={() => change({ offline: choice })}
            />
            {offlineTitles[choice]}
          </label>
        ))}
        <p className="ss-quiet">
          The same request is answered with the newest recording of it, chunk for chunk, in its own time.
        </p>
      </fieldset>
      {failure !== null && <FailureBox failure={failure} />}
      <div className="ss-proxy-actions">
        <Button type="submit" look="primary" disabled={!read.ok || isAsItIs}>
          Apply
        </Button>
        <Button
          disabled={JSON.stringify(proxy.interventions) === JSON.stringify(noInterventions)}
          onClick={() => void apply(noInterventions)}
        >
          Turn all off
        </Button>
        <span className="ss-tone-warning" role="status">
          {read.ok ? '' : 'A field holds no number that fits.'}
        </span>
      </div>
    </form>
  );
}

function Row({ name, children }: { readonly name: string; readonly children: ReactNode }) {
  return (
    <div className="ss-proxy-row" role="group" aria-label={name}>
      <span aria-hidden>{name}</span>
      <div>{children}</div>
    </div>
  );
}

interface NumberRowProps {
  readonly name: string;
  readonly unit: string;
  readonly value: string;
  readonly wrong: boolean;
  readonly onChange: (value: string) => void;
}

function NumberRow({ name, unit, value, wrong, onChange }: NumberRowProps) {
  return (
    <Row name={name}>
      <input
        className="ss-field ss-data ss-proxy-number"
        aria-label={`${name}, ${unit}`}
        inputMode="numeric"
        placeholder="off"
        value={value}
        aria-invalid={wrong}
        onChange={({ target }) => onChange(target.value)}
      />
      <span>{unit}</span>
    </Row>
  );
}
