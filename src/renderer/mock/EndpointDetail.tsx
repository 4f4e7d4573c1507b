import { Play, RotateCcw } from 'lucide-react';
import { useId } from 'react';
import type { MockDescription, MockEndpoint } from '../../shared/mock.ts';
import type { RequestSpec } from '../../shared/request.ts';
import { useEngine } from '../state/EngineContext.tsx';
import { copyAsCurl, focusUrl, sendRequest, takeRequest } from '../state/sending.ts';
import { Button } from '../ui/Button.tsx';
import {
  exampleForm,
  endpointKey,
  formProblem,
  otherFields,
  requestOf,
  targetOf,
  transportTitles,
  type EndpointForm,
  type Transport,
} from './endpointForm.ts';
import { FaultFields } from './FaultFields.tsx';
import { KnobField } from './KnobField.tsx';
import { changeForm, resetForm, useMockForms } from './mockForms.ts';

const transports: readonly Transport[] = ['http/1.1', 'tls', 'h2'];

interface EndpointDetailProps {
  readonly mock: MockDescription;
  readonly endpoint: MockEndpoint;
}

/** One endpoint with everything it can be asked for, and the ways to ask it. */
export function EndpointDetail({ mock, endpoint }: EndpointDetailProps) {
  const kept = useMockForms((state) => state.forms[endpointKey(endpoint)]);
  const form = kept ?? exampleForm(endpoint);
  const change = (patch: Partial<EndpointForm>): void => changeForm(endpoint, patch);
  const setQuery = (name: string, value: string): void => change({ query: { ...form.query, [name]: value } });
  return (
    <section className="ss-panel-detail ss-mock-detail" aria-label={`Endpoint ${endpointKey(endpoint)}`}>
      <h2>{endpoint.title}</h2>
      <p className="ss-mock-target ss-data ss-selectable">
        <b data-method={endpoint.method}>{endpoint.method}</b> {targetOf(endpoint, form)}
      </p>
      <Actions mock={mock} endpoint={endpoint} form={form} isChanged={kept !== undefined} />
      <fieldset className="ss-mock-knobs">
        <legend>Knobs</legend>
        {Object.entries(form.places).map(([name, value]) => (
          <KnobField
            key={name}
            name={name}
            sentence="A part of the path."
            value={value}
            isNeeded
            onChange={(typed) => change({ places: { ...form.places, [name]: typed } })}
          />
        ))}
        {endpoint.knobs.map((knob) => (
          <KnobField
            key={knob.name}
            name={knob.name}
            sentence={knob.sentence}
            knob={knob}
            value={form.query[knob.name] ?? ''}
            onChange={(typed) => setQuery(knob.name, typed)}
          />
        ))}
        {otherFields(endpoint, form).map((name) => (
          <KnobField
            key={name}
            name={name}
            sentence="From the example."
            value={form.query[name] ?? ''}
            onChange={(typed) => setQuery(name, typed)}
          />
        ))}
      </fieldset>
      <FaultFields faults={mock.faults} over={form.over} fault={form.fault} onChange={(fault) => change({ fault })} />
      {mock.secureUrl !== null && <TransportFields over={form.over} onChange={(over) => change({ over })} />}
      {form.body !== null && (
        <label className="ss-mock-body">
          <span>Body</span>
          <textarea
            className="ss-field ss-data"
            aria-label="Request body"
            spellCheck={false}
            rows={Math.min(14, Math.max(4, form.body.split('\n').length))}
            value={form.body}
            onChange={({ target }) => change({ body: target.value })}
          />
        </label>
      )}
    </section>
  );
}

interface ActionsProps extends EndpointDetailProps {
  readonly form: EndpointForm;
  readonly isChanged: boolean;
}

function Actions({ mock, endpoint, form, isChanged }: ActionsProps) {
  const engine = useEngine();
  const problem = formProblem(form);
  const request = problem === null ? requestOf(mock, endpoint, form) : null;
  const withRequest = (act: (request: RequestSpec) => void) => () => {
    if (request !== null) act(request);
  };
  return (
    <div className="ss-mock-actions">
      <Button
        look="primary"
        disabled={request === null}
        onClick={withRequest((spec) => {
          takeRequest(spec);
          void sendRequest(engine, spec, null);
        })}
      >
        <Play size={13} aria-hidden /> Send
      </Button>
      <Button
        disabled={request === null}
        onClick={withRequest((spec) => {
          takeRequest(spec);
          focusUrl();
        })}
      >
        To the request bar
      </Button>
      <Button disabled={request === null} onClick={withRequest((spec) => void copyAsCurl(engine, spec, true))}>
        Copy as cURL
      </Button>
      <Button look="plain" disabled={!isChanged} onClick={() => resetForm(endpoint)}>
        <RotateCcw size={13} aria-hidden /> As it was
      </Button>
      <span className="ss-mock-hint" role="status">
        {problem ?? (mock.running ? '' : 'Start the mock server to send.')}
      </span>
    </div>
  );
}

function TransportFields({
  over,
  onChange,
}: {
  readonly over: Transport;
  readonly onChange: (over: Transport) => void;
}) {
  const group = useId();
  return (
    <fieldset className="ss-mock-transport">
      <legend>Over</legend>
      {transports.map((each) => (
        <label key={each} className="ss-check">
          <input type="radio" name={group} checked={each === over} onChange={() => onChange(each)} />
          {transportTitles[each]}
        </label>
      ))}
    </fieldset>
  );
}
